"""Training-side readers over one corpus: ours, a bare scan, and other formats with their own loaders.

``python -m benchmarks.reader [--megabytes N] [--runs N] [--quick] [--folder F]``. The corpus (`benchmarks.reader_corpus`) is
written once as a release and once in every peer's own format, each peer in an environment of its own; what stands in
``F`` is used again. Every run is a process of its own; runs of all readers take turns, so that what else the machine
does meets them alike, and medians are compared. Seconds are wall time from opening on, without imports; the files of a
reader lie in the page cache, read from end to end before it runs (`settle`); every sample is handed over as a Python string, or as rows of int64.

Documents are shuffled as each peer's documentation shows, read by two worker processes (Grain by two threads), as
training jobs are set up; ours is one process. In one process without workers the same peers are measured too
(``…_in_process``): those that map uncompressed files are fastest there. Sequences of 2,048 tokens come shuffled, in one process:
the peers' were packed when they were written, ours are packed while they are read: as theirs are, of tokens that lie as
bytes (``tokens``) or as lists (``lists``), and by documents, with all that belongs to them (``packed``). The last two enter
no ratio.

Ratios: documents a second of ours by those of the best peer, MDS, WebDataset, Grain, and pyarrow reading the same files
from end to end; tokens a second by the best peer's; a raw memory map is no format and stands apart. Figures: ``first_ms``
and ``resume_ms``, the worst of median times to the first batch from `open_release` on, at the start and at three states, of
the corpus, of a gigabyte and of a release of 100,000 shards (with ``_cpu``: what that takes of CPU);
``peak_private_mb``; ``import_s``; ``worst_prefix_error``, samples that a mix of five weights is off at any prefix;
``release_prefix_error_…``, tokens that the stream of one release is off its sources' shares at any prefix, in documents
of mean length, in its longest, and in what no order of the same documents goes below (``…_vs_least``; ``written_…`` is the
order that the release lies in).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import peers, reader_corpus
from benchmarks.measure import Run, report, run, say

SCRIPT = str(Path(__file__).with_name("peer_reader.py"))
#: What each reader is called, and the environment that it lives in.
PEERS = {
    "mds": "mds", "wds": "wds", "litdata": "litdata", "hf": "hf", "hfstream": "hf", "grain": "grain", "lance": "lance",
    "memmap": "grain",
}  # fmt: skip
#: Worker processes under the conditions that training jobs are set up with; 0: threads.
WORKERS = {"grain": 0}
WITHOUT_TOKENS = ("hfstream",)
SHORT = 1.0
"""Runs of fewer seconds are done three times a round: a neighbour's moment is much of them."""


@dataclass(frozen=True)
class Entry:
    """One reader in one setting."""

    reader: str
    what: str
    workers: int = 0

    @property
    def name(self) -> str:
        return f"{self.reader}_{self.what}_{self.workers}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=float, default=300)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--quick", action="store_true", help="20 MB, one run")
    options.add_argument(
        "--folder", type=Path, help="where the corpus and all formats are kept; a temporary one by default"
    )
    options.add_argument("--only", help="names of peers, with commas")
    found = options.parse_args()
    if found.quick:
        found.megabytes, found.runs = 20, 1
    with TemporaryDirectory(prefix="clearinghouse-bench-") as scratch:
        folder = (found.folder or Path(scratch)) / f"{found.megabytes:g}"
        names = [name for name in PEERS if not found.only or name in found.only.split(",")]
        there = {name: path for name in names if (path := peers.python(PEERS[name])) is not None}
        there = prepare(folder, found.megabytes, there)
        measured = measure(folder, entries(there), found.runs, there)
        ours = latencies(folder, found.runs)
    report("reader", ratios(measured), {**figures(measured), **ours, "left_out": sorted(set(names) - set(there))})


