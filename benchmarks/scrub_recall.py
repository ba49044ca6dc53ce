"""What the pattern lane finds on labelled sets, what it covers that is nobody's, and what it costs beside Presidio.

``make bench NAME=scrub_recall``. Sets: CrossWOZ telephones (dialogue acts 电话), two English sets with labelled spans,
and text without personal data (`benchmarks.names_recall`). All lie beside the repository and are only read; a set
that is not there is named as skipped. Full cover means that every letter and digit of a labelled value lies in spans;
lines that everybody may know (400 …) are kept on purpose and left out. Intervals are Wilson's at 95 %. Speed is CPU
time, on chats as they are and on the same with a value planted in every fourth row; Presidio runs the same patterns.
"""

from __future__ import annotations

import json
import re
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from random import Random

import pyarrow as pa

from benchmarks.measure import report, say
from benchmarks.names_recall import CLEAN, DATA, Labelled, wilson
from governance.recognisers.engine import PatternEngine
from governance.recognisers.regions import regions_for

_PRESIDIO_NAMES = {
    "PHONE_NUMBER": "PHONE_NUMBER",
    "CREDIT_CARD": "BANK_CARD",
    "EMAIL_ADDRESS": "EMAIL_ADDRESS",
    "IP_ADDRESS": "IP_ADDRESS",
    "US_SSN": "NATIONAL_ID",
    "US_DRIVER_LICENSE": "NATIONAL_ID",
    "IBAN_CODE": "BANK_ACCOUNT",
}
_NANO_NAMES = {
    "EMAIL": "EMAIL_ADDRESS",
    "PHONE": "PHONE_NUMBER",
    "SSN": "NATIONAL_ID",
    "PASSPORT": "NATIONAL_ID",
    "PASSPORT_NUM": "NATIONAL_ID",
    "AADHAR": "NATIONAL_ID",
    "PAN": "NATIONAL_ID",
    "VOTER_ID": "NATIONAL_ID",
    "TAX_ID": "NATIONAL_ID",
    "TAXID": "NATIONAL_ID",
    "IBAN": "BANK_ACCOUNT",
    "CREDIT_CARD": "BANK_CARD",
}
#: Values planted for the dense text: test numbers and documentation addresses.
_PLANTED = (
    "13800138000", "138-0013-8000", "+86 138 0013 8000", "１３８００１３８０００", "010-69590000", "a.b@example.com",
    "110199199003078538", "4111111111111111", "4111 1111 1111 1111", "192.0.2.17", "02:1A:2B:3C:4D:5E",
    "https://weibo.com/u/1234567890", "微信号：zhang_san88", "取件码3-2-1105", "京A12345", "快递单号773000000000000",
)  # fmt: skip


def _crosswoz_messages() -> Iterator[tuple[str, list[list[str]]]]:
    with zipfile.ZipFile(DATA / "commerce/chats_crosswoz_zh/val.json.zip") as archive:
        for dialogue in json.loads(archive.read("val.json")).values():
            for message in dialogue["messages"]:
                yield message["content"], message["dialog_act"]


def crosswoz() -> Iterator[Labelled]:
    for text, acts in _crosswoz_messages():
        said = {
            v for act in acts if act[2] == "电话" for v in re.split(r"[\s,，、;；和\xa0]+", act[3]) if v and v in text
        }
        values = [(text.index(v), text.index(v) + len(v)) for v in sorted(said)]
        yield Labelled(text, tuple(("PHONE_NUMBER", a, b) for a, b in values))


def presidio_research() -> Iterator[Labelled]:
    for item in json.loads((DATA / "pii_labelled/presidio_research_en/synth_dataset_v2.json").read_text("utf-8")):
        spans = [(s["entity_type"], s["start_position"], s["end_position"]) for s in item["spans"]]
        yield Labelled(item["full_text"], tuple((_PRESIDIO_NAMES.get(kind, "OTHER"), a, b) for kind, a, b in spans))


def pii_syn_nano() -> Iterator[Labelled]:
    for item in json.loads((DATA / "pii_labelled/pii_syn_nano_en/pii_syn_nano_en.json").read_text("utf-8")):
        values = []
        for entry in item["NER"]:
            value = entry.get("entity") or ""
            at = item["text"].find(value) if value else -1
            if at >= 0:
                values.append((_NANO_NAMES.get(entry.get("label", ""), "OTHER"), at, at + len(value)))
        yield Labelled(item["text"], tuple(values))


