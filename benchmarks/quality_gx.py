"""Quality: the suite of one contract as an ingest runs it, against Great Expectations' own pandas engine.

``python -m benchmarks.quality_gx [--rows N]``. The same Parquet file, the same suite derived from the same contract,
loading included; each run in a process of its own, in turn, the median of three. Three routes: ``direct``, which is
what an ingest takes for this suite (`governance.quality.direct`); ``polars``, the library's validator on our engine,
which it takes where a suite asks for more; ``pandas``, the library's own. Outcomes have to be equal.

Ratios: ``gx_speed_vs_pandas`` is how many times faster the direct route is by the wall clock, importing left out on
both sides, ``gx_memory_vs_pandas`` its peak resident memory as a part of pandas'; ``…_whole_…`` take the whole process,
importing too, and ``…_engine_…`` the validator on our engine. All count what a run publishes (counts and samples of what
fails).
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measure import report, run, say
from governance.quality.suite import Expected, suite_for
from schemas.contract import Contract, Field, QualityRule, Source

RUNS = 3
ROUTES = ("direct", "polars", "pandas")
#: What is asked of Great Expectations: the results that are published, or success alone.
FORMATS: dict[str, Any] = {
    "published": {"result_format": "SUMMARY", "partial_unexpected_count": 20, "return_unexpected_index_query": False},
    "success_alone": {"result_format": "BOOLEAN_ONLY"},
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--child", nargs=3, metavar=("WHAT", "FORMAT", "FILE"), help=argparse.SUPPRESS)
    found = options.parse_args()
    if found.child:
        what, form, file = found.child
        make(Path(file), found.rows) if what == "make" else print(json.dumps(child(what, form, Path(file))))
        return
    with TemporaryDirectory(prefix="clearinghouse-bench-") as scratch:
        file = Path(scratch) / "rows.parquet"
        say(f"making {found.rows:,} rows")
        run([*_self("make", "-", file), "--rows", str(found.rows)])
        measured: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for form in FORMATS:
            for _ in range(RUNS):
                for engine in ROUTES if form == "published" else ROUTES[1:]:
                    whole = run(_self(engine, form, file))
                    done = json.loads(whole.output) | {"whole": whole.cpu}
                    measured.setdefault((engine, form), []).append(done)
                    say(f"{engine}, {form}: {done['seconds']:.2f} s, {done['peak_mb']:.0f} MB")
        size = file.stat().st_size
    for form in FORMATS:
        # A benchmark of two engines that disagree would compare nothing.
        theirs = measured["pandas", form][0]
        for engine in ROUTES:
            ours = measured.get((engine, form), [theirs])[0]
            if ours["outcome"] != theirs["outcome"]:
                raise SystemExit(f"{engine} and pandas disagree:\n{ours['outcome']}\n{theirs['outcome']}")
    figures: dict[str, Any] = {"rows": found.rows, "file_mb": round(size / 1e6), "checks": theirs["checks"]}
    for (engine, form), runs in measured.items():
        figures[f"{engine}_{form}_s"] = round(median(one["seconds"] for one in runs), 2)
        figures[f"{engine}_{form}_cpu_s"] = round(median(one["cpu"] for one in runs), 2)
        figures[f"{engine}_{form}_whole_cpu_s"] = round(median(one["whole"] for one in runs), 2)
        figures[f"{engine}_{form}_peak_mb"] = round(median(one["peak_mb"] for one in runs))

    def times(engine: str, unit: str, form: str = "published") -> float:
        return figures[f"pandas_{form}_{unit}"] / figures[f"{engine}_{form}_{unit}"]

    ratios = {
        "gx_speed_vs_pandas": round(times("direct", "s"), 2),
        "gx_memory_vs_pandas": round(1 / times("direct", "peak_mb"), 3),
        "gx_whole_cpu_vs_pandas": round(times("direct", "whole_cpu_s"), 2),
        "gx_engine_speed_vs_pandas": round(times("polars", "s"), 2),
        "gx_engine_memory_vs_pandas": round(1 / times("polars", "peak_mb"), 3),
    }
    report("gx", ratios, figures)


def _self(what: str, form: str, file: Path) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", "benchmarks.quality_gx", "--child", what, form, str(file)]


def contract() -> Contract:
    """Orders with a review each: what a unit's wide table looks like."""
    no_match = "expect_column_values_to_not_match_regex"
    fields = (
        Field(
            "order_id", "order_id", "string", "identifier.record", primary_key=True,
            options={"pattern": "^[0-9a-f]{32}$"},
        ),
        Field("amount", "amount", "number", "none", required=True, options={"minimum": 0, "maximum": 5000}),
        Field("quantity", "quantity", "integer", "none", required=True, options={"minimum": 1, "maximum": 99}),
        Field("status", "status", "string", "none", required=True, enum=("paid", "sent", "done")),
        Field("paid_at", "paid_at", "timestamp", "none", options={"minimum": "2020-01-01T00:00:00"}),
        Field("coupon", "coupon", "string", "none", options={"pattern": "^C-[0-9]{8}$", "maxLength": 10}),
        Field(
            "review", "review", "string", "none", required=True,
            options={"minLength": 1, "maxLength": 4000},
            quality=(QualityRule(no_match, {"regex": "[\\x00-\\x08]"}, "greatExpectations"),),
        ),
    )  # fmt: skip
    return Contract(
        id="bench.orders", unit="bench", name="orders", version="1.0.0", title="", owner="", legal_basis="contract",
        licence="", purposes=(), residency="", retention="", fields=fields, source=Source("files", ""), document=None,
        schedule=None, quality=(QualityRule("rowCount", {"mustBeGreaterThan": 0}),), description="", limitations="",
        file="", digest="",
    )  # fmt: skip


