"""Numbered histories: ``<prefix>/00000001.json``, ``…2.json``, each written once and never edited.

Snapshots, the `latest` pointer of a mix and the ledger are such histories; their newest object is what counts. The
one thing asked of a store is that of several writers of one number exactly one is told that it was first.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from itertools import islice

from infra.store import Entry, Store
from schemas.errors import StoreError
from schemas.manifest import ordinal

_NAME = re.compile(r"([0-9]{8})\.json")
#: Objects that S3 lists at once.
_PAGE = 1000
#: Each lost race means that another writer got through, so this many in a row is a listing that does not catch up.
_ATTEMPTS = 200


def entries(store: Store, prefix: str, *, after: int = 0) -> Iterator[tuple[int, Entry]]:
    """The objects of a history whose numbers are above ``after``, in their order. Other names are passed over."""
    for entry in store.list(f"{prefix}/", after=key_of(prefix, after)):
        if found := _NAME.fullmatch(entry.key[len(prefix) + 1 :]):
            yield int(found[1]), entry


def key_of(prefix: str, number: int) -> str:
    return f"{prefix}/{ordinal(number)}.json"


def newest(store: Store, prefix: str) -> tuple[int, str] | None:
    """Number and key of the newest object, or ``None`` while there is none.

    Costs one listing up to `_PAGE` objects, then a number of listings logarithmic in the length of the history:
    "is there one above n?" is all that is asked, so that gaps (old snapshots that were deleted) do no harm.
    """
    last: tuple[int, Entry] | None = None
    found = entries(store, prefix)
    while True:
        seen = 0
        for last in islice(found, _PAGE):  # noqa: B007
            seen += 1
        if seen < _PAGE or last is None:
            return (last[0], last[1].key) if last else None
        # Double the step while something is above, then halve it: ends at most one page below the newest.
        low, step = last[0], _PAGE
        while next(entries(store, prefix, after=low + step), None) is not None:
            low, step = low + step, step * 2
        while step > _PAGE:
            step //= 2
            if next(entries(store, prefix, after=low + step), None) is not None:
                low += step
        found = entries(store, prefix, after=low)


def append(store: Store, prefix: str, make: Callable[[int, bytes | None], bytes | None]) -> int:
    """Write the object after the newest one; returns its number, the first being 1.

    ``make(number, previous)`` gets the number to fill and the newest object's bytes (``None`` at the start) and
    returns what to write, or ``None`` to write nothing: then the newest number (0 at the start) is returned. It is
    called again on the new newest when another writer was first, so that no two writers ever get one number.
    Raises `StoreError`.
    """
    for attempt in range(_ATTEMPTS):
        last = newest(store, prefix)
        number = (last[0] if last else 0) + 1
        data = make(number, store.read(last[1]) if last else None)
        if data is None:
            return number - 1
        if store.put(key_of(prefix, number), data, if_absent=True):
            return number
        # Spread the writers that lost, so that they do not meet again.
        time.sleep(random.uniform(0, min(0.5, 0.002 * 2 ** min(attempt, 8))))  # noqa: S311
    raise StoreError(
        f"cannot append to {prefix} in {store.uri}: {_ATTEMPTS} times another writer was first",
        state="nothing was changed",
        fix="run the same command again; if it goes on, the store's listing does not show what is written",
    )
