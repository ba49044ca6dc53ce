"""What a tool costs beyond its start-up, and that too small an input makes no ratio."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import peers

#: Turns for as long as its input says, and leaves a mark where it was told to.
SPIN = """
import sys, time
from pathlib import Path
source, folder = map(Path, sys.argv[1:3])
folder.mkdir()
until = time.process_time() + float(source.read_text())
while time.process_time() < until:
    pass
(folder / "kept.txt").write_text(sys.argv[3])
"""


def sized(folder: Path, name: str, seconds: float) -> Path:
    path = folder / name
    path.write_text(str(seconds))
    return path


def test_what_a_start_takes_is_taken_off(tmp_path: Path) -> None:
    whole, nothing = sized(tmp_path, "whole", 0.5), sized(tmp_path, "nothing", 0.0)
    found = peers.cost([sys.executable, "-c", SPIN], whole, nothing, tmp_path / "out", "en", runs=2)
    assert 0.3 < found.cpu < found.cpu + found.start
    assert (tmp_path / "out" / "kept.txt").read_text() == "en"
    # Every run has a folder of its own: some tools leave out what they find done.
    assert sum(path.is_dir() for path in tmp_path.iterdir()) == 6


def test_too_small_an_input_is_refused(tmp_path: Path) -> None:
    whole, nothing = sized(tmp_path, "whole", 0.01), sized(tmp_path, "nothing", 0.0)
    with pytest.raises(peers.TooSmall, match="too small an input, raise --docs"):
        peers.cost([sys.executable, "-c", SPIN], whole, nothing, tmp_path / "out", "en")