SETS: dict[str, tuple[str, Callable[[], Iterable[Labelled]]]] = {
    "crosswoz": ("zh", crosswoz),
    "presidio_research": ("en", presidio_research),
    "pii_syn_nano": ("en", pii_syn_nano),
}


def score(engine: PatternEngine, items: list[Labelled]) -> dict[str, dict[str, float]]:
    """Per entity: labels, those fully covered, and of its spans the share that touch a label of it.

    A span on a label of a kind that the set has and we do not is not counted.
    """
    labels, hits, said, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    spans: dict[int, list[tuple[str, int, int, bool]]] = {}
    for s in engine.scan([item.text for item in items]):
        spans.setdefault(s.row, []).append((s.entity, s.start, s.end, s.keep))
    for row, item in enumerate(items):
        here = spans.get(row, [])
        covered = {i for _, a, b, keep in here if not keep for i in range(a, b)}
        kept = {i for _, a, b, keep in here if keep for i in range(a, b)}
        for kind, a, b in item.values:
            wanted = {i for i in range(a, b) if item.text[i].isalnum()}
            if kind != "OTHER" and not wanted <= kept:
                labels[kind] += 1
                hits[kind] += wanted <= covered
        for kind, a, b, keep in here:
            touched = {k for k, x, y in item.values if x < b and a < y}
            if not keep and touched != {"OTHER"}:
                said[kind] += 1
                right[kind] += kind in touched
    return {
        kind: {
            "labels": count,
            "recall": hits[kind] / count,
            "low": round(wilson(hits[kind], count)[0], 4),
            "precision": right[kind] / max(1, said[kind]),
        }
        for kind, count in sorted(labels.items())
    }


def _speed(engine: PatternEngine) -> dict[str, dict[str, float]]:
    """MB per CPU second of the engine on a column, and of Presidio's analyzer with the same patterns text by text."""
    from governance.recognisers.presidio import analyzer

    rng = Random(7)
    natural = [text for text, _ in _crosswoz_messages()] * 12
    dense = list(natural)
    for row in range(0, len(dense), 4):
        at = rng.randrange(len(dense[row]) + 1)
        dense[row] = dense[row][:at] + rng.choice(_PLANTED) + dense[row][at:]
    plain = analyzer(engine, ("zh",), plain=True)
    out = {}
    for name, texts in (("natural", natural), ("dense", dense)):
        column = pa.array(texts, pa.large_string())
        size = sum(len(text.encode()) for text in texts) / 1e6
        ours = min(_cpu(lambda column=column: engine.scan(column)) for _ in range(3))
        part = texts[: 2000 if name == "dense" else 3000]
        theirs = _cpu(lambda part=part: [plain.analyze(text, language="zh") for text in part])
        share = sum(len(text.encode()) for text in part) / 1e6
        out[name] = {"mb_per_cpu_s": size / ours, "presidio": share / theirs, "ratio": size / ours / (share / theirs)}
        say(f"{name}: {size / ours:.1f} MB/CPU-s, Presidio {share / theirs:.3f}, {out[name]['ratio']:.0f} times")
    return out


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    figures: dict[str, object] = {}
    for name, (language, read) in SETS.items():
        try:
            items = list(read())
        except FileNotFoundError:
            say(f"{name}: skipped, not in reach")
            continue
        figures[name] = found = score(PatternEngine(regions_for(None, language)), items)
        for kind, row in found.items():
            say(
                f"{name:<18}{kind:<15}{row['labels']:>5.0f} labels  recall {row['recall']:.3f} (at least {row['low']:.3f})"
                f"  precision {row['precision']:.3f}"
            )
    for name, (language, lines) in CLEAN.items():
        try:
            texts = list(lines())
        except FileNotFoundError:
            continue
        spans = [s for s in PatternEngine(regions_for(None, language)).scan(texts) if not s.keep] if texts else []
        letters = sum(c.isalnum() for text in texts for c in text)
        if letters:
            covered = sum(c.isalnum() for s in spans for c in texts[s.row][s.start : s.end])
            figures[name] = {"over_per_1000": 1000 * covered / letters}
            say(f"{name:<18}{letters:>9} letters  covered per 1,000: {1000 * covered / letters:.3f}")
    ratios = {}
    try:
        speed = _speed(PatternEngine(("CN",)))
        figures["speed"] = speed
        ratios = {f"{name}_over_presidio": row["ratio"] for name, row in speed.items()}
    except FileNotFoundError:
        say("speed: skipped, no chats in reach")
    report("scrub_recall", ratios, figures)


if __name__ == "__main__":
    main()
