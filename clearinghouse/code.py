"""Which code made something: the version and a digest of the sources that decide what is written."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from clearinghouse import __version__

#: Rooms whose code or data changes what a run writes. The command line and the DAGs do not.
ROOMS = (
    "schemas",
    "transforms",
    "governance",
    "infra/sources",
    "clearinghouse/jobs",
    "clearinghouse/scrub.py",
    "clearinghouse/finds.py",
    "clearinghouse/evidence.py",
    "clearinghouse/subjects.py",
)


@cache
def code_version() -> str:
    """``<version>+<12 hex>``: two programs with the same string write the same bytes from the same inputs.

    The digest covers the sources themselves, because a version number forgets local edits and Airflow's DAG
    version does not see a changed task body. Contracts, mixes and policies are left out: they have digests of
    their own.
    """
    root = Path(__file__).resolve().parent.parent
    found = sha256()
    for room in ROOMS:
        place = root / room
        files = [place] if place.is_file() else sorted(place.rglob("*.py"))
        for file in files:
            found.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return f"{__version__}+{found.hexdigest()[:12]}"
