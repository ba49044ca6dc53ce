"""Tests, one folder a room. A package, so that folders named after rooms do not shadow them."""
