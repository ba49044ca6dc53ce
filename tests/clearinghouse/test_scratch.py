"""Scratch folders: gone at the end, and those of killed processes swept by the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from clearinghouse.jobs.scratch import scratch
from schemas.errors import StoreError


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def _folders(tmp_path: Path) -> list[Path]:
    return sorted(tmp_path.glob("clearinghouse-scratch-*/*"))


def _killed(tmp_path: Path) -> None:
    """A process that is killed while it has a folder with a file in it."""
    code = (
        "import os, signal\nfrom clearinghouse.jobs.scratch import scratch\n"
        "with scratch() as folder:\n    (folder / 'rows').write_text('clean')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "TMPDIR": str(tmp_path)}, check=False)
    assert done.returncode == -signal.SIGKILL


def test_nothing_is_left_at_the_end(tmp_path: Path) -> None:
    with scratch() as folder:
        (folder / "rows").write_text("clean")
        assert _folders(tmp_path) == [folder]
        assert folder.parent.stat().st_mode & 0o777 == 0o700
    assert _folders(tmp_path) == []


def test_what_a_killed_process_left_is_swept_and_what_others_hold_stays(tmp_path: Path) -> None:
    with scratch() as held:
        _killed(tmp_path)
        assert len(_folders(tmp_path)) == 2
        with scratch() as folder:
            assert _folders(tmp_path) == sorted([held, folder])
        (held / "rows").write_text("still there")
    assert _folders(tmp_path) == []


def test_a_name_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "keep").mkdir(parents=True)
    (tmp_path / f"clearinghouse-scratch-{os.getuid()}").symlink_to(elsewhere)
    with scratch() as folder:
        assert elsewhere not in folder.parents
    assert (elsewhere / "keep").is_dir()


def test_a_disk_that_cannot_be_written_is_told_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(StoreError, match="scratch folder") as caught, scratch():
        pass
    assert "TMPDIR" in str(caught.value.fix)
