"""``make leaks``: run what the product does on the demo, keep all that is written and said, and scan it.

Commands run on a copy of the demo's store, Airflow on a store of its own; the demo's folder is only read. Everything
lies in ``.leaks``, which is made anew. The last line is one JSON object; the exit code is 1 where a value was found and 3 where a
step failed, so that less was scanned than should be.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl

from clearinghouse.cli.output import table
from clearinghouse.demo import Place
from clearinghouse.leak_scan import Found, scan
from clearinghouse.leaks import read_truth
from governance.pseudonyms import Key
from tests.conftest import ROOT
from tests.leaks.air import INGESTS

PRETRAIN, CHAT = "pretrain@1.0.0", "support-chat@1.0.0"
DATASETS = ("commerce.buyers", "commerce.orders", "logistics.waybills", "media.comments")
#: Data sets of files, which are spoilt: cut off, garbled.
SPOILT = ("logistics.waybills", "logistics.tracking", "media.comments", "media.captions", "commerce.buyers")
AIR_SECONDS = 1200
_COMMAND = (sys.executable, "-m", "clearinghouse")


class Work:
    """The folder of one run: what was copied, what commands wrote, and what they said."""

    def __init__(self, folder: Path, demo: Path) -> None:
        self.folder, self.demo = folder.resolve(), Place(demo.resolve())
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("logs", "tmp", "exports", "airflow"):
            (self.folder / name).mkdir(parents=True)
        shutil.copytree(self.demo.store, self.folder / "store")
        self._airflow_store()
        self.broken = self.folder / "broken"
        shutil.copytree(self.demo.units, self.broken / "units")
        for path in sorted(self.broken.rglob("*")):
            if path.is_file():
                _spoil(path)
        self.count = 0
        self.environment = {
            **{
                name: value for name, value in os.environ.items() if not name.startswith(("CLEARINGHOUSE_", "AIRFLOW_"))
            },
            "CLEARINGHOUSE_STORE": str(self.folder / "store"),
            "CLEARINGHOUSE_KEY_FILE": str(self.demo.key),
            "CLEARINGHOUSE_DEMO": str(self.demo.folder),
            "CLEARINGHOUSE_CONTRACTS": str(ROOT / "schemas" / "contracts"),
            "CLEARINGHOUSE_MIXES": str(ROOT / "schemas" / "mixes"),
            "TMPDIR": str(self.folder / "tmp"),
        }

    def _airflow_store(self) -> None:
        """The demo's store without its releases and without the data sets that Airflow pulls itself."""
        store = self.folder / "airflow" / "store"
        shutil.copytree(self.demo.store, store)
        shutil.rmtree(store / "releases")
        for key in INGESTS:
            for folder in store.glob(f"*/{key.replace('.', '/')}"):
                shutil.rmtree(folder)

    def start(self, *command: str, **more: str) -> subprocess.Popen[bytes]:
        """Start a command, its output in ``logs``; it has its standard input to itself."""
        self.count += 1
        logs = self.folder / "logs"
        with (logs / f"{self.count:02d}.out").open("wb") as out, (logs / f"{self.count:02d}.err").open("wb") as err:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env={**self.environment, **more},
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    def run(self, *command: str, told: str = "", **more: str) -> int:
        """Run ``clearinghouse`` to its end; returns its exit code."""
        process = self.start(*_COMMAND, *command, **more)
        process.communicate(told.encode())
        return process.returncode

    def killed(self, *command: str, after: float, **more: str) -> None:
        """Run ``clearinghouse`` and kill it half-way, so that what it had begun to write stays."""
        process = self.start(*_COMMAND, *command, **more)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _spoil(path: Path) -> None:
    """Break a unit's file as transfers do: the end is missing, and a piece in the middle stands twice."""
    data = path.read_bytes()
    half = len(data) // 2
    path.write_bytes(data[:half] + data[half - 40 : half - 7] + data[half : -len(data) // 5])


def commands(work: Work) -> Iterator[Sequence[str]]:
    """What people run on a store, as arguments of ``clearinghouse``."""
    out = work.folder
    yield "ls", "--json"
    for release in (PRETRAIN, CHAT):
        yield "show", release
        yield "head", release, "--allow-unsigned", "-n", "400", "--json"
        yield "export", release, "--out", str(out / "exports" / release)
        yield "audit", "draw", release, "--json"
        yield "audit", "export", release, "--reader", "rita", "--out", str(out / f"audit-{release}.csv")
        yield "audit", "result", release, "--json"
    for dataset in DATASETS:
        yield "quarantine", "show", dataset, "--limit", "1000"
    yield "drift", "show", DATASETS[0], "--all"
    yield "contract", "show", DATASETS[0]
    yield "quarantine", "ls", "--json"
    yield "contract", "docs", "--out", str(out / "docs")
    yield "contract", "new", "media", "drafted", "--from", str(_sample(work)), "--contracts", str(out / "drafts")
    yield "scan", str(_sample(work)), "--text-column", "caption", "--json"
    yield "mix", "plan", "pretrain"
    yield "diff", PRETRAIN, PRETRAIN
    yield "ledger", "show"


def _sample(work: Work) -> Path:
    """A file of a unit, as somebody who drafts a contract has one."""
    return min(path for path in (work.demo.units / "media" / "captions").iterdir() if path.is_file())


def people(work: Work, count: int) -> str:
    """Some buyers who ask to be forgotten, as a CSV for standard input."""
    truth = pl.scan_parquet(work.demo.truth / "commerce.parquet").with_columns(pl.all().cast(pl.String))
    phones = truth.filter((pl.col("dataset") == "commerce.buyers") & (pl.col("field") == "phone")).head(count)
    return "phone\n" + "".join(f"{value}\n" for value in phones.collect()["value"])


def act(work: Work, say: bool = True) -> list[tuple[str, int]]:
    """Do all of it; the name and the exit code of every step."""
    done: list[tuple[str, int]] = []

    def note(name: str, code: int) -> None:
        done.append((name, code))
        if say:
            print(f"{code:3d}  {name}", file=sys.stderr, flush=True)

    home, broken = work.folder / "airflow", str(work.broken)
    air = work.start(sys.executable, "-m", "tests.leaks.air", *map(str, (home, work.demo.folder, broken)))
    try:
        for arguments in commands(work):
            note(" ".join(arguments[:3]), work.run(*arguments))
        for dataset in SPOILT:
            # A store of its own. Rows are rejected, or the file is refused; neither may say what stands there.
            places = {"CLEARINGHOUSE_DEMO": broken, "CLEARINGHOUSE_STORE": str(work.folder / "spoilt")}
            note(f"ingest {dataset} of garbled units", work.run("ingest", dataset, **places))
        work.killed("ingest", "commerce.orders", after=5.0, CLEARINGHOUSE_STORE=str(work.folder / "killed"))
        work.killed("release", "commerce-search", after=5.0)
        why = ("--trigger", "pipl-47-consent", "--received", "2026-01-31", "--reason", "asked", "--by", "officer")
        asked = ("erase", "--subjects", "-", *why)
        note("erase three buyers", work.run(*asked, told=people(work, 3)))
        note("erase purge", work.run("erase", "purge", "--grace", "P0D"))
        note("erase ls", work.run("erase", "ls", "--json"))
        note("verify all", work.run("verify", "all", "--json"))
        note("airflow", air.wait(AIR_SECONDS))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(air.pid, signal.SIGKILL)
        air.wait()
    return done


def look(work: Work) -> Found:
    """Scan the demo, all that was written and said, and the site's Airflow where there is one."""
    roots = {"demo": work.demo.folder, "leaks": work.folder}
    if (ROOT / ".airflow").is_dir():
        roots[".airflow"] = ROOT / ".airflow"
    source = (work.demo.units, work.demo.truth, work.broken)
    return scan(roots, read_truth(work.demo.truth), Key.load(work.demo.key), source=source)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.leaks", description=__doc__)
    parser.add_argument("--demo", type=Path, default=ROOT / "demo", help="folder of the demo (default: demo)")
    parser.add_argument("--work", type=Path, default=ROOT / ".leaks", help="folder to work in (default: .leaks)")
    arguments = parser.parse_args()
    if not (arguments.demo / "truth").is_dir() or not (arguments.demo / "store").is_dir():
        print(f"there is no demo in {arguments.demo}: run `make demo` first", file=sys.stderr)
        return 2
    begun = time.process_time()
    work = Work(arguments.work, arguments.demo)
    failed = [name for name, code in act(work) if code and "garbled" not in name]
    found = look(work)
    for hit in found.hits[:50]:
        print(f"{hit.entity} {hit.value} in {hit.place}" + (f" ({hit.column})" if hit.column else ""))
    rows = [(len(found.hits), found.planted, found.places, round(time.process_time() - begun, 1))]
    print(table(("hits", "values", "places", "CPU seconds of the scan"), rows))
    for name in failed:
        print(f"{name} did not run, so nothing of it was scanned: see {work.folder / 'logs'}", file=sys.stderr)
    print(json.dumps(found.as_dict(), ensure_ascii=False, sort_keys=True))
    return 1 if found.hits else 3 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
