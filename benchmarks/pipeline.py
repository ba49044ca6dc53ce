"""The whole chain beside other tools': ``make bench NAME=pipeline``, about ten minutes; ``--quick``, three.

From JSON Lines to Parquet with personal data out, poor documents out and near duplicates out. Ours is ``ingest`` of a
contract and ``release`` of a mix in a scratch store, with everything that they do besides (typed rows, evidence, the
suite of the contract, digests, manifest, report); the others are one process each with their nearest equivalents
(``benchmarks/peer_*.py``). datatrove and data-juicer do all that is asked for; dolma has no near deduplication of documents
(n-grams of paragraphs stand in for it) and writes no Parquet. `WITHOUT` says so in the figures, beside what each leaves
behind.

CPU seconds are those of all processes less those of the same command over 40 documents; a difference that drowns in the
start-up is refused. Tools are compared by megabytes a CPU second over both languages together, as the slowest gets a
quarter of the documents (from 2,000 to 10,000 English ones dolma and data-juicer lose a seventh of their speed). Memory
is the peak of the process tree. What each leaves behind is counted on the planted truth of `benchmarks.corpus`:
personal data as written, copies beside another of their kind, bad documents, and good documents that are gone.

Ours does more than the others: it looks for forty kinds of personal data, names and addresses among them, where datatrove
looks for two (mail addresses and IP addresses), dolma for three and data-juicer for six or so, and counts tokens. So it runs
once more for each of them under a policy that has that tool's kinds alone looked for (`SAME`) and a mix that counts bytes.
What a snapshot and a release are made of (typed rows, evidence, the suite, digests, manifest, report), all quality
signals and near deduplication stay, the last beside dolma too, which has none.

Ratios: ``pipeline_vs_…`` (our megabytes a CPU second by a tool's), ``pipeline_same_work_vs_…`` (the same where ours
looks for what the tool does), ``pipeline_rss_vs_…`` (our peak memory by its), ``pipeline_cpu_10x_vs_1x`` and ``pipeline_rss_10x_vs_1x`` (ours over ten times the English documents beside once).
A tool that is not there or fails is named in ``left_out``; where ours fails, its whole output is shown and nothing else.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import sys
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import corpus, peers
from benchmarks.measure import report, run, say
from benchmarks.quality import ENVIRONMENT, HERE, LANGUAGES, NOTHING, TOOLS, rows_of

LEAST = 0.03
"""The least part of a start-up that a run must take beyond it: below, the difference of the two says nothing."""

TIMES_FEWER = {"datatrove": 4}
"""A tool of so few megabytes a second that it gets so many times fewer documents."""
WITHOUT = {"dolma": "near deduplication of documents; Parquet"}
"""What of the chain a tool has not, so that its cost holds nothing for it."""

SAME = {
    "datatrove": ("EMAIL_ADDRESS", "IP_ADDRESS"),
    "dolma": ("EMAIL_ADDRESS", "IP_ADDRESS", "PHONE_NUMBER"),
    "datajuicer": ("CN_RESIDENT_ID", "EMAIL_ADDRESS", "IP_ADDRESS", "MAC_ADDRESS", "PHONE_NUMBER", "SECRET"),
}
"""The personal data that each tool looks for, as our policies call it; ours does so with every country's numbers."""

CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: bench.docs
name: docs
version: 1.0.0
status: active
domain: bench
description: {{purpose: Documents of a benchmark., limitations: None of it is true.}}
team: {{members: [{{username: bench, role: owner}}]}}
servers:
  - {{server: files, type: local, path: "{source}", format: jsonl}}
customProperties:
  - {{property: legalBasis, value: contract}}
  - {{property: licence, value: LicenseRef-unit-internal}}
  - {{property: purposes, value: [pretrain]}}
  - {{property: residency, value: CN}}
  - {{property: retention, value: P3Y}}
  - {{property: document, value: {{kind: text, text: "{{text}}", language: "field:language", profile: article}}}}
schema:
  - name: docs
    properties:
      - {{name: id, primaryKey: true, classification: identifier.record}}
      - {{name: text, classification: text.free, customProperties: [{{property: region, value: [CN, US]}}]}}
      - {{name: language, classification: none}}
