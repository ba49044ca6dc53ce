"""A ledger of a million entries: time and memory of its check, as a folder of files and by the command that stands alone.

    python -m benchmarks.ledger [--entries 1000000] [--signed 0.1] [--dir FOLDER]

Writes the entries (about 500 bytes each, 4 KB on most file systems; the folder is removed at the end unless it is given),
then checks them in a process of its own whose peak memory is read from the kernel, at a tenth of the length and at the
whole, so that growth shows. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.ledger import make_entry
from governance.signing import Signer
from schemas.registry import People, Person, PublicKey

AT = "2026-01-31T08:00:00Z"
CHECK = """
import json, resource, sys, time
from governance import ledger_files
begun = time.process_time()
done = ledger_files.check(ledger_files.entries(sys.argv[1]), None)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "entries": done.head.ordinal, "signed": done.signed, "problems": done.told, "head": str(done.head), "root": done.root,
    "cpu_s": round(time.process_time() - begun, 2), "peak_mb": round(used.ru_maxrss / 1024, 1),
}))
"""


def write(folder: Path, first: int, last: int, previous: bytes | None, signer: Signer, every: int) -> bytes:
    """Entries ``first`` to ``last``, every so many of them signed; returns the last one's bytes."""
    for number in range(first, last + 1):
        if previous is None:
            people = People((Person("ada", ("officer", "reviewer"), keys=(PublicKey(signer.public_text),)),))
            body: dict[str, Any] = {"registry": people.facts(), "digest": people.digest}
            previous = make_entry(None, 1, "people", "ada", AT, body, signer.signature)
        else:
            sign = signer.signature if every and number % every == 0 else None
            body = {"mix": "demo", "version": f"1.0.{number}", "verdict": "approve", "reason": "read the report"}
            kind = "decision" if sign else "quarantine.purge"
            previous = make_entry(previous, number, kind, "ada", AT, body, sign)
        (folder / f"{number:08d}.json").write_bytes(previous)
    assert previous is not None
    return previous


def check(folder: Path) -> dict[str, Any]:
    """The check in a process of its own: what it found, CPU seconds and peak memory in MB."""
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(folder)], check=True, capture_output=True, text=True,
        cwd=Path(__file__).resolve().parents[1],
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Check a long ledger.")
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--signed", type=float, default=0.1, help="share of entries that are signed")
    parser.add_argument("--dir", help="an empty folder for the entries; kept")
    given = parser.parse_args()
    folder = Path(given.dir or tempfile.mkdtemp(prefix="ledger-"))
    folder.mkdir(parents=True, exist_ok=True)
    signer = Signer(Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\1"))
    every = round(1 / given.signed) if given.signed else 0
    tenth = max(1, given.entries // 10)
    try:
        begun = time.process_time()
        last = write(folder, 1, tenth, None, signer, every)
        short = check(folder)
        write(folder, tenth + 1, given.entries, last, signer, every)
        written = time.process_time() - begun
        whole = check(folder)
    finally:
        if not given.dir:
            shutil.rmtree(folder, ignore_errors=True)
    print(
        json.dumps(
            {
                "written_cpu_s": round(written, 1),
                "tenth": short,
                "whole": whole,
                "entries_per_cpu_s": round(whole["entries"] / max(whole["cpu_s"], 0.01)),
                "memory_growth": round(whole["peak_mb"] / short["peak_mb"], 2),
                "writer_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
