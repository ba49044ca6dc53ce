"""The self-written hold-out: invented personal data in invented messages, for kinds that no public set covers.

Written without a look at the recognisers, from published number formats and from how people write. `generate` makes
``dev.jsonl`` and ``heldout.jsonl``; both are frozen (``README.md`` holds their digests).
"""
