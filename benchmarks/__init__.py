"""Benchmarks that anyone can rerun: ratios against a named peer or limit, measured side by side in one run.

``make bench NAME=<module>`` prints progress on standard error and, as the last line of standard output, one JSON
object ``{"name", "ratios", "figures"}``.
"""
