"""Quality signals beside the filters of other tools: ``make bench NAME=quality``, about five minutes; ``--quick``, three.

The same JSON Lines of English and of Chinese (`benchmarks.corpus`) go through our signals with the limits of articles
and through the filters of datatrove (Gopher, C4, FineWeb), the taggers of dolma (Gopher, C4) and the filters of
data-juicer that measure the same, one process each, from file to file. CPU seconds are those of the whole process
less those of the same process over 40 documents; peak memory is that of its tree. We are given five times as many
documents as the others, or ours would be lost in the noise of starting up. Rules are alike, not identical:
how many of the planted bad documents each tool keeps and how many good ones it drops stand beside the times (dolma's taggers
mark and drop nothing), and what each measures (`MEASURES`). ``gx_…`` come from `benchmarks.quality_gx`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import corpus, peers
from benchmarks.measure import report, run, say

TOOLS = ("datatrove", "dolma", "datajuicer")
LANGUAGES: tuple[corpus.Language, ...] = ("en", "zh")
NOTHING = 40
TIMES = 5
"""So many times the documents of the others are ours."""
RUNS = {"ours": 3, "datatrove": 1}
"""How many times each runs; the least counts. datatrove's words of Chinese take minutes."""
MEASURES = {
    "ours": "45 signals of words, characters, lines and runs of 2 to 10 words; Chinese by characters; judged and filtered",
    "datatrove": "Gopher, Gopher's repetition, C4, FineWeb; Chinese by the words of jieba; filtered",
    "dolma": "Gopher with its repetition, C4; Chinese cut at spaces, so that a line of it is about one word and no run of "
    "words is measured; marked, not filtered",
    "datajuicer": "six ratios of characters and lines with runs of 10 characters, and in English two of words with runs of 5; "
    "no runs of other lengths, function words or C4; filtered",
}
"""What each tool makes of a document, said in the figures: a tool that cuts Chinese at spaces is fast at nothing there."""
ENVIRONMENT = {**peers.ENVIRONMENT, "POLARS_MAX_THREADS": "1"}
HERE = Path(__file__).parent


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--docs", type=int, default=3000, help="documents of each language")
    options.add_argument("--quick", action="store_true", help="half of the documents, 100,000 rows for gx")
    options.add_argument("--no-gx", action="store_true", help="leave the suite out")
    options.add_argument("--child", nargs=3, metavar=("INPUT", "FOLDER", "LANGUAGE"), help=argparse.SUPPRESS)
    found = options.parse_args()
    if found.child:
        ours(*found.child)
        return
    count = found.docs // 2 if found.quick else found.docs
    ratios: dict[str, float] = {}
    with TemporaryDirectory(prefix="clearinghouse-bench-") as scratch:
        figures = measure(Path(scratch), count)
    speeds = {tool: figures[f"{tool}_mb_per_cpu_s"] for tool in TOOLS if f"{tool}_mb_per_cpu_s" in figures}
    if speeds:
        best = max(speeds, key=lambda tool: speeds[tool])
        ratios["signals_vs_best_peer"] = round(figures["ours_mb_per_cpu_s"] / speeds[best], 1)
        figures["best_peer"] = best
        for language in LANGUAGES:
            # The fastest counts, whatever it measures; what that is stands beside it.
            fastest = max(speeds, key=lambda tool: figures[f"{tool}_{language}_mb_per_cpu_s"])
            speed = figures[f"{fastest}_{language}_mb_per_cpu_s"]
            ratios[f"signals_vs_best_peer_{language}"] = round(figures[f"ours_{language}_mb_per_cpu_s"] / speed, 1)
            figures[f"best_peer_{language}"] = fastest
        figures["what_is_measured"] = {tool: MEASURES[tool] for tool in ("ours", *speeds)}
    if not found.no_gx:
        rows = ["--rows", "100000"] if found.quick else []
        said = json.loads(run([sys.executable, "-m", "benchmarks.quality_gx", *rows]).output.splitlines()[-1])
        ratios |= said["ratios"]
        figures["gx"] = said["figures"]
    report("quality", ratios, figures)