"""
MIX = """\
name: bench
version: 1.0.0
purpose: pretrain
format: text
audience: nobody
tokenizer: {tokenizer}
seed: 7
quality: {{rules: house}}
dedup: {{near: {{threshold: 0.7}}}}
sources:
  - {{dataset: bench.docs, weight: 1}}
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--docs", type=int, default=5000, help="documents of each language")
    options.add_argument("--quick", action="store_true", help="a fifth of the documents")
    options.add_argument("--ours", action="store_true", help="leave the other tools out")
    options.add_argument("--as", dest="same", choices=list(SAME), help=argparse.SUPPRESS)
    options.add_argument("--child", nargs=3, metavar=("INPUT", "FOLDER", "LANGUAGE"), help=argparse.SUPPRESS)
    found = options.parse_args()
    if found.child:
        ours(*found.child, same=found.same)
        return
    count = found.docs // 5 if found.quick else found.docs
    with TemporaryDirectory(prefix="clearinghouse-bench-") as scratch:
        figures, speeds = measure(Path(scratch), count, () if found.ours else TOOLS)
        tenfold = ten_times(Path(scratch), count, figures)
    peers_left = [tool for tool in speeds if tool in TOOLS]
    ratios = {f"pipeline_vs_{tool}": round(speeds["ours"] / speeds[tool], 1) for tool in peers_left}
    ratios |= {
        f"pipeline_same_work_vs_{tool}": round(speeds[f"ours_as_{tool}"] / speeds[tool], 1) for tool in peers_left
    }
    peak = {tool: max(figures[f"{tool}_{language}_peak_mb"] for language in LANGUAGES) for tool in speeds}
    ratios |= {f"pipeline_rss_vs_{tool}": round(peak["ours"] / peak[tool], 2) for tool in peers_left}
    report("pipeline", ratios | tenfold, figures)


