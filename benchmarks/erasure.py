"""Many people in one erasure: CPU time and memory of recording the request, each size in a process of its own.

    python -m benchmarks.erasure [--people 10000]

Hashes telephones and addresses of invented people under a key, writes them to a store and reads them back, for a tenth
of the people and for all. Prints one JSON object: ``cpu_ratio`` is the CPU time of all over that of a tenth, 10 where
cost is linear; ``memory_growth`` the ratio of the peaks.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

WORK = """
import json, resource, sys, time
from clearinghouse.jobs.erase import Why, people_of, request
from clearinghouse.settings import Settings
from governance.erasure import Person
from infra.store import open_store

folder, count = sys.argv[1], int(sys.argv[2])
settings = Settings(store=f"{folder}/store", key_file=f"{folder}/key")
people = (
    Person((("email", f"someone.{n}@example.com"), ("phone", f"+1 202 5{n:06d}"))) for n in range(count)
)
begun = time.process_time()
made = request(settings, people, Why("gdpr-17-b", "2026-01-31", "a list of the privacy desk", "olga"))
known = people_of(open_store(settings.store), made)
print(json.dumps({
    "people": made["subjects"], "hashes": len(known.hashes), "cpu_s": round(time.process_time() - begun, 3),
    "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
}))
"""


def measure(count: int) -> dict[str, Any]:
    """One request for so many people in a fresh store."""
    with tempfile.TemporaryDirectory(prefix="erasure-") as folder:
        (Path(folder) / "store").mkdir()
        key = Path(folder) / "key"
        key.write_text("0123456789abcdef" * 4 + "\n")
        key.chmod(0o600)
        done = subprocess.run(
            [sys.executable, "-c", WORK, folder, str(count)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).resolve().parents[1],
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Record an erasure of many people.")
    parser.add_argument("--people", type=int, default=10_000)
    given = parser.parse_args()
    tenth, whole = measure(max(1, given.people // 10)), measure(given.people)
    ratios = {
        "cpu_ratio": round(whole["cpu_s"] / max(tenth["cpu_s"], 0.001), 1),
        "memory_growth": round(whole["peak_mb"] / tenth["peak_mb"], 2),
    }
    print(json.dumps({"tenth": tenth, "whole": whole, **ratios}))


if __name__ == "__main__":
    main()