def prepare(folder: Path, megabytes: float, there: dict[str, Path]) -> dict[str, Path]:
    """The corpus in all formats; a peer that cannot write its own is named and left out."""
    source = folder / "corpus"
    if not (folder / "corpus.done").exists():
        say(f"making {megabytes:g} MB of documents")
        reader_corpus.write(source, megabytes)
        (folder / "corpus.done").touch()
    written = {}
    for name, python in {"ours": Path(sys.executable), **there}.items():
        done = folder / f"{name}.done"
        if not done.exists():
            head = (
                [str(python), "-m", "benchmarks.reader_ours", "write"]
                if name == "ours"
                else [str(python), SCRIPT, "write", name]
            )
            try:
                made = run([*head, str(source), str(folder / name)], env=peers.ENVIRONMENT)
            except SystemExit as error:
                if name == "ours":
                    raise
                say(f"{name} is left out: it does not write its format: {str(error)[-500:]}")
                continue
            done.write_text(last(made)["cpu"].__str__())
        volume = sum(
            path.stat().st_size
            for path in (folder / name).rglob("*")
            if path.is_file() and "cache" not in path.relative_to(folder).parts
        )
        say(f"{name}: {volume / 1e6:.0f} MB on disk, written in {float(done.read_text()):.1f} CPU s")
        written[name] = python
    for name in written:
        settle(folder / name)
    return {name: python for name, python in written.items() if name != "ours"}


def settle(folder: Path, *, anew: bool = True) -> None:
    """All files of a format in the page cache, as reading them from end to end leaves them; not ``anew``: those that are
    no longer there, for a machine may not have room for every format at once.

    What a file was put there by, and so in pieces of what size, changes what a map of it costs by a fifth: what was just
    written lies in large ones, what came back as it was touched in small ones. No format is to gain by that.
    """
    seen: set[int] = set()  # the same shard stands under many names
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.stat().st_ino in seen or "cache" in path.relative_to(folder).parts:
            continue
        seen.add(path.stat().st_ino)
        with path.open("rb", buffering=0) as file:
            if anew:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while file.read(8 << 20):
                pass


def entries(there: dict[str, Path]) -> list[Entry]:
    found = [Entry("ours", what) for what in ("scan", "sequential", "shuffled", "tokens", "lists", "packed")]
    for name in there:
        if name != "memmap":
            found += [Entry(name, "sequential"), Entry(name, "shuffled")]
            found += [Entry(name, "shuffled", WORKERS.get(name, 2))] if WORKERS.get(name, 2) else []
        if name not in WITHOUT_TOKENS:
            found.append(Entry(name, "tokens"))
    return found


Measured = dict[Entry, list[dict[str, float]]]


def measure(folder: Path, wanted: Sequence[Entry], runs: int, there: dict[str, Path]) -> Measured:
    """Every entry once a round, in turn; then the memory of ours. What fails is named and left out."""
    found: Measured = {entry: [] for entry in wanted}
    for number in range(runs):
        # The order turns, so that nobody always comes after the same neighbour.
        for entry in (*wanted[number % len(wanted) :], *wanted[: number % len(wanted)]):
            if entry not in found:
                continue
            settle(folder / entry.reader, anew=False)
            try:
                some = [last(_run(folder, entry, there))]
                if some[0]["seconds"] < SHORT:
                    some += [last(_run(folder, entry, there)) for _ in range(2)]
            except (SystemExit, ValueError) as error:
                if entry.reader == "ours":
                    raise
                say(f"{entry.name} is left out: {str(error)[-300:]}")
                del found[entry]
                continue
            found[entry] += some
            for made in some:
                say(f"{entry.name}: {made['count'] / made['seconds']:,.0f} a second, {made['cpu']:.2f} CPU s, first {1000 * made['first']:.0f} ms")  # fmt: skip
    for entry in [entry for entry in found if entry.what in ("shuffled", "tokens", "lists", "packed")]:
        watched = _run(folder, entry, there, memory=True)
        found[entry].append({**last(watched), "private": watched.private})
    return found


def _run(folder: Path, entry: Entry, there: dict[str, Path], memory: bool = False) -> Run:
    if entry.reader == "ours":
        argv = [sys.executable, "-m", "benchmarks.reader_ours", "read", entry.what, str(folder / "ours")]
        return run(argv, memory=memory)
    argv = [
        str(there[entry.reader]),
        SCRIPT,
        "read",
        entry.reader,
        entry.what,
        str(entry.workers),
        str(folder / entry.reader),
    ]
    environment = {name: value for name, value in peers.ENVIRONMENT.items() if not name.startswith("RAYON")}
    return run(argv, env=environment, memory=memory)


def last(made: Run) -> dict[str, Any]:
    """The JSON of a command's last line; some peers say more before."""
    found: dict[str, Any] = json.loads(made.output.strip().splitlines()[-1])
    return found


def rate(some: Sequence[dict[str, float]], per: str = "seconds") -> float:
    """Samples a second (or a ``cpu`` second), the median of runs; a run whose memory was watched does not count."""
    return median(one["count"] / one[per] for one in some if "private" not in one)


