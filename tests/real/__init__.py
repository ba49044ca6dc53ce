"""Contracts and mixes for real public feeds of all three units, read from where they lie; none is copied here."""
