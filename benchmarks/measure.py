"""Measure whole processes: CPU seconds by the kernel's own accounting, and the peak memory of a process tree."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import Any


@dataclass(frozen=True)
class Run:
    """One finished command: user + system CPU seconds of it and its children, peak bytes of the tree, its output.

    ``peak`` is the largest sum, over the processes alive at one time, of the proportional set size (PSS, Linux
    ``smaps_rollup``), which counts a shared page once; ``private`` the largest sum of pages that are a process's own and
    that no file stands behind. Both are sampled every 50 ms.
    """

    cpu: float
    peak: int
    output: str
    private: int = 0


def run(argv: Sequence[str], *, env: Mapping[str, str] | None = None, memory: bool = False) -> Run:
    """Run a command to its end; a failure shows its error output and stops the benchmark."""
    before = _spent()
    # Byte code is cached as for any user; some build machines switch that off.
    full = {**os.environ, **(env or {})}
    full.pop("PYTHONDONTWRITEBYTECODE", None)
    peak = private = 0
    # Files, not pipes: nobody reads while memory is watched, and a pipe that is full stops the process for good.
    with TemporaryFile() as out, TemporaryFile() as err:
        process = subprocess.Popen(argv, stdout=out, stderr=err, env=full)
        while memory and process.poll() is None:
            sizes = [_sizes(pid) for pid in _tree(process.pid)]
            peak = max(peak, sum(pss for pss, _ in sizes))
            private = max(private, sum(own for _, own in sizes))
            time.sleep(0.05)
        process.wait()
        out.seek(0), err.seek(0)
        output, errors = (file.read().decode("utf-8", "replace") for file in (out, err))
    if process.returncode:
        raise SystemExit(f"{' '.join(argv)} ended with {process.returncode}:\n{errors[-4000:]}")
    return Run(_spent() - before, peak, output, private)


def _spent() -> float:
    """CPU seconds of the children that have ended, to the microsecond (`os.times` counts hundredths)."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def compare(a: Sequence[str], b: Sequence[str], *, runs: int = 7) -> tuple[float, float]:
    """Median CPU seconds of two commands run in turn, after one run of each that is not counted."""
    run(a), run(b)
    pairs = [(run(a).cpu, run(b).cpu) for _ in range(runs)]
    return median(x for x, _ in pairs), median(y for _, y in pairs)


def say(text: str) -> None:
    """A line of progress."""
    print(text, file=sys.stderr, flush=True)


def report(name: str, ratios: Mapping[str, Any], figures: Mapping[str, Any]) -> None:
    """The one JSON line that ends a benchmark."""
    print(json.dumps({"name": name, "ratios": dict(ratios), "figures": dict(figures)}, sort_keys=True))


def _tree(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                waiting.extend(int(child) for child in task.read_text().split())
            except OSError:
                continue  # it ended while we looked
    return found


def _sizes(pid: int) -> tuple[int, int]:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0, 0
    found = dict(line.split()[:2] for line in text.splitlines()[1:])
    return int(found.get("Pss:", 0)) * 1024, int(found.get("Private_Dirty:", 0)) * 1024
