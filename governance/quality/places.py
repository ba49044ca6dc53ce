"""Where the rows stand at their source that a check did not expect, so that a person need not look for them.

Results name rows by their identity, a keyed hash, which the unit does not know. The stored columns beside it say the
partition and the line or record, which it does.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from governance.quality.evidence import Check
from governance.quality.passes import MeasureError, collect, guarded, scan
from schemas.arrow_schema import ID, PARTITION, POSITION

log = logging.getLogger(__name__)

#: Places that one check names.
SHOWN = 5


def placed(checks: Iterable[Check], files: Sequence[Path]) -> tuple[Check, ...]:
    """`checks`, those that failed with the first places of their unexpected rows, by partition and position.

    `files` are those that the suite ran over. Read again only where something failed, and of that the identities
    alone; of rows that share an identity every one is told, up to `SHOWN` a check. A check whose rows cannot be read
    again keeps its outcome, without places.
    """
    return tuple(replace(check, places=_places(check, files)) if _asked(check) else check for check in checks)


def _asked(check: Check) -> bool:
    return check.status == "failed" and any(isinstance(row, str) for row in check.rows)


def _places(check: Check, files: Sequence[Path]) -> tuple[tuple[str, int], ...]:
    wanted = sorted({row for row in check.rows if isinstance(row, str)})
    rows = scan(files).filter(pl.col(ID).is_in(wanted)).select(PARTITION, POSITION)
    try:
        found = guarded(check.expectation, lambda: collect(rows.bottom_k(SHOWN, by=[PARTITION, POSITION])))
    except MeasureError as error:
        log.warning("the places of unexpected rows cannot be told: %s", error)
        return ()
    return tuple((str(partition), int(position)) for partition, position in sorted(found.rows()))