def make(file: Path, rows: int) -> None:
    """Rows of about half a kilobyte; one order in four has a status that the contract does not know."""
    import hashlib

    import numpy as np
    import polars as pl

    random = np.random.default_rng(1)
    words = np.array(
        ["the", "order", "came", "late", "快递", "很慢", "refund", "parcel", "left", "at", "door", "reply"]
    )
    texts = pl.Series([" ".join(words[random.integers(0, len(words), 85)]) for _ in range(1000)])
    start = np.datetime64("2021-01-01T00:00:00", "us")
    ids = [hashlib.blake2b(str(number).encode(), digest_size=16).hexdigest() for number in range(rows)]
    pl.DataFrame(
        {
            "_id": ids,
            "order_id": ids,
            "amount": random.gamma(2, 50, rows).round(2),
            "quantity": random.integers(1, 20, rows),
            "status": np.array(["paid", "sent", "done", "lost"])[random.integers(0, 4, rows)],
            "paid_at": start + random.integers(0, 10**14, rows).astype("timedelta64[us]"),
            "coupon": [None if number % 3 else f"C-{number:08d}" for number in range(rows)],
            "review": texts[random.integers(0, 1000, rows)] + pl.Series(ids),
        }
    ).write_parquet(file, row_group_size=8192)


def child(engine: str, form: str, file: Path) -> dict[str, Any]:
    """One validation in this process: its seconds, its peak memory, and what it found."""
    checks = suite_for(contract()).checks
    seconds, cpu, outcome = direct(checks, file) if engine == "direct" else library(engine, form, checks, file)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": seconds, "cpu": cpu, "peak_mb": peak / 1e6, "checks": len(checks), "outcome": sorted(outcome)}


def direct(checks: Sequence[Expected], file: Path) -> tuple[float, float, list[Any]]:
    """Seconds, CPU seconds and outcomes of the route without the library."""
    from governance.quality.direct import evaluate
    from governance.quality.passes import scan
    from infra.lean import arrow_without_pandas

    arrow_without_pandas()
    begun, used = time.perf_counter(), time.process_time()
    found = evaluate(checks, scan([file]))
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    assert found is not None
    outcome = [
        [check.origin, check.type, bool(success), result.get("unexpected_count"), result.get("missing_count")]
        for check, (success, result) in zip(checks, found, strict=True)
    ]
    return seconds, cpu, outcome


def library(engine: str, form: str, checks: Sequence[Expected], file: Path) -> tuple[float, float, list[Any]]:
    """The same by the library's validator on one of its engines."""
    from great_expectations.core import ExpectationSuite
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    from governance.quality.context import new_context

    context = new_context()
    expectations = [ExpectationConfiguration(**check.config()).to_domain_obj() for check in checks]
    suite = ExpectationSuite("bench", expectations=expectations)
    begun, used = time.perf_counter(), time.process_time()
    if engine == "polars":
        asset: Any = context.data_sources.add_polars("bench").add_parquet("rows", [file])
    else:
        asset = context.data_sources.add_pandas("bench").add_parquet_asset("rows", path=file)
    batch = asset.get_batch(asset.build_batch_request())
    done = batch.validate(suite, result_format=FORMATS[form])
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    outcome = [
        [result.expectation_config.meta["origin"], result.expectation_config.type, result.success,
         result.result.get("unexpected_count"), result.result.get("missing_count")]
        for result in done.results
    ]  # fmt: skip
    return seconds, cpu, outcome


if __name__ == "__main__":
    main()
