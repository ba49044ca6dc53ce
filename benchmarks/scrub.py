"""What scrubbing costs: ``make bench NAME=scrub``, about five minutes; ``python -m benchmarks.scrub --quick``, one.

*Pattern lane.* The same column through `PatternEngine` and, text by text, through Presidio's `AnalyzerEngine` with the
same patterns as its recognisers, each expression searched over the whole text, which is what Presidio does; each text is
folded once on either side, no language model is loaded. The natural
text is chats, reviews, captions and queries as they are, the dense one the same with a value in every fourth row.
The spans of both are compared on the sample that Presidio sees, without settling, which Presidio has not.

*Default.* `clearinghouse.scrub.default_engine`, patterns, names and addresses, as ingest calls it: by language.

*Beside dolma.* ``clearinghouse scan`` with all of the default over the documents of `benchmarks.corpus`, and dolma's tagger
of personal data (mail and IP addresses, telephones of North America) over the same file: both read JSON Lines and write
what they find. CPU seconds are those of the whole commands less those over 40 documents. Left out where dolma cannot be
installed.

*Memory.* Peak of a process that streams 2 GB in batches through the pattern lane, over that of one that streams 100 MB.

Figures are CPU time without start-up: a first pass, in which lists and models are read, is not counted, and each is the best
of a few passes over the same text (``--quick``: of one). Megabytes are 10^6 bytes of UTF-8.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from benchmarks import corpus, peers
from benchmarks.measure import report, run, say
from benchmarks.quality import HERE, LANGUAGES, NOTHING
from benchmarks.scrub_text import Row, dense, messages, rows
from governance.recognisers.engine import PatternEngine
from governance.recognisers.regions import regions_for
from infra.sources.reading import BATCH_ROWS

_MB = 1e6


def _size(texts: list[str]) -> float:
    return sum(len(text.encode()) for text in texts) / _MB


def _cpu(work: Callable[[], object], passes: int = 1) -> float:
    best = float("inf")
    for _ in range(passes):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def _batches(texts: list[str]) -> Iterator[pa.Array]:
    """The texts in batches as sources give them."""
    for begin in range(0, len(texts), BATCH_ROWS):
        yield pa.array(texts[begin : begin + BATCH_ROWS], pa.large_string())


def _rate(scan: Callable[[pa.Array], object], texts: list[str], passes: int) -> float:
    """Megabytes a CPU second, batch after batch."""
    batches = list(_batches(texts))
    return _size(texts) / _cpu(lambda: [scan(batch) for batch in batches], passes)


def lane_against_presidio(texts: list[str], sample: int, passes: int) -> dict[str, float]:
    """Speed of both on the same text, Presidio on its first ``sample`` rows, and whether their spans agree there.

    Both are timed in turn, so that what else the machine does falls on both.
    """
    from governance.recognisers.presidio import analyzer, resolved

    engine = PatternEngine(("CN",))
    plain = analyzer(engine, ("zh",), plain=True)
    part = texts[:sample]
    for batch in _batches(texts):
        engine.scan(batch)
    plain.analyze(texts[0], language="zh")
    ours = theirs = 0.0
    answers: list[list[tuple[str, int, int]]] = []
    for third in range(3):
        ours = max(ours, _rate(engine.scan, texts, passes))
        some = part[third::3]
        answers.clear() if third == 0 else None
        began = time.process_time()
        results = [plain.analyze(text, language="zh") for text in some]
        theirs += time.process_time() - began
        answers += [resolved(engine, text, found) for text, found in zip(some, results, strict=True)]
    order = [row for third in range(3) for row in range(third, len(part), 3)]
    told: dict[int, list[tuple[str, int, int]]] = {}
    for span in engine.scan(part, settle=False):
        if not span.keep:
            told.setdefault(span.row, []).append((span.entity, span.start, span.end))
    differ = sum(sorted(told.get(row, [])) != answer for row, answer in zip(order, answers, strict=True))
    speed = _size(part) / theirs
    return {
        "mb_per_cpu_s": ours,
        "presidio_mb_per_cpu_s": speed,
        "ratio": ours / speed,
        "patterns": len(engine.patterns),
        "rows": len(part),
        "spans": sum(map(len, answers)),
        "rows_that_differ": differ,
    }


def default_rate(texts: list[Row], passes: int) -> dict[str, float]:
    """Megabytes a CPU second of the default engine, and of its two lanes alone, by language as ingest calls them."""
    from clearinghouse.scrub import default_engine

    spoken: dict[str, list[str]] = {}
    for language, text in texts:
        spoken.setdefault(language, []).append(text)
    size = spent = patterns = names = 0.0
    out: dict[str, float] = {}
    for language, some in sorted(spoken.items()):
        engine = default_engine(regions_for(None, language))
        batches = list(_batches(some))
        for batch in batches:
            engine.scan(batch, [language])
        cost = _cpu(lambda b=batches, e=engine, tag=language: [e.scan(x, [tag]) for x in b], passes)
        out[f"default_{language}_mb_per_cpu_s"] = _size(some) / cost
        patterns += _cpu(lambda b=batches, e=engine: [e.patterns.scan(x) for x in b], passes)
        names += _cpu(lambda b=batches, e=engine, tag=language: [e.names.scan(x, [tag]) for x in b], passes)
        size, spent = size + _size(some), spent + cost
    return out | {
        "default_mb_per_cpu_s": size / spent,
        "default_patterns_alone_mb_per_cpu_s": size / patterns,
        "names_alone_mb_per_cpu_s": size / names,
    }


def beside_dolma(root: Path, count: int) -> tuple[float | None, dict[str, float]]:
    """Our megabytes a CPU second by dolma's over documents of both languages, if it is there; and the figures."""
    tool = peers.there(["dolma"]).get("dolma")
    if tool is None:
        return None, {}
    commands = {
        "scan": [sys.executable, "-m", "benchmarks.scrub", "--scan"],
        "dolma": [str(tool), str(HERE / "peer_dolma.py"), "personal"],
    }
    spent, size, figures = dict.fromkeys(commands, 0.0), 0.0, {}
    for language in LANGUAGES:
        whole = corpus.write(root / language, count, language) / "docs.jsonl"
        few = corpus.write(root / f"{language}-few", NOTHING, language) / "docs.jsonl"
        mb = whole.stat().st_size / _MB
        size += mb
        for name, command in commands.items():
            cost = peers.cost(command, whole, few, root / f"{name}-{language}", language, runs=2, peer=name == "dolma")
            spent[name] += cost.cpu
            figures[f"{name}_{language}_mb_per_cpu_s"] = mb / cost.cpu
    figures |= {f"{name}_mb_per_cpu_s": size / cpu for name, cpu in spent.items()}
    return spent["dolma"] / spent["scan"], figures


