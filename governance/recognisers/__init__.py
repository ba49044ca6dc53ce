"""Recognisers: what in running text is personal data, and why we think so.

`governance.recognisers.engine.PatternEngine` is the fast lane; `governance.recognisers.presidio` gives the same
answers through Presidio's interfaces. The patterns themselves stand in `governance.recognisers.library`.
"""
