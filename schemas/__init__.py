"""What data looks like: contracts, mixes, policies, manifests, and their strict loaders.

Importing this package imports nothing else, so that the reader's base install stays light.
"""
