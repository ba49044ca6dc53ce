"""What is done with personal data once it is found: masks, pseudonyms, surrogates, generalised and encrypted values.

`governance.actions.replace.Replacer` carries any of them out; `governance.actions.operators` joins them to Presidio.
"""
