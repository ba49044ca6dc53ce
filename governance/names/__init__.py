"""Names of people and postal addresses in free text, found by lexicons, grammar and a small model of our own.

Nothing is fetched at run time: all that the recognisers know lies in ``data/``. `ATTRIBUTION.md` says where each
list comes from, `extract.py` makes the lists again from the packages named there, `train.py` the weights.
"""
