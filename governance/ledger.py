"""The ledger: who decided what, when and why, as a chain in which nothing can be changed unnoticed.

Every entry is canonical JSON (`schemas.canonical`) of exactly these fields:

    ordinal    its number, from 1
    previous   SHA-256 (FIPS 180-4) of the bytes of the entry before it; 64 zeros in the first
    kind       what sort of entry it is, e.g. ``decision``
    at         when, RFC 3339 in UTC, e.g. ``2026-01-31T08:00:00Z``
    actor      who
    body       what, a JSON object without floats

and, where it is signed, of

    signature  ``{"key": key id, "value": base64}``: Ed25519 (RFC 8032) over `payload`, the other six fields

A hash chain proves that nothing *before* an entry was changed, left out or put in. It cannot prove by itself that the
last entries were not cut off: for that, keep a `Head` elsewhere (`clearinghouse ledger verify` prints it) and hand it
to `verify`. This module is pure: bytes in, bytes out; who reads and writes them is not its business.

An entry of kind ``people`` anchors a registry (`schemas.registry`): names, roles and public keys. From the first one
on the ledger is *governed*: what is of a kind in `SIGNED` must be signed by the actor's own key, which the registry in
force knew and had not retired. The first registry is signed by an officer that it names itself, each later one by an
officer of the one before; so a copy of the entries is all that it takes to check them. Order counts, not clocks: a
retired key stays retired whatever time an entry gives itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from governance.signing import decode
from governance.signing import verify as signature_holds
from schemas.canonical import canonical_json, digest
from schemas.errors import IntegrityError
from schemas.merkle import Tree
from schemas.registry import NOBODY, SIGNING, People

#: Kinds of entries that a governed ledger has signed only, and the roles of which the signer must have one (none named:
#: anybody whom the registry knows).
SIGNED: Mapping[str, frozenset[str]] = {
    "people": frozenset(("officer",)),
    "decision": SIGNING,
    "signature": SIGNING,
    "waiver": SIGNING,
    "drift.accept": SIGNING,
    "policy": SIGNING,
    "audit": frozenset(("reviewer",)),
    "audit-draw": SIGNING,
    "erasure": frozenset(("officer",)),
    "key-rotation": frozenset(),
    "reveal": frozenset(),
}
PEOPLE = "people"
SIGNATURE = "signature"
FIELDS = ("ordinal", "previous", "kind", "at", "actor", "body")
#: What the first entry names as the digest of the one before it.
START = "0" * 64
_AT = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z")
_DIGEST = re.compile(r"[0-9a-f]{64}")
#: Remarks that are kept; the rest is counted (`Verifier.backwards`).
_REMARKS = 100

ProblemKind = Literal[
    "gap",
    "order",
    "ordinal",
    "link",
    "encoding",
    "fields",
    "truncated",
    "head",
    "unsigned",
    "signature",
    "people",
    "clock",
]
Sign = Callable[[bytes], Mapping[str, str]]
"""Makes the ``signature`` of a payload: `governance.signing.Signer.signature`."""


@dataclass(frozen=True)
class Head:
    """The end of a chain: the number of its last entry (0: no entry) and the SHA-256 of that entry's bytes."""

    ordinal: int
    digest: str

    def __str__(self) -> str:
        return f"{self.ordinal}:{self.digest}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """From ``<ordinal>:<64 hex>``, as `str` writes it. Raises ``ValueError``."""
        number, _, found = text.strip().partition(":")
        if not number.isascii() or not number.isdigit() or not _DIGEST.fullmatch(found):
            raise ValueError(f"{text!r} is not the head of a ledger: write <ordinal>:<64 hex digits>")
        return cls(int(number), found)


@dataclass(frozen=True)
class LedgerProblem:
    """One thing that is wrong with the entry of this number."""

    ordinal: int
    kind: ProblemKind
    message: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def make_entry(
    previous: bytes | None,
    ordinal: int,
    kind: str,
    actor: str,
    at: str,
    body: Mapping[str, Any],
    sign: Sign | None = None,
) -> bytes:
    """The bytes of the entry after ``previous`` (``None`` for the first, whose ordinal is 1), signed where asked for.

    Raises ``ValueError`` or ``TypeError`` for fields that an entry may not have, and `IntegrityError` where
    ``previous`` is not the sound entry of the number before: a broken chain is not made longer.
    """
    if not kind or not actor.strip():
        raise ValueError("an entry has a kind and an actor")
    if not _AT.fullmatch(at):
        raise ValueError(f"{at!r} is not an RFC 3339 time in UTC, such as 2026-01-31T08:00:00Z")
    _refuse_floats(body)
    before = 0 if previous is None else _sound_ordinal(previous)
    if ordinal != before + 1:
        raise IntegrityError(
            f"entry {ordinal} of the ledger cannot follow entry {before}",
            state="nothing was written",
            fix="clearinghouse ledger verify",
        )
    link = START if previous is None else digest(previous)
    entry = {"ordinal": ordinal, "previous": link, "kind": kind, "at": at, "actor": actor, "body": dict(body)}
    return canonical_json(entry if sign is None else {**entry, SIGNATURE: dict(sign(payload(entry)))})


def payload(entry: Mapping[str, Any]) -> bytes:
    """What a signature of the entry covers: its canonical JSON without ``signature``."""
    return canonical_json({name: entry[name] for name in FIELDS})


def verify(entries: Iterable[tuple[int, bytes]], head: Head | None = None) -> list[LedgerProblem]:
    """Everything that is wrong with a chain, in order; empty for a sound one.

    ``entries`` are (number under which it is stored, bytes), from the first on; they are looked at one by one, so
    that a ledger of any length takes the memory of two entries. ``head``, from an earlier time, must lie on the
    chain: that finds a cut-off end and a chain that was written anew. After a gap or a broken link the check goes
    on from the entry it met, so that one fault is told once.
    """
    return Verifier.over(entries, head).problems


class Verifier:
    """`verify` in steps, for callers that do more with each entry. `head` is where the chain ends so far.

    `remarks` are no faults of the chain but for people to know: an entry that gives itself an earlier time than the
    one before it. `people` is the registry in force, `None` while the ledger is not governed, and `root` the Merkle
    root (`schemas.merkle`) over the entries. ``tell`` gets every problem in the place of `problems`, whose number has
    no bound. Memory does not grow with the number of entries.
    """

    def __init__(self, expected: Head | None = None, *, tell: Callable[[LedgerProblem], None] | None = None) -> None:
        self.problems: list[LedgerProblem] = []
        self.remarks: list[LedgerProblem] = []
        self.head = Head(0, START)
        self.people: People | None = None
        self.signed = self.told = self.backwards = 0
        self._send = tell or self.problems.append
        self._entries = Tree()
        self._before = self._latest = ""
        self._expected = expected
        self._met = expected is None or expected == self.head

    @classmethod
    def over(cls, entries: Iterable[tuple[int, bytes]], head: Head | None = None) -> Verifier:
        made = cls(head)
        for number, data in entries:
            made.add(number, data)
        made.close()
        return made

    def add(self, number: int, data: bytes) -> dict[str, Any] | None:
        """Look at the next entry; returns it, or ``None`` where it cannot be read as one."""
        here = Head(number, digest(data))
        before = self.head
        if number <= before.ordinal:
            self._tell(number, "order", f"stands after entry {before.ordinal}")
        elif number != before.ordinal + 1:
            missing = before.ordinal + 1
            told = f"{missing}" if missing == number - 1 else f"{missing} to {number - 1}"
            self._tell(number, "gap", f"entries before it are missing: {told}")
        self.head = here
        self._entries.add(data)
        if self._expected is not None and number == self._expected.ordinal and not self._met:
            self._met = True
            if here != self._expected:
                self._tell(
                    number, "head", f"digest {here.digest} is not {self._expected.digest}, which was kept as the head"
                )
        entry = self._parse(number, data)
        if entry is None:
            return None
        if entry["ordinal"] != number:
            self._tell(number, "ordinal", f"says of itself that it is number {entry['ordinal']}")
        # After a gap there is nothing to compare with; the gap is told already.
        if number == before.ordinal + 1 and entry["previous"] != before.digest:
            self._tell(
                number,
                "link",
                f"names {entry['previous']} as the entry before it, but entry {before.ordinal} is {before.digest}"
                if before.ordinal
                else f"names {entry['previous']} before it, but it is the first",
            )
        self._clock(number, entry)
        self._signature(number, entry)
        if entry["kind"] == PEOPLE:
            self._registry(number, entry)
        return entry

    @property
    def root(self) -> str:
        """Merkle root over the bytes of all entries, in their order."""
        return self._entries.root

    def _clock(self, number: int, entry: Mapping[str, Any]) -> None:
        at = _seconds(entry["at"])
        if at < self._before:
            self.backwards += 1
            if len(self.remarks) < _REMARKS:
                message = (
                    f"entry {number} gives itself the time {entry['at']}, before that of the entry before it "
                    f"({self._before}): it was finished late, or a clock went back"
                )
                self.remarks.append(LedgerProblem(number, "clock", message))
        self._before = at
        self._latest = max(self._latest, at)

    def _signature(self, number: int, entry: Mapping[str, Any]) -> None:
        found, kind, actor = entry.get(SIGNATURE), entry["kind"], entry["actor"]
        registry = self.people
        if kind == PEOPLE and registry is None:
            # The first one vouches for itself: keep a head of the ledger elsewhere from then on.
            registry = anchored(entry)
        if found is None:
            needed = kind in SIGNED and (registry is not None or kind == PEOPLE)
            if needed and not (kind == "decision" and actor == NOBODY and entry["body"].get("verdict") == "reject"):
                self._tell(number, "unsigned", f"({kind} by {actor}) is not signed")
            return
        # Times of a registry sort as text, and the ledger's order counts where a clock says otherwise.
        fault = signer_fault(registry, kind, actor, str(found["key"]), self._latest)
        if not fault and registry is not None:
            owner = registry.key(str(found["key"]))
            raw = decode(found["value"])
            if owner is None or raw is None or not signature_holds(owner[1].raw, raw, payload(entry)):
                fault = f"does not have the signature of {actor}: it was changed, or signed with another key"
        if fault:
            self._tell(number, "signature", fault)
        else:
            self.signed += 1

    def _registry(self, number: int, entry: Mapping[str, Any]) -> None:
        found = anchored(entry)
        if found is None:
            self._tell(number, "people", "holds no registry of people that can be read, or not the one that it names")
        else:
            self.people = found

    def close(self) -> None:
        """There are no more entries."""
        if not self._met and self._expected is not None:
            self._tell(
                self._expected.ordinal,
                "truncated",
                f"is missing: it was kept as the head, but the ledger ends at {self.head.ordinal}",
            )

    def _parse(self, number: int, data: bytes) -> dict[str, Any] | None:
        try:
            entry = json.loads(data)
            canonical = canonical_json(entry)
        except (ValueError, RecursionError):
            self._tell(number, "encoding", "is not JSON")
            return None
        if not isinstance(entry, dict):
            self._tell(number, "fields", "is not a JSON object")
            return None
        if canonical != data:
            self._tell(number, "encoding", "is not canonical JSON: it was written by hand or changed")
        wrong = _wrong_fields(entry)
        if wrong:
            self._tell(number, "fields", wrong)
            return None
        return entry

    def _tell(self, number: int, kind: ProblemKind, message: str) -> None:
        self.told += 1
        self._send(LedgerProblem(number, kind, f"entry {number} {message}"))


def anchored(entry: Mapping[str, Any]) -> People | None:
    """The registry in an entry of kind ``people``, or ``None`` where it is none or has not the digest that it states."""
    body = entry["body"]
    try:
        found = People.from_facts(body.get("registry"))
    except ValueError:
        return None
    return found if found.digest == body.get("digest") else None


def signer_fault(registry: People | None, kind: str, actor: str, key: str, at: str) -> str:
    """What keeps the actor from signing an entry of that kind with the key of that id; empty for nothing.

    ``at`` is the latest time that the ledger has seen (RFC 3339, whole seconds, UTC).
    """
    if registry is None:
        return "is signed, but no registry of people before it says whose key that is"
    owner = registry.key(key)
    if owner is None:
        return f"is signed with a key that the registry does not know ({key[:16]}…)"
    person, known = owner
    if person.name != actor:
        return f"says that it is {actor}'s, but the key is {person.name}'s"
    if not known.good_at(at):
        late = known.until is not None and known.until <= at
        when = f"was retired on {known.until}" if late else f"is good from {known.since} on"
        return f"is signed with a key of {actor} that {when}"
    wanted = SIGNED.get(kind, frozenset())
    if wanted and not wanted & set(person.roles):
        return f"is signed by {actor}, who is {' and '.join(person.roles)}; {kind} takes {' or '.join(sorted(wanted))}"
    return ""


def _seconds(at: str) -> str:
    """A time to the second, so that times sort as text."""
    return at if len(at) == 20 else at[:19] + "Z"


def _wrong_fields(entry: Mapping[str, Any]) -> str:
    """What keeps a JSON object from being an entry; empty for none."""
    missing = [name for name in FIELDS if name not in entry]
    extra = sorted(set(entry) - {*FIELDS, SIGNATURE})
    if missing or extra:
        parts = [f"lacks {', '.join(missing)}"] if missing else []
        return " and ".join([*parts, *([f"has more than an entry may: {', '.join(extra)}"] if extra else [])])
    wrong = [
        name
        for name, fine in (
            ("ordinal", type(entry["ordinal"]) is int and entry["ordinal"] > 0),
            ("previous", isinstance(entry["previous"], str) and bool(_DIGEST.fullmatch(entry["previous"]))),
            ("kind", isinstance(entry["kind"], str) and bool(entry["kind"])),
            ("at", isinstance(entry["at"], str) and bool(_AT.fullmatch(entry["at"]))),
            ("actor", isinstance(entry["actor"], str) and bool(entry["actor"].strip())),
            ("body", isinstance(entry["body"], dict)),
            (SIGNATURE, SIGNATURE not in entry or _is_signature(entry[SIGNATURE])),
        )
        if not fine
    ]
    return f"has a {', '.join(wrong)} that an entry may not have" if wrong else ""


def _is_signature(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"key", "value"}
        and all(isinstance(part, str) for part in value.values())
        and bool(_DIGEST.fullmatch(value["key"]))
    )


def _sound_ordinal(previous: bytes) -> int:
    try:
        entry = json.loads(previous)
        if isinstance(entry, dict) and canonical_json(entry) == previous and not _wrong_fields(entry):
            return int(entry["ordinal"])
    except (ValueError, RecursionError):
        pass
    raise IntegrityError(
        "the newest entry of the ledger is damaged", state="nothing was written", fix="clearinghouse ledger verify"
    )


def _refuse_floats(value: Any) -> None:
    """Floats have no canonical form in `canonical_json`; keys must be strings, or two could become one."""
    if isinstance(value, float):
        raise TypeError("the body of an entry holds no floats: write exact decimals as strings")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError("the keys in the body of an entry are strings")
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
