"""Other tools to compare with, each in an environment of its own from the package registry, in pinned versions.

Environments are folders named as in `PINNED`, in the folder that ``CLEARINGHOUSE_PEERS`` names, else in ``.peers``,
where they are made when they are first wanted. A tool that cannot be installed is named and left out, never guessed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.measure import Run, run, say

#: What each environment holds.
PINNED: dict[str, tuple[str, ...]] = {
    "rensa": ("rensa==0.5.0",),
    "datatrove": ("datatrove[io,processing]==0.10.1", "spacy", "jieba"),
    # A plain install of it does not import.
    "datajuicer": ("py-data-juicer==1.6.1", "aiohttp", "scipy"),
    # The last that runs on Python 3.11.
    "textdedup": ("text-dedup==0.4.0",),
    "dolma": ("dolma==1.2.1", "pyarrow<20"),
    "mds": ("mosaicml-streaming==0.13.0",),
    "wds": ("webdataset==1.0.2",),
    "litdata": ("litdata==0.2.76", "torchvision==0.28.0"),
    "hf": ("datasets==5.2.0",),
    "grain": ("grain==0.2.18", "array-record==0.8.6"),
    "lance": ("pylance==14.0.2",),
}
#: Environments that need it get it first, and by pip: any range of it may resolve to gigabytes of drivers.
TORCH = "torch==2.13.0"
WITH_TORCH = ("mds", "wds", "litdata", "hf", "lance")
PYTHON = "3.11"
ROOT = Path(__file__).resolve().parent.parent

#: One thread each, and nothing fetched while the clock runs.
ENVIRONMENT = {
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "UV_OFFLINE": "1",
}
#: We have one thread too, and the memory pool that workers of a release have (`clearinghouse.jobs.release_tasks`).
OURS = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1"),
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


@cache
def python(name: str) -> Path | None:
    """The interpreter of a peer's environment, made now if it is not there; ``None`` where it cannot be."""
    folder = Path(os.environ.get("CLEARINGHOUSE_PEERS") or ROOT / ".peers") / name
    found = folder / "bin" / "python"
    if found.exists():
        return found
    say(f"installing {name} into {folder}")
    uv = Path(sys.executable).parent / "uv"
    tool = str(uv) if uv.exists() else "uv"
    try:
        if name in WITH_TORCH:
            subprocess.run([tool, "venv", "-q", "--seed", "-p", PYTHON, str(folder)], check=True, capture_output=True)
            pip = [str(found), "-m", "pip", "install", "-q"]
            subprocess.run([*pip, TORCH], check=True, capture_output=True)
            subprocess.run([*pip, TORCH, *PINNED[name]], check=True, capture_output=True)
            return found
        subprocess.run([tool, "venv", "-q", "-p", PYTHON, str(folder)], check=True, capture_output=True)
        subprocess.run(
            [tool, "pip", "install", "-q", "--python", str(found), *PINNED[name]], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"{name} is left out: {getattr(error, 'stderr', b'')[-500:]!r}")
        return None
    return found


LEAST, LEAST_OF_START = 0.1, 0.05
"""CPU seconds that a run must take beyond its start-up, and which part of that: below, the difference says nothing."""


class TooSmall(SystemExit):
    """An input over which a tool's work cannot be told from its start-up. No ratio is made of that."""


@dataclass(frozen=True)
class Cost:
    """A command's CPU seconds over its input less those over next to nothing, those over next to nothing, and its peak
    memory in bytes."""

    cpu: float
    start: float
    peak: int


def cost(
    command: Sequence[str], whole: Path, nothing: Path, folder: Path, *more: str, runs: int = 1, peer: bool = True
) -> Cost:
    """Run ``command INPUT FOLDER more…`` over its input and over a few documents, ``runs`` times in turn; the least of each
    counts. What it makes of the whole is in ``folder`` then. Raises `TooSmall`."""
    environment = ENVIRONMENT if peer else OURS

    def once(source: Path, name: str = "", *, memory: bool = False) -> Run:
        # A folder of its own each time: some tools leave out what they find done.
        own = folder.with_name(f"{folder.name}-{name}") if name else folder
        return run([*command, str(source), str(own), *more], env=environment, memory=memory)

    # The first run of an environment compiles it, which is nobody's speed.
    once(nothing, "first")
    starts, done = [], []
    for number in range(runs):
        starts.append(once(nothing, f"start-{number}").cpu)
        done.append(once(whole, f"again-{number}" if number else "", memory=runs == 1))
    # Looking at a process costs it something: of fast ones memory is measured in a run of its own.
    peak = done[0].peak if runs == 1 else once(whole, "memory", memory=True).peak
    start, net = min(starts), min(one.cpu for one in done) - min(starts)
    if net < max(LEAST, LEAST_OF_START * start):
        raise TooSmall(
            f"{' '.join(command)}: {net:.3f} CPU seconds over a start of {start:.2f} cannot be told from it: "
            "too small an input, raise --docs"
        )
    return Cost(net, start, peak)


def there(names: Iterable[str]) -> dict[str, Path]:
    """The interpreters of those that can be had."""
    return {name: found for name in names if (found := python(name)) is not None}


__all__ = ["ENVIRONMENT", "OURS", "PINNED", "Cost", "TooSmall", "cost", "python", "there"]
