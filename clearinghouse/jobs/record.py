"""Write to the ledger: each thing once, however often the job that writes it is killed and run again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from clearinghouse.catalog import LEDGER

if TYPE_CHECKING:
    from governance.signing import Signer
    from infra.store import Store


def now() -> str:
    """The time as ledger and decisions have it: RFC 3339, UTC, whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def record(
    store: Store,
    *,
    kind: str,
    actor: str,
    at: str,
    body: Mapping[str, Any],
    since: int = 0,
    signer: Signer | None = None,
    same: Sequence[str] = (),
) -> int:
    """Append an entry unless one of this kind, actor and body is there; returns its number.

    ``signer`` is the actor's key: `clearinghouse.jobs.people.sign_as` gives it where the store is governed. ``same``
    names the keys of the body by which an entry is known again where the rest of it may differ from run to run.
    ``since`` is a number up to which the ledger is known not to hold it (the newest entry before the thing happened),
    so that an ordinary append reads one entry. Raises `IntegrityError` where the chain's end is damaged, or
    `StoreError`.
    """
    from governance.ledger import make_entry
    from infra.store import NotFound
    from infra.store.sequence import append, key_of

    looked_at, found = since, 0

    def there(number: int, previous: bytes | None) -> bool:
        try:
            data = previous if previous is not None else store.read(key_of(LEDGER, number))
            entry = json.loads(data)
        except (NotFound, ValueError):
            return False  # a gap or damage further back is for `verify` to tell
        return isinstance(entry, dict) and _known(entry, same) == wanted

    wanted = _known({"kind": kind, "actor": actor, "body": json.loads(json.dumps(dict(body)))}, same)

    def make(number: int, previous: bytes | None) -> bytes | None:
        nonlocal looked_at, found
        # What others appended since the last look, newest first: an interrupted run's entry is near the end.
        for earlier in range(number - 1, looked_at, -1):
            if there(earlier, previous if earlier == number - 1 else None):
                found = earlier
                return None
        looked_at = number - 1
        return make_entry(previous, number, kind, actor, at, body, signer.signature if signer else None)

    written = append(store, LEDGER, make)
    return found or written


def _known(entry: Mapping[str, Any], same: Sequence[str]) -> tuple[Any, ...]:
    """What two entries of one thing have in common."""
    body = entry.get("body")
    if same:
        body = [body.get(name) for name in same] if isinstance(body, Mapping) else None
    return entry.get("kind"), entry.get("actor"), body