def stream(megabytes: float) -> None:
    """Scan so many megabytes, batch by batch, none of it kept."""
    texts, _ = messages()
    batches = cycle(list(_batches([text for _, text in rows(texts)])))
    engine, left, spans = PatternEngine(("CN",)), megabytes * _MB, 0
    while left > 0:
        batch = next(batches)
        batch = pa.array(batch.to_pylist(), pa.large_string())  # as read from a file: a buffer of its own
        spans += len(engine.scan(batch))
        left -= batch.nbytes
    print(spans)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="smaller sizes: a look, not a measurement")
    parser.add_argument("--stream", type=float, metavar="MB", help=argparse.SUPPRESS)
    parser.add_argument("--scan", nargs=3, metavar=("INPUT", "FOLDER", "LANGUAGE"), help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.scan:
        source, _, language = told.scan
        command = ["-m", "clearinghouse", "scan", source, "--language", language, "--json"]
        os.execv(sys.executable, [sys.executable, *command])
    if told.stream:
        stream(told.stream)
        return
    passes, sample = (1, 1200) if told.quick else (3, 4000)
    found, source = messages()
    texts = rows(found)
    plain = [text for _, text in texts]
    zh = sum(len(text.encode()) for language, text in texts if language == "zh") / _MB
    say(f"{source}: {len(plain):,} rows, {_size(plain):.1f} MB, {zh / _size(plain):.0%} of it in Chinese rows")
    figures: dict[str, object] = {"source": source, "mb": _size(plain), "chinese": zh / _size(plain)}
    ratios: dict[str, float] = {}
    short = [text for _, text in rows(found, 1)][: 4 * len(plain)]
    for name, some in (
        ("natural", plain),
        ("dense", dense(plain)),
        ("natural_messages", short),
        ("dense_messages", dense(short)),
    ):
        row = lane_against_presidio(some, sample, passes)
        figures[name] = row
        ratios[f"{name}_vs_presidio"] = row["ratio"]
        say(
            f"{name:<18}{row['mb_per_cpu_s']:>7.1f} MB/CPU-s, Presidio {row['presidio_mb_per_cpu_s']:.3f}: "
            f"{row['ratio']:.0f} times; {row['spans']} spans, {row['rows_that_differ']} of {row['rows']} rows differ"
        )
    figures["patterns_mb_per_cpu_s"] = figures["natural"]["mb_per_cpu_s"]  # type: ignore[index]
    rates = default_rate(texts[: len(texts) // 4] if told.quick else texts, passes)
    figures |= rates
    say("default: " + ", ".join(f"{name.removesuffix('_mb_per_cpu_s')} {rate:.1f}" for name, rate in rates.items()))
    with TemporaryDirectory(prefix="clearinghouse-bench-") as scratch:
        beside, rates = beside_dolma(Path(scratch), 1000 if told.quick else 5000)
    figures |= rates
    if beside is None:
        figures["left_out"] = {"dolma": "it cannot be installed"}
    else:
        ratios["default_vs_dolma"] = beside
        said = ", ".join(f"{name.removesuffix('_mb_per_cpu_s')} {rate:.2f}" for name, rate in rates.items())
        say(f"documents beside dolma: {beside:.2f} times; {said}")
    small, large = (20, 200) if told.quick else (100, 2000)
    peaks = {
        size: run([sys.executable, "-m", "benchmarks.scrub", "--stream", str(size)], memory=True).peak
        for size in (small, large)
    }
    ratios["rss_2gb_vs_100mb"] = peaks[large] / peaks[small]
    figures |= {f"rss_{size}mb": peak / _MB for size, peak in peaks.items()}
    say(f"memory: {peaks[small] / _MB:.0f} MB over {small} MB of text, {peaks[large] / _MB:.0f} MB over {large} MB")
    report("scrub", ratios, figures)


if __name__ == "__main__":
    main()
