"""Make the demo units: ``python -m infra.simulators.make FOLDER [--scale N] [--only commerce.reviews=1000000 …]``.

A folder gets ``units/<unit>/…`` (what the units themselves would hold) and ``truth/`` (the planted values and
``made.json``, which says from what the folder was made). The same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infra.simulators import commerce, logistics, media
from infra.simulators.people import People
from infra.simulators.site import Site, sizes
from infra.simulators.truth import Truth

UNITS = {"commerce": commerce.write, "logistics": logistics.write, "media": media.write}


@dataclass(frozen=True)
class Made:
    """What a folder holds: records a data set (bad ones too), the bad ones by reason, and each file's SHA-256.

    ``sizes`` is what was asked for; ``again`` is true when the folder was there already, unchanged.
    """

    seed: int
    sizes: Mapping[str, int]
    rows: Mapping[str, int]
    faults: Mapping[str, Mapping[str, int]]
    planted: int
    size: int
    files: Mapping[str, str]
    generator: str
    again: bool = False

    def to_json(self) -> bytes:
        body = asdict(self)
        del body["again"]
        return (json.dumps(body, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def make_units(
    folder: Path,
    *,
    seed: int = 7,
    scale: float = 1.0,
    only: Mapping[str, int] | None = None,
    units: tuple[str, ...] = (),
) -> Made:
    """Make the units in ``folder``, or leave them as they are if they were made from the same arguments and code.

    Units are written beside their place and moved there whole, so that a stopped run leaves the old ones.
    Raises `ValueError` for a data set or scale that makes no sense, `OSError` for a disk that does not take it.
    """
    wanted = sizes(scale, only)
    if units:
        wanted = {name: rows if name.split(".")[0] in units else 0 for name, rows in wanted.items()}
    there = _unchanged(folder, seed, wanted)
    if there:
        return there
    partial = folder / "units.partial"
    shutil.rmtree(partial, ignore_errors=True)
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    (folder / "truth" / "made.json").unlink(missing_ok=True)
    rows: dict[str, int] = {}
    faults: dict[str, Mapping[str, int]] = {}
    planted = 0
    people = People(seed)
    for unit, write in UNITS.items():
        path = partial / unit
        path.mkdir(parents=True)
        if not any(count for name, count in wanted.items() if name.startswith(unit + ".")):
            continue
        with Truth(folder / "truth" / f"{unit}.parquet") as truth:
            site = Site(unit, path, seed, wanted, people, truth)
            write(site)
        rows |= site.rows
        faults |= site.faults
        planted += truth.count
    final = folder / "units"
    shutil.rmtree(final, ignore_errors=True)
    partial.rename(final)
    files = _files(final)
    made = Made(
        seed=seed,
        sizes=wanted,
        rows=rows,
        faults=faults,
        planted=planted,
        size=sum((final / name).stat().st_size for name in files),
        files=files,
        generator=generator(),
    )
    (folder / "truth" / "made.json").write_bytes(made.to_json())
    return made


def read_made(folder: Path) -> Made | None:
    """What ``folder`` says of itself; ``None`` if no units were made there or their making was stopped."""
    try:
        found: dict[str, Any] = json.loads((folder / "truth" / "made.json").read_bytes())
        return Made(**found)
    except (FileNotFoundError, ValueError, TypeError):
        return None


def generator() -> str:
    """A digest of this package's sources: other sentences in a grammar are other units."""
    found = hashlib.sha256()
    here = Path(__file__).parent
    for file in sorted([*here.glob("*.py"), *here.glob("*.txt")]):
        found.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def _unchanged(folder: Path, seed: int, wanted: Mapping[str, int]) -> Made | None:
    made = read_made(folder)
    if made is None or (made.seed, dict(made.sizes), made.generator) != (seed, dict(wanted), generator()):
        return None
    if _files(folder / "units") != dict(made.files):
        return None
    return Made(**{**asdict(made), "again": True})


def _files(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                found[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.simulators.make", description="Make simulated units.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--scale", type=float, default=1.0, help="times the sizes of the demo")
    parser.add_argument("--only", nargs="+", metavar="DATASET=ROWS", help="only these data sets, of these sizes")
    arguments = parser.parse_args()
    only = None
    if arguments.only:
        try:
            only = {name: int(count) for name, count in (item.split("=", 1) for item in arguments.only)}
        except ValueError:
            parser.error("--only takes DATASET=ROWS, such as commerce.reviews=100000")
    try:
        made = make_units(arguments.folder, seed=arguments.seed, scale=arguments.scale, only=only)
    except ValueError as error:
        parser.error(str(error))
    print(
        json.dumps(
            {
                "rows": made.rows,
                "faults": made.faults,
                "planted": made.planted,
                "bytes": made.size,
                "again": made.again,
            }
        )
    )


if __name__ == "__main__":
    main()