def ratios(measured: Measured) -> dict[str, float]:
    """By wall time, and the same by CPU time (``…_by_cpu``), which a busy machine does not change as much."""
    by_cpu = _ratios({entry: rate(some, "cpu") for entry, some in measured.items() if some})
    return {
        **_ratios({entry: rate(some) for entry, some in measured.items() if some}),
        **{f"{name}_by_cpu": number for name, number in by_cpu.items()},
    }


def _ratios(rates: dict[Entry, float]) -> dict[str, float]:
    mine = {entry.what: number for entry, number in rates.items() if entry.reader == "ours"}
    jobs = {entry.reader: number for entry, number in rates.items() if entry.what == "shuffled" and entry.reader != "ours"
            and entry.workers == WORKERS.get(entry.reader, 2)}  # fmt: skip
    alone = [
        number
        for entry, number in rates.items()
        if entry.what == "shuffled" and entry.reader != "ours" and not entry.workers
    ]
    tokens = [
        number for entry, number in rates.items() if entry.what == "tokens" and entry.reader not in ("ours", "memmap")
    ]
    found = {"shuffled_vs_sequential": mine["shuffled"] / mine["scan"]}
    if jobs:
        found["shuffled_vs_best_peer"] = mine["shuffled"] / max(jobs.values())
    if alone:
        found["shuffled_vs_best_peer_in_process"] = mine["shuffled"] / max(alone)
    for key, reader in (("mds", "mds"), ("webdataset", "wds"), ("grain", "grain")):
        if reader in jobs:
            found[f"shuffled_vs_{key}"] = mine["shuffled"] / jobs[reader]
    if tokens:
        found["tokens_vs_best_peer"] = mine["tokens"] / max(tokens)
    memmap = rates.get(Entry("memmap", "tokens"))
    if memmap:
        found["tokens_vs_memmap"] = mine["tokens"] / memmap
    return {name: round(number, 3) for name, number in found.items()}


def figures(measured: Measured) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry, some in measured.items():
        watched = [one["private"] for one in some if "private" in one]
        timed = [one for one in some if "private" not in one]
        if timed:
            found[entry.name] = {
                "per_second": round(rate(some)),
                "cpu_s": round(median(one["cpu"] for one in timed), 2),
                "first_ms": round(1000 * median(one["first"] for one in timed)),
                "import_s": round(median(one["import"] for one in timed), 2),
                **({"peak_private_mb": round(watched[0] / 1e6)} if watched else {}),
            }
    mine = [
        one["private"]
        for entry, some in measured.items()
        for one in some
        if entry.reader == "ours" and "private" in one
    ]
    found["peak_private_mb"] = round(max(mine) / 1e6)
    return found


def latencies(folder: Path, runs: int) -> dict[str, float]:
    """Times to the first batch, of importing, and how exact mixes are: processes of their own, medians."""
    argv = [sys.executable, "-m", "benchmarks.reader_ours", "read", "latencies", str(folder / "ours")]
    made = [last(run(argv)) for _ in range(runs)]
    found = {name: median(one[name] for one in made) for name in made[0]}
    for name, milliseconds in found.items():
        say(f"{name}: {milliseconds:.0f} ms")
    clock = "import time; t = time.perf_counter(); import clearinghouse; clearinghouse.open_release; print(time.perf_counter() - t)"
    imports = [float(run([sys.executable, "-c", clock]).output) for _ in range(max(3, runs))]
    mixed = last(run([sys.executable, "-m", "benchmarks.reader_ours", "read", "mixed", str(folder / "ours")]))
    return {
        "first_ms": round(max(value for name, value in found.items() if name.endswith("_0"))),
        "resume_ms": round(max(value for name, value in found.items() if not name.endswith(("_0", "_cpu")))),
        "first_cpu_ms": round(max(value for name, value in found.items() if name.endswith("_0_cpu"))),
        "resume_cpu_ms": round(
            max(value for name, value in found.items() if name.endswith("_cpu") and not name.endswith("_0_cpu"))
        ),
        "import_s": round(median(imports), 3),
        "worst_prefix_error": round(mixed["worst"], 2),
        "release_prefix_error_mean": round(mixed["within_mean"], 1),
        "release_prefix_error_longest": round(mixed["within_longest"], 2),
        "release_prefix_error_vs_least": round(mixed["within_least"], 2),
        "written_prefix_error_vs_least": round(mixed["written_least"], 2),
        **{f"{name}_ms": round(value) for name, value in found.items()},
    }


if __name__ == "__main__":
    main()
