"""Near deduplication: ours, every pair checked, against rensa, datatrove, data-juicer and text-dedup.

``python -m benchmarks.dedup [--docs N] [--large N]``. The same documents for all (`benchmarks.corpus`, English and
Chinese); each tool in its own environment and process; CPU seconds less those over 40 documents; of ours and rensa the
least of three runs. Ours is what a release does: sketches and keys of each task into a file, then groups and clusters
over the files. It reads the documents as Parquet, where a release finds them, the others the same ones as JSON Lines. Slow
tools read the N documents of each language of ``--docs``, rensa and we those of ``--large``, and we a tenth of these too.

Ratios: ``dedup_vs_X``, CPU seconds a byte of X by ours, both languages together; for rensa the use that its README shows,
which compares sets of single words and checks no pair (``_rho`` its fastest pipeline, ``_shingles`` given the shingles
that we compare). Our bytes are those of the larger run: over the few that a slow tool can read ours is lost in the noise
of starting up. ``dedup_cpu_10x_vs_1x`` is our CPU over the larger input by ours over the smaller, for ten times the
bytes. Figures by language: MB per CPU second, copies found, unique documents lost, peak.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import corpus
from benchmarks.measure import report, say
from benchmarks.peers import Cost, cost, there

LANGUAGES: tuple[corpus.Language, ...] = ("en", "zh")
RENSA = ("rensa-readme", "rensa-rho", "rensa-shingles")
SLOW = ("datatrove", "datajuicer", "textdedup")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--docs", dest="documents", type=int, default=4_000, help="of each language, for the slow tools"
    )
    options.add_argument("--large", type=int, default=60_000, help="of each language, for rensa and us")
    options.add_argument("--child", nargs=2, metavar=("INPUT", "FOLDER"), help=argparse.SUPPRESS)
    found = options.parse_args()
    if found.child:
        child(*map(Path, found.child))
        return
    # A tenth has to take us more than the noise of starting up.
    many = {"nothing": 40, "small": found.documents, "tenth": found.large // 10, "large": found.large}
    peers = there(dict.fromkeys(name.partition("-")[0] for name in (*RENSA, *SLOW)))
    with TemporaryDirectory(prefix="clearinghouse-bench-") as scratch:
        root = Path(scratch)
        for size, language in product(many, LANGUAGES):
            say(f"making {many[size]:,} documents: {language}")
            corpus.write(root / size / language, many[size], language)
        measured = {
            (tool, size, language): measure(root, tool, size, language, peers)
            for tool, size in _todo(peers)
            for language in LANGUAGES
        }
    report("dedup", ratios(measured), figures(measured, many))


def _todo(peers: dict[str, Path]) -> Iterator[tuple[str, str]]:
    yield from (("ours", "large"), ("ours", "tenth"))
    yield from ((tool, "large") for tool in RENSA if "rensa" in peers)
    yield from ((tool, "small") for tool in SLOW if tool in peers)


Measured = dict[tuple[str, str, str], tuple[Cost, dict[str, Any]]]


def measure(
    root: Path, tool: str, size: str, language: corpus.Language, peers: dict[str, Path]
) -> tuple[Cost, dict[str, Any]]:
    """What a tool costs, and what it made of the documents."""
    command = [sys.executable, "-m", "benchmarks.dedup", "--child"]
    if tool != "ours":
        command = [str(peers[tool.partition("-")[0]]), str(Path(__file__).with_name("peer_dedup.py")), tool]
    folder = root / "out" / f"{tool}-{size}-{language}"
    runs = 3 if tool == "ours" or tool in RENSA else 1
    more = [] if tool == "ours" else [language]
    spent = cost(
        command, root / size / language, root / "nothing" / language, folder, *more, runs=runs, peer=tool != "ours"
    )
    kept = set((folder / "kept.txt").read_text().split())
    judged = judge(corpus.truth(root / size / language), kept)
    judged["mb"] = sum(len(text) for text in _texts(root / size / language)) / 1e6
    say(f"{tool}, {size}, {language}: {judged['mb'] / spent.cpu:.1f} MB a CPU second, {spent.cpu:.2f} s and "
        f"{spent.start:.1f} to start, {spent.peak / 1e6:.0f} MB, {judged['found']:.4f} found, {judged['lost']} lost")  # fmt: skip
    return spent, judged


def _texts(folder: Path) -> Iterator[bytes]:
    with (folder / "docs.jsonl").open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)["text"].encode()


def judge(truth: list[dict[str, Any]], kept: set[str]) -> dict[str, Any]:
    """The share of planted copies that went, and groups of good documents of which none is left.

    Which one of a group stays is the tool's choice: of a group of n, n - 1 are to go.
    """
    groups: dict[str, list[str]] = {}
    for one in truth:
        if one["kind"] != "bad":
            groups.setdefault(one["original"] or one["id"], []).append(one["id"])
    copies = sum(len(group) - 1 for group in groups.values())
    left = [sum(name in kept for name in group) for group in groups.values()]
    found = copies - sum(max(0, some - 1) for some in left)
    return {"found": found / max(copies, 1), "lost": sum(not some for some in left)}


def ratios(measured: Measured) -> dict[str, float]:
    """Theirs by ours, a byte, both languages together."""

    def spent(tool: str, size: str) -> float:
        both = [measured[tool, size, language] for language in LANGUAGES]
        return sum(cost.cpu for cost, _ in both) / sum(judged["mb"] for _, judged in both)

    found = {"dedup_cpu_10x_vs_1x": round(10 * spent("ours", "large") / spent("ours", "tenth"), 2)}
    for tool, size in dict.fromkeys((tool, size) for tool, size, _ in measured if tool != "ours"):
        name = "dedup_vs_" + tool.replace("-readme", "").replace("-", "_")
        found[name] = round(spent(tool, size) / spent("ours", "large"), 2)
    return found


def figures(measured: Measured, many: dict[str, int]) -> dict[str, Any]:
    ours = [judged for (tool, *_), (_, judged) in measured.items() if tool == "ours"]
    found: dict[str, Any] = {
        "dedup_recall": min(round(one["found"], 4) for one in ours),
        "unique_lost": max(one["lost"] for one in ours),
        "documents": many,
    }
    for (tool, size, language), (spent, judged) in measured.items():
        found[f"{tool}_{size}_{language}"] = {
            "mb_per_cpu_s": round(judged["mb"] / spent.cpu, 2),
            "cpu_s": round(spent.cpu, 3),
            "start_cpu_s": round(spent.start, 2),
            "peak_mb": round(spent.peak / 1e6),
            "recall": round(judged["found"], 4),
            "unique_lost": judged["lost"],
        }
    return found


def child(source: Path, folder: Path) -> None:
    """Near deduplication as a release does it, one task for so much text as there; what stays is written down."""
    from infra.lean import arrow_without_pandas

    arrow_without_pandas()  # as in every process of ours
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from clearinghouse.jobs.release_choose import Candidates
    from clearinghouse.jobs.release_near import Sketching, TaskFile, drop_near
    from clearinghouse.jobs.release_tasks import TASK_BYTES, from_words
    from schemas.contract import Near

    folder.mkdir(parents=True, exist_ok=True)
    sketching = Sketching(Near())
    files, ids, tasks, rows = [], [], [], []
    with pq.ParquetFile(source / "docs.parquet", memory_map=True, pre_buffer=False) as parquet:
        sizes = [parquet.metadata.row_group(number).total_byte_size for number in range(parquet.num_row_groups)]
        of = np.cumsum([0, *sizes[:-1]]) // TASK_BYTES
        for number in np.unique(of).tolist():
            groups = np.flatnonzero(of == number).tolist()
            # Few rows at a time, so that the reader uses the same memory again.
            batches = parquet.iter_batches(256, row_groups=groups, columns=["id", "text"], use_threads=False)
            table = pa.Table.from_batches(batches)
            table = table.append_column("reason", pa.nulls(len(table), pa.string()))
            path = folder / f"{number}.near.parquet"
            making = sketching.begin(table)
            from_words(table, [making])
            path.write_bytes(making.made())
            files.append(TaskFile(number, str(path)))
            ids.append(table.column("id"))
            tasks.append(np.full(len(table), number, np.int32))
            rows.append(np.arange(len(table), dtype=np.int32))
    names = pa.chunked_array([chunk for column in ids for chunk in column.chunks]).combine_chunks()
    count = len(names)
    zeros = np.zeros(count, np.int64)
    place = np.stack([np.zeros(count, np.uint64), np.arange(count, dtype=np.uint64)], axis=1)
    everyone = Candidates(
        dataset="bench", ids=place, digest=place, tokens=zeros, bytes=zeros, task=np.concatenate(tasks),
        row=np.concatenate(rows), language=zeros.astype(np.int32), quality=zeros.astype(np.float32), languages=("en",),
        made=count, filtered={}, rows_used=count, overlaps={}, poor=None,  # type: ignore[arg-type]
    )  # fmt: skip
    drop_near([everyone], files, sketching.rule, folder)
    (folder / "kept.txt").write_text("\n".join(names.take(pa.array(everyone.ids[:, 1])).to_pylist()))


if __name__ == "__main__":
    main()
