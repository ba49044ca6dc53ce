"""The bucket policy of a store: who may do what in which zone, and what nobody may. Pure: zones in, JSON out.

Written for the policy language of AWS (version 2012-10-17). Other servers know few of its condition keys; for these,
statements that rest on one are left out, and what is not allowed is refused by default as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from schemas.zones import Zones

#: Begins the name of every statement and rule that is ours: others in the same bucket are left alone.
OURS = "Clearinghouse"
_READ = ("s3:GetObject",)
_WRITE = ("s3:PutObject",)
#: What only those who decide may write, below releases/.
_DECIDED = ("*/*/decision.json", "*/*/signatures/*", "*/latest/*")
_REVIEWED = (*_DECIDED, "*/*/audit/*", "*/*/audit.json", "*/*/signed.html")
#: What nobody removes.
_KEPT = ("ledger/*", "people/*", "releases/*/*/manifest.json", *(f"releases/{name}" for name in _DECIDED))
#: What is written once: a write that would replace it is refused before it is made.
_ONCE = ("ledger/*", "people/*", "releases/*/*/manifest.json", "releases/*/*/decision.json", "releases/*/latest/*")


def statements(zones: Zones, bucket: str, prefix: str, *, aws: bool, secure: bool) -> list[dict[str, Any]]:
    """The statements for the store below ``prefix`` (empty or without a slash at its end) of a bucket.

    ``aws``: the server knows AWS's condition keys. ``secure``: it is reached by TLS, and only so.
    """
    root = f"{prefix}/" if prefix else ""

    def objects(*names: str) -> list[str]:
        return [f"arn:aws:s3:::{bucket}/{root}{name}" for name in names]

    made: list[dict[str, Any]] = []

    def add(
        name: str, effect: str, who: Sequence[str] | str, what: Iterable[str], where: list[str], **when: Any
    ) -> None:
        if not who:
            return
        statement = {
            "Sid": f"{OURS}{name}",
            "Effect": effect,
            "Principal": "*" if who == "*" else {"AWS": list(who)},
            "Action": sorted(what),
            "Resource": where,
        }
        made.append({**statement, "Condition": when} if when else statement)

    def listing(name: str, who: Sequence[str], *prefixes: str) -> None:
        below = [f"{root}{one}*" for one in prefixes]
        add(
            f"{name}List", "Allow", who, ("s3:ListBucket",), [f"arn:aws:s3:::{bucket}"], StringLike={"s3:prefix": below}
        )  # fmt: skip

    by = zones.principals
    engineer, reviewer, officer = (by.get(role, ()) for role in ("engineer", "reviewer", "officer"))
    signers = sorted({*reviewer, *officer})
    # Who builds: writes what is made, reads all but rejects, and decides nothing.
    work = ("scrubbed/*", "evidence/*", "quality/*", "releases/*", "erasures/*")
    add("EngineerWork", "Allow", engineer, (*_READ, *_WRITE), objects(*work))
    add("EngineerRecord", "Allow", engineer, (*_READ, *_WRITE), objects("ledger/*"))
    add("EngineerPeople", "Allow", engineer, _READ, objects("people/*"))
    add("EngineerReject", "Allow", engineer, (*_WRITE, "s3:DeleteObject"), objects("quarantine/*"))
    made_again = ("scrubbed/*", "evidence/*", "quality/*", "releases/*/shards/*")
    add("EngineerPurge", "Allow", engineer, ("s3:DeleteObject",), objects(*made_again))
    listing("Engineer", engineer, "")
    # A grant elsewhere (a role's own policy) does not undo these.
    deciding = objects(*(f"releases/{name}" for name in _DECIDED), "people/*")
    builders = sorted(set(engineer) - set(signers))
    add("EngineerDecidesNothing", "Deny", builders, _WRITE, deciding)
    # Who reviews: reads what the decision rests on, writes decisions.
    add("ReviewRead", "Allow", signers, _READ, objects("releases/*", "evidence/*", "quality/*", "erasures/*"))
    add("ReviewRecord", "Allow", signers, (*_READ, *_WRITE), objects("ledger/*"))
    add("ReviewDecide", "Allow", signers, _WRITE, objects(*(f"releases/{name}" for name in _REVIEWED)))
    add("ReviewPeople", "Allow", signers, _READ, objects("people/*"))
    add("OfficerPeople", "Allow", officer, _WRITE, objects("people/*"))
    listing("Review", signers, "releases/", "evidence/", "quality/", "erasures/", "ledger/", "people/")
    # Training jobs: releases, and nothing else.
    training = by.get("training", ())
    add("TrainingRead", "Allow", training, _READ, objects("releases/*"))
    listing("Training", training, "releases/")
    private = [zone for zone in zones.zones if zone.private]
    for zone in private:
        for unit, owners in zones.units.items():
            name = "".join(part.title() for part in unit.replace("_", "-").split("-"))
            add(f"Owner{name}Read", "Allow", owners, _READ, objects(f"{zone.prefix}{unit}/*"))
            listing(f"Owner{name}", owners, f"{zone.prefix}{unit}/")
            if aws:
                add(
                    f"Only{name}Reads", "Deny", "*", _READ, objects(f"{zone.prefix}{unit}/*"),
                    ArnNotLike={"aws:PrincipalArn": list(owners) or ["arn:aws:iam::000000000000:role/nobody"]},
                )  # fmt: skip
        owners_all = sorted({arn for owners in zones.units.values() for arn in owners})
        if aws:
            add(
                "OnlyOwnersRead", "Deny", "*", _READ, objects(f"{zone.prefix}*"),
                ArnNotLike={"aws:PrincipalArn": owners_all or ["arn:aws:iam::000000000000:role/nobody"]},
            )  # fmt: skip
    add("NobodyRemoves", "Deny", "*", ("s3:DeleteObject", "s3:DeleteObjectVersion"), objects(*_KEPT))
    if aws:
        # AWS refuses the write itself unless it says If-None-Match.
        add("WrittenOnce", "Deny", "*", _WRITE, objects(*_ONCE), Null={"s3:if-none-match": "true"})
    if secure:
        everything = [f"arn:aws:s3:::{bucket}", *objects("*")]
        add("OnlyByTls", "Deny", "*", ("s3:*",), everything, Bool={"aws:SecureTransport": "false"})
    return made


def merged(there: dict[str, Any] | None, ours: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A bucket's policy with our statements in the place of those that were ours before; others' are kept."""
    kept = [one for one in (there or {}).get("Statement", ()) if not str(one.get("Sid", "")).startswith(OURS)]
    return {"Version": "2012-10-17", "Statement": [*kept, *ours]}


def same(one: Any, other: Any) -> bool:
    """Whether two statements say the same: servers give lists of one back as a single value, and in their own order."""
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        found = sorted((_plain(inner) for inner in value), key=str)
        return found[0] if len(found) == 1 else found
    return value