def measure(root: Path, count: int, tools: Sequence[str]) -> tuple[dict[str, Any], dict[str, float]]:
    """Figures by tool and language, and megabytes a CPU second of each tool over all languages."""
    commands = {"ours": [sys.executable, "-m", "benchmarks.pipeline", "--child"]}
    for tool, python in peers.there(tools).items():
        commands[tool] = [str(python), str(HERE / f"peer_{tool}.py"), "pipeline"]
        commands[f"ours_as_{tool}"] = [*commands["ours"][:-1], "--as", tool, "--child"]
    left_out = {tool: "it cannot be installed" for tool in tools if tool not in commands}
    without = {tool: what for tool, what in WITHOUT.items() if tool in commands}
    same = {tool: list(entities) for tool, entities in SAME.items() if tool in commands}
    figures: dict[str, Any] = {"documents": count, "left_out": left_out, "without": without, "same_work": same}
    total = {tool: [0.0, 0.0] for tool in commands}
    for language in LANGUAGES:
        corpus.write(root / language, count, language)
        few = corpus.write(root / f"{language}-few", NOTHING, language) / "docs.jsonl"
        for tool in list(total):
            made = root / language
            if (fewer := TIMES_FEWER.get(tool, 1)) > 1:
                made = corpus.write(root / f"{language}-{fewer}", count // fewer, language)
            whole = made / "docs.jsonl"
            size = whole.stat().st_size / 1e6
            folder = root / f"out-{tool}-{language}"
            try:
                cpu, peak, start = cost(commands[tool], whole, few, folder, language, runs=1 if tool in TOOLS else 2)
            except SystemExit as error:
                if tool not in TOOLS:
                    raise
                say(f"{tool}, {language}: left out: {error}")
                left_out[tool] = str(error).strip().splitlines()[-1]
                del total[tool]
                continue
            say(
                f"{tool}, {language}: {cpu:.2f} CPU s over a start of {start:.1f}, {size / cpu:.2f} MB/s, {peak / 1e6:.0f} MB"
            )
            total[tool][0] += size
            total[tool][1] += cpu
            said = {"cpu_s": round(cpu, 2), "mb_per_cpu_s": round(size / cpu, 2), "start_s": round(start, 1),
                    "peak_mb": round(peak / 1e6), **left(corpus.truth(made), folder)}  # fmt: skip
            figures |= {f"{tool}_{language}_{name}": value for name, value in said.items()}
            if tool == "ours":
                figures |= {f"ours_{language}_{name}": value for name, value in stages(folder).items()}
    speeds = {tool: size / cpu for tool, (size, cpu) in total.items()}
    figures |= {f"{tool}_mb_per_cpu_s": round(speed, 2) for tool, speed in speeds.items()}
    return figures, speeds


def cost(
    command: Sequence[str], whole: Path, few: Path, folder: Path, language: str, runs: int
) -> tuple[float, int, float]:
    """CPU seconds net of start-up, peak bytes of the process tree, and CPU seconds of the start-up.

    The least of ``runs`` counts. Ends the benchmark where the net is too little to be told from the start-up.
    """
    # The first run of an environment compiles it, which is nobody's speed.
    run([*command, str(few), f"{folder}-first", language], env=ENVIRONMENT)
    starts, done = [], []
    for number in range(runs):
        own = folder if not number else folder.with_name(f"{folder.name}-{number}")
        starts.append(run([*command, str(few), f"{own}-few", language], env=ENVIRONMENT).cpu)
        done.append(run([*command, str(whole), str(own), language], env=ENVIRONMENT, memory=True))
    start, net = min(starts), min(one.cpu for one in done) - min(starts)
    if net < LEAST * start:
        raise SystemExit(f"{net:.2f} CPU s over a start of {start:.1f} cannot be told from it: give it more --docs")
    return net, max(one.peak for one in done), start


def stages(folder: Path) -> dict[str, float]:
    """CPU seconds of our two commands, net of their start-up."""
    whole, few = (_times(one / "out/times") for one in (folder, folder.with_name(f"{folder.name}-few")))
    names = ("ingest", "release")
    return {f"{name}_cpu_s": round(a - b, 2) for name, a, b in zip(names, whole, few, strict=True)}


def _times(file: Path) -> list[float]:
    """CPU seconds of each command, of what ``times`` of a shell said after each: its own, its children's till then."""
    said = [sum(int(minutes) * 60 + float(seconds) for minutes, seconds in re.findall(r"(\d+)m([\d.]+)s", line))
            for line in file.read_text().splitlines()[1::2]]  # fmt: skip
    return [after - before for before, after in pairwise([0.0, *said])]


def left(truth: Sequence[dict[str, Any]], folder: Path) -> dict[str, int]:
    """What a tool left of what was planted, and what it took that was good."""
    kept: dict[str, str] = {}
    for row in rows_of(folder):
        place = (row.get("provenance") or {}).get("position")
        kept[row["id"] if place is None else truth[place - 1]["id"]] = row["text"]
    clusters = Counter(one["original"] or one["id"] for one in truth if one["id"] in kept)
    planted = [value for one in truth if one["id"] in kept for _, value in one["pii"]]
    still = [value for one in truth if one["id"] in kept for _, value in one["pii"] if value in kept[one["id"]]]
    good = {one["original"] or one["id"] for one in truth if one["kind"] != "bad"}
    return {
        "kept": len(kept),
        "personal_planted": len(planted),
        "personal_left": len(still),
        "copies_planted": sum(bool(one["original"]) for one in truth),
        "copies_left": sum(count - 1 for count in clusters.values()),
        "bad_planted": sum(one["kind"] == "bad" for one in truth),
        "bad_left": sum(one["kind"] == "bad" for one in truth if one["id"] in kept),
        "good_lost": len(good - set(clusters)),
    }


def ten_times(root: Path, count: int, figures: dict[str, Any]) -> dict[str, float]:
    """CPU and memory of our chain over ten times the input beside once."""
    command = [sys.executable, "-m", "benchmarks.pipeline", "--child"]
    many = corpus.write(root / "en-10", 10 * count, "en") / "docs.jsonl"
    one, few = root / "en" / "docs.jsonl", root / "en-few" / "docs.jsonl"
    cpu, peak, _ = cost(command, many, few, root / "out-10", "en", runs=1)
    say(f"ours, ten times: {cpu:.2f} CPU s, {peak / 1e6:.0f} MB")
    figures |= {"ours_en_10x_cpu_s": round(cpu, 2), "ours_en_10x_peak_mb": round(peak / 1e6),
                "ours_en_10x_bytes": round(many.stat().st_size / one.stat().st_size, 2)}  # fmt: skip
    return {
        "pipeline_cpu_10x_vs_1x": round(cpu / figures["ours_en_cpu_s"], 2),
        "pipeline_rss_10x_vs_1x": round(peak / 1e6 / figures["ours_en_peak_mb"], 2),
    }


def ours(source: str, folder: str, _: str, same: str | None = None) -> None:
    """Ingest and release with one worker; the shards are linked to where the others leave their output. With ``same`` only
    that tool's kinds of personal data are looked for, and bytes are counted in place of tokens."""
    from governance.pseudonyms import Key

    root = Path(folder)
    for name in ("contracts/bench", "mixes", "out"):
        (root / name).mkdir(parents=True)
    (root / "contracts/bench/docs.odcs.yaml").write_text(CONTRACT.format(source=source))
    (root / "mixes/bench.mix.yaml").write_text(MIX.format(tokenizer="bytes" if same else "house"))
    if same:
        policy = (files("schemas") / "policies/default.policy.yaml").read_text("utf-8")
        policy += f"lookFor: {{entities: [{', '.join(SAME[same])}], source: house}}\n"
        (root / "policy.yaml").write_text(policy)
        os.environ["CLEARINGHOUSE_POLICY"] = str(root / "policy.yaml")
    Key.create(root / "key")
    os.environ |= {
        "CLEARINGHOUSE_STORE": str(root / "work"),
        "CLEARINGHOUSE_CONTRACTS": str(root / "contracts"),
        "CLEARINGHOUSE_MIXES": str(root / "mixes"),
        "CLEARINGHOUSE_KEY_FILE": str(root / "key"),
        "CLEARINGHOUSE_WORKERS": "1",
    }
    # A shell from here on, so that the tree holds our commands and nothing of the benchmark. With --json an error is
    # told on standard output.
    command = f"{shlex.quote(sys.executable)} -m clearinghouse"
    out, work = shlex.quote(str(root / "out")), shlex.quote(str(root / "work"))
    script = (
        f"set -e; exec 1>&2; {command} ingest bench.docs --json; times > {out}/times; "
        f"{command} release bench --json; times >> {out}/times; ln -s {work}/releases/bench/shards/*.parquet {out}/"
    )
    os.execv("/bin/sh", ["/bin/sh", "-c", script])


if __name__ == "__main__":
    main()
