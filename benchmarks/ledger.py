"""A ledger of a million entries: time and memory of its check.

    python -m benchmarks.ledger [--entries 1000000] [--few 20000] [--signed 0.1]

Writes the entries (about 500 bytes each), one a line, into one scratch file: a million small files take a file system
longer than the check takes. A process of its own, whose peak memory is read from the kernel, streams them through the
check, the first few and then all, so that growth shows; the first few are checked as a folder of files as well, by the
command that stands alone. Prints one JSON object: ``rss_1m_vs_20k`` is the peak of the whole over that of the few.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
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

def lines(path, most):
    with open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            if number > most:
                return
            yield number, line[:-1]

path, most = sys.argv[1], int(sys.argv[2])
begun = time.process_time()
done = ledger_files.check(lines(path, most) if most else ledger_files.entries(path), None)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "entries": done.head.ordinal, "signed": done.signed, "problems": done.told, "head": str(done.head), "root": done.root,
    "cpu_s": round(time.process_time() - begun, 2), "peak_mb": round(used.ru_maxrss / 1024, 1),
}))
"""


def entries(count: int, signer: Signer, every: int) -> Iterator[bytes]:
    """The bytes of a governed ledger's entries, every so many of them signed."""
    people = People((Person("ada", ("officer", "reviewer"), keys=(PublicKey(signer.public_text),)),))
    registry: dict[str, Any] = {"registry": people.facts(), "digest": people.digest}
    previous = make_entry(None, 1, "people", "ada", AT, registry, signer.signature)
    yield previous
    for number in range(2, count + 1):
        sign = signer.signature if every and number % every == 0 else None
        body = {"mix": "demo", "version": f"1.0.{number}", "verdict": "approve", "reason": "read the report"}
        previous = make_entry(previous, number, "decision" if sign else "quarantine.purge", "ada", AT, body, sign)
        yield previous


def check(path: Path, most: int = 0) -> dict[str, Any]:
    """The check of a file's first entries, or of a folder (0), in a process of its own: what it found, CPU seconds and
    peak memory in MB."""
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(path), str(most)], check=True, capture_output=True, text=True,
        cwd=Path(__file__).resolve().parents[1],
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Check a long ledger.")
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument(
        "--few", type=int, default=20_000, help="entries of the short one that growth is measured against"
    )
    parser.add_argument("--signed", type=float, default=0.1, help="share of entries that are signed")
    given = parser.parse_args()
    signer = Signer(Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\1"))
    every = round(1 / given.signed) if given.signed else 0
    few = min(given.few, given.entries)
    with tempfile.TemporaryDirectory(prefix="ledger-") as scratch:
        path, folder = Path(scratch) / "entries", Path(scratch) / "ledger"
        folder.mkdir()
        begun = time.process_time()
        with path.open("wb") as file:
            for number, data in enumerate(entries(given.entries, signer, every), start=1):
                file.write(data + b"\n")
                if number <= few:
                    (folder / f"{number:08d}.json").write_bytes(data)
        written = time.process_time() - begun
        short, files, whole = check(path, few), check(folder), check(path, given.entries)
    if (files["head"], files["root"]) != (short["head"], short["root"]):
        raise SystemExit("the folder and the file do not come to the same")
    print(
        json.dumps(
            {
                "written_cpu_s": round(written, 1),
                "few": short,
                "few_as_files": files,
                "whole": whole,
                "entries_per_cpu_s": round(whole["entries"] / max(whole["cpu_s"], 0.01)),
                "rss_1m_vs_20k": round(whole["peak_mb"] / short["peak_mb"], 3),
            }
        )
    )


if __name__ == "__main__":
    main()
