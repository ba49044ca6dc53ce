"""The plan of one ingest: which pieces of the source make up which unit of work.

A plan is pure in the source's bytes, the contract, the policy, the key and the code. It knows nothing of workers,
so that the same plan gives the same files on one worker and on a hundred.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from clearinghouse.code import code_version
from clearinghouse.jobs.context import Context
from schemas.canonical import canonical_json, digest
from schemas.errors import SourceChanged

if TYPE_CHECKING:
    from infra.sources import Piece

#: Bytes of source that one unit of work reads: small files are put together up to it, large ones are split by
#: their readers where their format allows.
UNIT_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True)
class UnitOfWork:
    """A slice of one partition; ``id`` is the digest of everything that decides what it writes."""

    id: str
    partition: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Plan:
    """What one run will do. ``basis`` holds the digests that the units' ids were made from, ``linked`` what there is
    to read of each data set that the contract links to. ``replaces`` are units of the newest snapshot that this plan's
    units take the place of, where it is not whole partitions that are replaced."""

    contract: str
    dataset: str
    partition: str | None
    basis: Mapping[str, str]
    units: tuple[UnitOfWork, ...]
    linked: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)
    replaces: tuple[str, ...] | None = None

    def to_json(self) -> bytes:
        return canonical_json(asdict(self))

    @property
    def key(self) -> str:
        """Where the plan stands in the store."""
        return f"plans/{digest(self.to_json())[:32]}.json"

    @classmethod
    def from_json(cls, data: bytes) -> Plan:
        from infra.sources import Piece

        raw = json.loads(data)
        raw["units"] = tuple(
            UnitOfWork(unit["id"], unit["partition"], tuple(Piece(**piece) for piece in unit["pieces"]))
            for unit in raw["units"]
        )
        raw["linked"] = {key: tuple(Piece(**p) for p in pieces) for key, pieces in raw.get("linked", {}).items()}
        replaces = raw.get("replaces")
        raw["replaces"] = tuple(replaces) if replaces is not None else None
        return cls(**raw)


def basis(context: Context, linked: Mapping[str, Sequence[Piece]]) -> dict[str, str]:
    """The digests that decide, together with the bytes read, what a unit of work writes.

    ``rows`` covers what contract and policy say about rows; prose, document templates and gates are not in it, so
    that a mended description does not scrub a year of data again. ``linked`` covers the sources of linked data sets:
    when they change, so may what is found in free text.
    """
    from schemas.plans import rows_digest

    found = {
        "rows": rows_digest(context.contract, context.policy),
        "key": context.key.id,
        "code": code_version(),
    }
    if any(rule.action == "encrypt" for rule in context.policy.rules):
        from clearinghouse.keys import load_sealing_key

        found["sealing_key"] = load_sealing_key().id
    if context.policy.recognisers:
        from governance.recognisers.external import identity

        found["models"] = "; ".join(map(identity, context.policy.recognisers))
    if context.contract.links:
        from clearinghouse.linked import linked_digests

        found["linked"] = digest(linked_digests(context, linked))
    return found


def make_plan(
    context: Context,
    pieces: Iterable[Piece],
    *,
    contract: str,
    partition: str | None,
    linked: Mapping[str, tuple[Piece, ...]] | None = None,
) -> Plan:
    """Everything that is to be read, in units of work. Pieces come sorted."""
    decided = basis(context, linked or {})
    return Plan(contract, context.contract.key, partition, decided, units_of(context, pieces, decided), linked or {})


def units_of(context: Context, pieces: Iterable[Piece], decided: Mapping[str, str]) -> tuple[UnitOfWork, ...]:
    """Group sorted pieces of a partition into units of about `UNIT_BYTES`. ``decided`` is their `basis`."""
    groups: list[list[Piece]] = []
    size = 0
    for piece in pieces:
        fits = groups and groups[-1][0].partition == piece.partition and size + piece.bytes <= UNIT_BYTES
        if fits:
            groups[-1].append(piece)
            size += piece.bytes
        else:
            groups.append([piece])
            size = piece.bytes
    units = []
    for group in groups:
        content = [[p.digest, p.member, p.start, p.stop, _place(p)] for p in group]
        name = digest({**decided, "dataset": context.contract.key, "partition": group[0].partition, "pieces": content})
        units.append(UnitOfWork(name[:32], group[0].partition, tuple(group)))
    return tuple(units)


def _place(piece: Piece) -> str:
    # The file's name, not its folder: `$file` can be a field, while a moved folder must not redo finished work.
    return piece.uri.rsplit("/", 1)[-1]


def load_plan(context_store: Any, key: str) -> Plan:
    """Read a plan back from the store."""
    return Plan.from_json(context_store.read(key))


_SAID = {
    "rows": "its contract or the policy",
    "key": "the pseudonym key",
    "code": "the program",
    "sealing_key": "the sealing key",
    "models": "a model of the policy",
    "linked": "the contract of a linked data set",
}


def same_basis(plan: Plan, context: Context) -> None:
    """Refuse to run a plan whose contract, policy, key or code is not the one at hand. Raises `SourceChanged`."""
    now = basis(context, plan.linked)
    changed = [name for name, value in plan.basis.items() if now.get(name) != value]
    if changed:
        raise SourceChanged(
            f"{plan.dataset}: {_SAID[changed[0]]} changed between plan and run",
            state="units already finished keep their receipts; nothing new was committed",
            fix=f"clearinghouse ingest {plan.contract}",
        )
