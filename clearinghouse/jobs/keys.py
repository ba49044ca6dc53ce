"""Rotation of pseudonym and sealing keys: a new file, and an entry in the ledger that names both by fingerprint.

The key is made first: killed before the entry is written, there is a key that nothing uses, and the same command with
the same file finds it and finishes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clearinghouse import keys
from clearinghouse.jobs.people import sign_as
from clearinghouse.jobs.record import now, record
from clearinghouse.settings import Settings
from schemas.errors import KeyMissing, ReleaseRefused

ROTATED = "key-rotation"
EFFECTS = {
    "pseudonym": (
        "new snapshots do not link with old ones: the same person gets another pseudonym, so ingest all data sets of "
        "one release again; releases that are there stay as they are; keep the old key for erasures and audits in them"
    ),
    "sealing": (
        "values that are sealed from now on open with the new key alone; keep the old one as long as anything that "
        "it sealed must open"
    ),
}


def rotate(
    settings: Settings,
    purpose: str,
    path: str,
    reason: str,
    *,
    kms: str | None = None,
    ask: Callable[[str], bytes] | None = None,
) -> dict[str, Any]:
    """A new key of a purpose (``pseudonym``, ``sealing``) at ``path``, recorded in the name of ``settings.who``.

    Returns for, from, to (fingerprints), ledger, signed, variable, value (by which runs find the key) and effect.
    Raises `KeyMissing` (no key in use, no key to sign with), `ReleaseRefused` or `StoreError`.
    """
    from infra.store import open_store

    if not reason.strip():
        raise ReleaseRefused("a rotation needs a reason", state="nothing was written", fix='--reason "…"')
    place = keys.PLACES[purpose]
    old = keys.load_key(settings.key_file if purpose == "pseudonym" else None, place)
    store = open_store(settings.store)
    store.check()
    signer = sign_as(settings, store, ROTATED, settings.who, ask=ask)
    target = f"kms:{kms}#{path}" if kms else path
    if Path(path).exists():
        new = keys.load_key(target, place)
        variable = place.variable if kms else place.file_variable
        if new.id == old.id or _used(store, new.id):
            raise KeyMissing(
                f"{path} is a key that is or was in use", state="nothing was written", fix="name another file"
            )
        value = target
    else:
        new, variable, value = keys.create(path, place, kms=kms)
    entry = record(
        store,
        kind=ROTATED,
        actor=settings.who,
        at=now(),
        body={"for": purpose, "from": old.id, "to": new.id, "reason": reason.strip()},
        signer=signer,
        same=("for", "from", "to"),
    )
    return {
        "for": purpose,
        "from": old.id,
        "to": new.id,
        "ledger": entry,
        "signed": signer is not None,
        "variable": variable,
        "value": os.path.abspath(value) if value == path else value,  # noqa: PTH100
        "effect": EFFECTS[purpose],
    }


def rotations(settings: Settings) -> list[dict[str, Any]]:
    """Every rotation of the ledger, oldest first: for, from, to, actor, at."""
    from clearinghouse import catalog
    from infra.store import open_store

    store = open_store(settings.store)
    found = []
    for entry in catalog.recorded(store, ROTATED):
        body = entry["body"]
        found.append(
            {**{name: body.get(name) for name in ("for", "from", "to")}, "actor": entry["actor"], "at": entry["at"]}
        )
    return found


def _used(store: Any, identity: str) -> bool:
    """Whether the ledger says that a key was retired: taking it into use again would link what was to be kept apart."""
    from clearinghouse import catalog

    return any(entry["body"].get("from") == identity for entry in catalog.recorded(store, ROTATED))
