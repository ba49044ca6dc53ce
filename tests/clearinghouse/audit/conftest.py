"""What every test of audits starts from: an empty store, and a release in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from clearinghouse.settings import Settings
from schemas.manifest import ReleaseManifest
from tests.audit_world import release


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=str(tmp_path / "store"))


@pytest.fixture
def made(settings: Settings) -> ReleaseManifest:
    return release(settings)
