"""The queue of an audit: documents of the sample, verdicts by two readers on their own, and who settles the rest.

A verdict is written once and stays. A leak is marked by where it stands and what it is, never by what it says. Each
reader sees the sample in the same order and nobody else's verdicts; what two readers say differently, or are unsure of,
goes to a third person. Who built the release does not read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from clearinghouse.jobs.audit_rows import Document, documents, frozen
from clearinghouse.jobs.audit_sample import AuditError, Item, Sample, folder, load, release_of
from clearinghouse.jobs.record import now
from clearinghouse.settings import Settings
from schemas.canonical import canonical_json
from schemas.errors import IntegrityError
from schemas.manifest import ReleaseManifest

if TYPE_CHECKING:
    from infra.store import Store

VerdictName = Literal["clean", "leak", "over-redacted", "unsure"]
VERDICTS: tuple[VerdictName, ...] = ("clean", "leak", "over-redacted", "unsure")
#: Requests to a remote store that are under way at once.
_AT_ONCE = 16
MOST_SPANS = 200


@dataclass(frozen=True, order=True)
class Span:
    """Code points ``start`` to ``end`` of part number ``part`` of a document, and what they are."""

    part: int
    start: int
    end: int
    entity: str


@dataclass(frozen=True)
class Verdict:
    """What one reader says of one row. ``harmful``: its content is unlawful or harmful, whatever it leaks."""

    row: int
    reader: str
    verdict: VerdictName
    spans: tuple[Span, ...] = ()
    harmful: bool = False
    at: str = ""

    @property
    def leaks(self) -> tuple[Span, ...]:
        return self.spans if self.verdict == "leak" else ()


class Audit:
    """One release's audit, as it stands in the store. Nothing is read before it is asked for."""

    def __init__(self, store: Store, ref: ReleaseRef, manifest: ReleaseManifest, sample: Sample) -> None:
        self.store, self.ref, self.manifest, self.sample = store, ref, manifest, sample

    @classmethod
    def open(cls, settings: Settings, release: str) -> Audit:
        """Raises `NotFoundByName`, `AuditError` before a sample is drawn, or `IntegrityError`."""
        from infra.store import open_store

        store = open_store(settings.store)
        ref, manifest = release_of(store, release)
        return cls(store, ref, manifest, load(store, ref, manifest))

    @cached_property
    def gone(self) -> frozenset[int]:
        """Rows of the sample that were frozen since: nobody reads them."""
        return frozen(self.store, self.ref) & frozenset(self.sample.by_row)

    @property
    def closed(self) -> bool:
        return self.store.stat(result_key(self.ref)) is not None

    @cached_property
    def built_by(self) -> frozenset[str]:
        """Who built the release, as far as it says."""
        from infra.store import NotFound

        key = f"{self.ref.folder}/built.json"
        try:
            found = catalog.parsed(self.store.read(key), key).get("by")
        except NotFound:
            return frozenset()
        return frozenset(map(str, found)) if isinstance(found, list) else frozenset()

    @cached_property
    def known(self) -> frozenset[str] | None:
        """The people of the store's registry, ``None`` for a store that is not governed."""
        from clearinghouse.jobs.people import in_force

        found = in_force(self.store)
        return None if found is None else frozenset(one.name for one in found[1].people)

    # --- reading ---

    def verdicts(self) -> list[Verdict]:
        """Every verdict of every reader, by row and reader."""
        found = [self._verdict(data, key) for key, data in self._objects("verdicts")]
        return sorted(found, key=lambda one: (one.row, one.reader))

    def adjudications(self) -> dict[int, Verdict]:
        """What a third person settled, by row."""
        return {one.row: one for one in (self._verdict(data, key) for key, data in self._objects("adjudications"))}

    def queue(self, reader: str) -> list[Item]:
        """What a reader has yet to read: rows that two read and the reader has not, then rows that one reads and
        nobody has. Empty where others have done it all."""
        self._may_read(reader)
        given, me, double = self._given(), _name(reader), self.sample.double
        return [
            item
            for item in self.sample.items
            if item.row not in self.gone
            and me not in (there := given.get(item.row, set()))
            and len(there) < (2 if item.row in double else 1)
        ]

    def _given(self) -> dict[int, set[str]]:
        """Names of the readers of each row, as keys have them: no verdict is read for it."""
        found: dict[int, set[str]] = {}
        for entry in self.store.list(f"{folder(self.ref)}/verdicts/"):
            row, _, reader = entry.key.rpartition("/")[2].removesuffix(".json").partition("-")
            if row.isdigit():
                found.setdefault(int(row), set()).add(reader)
        return found

    def documents(self, rows: Iterable[int], reader: str, via: str) -> Iterator[Document]:
        """Documents of the sample by row, ascending. That they were shown is written down before they are."""
        self._may_read(reader)
        items = self.sample.by_row
        unknown = sorted(set(rows) - set(items))
        if unknown:
            raise AuditError(f"not in the sample of {self.ref}: row {', '.join(map(str, unknown[:10]))}")
        wanted = {row: items[row].id for row in rows if row not in self.gone}
        if wanted:
            self.log_view(reader, sorted(wanted), via)
        yield from documents(self.store, self.manifest, wanted)

    def log_view(self, reader: str, rows: Sequence[int], via: str) -> int:
        """Write down that a reader is shown rows, by what (``terminal``, ``csv``, ``desk``); returns the number."""
        return log_view(self.store, self.ref, reader, rows, via)

    def views(self) -> Iterator[dict[str, Any]]:
        """Who was shown which rows, oldest first: number, reader, rows, via, at."""
        return viewed(self.store, self.ref)

    def progress(self) -> dict[str, int]:
        """How far reading is: ``rows`` to be read, ``read`` by somebody, ``twice`` to be read by two, ``both`` read by
        two. No verdict is looked at."""
        given, double = self._given(), self.sample.double
        rows = [item.row for item in self.sample.items if item.row not in self.gone]
        return {
            "rows": len(rows),
            "read": sum(row in given for row in rows),
            "twice": sum(row in double for row in rows),
            "both": sum(len(given.get(row, ())) > 1 for row in rows if row in double),
        }

    def disagreements(self) -> list[int]:
        """Rows that a third person has to settle: readers differ, or one is unsure, or a second detector found what no
        reader marked."""
        settled = self.adjudications()
        by_row = _by_row(self.verdicts())
        second = self.second_finds()
        return [
            item.row
            for item in self.sample.items
            if item.row not in settled
            and item.row not in self.gone
            and (differ(by_row.get(item.row, ())) or _unmarked(second.get(item.row, ()), by_row.get(item.row, ())))
        ]

    def second_finds(self) -> dict[int, tuple[Span, ...]]:
        """What a second detector found in rows of the sample, empty where none was run."""
        from clearinghouse.jobs.audit_rescan import rescan_of

        found = rescan_of(self.store, self.ref)
        return {int(row): tuple(Span(*span) for span in spans) for row, spans in (found or {}).get("finds", {}).items()}

    # --- writing ---

    def add(self, verdict: Verdict) -> Verdict:
        """Write a verdict, dated now unless it says when. Raises `AuditError` where it may not be given: closed, not
        in the sample, given before, the builder's own, or not well formed."""
        faults = self.faults([verdict])
        if faults:
            raise AuditError("; ".join(faults.values()), state="nothing was written")
        return self.write(verdict)

    def write(self, verdict: Verdict) -> Verdict:
        """`add` for one that `faults` has looked at."""
        made = Verdict(**{**vars(verdict), "at": verdict.at or now()})
        if not self.store.put(self._key(made.row, made.reader), self._body(made), if_absent=True):
            raise AuditError(
                f"{made.reader} has given a verdict on row {made.row} already", state="the first one stands"
            )
        return made

    def faults(self, verdicts: Sequence[Verdict]) -> dict[int, str]:
        """Why verdicts may not be written, by place in the list; all of them at once."""
        return dict(self._faults(verdicts))

    def _faults(self, verdicts: Sequence[Verdict]) -> Iterator[tuple[int, str]]:
        if self.closed:
            yield from ((place, f"the audit of {self.ref} is closed") for place in range(len(verdicts)))
            return
        items, given = self.sample.by_row, self._given()
        seen: set[tuple[int, str]] = set()
        for place, one in enumerate(verdicts):
            said = self._fault(one, items, given) or (
                f"row {one.row} is there twice" if (one.row, one.reader) in seen else ""
            )
            seen.add((one.row, one.reader))
            if said:
                yield place, said

    def _fault(self, one: Verdict, items: Mapping[int, Item], given: Mapping[int, set[str]]) -> str:
        if fault := self._reader_fault(one.reader):
            return fault
        if one.row not in items:
            return f"row {one.row} is not in the sample"
        if one.row in self.gone:
            return f"row {one.row} is frozen: the person it is about is being erased"
        if _name(one.reader) in given.get(one.row, ()):
            return f"{one.reader} has given a verdict on row {one.row} already"
        if len(given.get(one.row, ())) >= 2:
            return f"row {one.row} was read by two others"
        return malformed(one)

    def adjudicate(self, verdict: Verdict) -> Verdict:
        """Settle a row on which readers differ. ``reader`` is the third person. Raises `AuditError`."""
        said = self._reader_fault(verdict.reader) or malformed(verdict)
        if not said and self.closed:
            said = f"the audit of {self.ref} is closed"
        if not said and verdict.verdict == "unsure":
            said = "who settles a row is not unsure of it"
        if not said and verdict.row not in self.disagreements():
            said = f"on row {verdict.row} there is nothing to settle"
        readers = {one.reader for one in self.verdicts() if one.row == verdict.row}
        if not said and verdict.reader in readers:
            said = f"{verdict.reader} has read row {verdict.row}; somebody else settles it"
        if said:
            raise AuditError(said, state="nothing was written")
        made = Verdict(**{**vars(verdict), "at": verdict.at or now()})
        key = f"{folder(self.ref)}/adjudications/{made.row:012d}.json"
        if not self.store.put(key, self._body(made), if_absent=True):
            raise AuditError(f"row {made.row} is settled already", state="the first word stands")
        return made

    def _reader_fault(self, reader: str) -> str:
        if not reader.strip() or reader != reader.strip():
            return "a verdict needs a reader's name"
        if reader in self.built_by:
            return f"{reader} built {self.ref} and does not read its sample"
        if self.known is not None and reader not in self.known:
            return f"{reader} is not in the registry of people"
        return ""

    def _may_read(self, reader: str) -> None:
        fault = self._reader_fault(reader)
        if fault:
            unknown = self.known is not None and reader not in self.known
            add = f"clearinghouse people add {reader} --role reviewer, then an officer: clearinghouse people anchor"
            raise AuditError(fault, fix=f"let somebody else read, or {add}" if unknown else "let somebody else read")

    def _body(self, one: Verdict) -> bytes:
        return canonical_json(
            {
                **asdict(one),
                "release": str(self.ref),
                "sample": self.sample.digest,
                "id": self.sample.by_row[one.row].id,
            }
        )

    def _key(self, row: int, reader: str) -> str:
        return f"{folder(self.ref)}/verdicts/{row:012d}-{_name(reader)}.json"

    def _objects(self, name: str) -> Iterator[tuple[str, bytes]]:
        keys = [entry.key for entry in self.store.list(f"{folder(self.ref)}/{name}/")]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            yield from zip(keys, pool.map(self.store.read, keys), strict=True)

    def _verdict(self, data: bytes, key: str) -> Verdict:
        raw = catalog.parsed(data, key)
        item = self.sample.by_row.get(raw.get("row", -1))
        if item is None or (raw.get("sample"), raw.get("id")) != (self.sample.digest, item.id):
            raise IntegrityError(
                f"{key} is a verdict on another sample than that of {self.ref}",
                state="nothing was counted",
                fix=f"restore {key} from a copy, or move it away",
            )
        try:
            spans = tuple(Span(**span) for span in raw["spans"])
            made = Verdict(raw["row"], raw["reader"], raw["verdict"], spans, raw["harmful"], raw["at"])
        except (KeyError, TypeError) as error:
            raise IntegrityError(f"{key} is no verdict ({type(error).__name__})", fix=f"restore {key}") from None
        if made.verdict not in VERDICTS:
            raise IntegrityError(f"{key} holds no verdict that is known", fix=f"restore {key}")
        return made


