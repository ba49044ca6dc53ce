"""The spine: what starting costs, whether memory stays flat, and where an ingest's time goes.

``python -m benchmarks.spine [--rows N]``. Ratios: CPU of ``clearinghouse --help`` against importing pyarrow (at most
3), and the peak memory of ingesting ten times the feed against one time (at most 1.15, two workers both times).
Figures: megabytes of source per CPU second in each step, one process, one file after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measure import compare, report, run, say

DATASET = "logistics.tracking"
BIN = Path(sys.executable).parent


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=60_000, help="records of the feed taken once")
    rows = options.parse_args().rows
    say("start-up: clearinghouse --help against python -c 'import pyarrow'")
    ours, arrow = compare([str(BIN / "clearinghouse"), "--help"], [sys.executable, "-c", "import pyarrow"])
    with TemporaryDirectory(prefix="clearinghouse-bench-") as scratch:
        root = Path(scratch)
        make_key(root / "key")
        runs = {}
        for times in (1, 10):
            folder = root / f"x{times}"
            say(f"memory: {rows * times:,} records")
            run([sys.executable, "-m", "infra.simulators.make", str(folder), "--only", f"{DATASET}={rows * times}"])
            done = run(
                [str(BIN / "clearinghouse"), "ingest", DATASET, "--workers", "2", "--json"],
                env=environment(root, folder),
                memory=True,
            )
            result = json.loads(done.output)
            assert result["counts"]["balanced"]
            runs[times] = (done, size(folder), result)
            say(f"  {done.peak / 1e6:.0f} MB peak, {done.cpu:.1f} CPU seconds, {size(folder) / 1e6:.0f} MB of source")
        say("steps, one process")
        os.environ.update(environment(root, root / "x1"))
        steps = measure_steps(size(root / "x1"))
    small, large = runs[1], runs[10]
    report(
        "spine",
        {
            "cli_start_vs_pyarrow": round(ours / arrow, 3),
            "rss_10x_vs_1x": round(large[0].peak / small[0].peak, 3),
        },
        {
            "ingest_mb_per_cpu_s": steps,
            "ingest_whole_mb_per_cpu_s": round(large[1] / 1e6 / large[0].cpu, 2),
            "rss_1x_mb": round(small[0].peak / 1e6),
            "rss_10x_mb": round(large[0].peak / 1e6),
            "source_10x_mb": round(large[1] / 1e6, 1),
            "rows_10x": large[2]["counts"]["rows_in"],
        },
    )


def make_key(path: Path) -> None:
    from governance.pseudonyms import Key

    Key.create(path)


def environment(root: Path, folder: Path) -> dict[str, str]:
    """Where one size of the feed, its store and the key are."""
    return {
        "CLEARINGHOUSE_DEMO": str(folder),
        "CLEARINGHOUSE_STORE": str(folder / "store"),
        "CLEARINGHOUSE_KEY_FILE": str(root / "key"),
    }


def size(folder: Path) -> int:
    """Bytes of the feed with its compression taken off."""
    import pyarrow as pa

    total = 0
    for file in (folder / "units").rglob("*"):
        if file.is_file():
            with pa.input_stream(str(file), compression="detect") as stream:
                while block := stream.read(1 << 20):
                    total += len(block)
    return total


def measure_steps(source_bytes: int) -> dict[str, float]:
    """Megabytes per CPU second of each step alone, on what the step before it gave."""
    import pyarrow as pa

    from clearinghouse.jobs.context import Context
    from clearinghouse.jobs.writer import ParquetSink, scratch
    from clearinghouse.scrub import Scrubber
    from clearinghouse.settings import Settings
    from governance.quality import run_suite
    from infra.sources import list_pieces, read_piece
    from schemas.arrow_schema import source_schema
    from transforms.validate import conform

    context = Context.load(Settings.from_env(), DATASET)
    contract = context.contract
    schema = source_schema(contract)
    found: dict[str, float] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        before = time.process_time()
        result = work()
        spent = time.process_time() - before
        found[name] = round(source_bytes / 1e6 / spent, 2)
        say(f"  {name}: {found[name]} MB per CPU second")
        return result

    pieces = step("plan", lambda: list_pieces(contract.source))
    read = step("read", lambda: [b for piece in pieces for b in read_piece(contract.source, piece, contract.fields)])
    typed = step("validate", lambda: [conform(b.batch, schema, contract.fields).batch for b in read])
    identified = [
        pa.RecordBatch.from_arrays(
            [
                pa.array([f"{i:032x}" for i in range(len(b))]),
                pa.array(["all"] * len(b)),
                pa.array(range(len(b)), pa.int64()),
                *b.columns,
            ],
            names=["_id", "_partition", "_position", *b.schema.names],
        )
        for b in typed
    ]
    scrubber = Scrubber(contract, context.policy, context.key)
    scrubber(identified[0])  # compiles the patterns: start-up, not work
    clean = step("scrub", lambda: [scrubber(b) for b in identified])
    with scratch() as folder:

        def write() -> list[Path]:
            sinks = [ParquetSink(folder, "data"), ParquetSink(folder, "evidence")]
            for one in clean:
                sinks[0].write(one.batch)
                sinks[1].write(one.evidence)
            for sink in sinks:
                sink.finish(context.store, "bench")
            return [context.store.fetch(e.key, folder) for e in context.store.list("bench")]

        step("write", write)
        data = ParquetSink(folder, "rows")
        for one in clean:
            data.write(one.batch)
        (entry,) = data.finish(context.store, "bench-rows")
        file = context.store.fetch(entry.key, folder)
        run_suite(contract, context.policy, [file], folder / "warm")
        step("quality", lambda: run_suite(contract, context.policy, [file], folder / "suite"))
    return found


if __name__ == "__main__":
    main()
