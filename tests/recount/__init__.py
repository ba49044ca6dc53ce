"""The figures of a report, counted again from what is on disk by code that shares nothing with the product.

JSON is read as JSON and Parquet by pyarrow; sums are made in Python. Every number of the report is walked
(`tests.recount.walk`): one that nobody counts again, and that is not on the short list of what is no count, is an error,
so that no figure can slip into a report unseen.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.recount import audited, gates, release, sources, text, windows
from tests.recount.files import Files
from tests.recount.walk import Book


def recount(store: Path, mix: str, version: str, facts: dict[str, Any] | None = None) -> dict[str, int]:
    """Assert that every number of ``report.json``, or of ``facts`` made from it since, is what the files hold.

    Returns how many numbers each part of the report has; the store is a local folder.
    """
    files = Files(store, mix, version)
    for name, digest in files.manifest["artefacts"].items():
        assert sha256((files.folder / name).read_bytes()).hexdigest() == digest, name
    facts = report_of(files) if facts is None else facts
    found = book_of(files, facts).compare(facts)
    found["windows"] = windows.count(files, facts)
    return found


def report_of(files: Files) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files.folder / "report.json").read_text(encoding="utf-8"))
    return found


def book_of(files: Files, facts: dict[str, Any]) -> Book:
    """What every number of a report must be."""
    book = Book()
    for part in (release, sources, gates, text, audited):
        part.count(files, facts, book)
    return book
