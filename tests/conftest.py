"""Fixtures that every folder of tests shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# No test asserts a time: a busy machine must not fail one. The same texts are tried each time, so that a change is
# judged by what it changed; `make exhaustive` tries new ones (--hypothesis-profile=search).
settings.register_profile("clearinghouse", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=300)
settings.load_profile("clearinghouse")

pytest_plugins = ["tests.services"]

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that fork first, before others have started threads in the process; then those with long tests, so that
    the workers, which take whole files, end together."""
    forks = {item.path for item in items if item.get_closest_marker("fork")}
    long = {item.path for item in items if any(map(item.get_closest_marker, ("slow", "service", "airflow")))}
    items.sort(key=lambda item: (item.path not in forks, item.path not in long))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real sample feeds: ``$CLEARINGHOUSE_SHARED/data``, else ``../shared/data``; skips without them."""
    folder = Path(os.environ.get("CLEARINGHOUSE_SHARED") or ROOT.parent / "shared") / "data"
    if not folder.is_dir():
        pytest.skip(f"no sample feeds at {folder}: set CLEARINGHOUSE_SHARED")
    return folder