def measure(root: Path, count: int) -> dict[str, Any]:
    """Every tool over every language: figures by tool, and by tool and language."""
    commands = {"ours": [sys.executable, "-m", "benchmarks.quality", "--child"]}
    for tool, python in peers.there(TOOLS).items():
        commands[tool] = [str(python), str(HERE / f"peer_{tool}.py"), "quality"]
    figures: dict[str, Any] = {"documents": count}
    total: dict[str, list[float]] = {tool: [0.0, 0.0] for tool in commands}
    for language in LANGUAGES:
        for name, documents in (("few", NOTHING), ("some", count), ("ours", TIMES * count)):
            say(f"making {documents:,} documents: {language}")
            corpus.write(root / f"{language}-{name}", documents, language)
    for language, (tool, command) in product(LANGUAGES, commands.items()):
        us = tool == "ours"
        made = root / f"{language}-{'ours' if us else 'some'}"
        few = root / f"{language}-few" / "docs.jsonl"
        size = (made / "docs.jsonl").stat().st_size / 1e6
        folder = root / f"out-{tool}-{language}"
        try:
            spent = peers.cost(command, made / "docs.jsonl", few, folder, language, runs=RUNS.get(tool, 2), peer=not us)
        except peers.TooSmall:
            raise
        except SystemExit as error:
            if us:
                raise
            say(f"{tool}, {language}: left out, {str(error)[-300:]}")
            total.pop(tool, None)
            continue
        say(
            f"{tool}, {language}: {spent.cpu:.2f} CPU s over a start of {spent.start:.1f}, {size / spent.cpu:.2f} MB/s, "
            f"{spent.peak / 1e6:.0f} MB"
        )
        figures |= {
            f"{tool}_{language}_mb_per_cpu_s": round(size / spent.cpu, 2),
            f"{tool}_{language}_peak_mb": round(spent.peak / 1e6),
            f"{tool}_{language}_start_s": round(spent.start, 1),
        }
        if tool in total:
            total[tool][0] += size
            total[tool][1] += spent.cpu
        if tool != "dolma":
            truth = {str(one["id"]): one for one in corpus.truth(made)}
            kept = {str(row["id"]) for row in rows_of(folder)}
            good = {name for name, one in truth.items() if one["kind"] != "bad"}
            bad = set(truth) - good
            figures[f"{tool}_{language}_bad_kept_share"] = round(len(bad & kept) / len(bad), 4)
            figures[f"{tool}_{language}_good_dropped_share"] = round(len(good - kept) / len(good), 4)
    for tool, (size, cpu) in total.items():
        figures[f"{tool}_mb_per_cpu_s"] = round(size / cpu, 2)
    return figures


#: What tools leave beside their output.
NOT_OUTPUT = {"work", "documents", "attributes", "logs", "middle"}


def rows_of(folder: Path) -> Iterator[dict[str, Any]]:
    """The documents that a tool left in a folder, in whatever format."""
    import pyarrow.parquet as pq

    for file in sorted(folder.rglob("*")):
        if NOT_OUTPUT & set(file.relative_to(folder).parts) or "stats" in file.name:
            continue
        if file.suffix == ".parquet":
            yield from pq.read_table(file).to_pylist()
        elif file.name.endswith((".jsonl.gz", ".json.gz")):
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                yield from map(json.loads, lines)
        elif file.suffix == ".jsonl":
            with file.open(encoding="utf-8") as lines:
                yield from map(json.loads, lines)


def ours(source: str, folder: str, language: str) -> None:
    """Read, measure, judge by the limits of articles, write what may stay."""
    import polars as pl

    from schemas.quality_rules import read_rules
    from schemas.yaml_lines import YamlFile
    from transforms.quality import broken
    from transforms.signals import signals

    rules = read_rules(YamlFile("bench"), {"rules": "house"}, ("quality",))
    assert rules is not None
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    docs = pl.read_ndjson(source)
    found = pl.from_arrow(signals(docs["text"].to_arrow(), [language] * docs.height))
    assert isinstance(found, pl.DataFrame)
    why = broken(found, rules.of("article"))
    docs.filter(why.list.len() == 0).write_ndjson(out / "docs.jsonl")


if __name__ == "__main__":
    main()
