"""Many people in one erasure, from the request to the new release: CPU time of every step and memory.

    python -m benchmarks.erasure [--people 10000] [--rows 40000]

Makes a unit's rows (two of each person, and as many of people who stay), ingests and releases them, then erases a tenth of the
people and all of them, each in a process of its own on a copy of the store. Prints one JSON object: ``cpu_ratio`` is
the CPU time of all over that of a tenth (10 where cost is linear), ``memory_growth`` the ratio of the peaks, ``per_step``
the CPU seconds of each step, and ``left`` the rows that are left of the people, which is nought.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from clearinghouse.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: shop.notes
name: notes
version: 1.0.0
status: active
domain: shop
description: {purpose: Notes that buyers leave., limitations: Invented.}
team: {members: [{username: dana.lin, role: owner}]}
servers:
  - server: files
    type: local
    path: %s/*.csv
    format: csv
    customProperties: [{property: partition, value: '(?P<partition>day-[0-9]+)'}]
customProperties:
  - {property: legalBasis, value: contract}
  - {property: licence, value: LicenseRef-unit-internal}
  - {property: purposes, value: [pretrain]}
  - {property: residency, value: SG}
  - {property: retention, value: P3Y}
  - property: document
    value: {kind: text, text: "{note}", language: en, profile: review}
schema:
  - name: notes
    properties:
      - {name: id, logicalType: integer, primaryKey: true, classification: identifier.record}
      - {name: email, classification: person.email}
      - {name: note, required: true, classification: text.free, customProperties: [{property: language, value: en}]}
"""
MIX = """\
name: notes
version: 1.0.0
purpose: pretrain
format: text
audience: benchmark
description: All notes.
tokenizer: house
seed: 3
shards: {tokens: 4000, rowsPerGroup: 64}
sources:
  - {dataset: shop.notes, weight: 1}
"""
FILES = 8
ADDRESS = "someone.{}@example.com"

WORK = """
import json, resource, sys, time
from clearinghouse import catalog
from clearinghouse.jobs import erase, erase_certificate
from clearinghouse.settings import Settings
from governance.erasure import Person
from infra.store import open_store

settings, count, address = Settings(**json.loads(sys.argv[1])), int(sys.argv[2]), sys.argv[3]
spent = {}

def timed(name, step):
    def call(*args, **kwargs):
        begun = time.process_time()
        try:
            return step(*args, **kwargs)
        finally:
            spent[name] = round(spent.get(name, 0) + time.process_time() - begun, 3)
    return call

for name in ("request", "_search", "_freeze", "_snapshots", "_releases", "_finish"):
    setattr(erase, name, timed(name.strip("_"), getattr(erase, name)))
erase_certificate.certify = timed("certify", erase_certificate.certify)
people = [Person((("email", address.format(n)),)) for n in range(count)]
begun = time.process_time()
found = erase.erase(settings, people, erase.Why("gdpr-17-b", "2026-01-31", "a list of the privacy desk", "olga"))
cpu = time.process_time() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
store = open_store(settings.store)
asked = erase.find_request(store, found["erasure"])
(mix,) = found["releases"].values()
new = catalog.manifest_of(store, catalog.resolve(store, mix["candidate"]))
old = catalog.manifest_of(store, catalog.resolve(store, mix["affected"][0]))
clean = {"releases": {"notes": {"clean": new.version}}}
print(json.dumps({
    "people": found["found"]["subjects"], "rows": found["found"]["rows"], "cpu_s": round(cpu, 2), "per_step": spent,
    "shards": len(new.shards), "holes": new.totals["erased"],
    "rewritten": len({one.sha256 for one in new.shards} - {one.sha256 for one in old.shards}),
    "left": erase_certificate.verification(store, asked, clean)["left"],
    "peak_mb": round(peak / 1024, 1),
}))
"""


def make(root: Path, people: int, rows: int) -> Settings:
    """A store with the rows of so many people and others, released."""
    from clearinghouse.jobs.ingest import ingest
    from clearinghouse.jobs.release import build

    for folder in ("unit", "contracts/shop", "mixes"):
        (root / folder).mkdir(parents=True)
    words = "parcel blue kettle warm quiet lamp arrived late again but works well thanks to the seller".split()
    for file in range(FILES):
        with (root / "unit" / f"day-{file}.csv").open("w", encoding="utf-8") as sink:
            sink.write("id,email,note\n")
            for n in range(file, rows, FILES):
                # Two rows of each person; the rest are of people who stay.
                who = n // 2 if n < 2 * people else people + n
                said = " ".join(words[(n * 7 + at * (1 + n % 5)) % len(words)] for at in range(12))
                sink.write(f"{n},{ADDRESS.format(who)},note {n}: {said}\n")
    (root / "contracts" / "shop" / "notes.odcs.yaml").write_text(CONTRACT % (root / "unit"), encoding="utf-8")
    (root / "mixes" / "notes.mix.yaml").write_text(MIX, encoding="utf-8")
    (root / "key").write_text("0123456789abcdef" * 4 + "\n")
    (root / "key").chmod(0o600)
    settings = Settings(
        store=str(root / "store"),
        contracts=str(root / "contracts"),
        mixes=str(root / "mixes"),
        key_file=str(root / "key"),
        executor="inline",
        workers=1,
    )
    ingest(settings, "shop.notes")
    build(settings, "notes")
    return settings


def measure(settings: Settings, count: int) -> dict[str, Any]:
    """One erasure of so many people on a copy of the store."""
    with tempfile.TemporaryDirectory(prefix="erasure-") as folder:
        shutil.copytree(settings.store, Path(folder) / "store")
        given = {
            name: getattr(replace(settings, store=f"{folder}/store"), name)
            for name in ("store", "contracts", "mixes", "key_file", "executor", "workers")
        }
        done = subprocess.run(
            [sys.executable, "-c", WORK, json.dumps(given, default=str), str(count), ADDRESS],
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if not os.environ.get("CLEARINGHOUSE_SAY") else None,
            text=True,
            cwd=ROOT,
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Erase many people at once.")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=40_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="erasure-") as folder:
        settings = make(Path(folder), given.people, max(given.rows, 2 * given.people))
        tenth, whole = measure(settings, max(1, given.people // 10)), measure(settings, given.people)
    ratios = {
        "cpu_ratio": round(whole["cpu_s"] / max(tenth["cpu_s"], 0.001), 1),
        "memory_growth": round(whole["peak_mb"] / tenth["peak_mb"], 2),
    }
    print(json.dumps({"tenth": tenth, "whole": whole, **ratios}))


if __name__ == "__main__":
    main()