def log_view(store: Store, ref: ReleaseRef, reader: str, rows: Sequence[int], via: str) -> int:
    """Write down that somebody is shown evidence of a release, by what: rows of the sample, or none for a report. Returns
    the number of the note; none is ever changed."""
    from infra.store.sequence import append

    said = canonical_json({"reader": reader, "rows": list(rows), "via": via, "at": now()})
    return append(store, f"{folder(ref)}/views", lambda *_: said)


def viewed(store: Store, ref: ReleaseRef) -> Iterator[dict[str, Any]]:
    """What `log_view` wrote of a release, oldest first: number, reader, rows, via, at."""
    from infra.store.sequence import entries

    for number, entry in entries(store, f"{folder(ref)}/views"):
        yield {"number": number, **catalog.parsed(store.read(entry.key), entry.key)}


def _name(reader: str) -> str:
    """A reader in a key: a name may hold anything, its digest may not."""
    return sha256(reader.encode()).hexdigest()[:16]


def result_key(ref: ReleaseRef) -> str:
    return f"{ref.folder}/audit.json"


def malformed(one: Verdict) -> str:
    """What is wrong with a verdict by itself; empty for nothing."""
    if one.verdict not in VERDICTS:
        return f"a verdict is {', '.join(VERDICTS)}"
    if one.spans and one.verdict not in ("leak", "over-redacted"):
        return f"{one.verdict} marks nothing"
    if len(one.spans) > MOST_SPANS:
        return f"more than {MOST_SPANS} marks"
    if one.verdict == "leak" and not one.spans:
        return "a leak says where it stands and what it is"
    for span in one.spans:
        if span.part < 0 or not 0 <= span.start < span.end:
            return "a mark begins before it ends, in a part of the document"
        if one.verdict == "leak" and not _is_entity(span.entity):
            return "a leak is of an entity such as PHONE_NUMBER"
    return ""


def _is_entity(name: str) -> bool:
    return bool(name) and len(name) <= 64 and name.isascii() and name.replace("_", "").isalpha() and name.isupper()


def differ(verdicts: Sequence[Verdict]) -> bool:
    """Whether readers of one row differ in what counts (the verdict, or whether it is harmful), or one is unsure."""
    if any(one.verdict == "unsure" for one in verdicts):
        return True
    return len({(one.verdict, one.harmful) for one in verdicts}) > 1


def overlaps(one: Span, other: Span) -> bool:
    return one.part == other.part and one.start < other.end and other.start < one.end


def _unmarked(finds: Sequence[Span], verdicts: Sequence[Verdict]) -> bool:
    marks = [span for one in verdicts for span in one.leaks]
    return any(not any(overlaps(find, mark) for mark in marks) for find in finds)


def _by_row(verdicts: Iterable[Verdict]) -> dict[int, list[Verdict]]:
    found: dict[int, list[Verdict]] = {}
    for one in verdicts:
        found.setdefault(one.row, []).append(one)
    return found
