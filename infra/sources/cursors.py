"""Where an incremental SQL read starts: cursor values, and going back by a lag."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from infra.sources.model import SourceUnreadable

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_STAMP = re.compile(
    r"\d{4}-\d\d-\d\d(?:(?P<sep>[T ])\d\d:\d\d(?P<seconds>:\d\d(?:\.(?P<fraction>\d+))?)?(?P<zone>.*))?"
)


def plain_cursor(value: Any) -> int | str | None:
    """A cursor value as JSON can hold it: integers, or text (ISO 8601 for dates and times)."""
    if value is None or (isinstance(value, (int, str)) and not isinstance(value, bool)):
        return value
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def back(value: int | str, lag: str | None, label: str) -> int | str:
    """``value`` less ``lag``: a whole number from a number, an ISO 8601 duration (weeks to seconds) from a date or
    time, which keeps the way it was written, so that it still compares as text.

    Raises:
        SourceUnreadable: The lag does not fit the cursor.
    """
    if not lag:
        return value
    fix = "write `lag` as a whole number for a numeric cursor, as PT1H or P2D for one of dates and times"
    if isinstance(value, int):
        if re.fullmatch(r"\d+", lag):
            return value - int(lag)
        raise SourceUnreadable(f"{label}: lag {lag!r} is no number, but the cursor is", fix=fix)
    duration = _DURATION.fullmatch(lag)
    stamp = _STAMP.fullmatch(value)
    if duration is None or lag in ("P", "PT") or lag.endswith("T"):
        if stamp is None and re.fullmatch(r"\d+", lag):
            try:
                return str(Decimal(value) - Decimal(lag))
            except InvalidOperation:
                pass
        raise SourceUnreadable(
            f"{label}: lag {lag!r} is not a duration of weeks, days, hours, minutes, seconds", fix=fix
        )
    if stamp is None:
        raise SourceUnreadable(f"{label}: a lag in time needs a cursor of dates or times", fix=fix)
    delta = dt.timedelta(**{name: float(number) for name, number in duration.groupdict().items() if number})
    if stamp["sep"] is None:
        return (dt.date.fromisoformat(value) - delta).isoformat()
    zone = stamp["zone"]
    moment = dt.datetime.fromisoformat(value.removesuffix(zone) if zone else value) - delta
    digits = len(stamp["fraction"] or "")
    text = moment.isoformat(stamp["sep"], "microseconds" if digits else "seconds" if stamp["seconds"] else "minutes")
    if digits:
        text = text.ljust(len(text) + digits - 6, "0") if digits > 6 else text[: len(text) - 6 + digits]
    return text + zone
