"""What people did since the release was built: the audit by its verdicts, erasures by their rows, decisions by the ledger."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from math import ceil, exp, floor, lgamma, log
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.recount.files import Files
from tests.recount.walk import Book

Z = 1.959963984540054


def count(files: Files, facts: dict[str, Any], book: Book) -> None:
    _erasures(files, facts, book)
    held = {row for one in _read(files.folder / "frozen") for row in one["rows"]}
    # The report that was built knows of none.
    built = facts == json.loads((files.folder / "report.json").read_text(encoding="utf-8"))
    book.put("held_back", 0 if built else len(held))
    if facts["audit"] is not None:
        _audit(files, facts, book)
    decided = facts["decided"]
    if decided and decided["ledger"]:
        number = decided["ledger"]["entry"]
        entry = json.loads((files.store / "ledger" / f"{number:08d}.json").read_text(encoding="utf-8"))
        assert entry["body"]["manifest_digest"] == files.manifest["digest"]
        assert entry["kind"] == "decision"
        book.put("decided.ledger.entry", number)
        for name, value in entry["body"].get("gates", {}).items():
            if not isinstance(value, bool) and str(value).replace(".", "", 1).isdecimal():
                book.put(f"decided.ledger.gates.{name}", value)
    audited = {one["name"]: value for one, value in _signing(facts)}
    for place, gate in enumerate(facts["signing_gates"]):
        if gate["value"] not in ("", "true", "false", "not measured", "nothing to measure"):
            book.put(f"signing_gates[{place}].value", audited[gate["name"]])


def _erasures(files: Files, facts: dict[str, Any], book: Book) -> None:
    for number, one in enumerate(facts["erasures"]):
        folder = files.store / "erasures" / one["erasure"]
        asked = pq.read_table(folder / "subjects.parquet").column("subject").to_pylist()
        found = folder / "found.parquet"
        rows = pq.read_table(found, columns=["dataset", "id"]).to_pylist() if found.exists() else []
        book.put_all(
            f"erasures[{number}]",
            {"subjects": len(set(asked)), "rows": len({(row["dataset"], row["id"]) for row in rows})},
        )


def _read(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]


def _held_back_at(files: Files, erasure: str) -> str:
    said = files.store / "erasures" / erasure / "frozen.json"
    return str(json.loads(said.read_text(encoding="utf-8"))["at"])


def _audit(files: Files, facts: dict[str, Any], book: Book) -> None:
    audit, folder = facts["audit"], files.folder / "audit"
    sample = json.loads((folder / "sample.json").read_text(encoding="utf-8"))
    frozen = {
        row
        for one in _read(files.folder / "frozen")
        if _held_back_at(files, one["erasure"]) < audit.get("closed", {}).get("at", "9")
        for row in one["rows"]
    }
    settled = {one["row"]: one for one in _read(folder / "adjudications")}
    given: dict[int, list[dict[str, Any]]] = {}
    for one in sorted(_read(folder / "verdicts"), key=lambda one: (one["row"], one["reader"])):
        given.setdefault(one["row"], []).append(one)
    final = {row: [settled[row]] if row in settled else said for row, said in given.items() if row not in frozen}
    leaks = {row for row, said in final.items() if any(one["verdict"] in ("leak", "unsure") for one in said)}
    over = {row for row, said in final.items() if any(one["verdict"] == "over-redacted" for one in said)}
    harmful = {row for row, said in final.items() if any(one["harmful"] for one in said)}
    unsure = {row for row, said in final.items() if any(one["verdict"] == "unsure" for one in said)}
    live = len(files.rows) - pc.sum(files.rows.column("erased")).as_py()
    assert sum(one["rows"] for one in sample["strata"]) in range(live - len(frozen), live + 1)
    every = []
    for number, (said, stratum) in enumerate(zip(audit["strata"], sample["strata"], strict=True)):
        mine = [row for row, _, place in sample["items"] if place == number]
        assert len(mine) == stratum["sampled"]
        assert said["entity"] == stratum["entity"]
        read, bad = [row for row in mine if row in final], sum(row in leaks for row in mine)
        every.append((stratum["rows"], len(read), bad))
        counts = {
            "population_rows": stratum["rows"],
            "population_tokens": stratum["tokens"],
            "sampled": len(mine),
            "read": len(read),
            "leaks": bad,
            "over": sum(row in over for row in mine),
        }
        book.put_all(f"audit.strata[{number}]", {**counts, **bounds(*every[-1])})
    total = {
        "population_rows": sum(one[0] for one in every),
        "population_tokens": sum(one["tokens"] for one in sample["strata"]),
        "sampled": len(sample["items"]),
        "read": len(final),
        "leaks": len(leaks),
        "over": len(over),
    }
    book.put_all("audit.total", {**total, **together(every)})
    book.put_all(
        "audit",
        {"size": len(sample["items"]), "passed": len(final.keys() - leaks - harmful - unsure), "frozen": len(frozen)},
    )
    _agreement([said for said in given.values() if len(said) > 1], audit["kappa"], book)
    spans = {
        (row, span["part"], span["start"], span["end"], span["entity"])
        for row, said in final.items()
        for one in said
        if one["verdict"] == "leak"
        for span in one["spans"]
    }
    kinds = Counter(entity for *_, entity in spans)
    assert set(audit["entities"]) == set(kinds)
    book.put_all("audit.entities", kinds)
    sources = files.rows.column("source").to_pylist()
    by = Counter(sources[row] for row in final)
    for number, row in enumerate(audit["harmful"]):
        bad = sum(sources[one] == row["dataset"] for one in harmful)
        book.put_all(f"audit.harmful[{number}]", {"read": by[row["dataset"]], "harmful": bad})
    _second(folder, audit, live, book)


def _second(folder: Path, audit: dict[str, Any], live: int, book: Book) -> None:
    again = folder / "rescan.json"
    if again.exists():
        body = json.loads(again.read_text(encoding="utf-8"))["technical"]
        assert body["with_finds"] <= body["rows"] <= body["of"] <= live
        book.put_all("audit.technical", body)
    capture = audit["capture"]
    if capture is not None:
        first, second, both = (capture[name] for name in ("first", "second", "both"))
        assert both <= min(first, second)
        assert max(first, second) <= sum(audit["entities"].values())
        estimate = Fraction((first + 1) * (second + 1), both + 1) - 1
        variance = Fraction((first + 1) * (second + 1) * (first - both) * (second - both), (both + 1) ** 2 * (both + 2))
        missed = max(Fraction(0), estimate - (first + second - both))
        book.put_all(
            "audit.capture",
            {
                "first": first,
                "second": second,
                "both": both,
                "estimate": estimate,
                "missed": missed,
                "variance": variance,
            },
        )


def _agreement(pairs: list[list[dict[str, Any]]], said: dict[str, Any], book: Book) -> None:
    n = len(pairs)
    book.put("audit.kappa.both_read", n)
    if not n:
        return
    firsts, seconds = Counter(one[0]["verdict"] for one in pairs), Counter(one[1]["verdict"] for one in pairs)
    same = Fraction(sum(one[0]["verdict"] == one[1]["verdict"] for one in pairs), n)
    chance = Fraction(sum(firsts[name] * seconds[name] for name in firsts), n * n)
    book.put("audit.kappa.agreement", same)
    if chance == 1:
        assert said["value"] is None
    else:
        book.put("audit.kappa.value", (same - chance) / (1 - chance))


def _signing(facts: dict[str, Any]) -> list[tuple[dict[str, Any], Any]]:
    audit = facts["audit"]
    if audit is None:
        return []
    total = audit["total"]
    values = {
        "pii_residual_bound": Fraction(total["upper"]),
        "manual_sample_items": total["read"],
        "manual_pass_rate": Fraction(audit["passed"], total["read"] or 1),
        "reader_kappa": Fraction(audit["kappa"]["value"] or 0),
        "source_harmful_rate": max((Fraction(one["harmful"], one["read"]) for one in audit["harmful"]), default=0),
    }
    if audit["technical"]:
        found = audit["technical"]
        values["technical_sample_share"] = Fraction(found["rows"], found["of"] or 1)
        values["technical_pass_rate"] = Fraction(found["rows"] - found["with_finds"], found["rows"] or 1)
    return [(gate, values.get(gate["name"])) for gate in facts["signing_gates"]]


# --- bounds of a share, by another road than the product's: bisection of the binomial distribution ---


def bounds(rows: int, read: int, leaks: int) -> dict[str, Any]:
    """One stratum: exact one-sided upper bound, score interval, leaks there would be; none claims less than was seen."""
    if read == rows:
        share = Fraction(leaks, rows) if rows else Fraction(0)
        return {"lower": _down(share), "upper": _up(share), "wilson_upper": _up(share), "extrapolated": Fraction(leaks)}
    if not read:
        return {"lower": 0, "upper": 1, "wilson_upper": 1, "extrapolated": None}
    low, high = score(leaks, read)
    most = Fraction(rows - read + leaks, rows)
    return {
        "lower": max(_down(low), _down(Fraction(leaks, rows))),
        "upper": min(_up(exact_upper(leaks, read)), _up(most)),
        "wilson_upper": min(_up(high), _up(most)),
        "extrapolated": Fraction(rows * leaks, read),
    }


def together(every: list[tuple[int, int, int]]) -> dict[str, Any]:
    """All strata: the exact bound of what was read at different rates, times the largest weight."""
    every = [one for one in every if one[0]]
    rows = sum(one[0] for one in every)
    if not rows:
        return {"lower": 0, "upper": 0, "wilson_upper": 0, "extrapolated": 0}
    low = Fraction(sum(leaks for of, read, leaks in every if read == of))
    unread = sum(of for of, read, _ in every if not read)
    high = wide = low + unread
    part = [one for one in every if 0 < one[1] < one[0]]
    if part:
        n, leaks, of = (sum(one[at] for one in part) for at in (1, 2, 0))
        weights = [Fraction(one[0], one[1]) for one in part]
        most = of - n + leaks
        low += max(Fraction(leaks), min(weights) * n * _down(exact_lower(leaks, n)))
        high += min(Fraction(most), max(weights) * n * _up(exact_upper(leaks, n)))
        wide += min(Fraction(most), max(weights) * n * _up(score(leaks, n)[1]))
    estimate = sum((Fraction(of * leaks, read) for of, read, leaks in every if read), Fraction(0))
    return {
        "lower": _down(low / rows),
        "upper": min(Fraction(1), _up(high / rows)),
        "wilson_upper": min(Fraction(1), _up(wide / rows)),
        "extrapolated": None if unread == rows else estimate,
    }


def score(hits: int, n: int) -> tuple[float, float]:
    """The roots of n (p - share)² = z² p (1 - p)."""
    share = hits / n
    a, b, c = n + Z * Z, -(2 * n * share + Z * Z), n * share * share
    root = max(0.0, b * b - 4 * a * c) ** 0.5
    return (0.0 if hits == 0 else (-b - root) / (2 * a)), (1.0 if hits == n else (-b + root) / (2 * a))


def exact_upper(hits: int, n: int) -> float:
    """The share at which so few hits, or fewer, come up in one of twenty samples."""
    return 1.0 if hits == n else _bisect(lambda share: cumulative(hits, n, share) > 0.05)


def exact_lower(hits: int, n: int) -> float:
    """The share at which so many hits, or more, come up in one of twenty samples."""
    return 0.0 if hits == 0 else _bisect(lambda share: 1 - cumulative(hits - 1, n, share) < 0.05)


def cumulative(hits: int, n: int, share: float) -> float:
    """P(at most so many hits)."""
    if not 0 < share < 1:
        return 1.0 if share <= 0 else float(hits >= n)
    whole = lgamma(n + 1)
    return sum(
        exp(whole - lgamma(k + 1) - lgamma(n - k + 1) + k * log(share) + (n - k) * log(1 - share))
        for k in range(hits + 1)
    )


def _bisect(below: Any) -> float:
    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2


def _down(value: Fraction | float) -> Fraction:
    return Fraction(floor(Fraction(value) * 10**8), 10**8)


def _up(value: Fraction | float) -> Fraction:
    return Fraction(ceil(Fraction(value) * 10**8), 10**8)
