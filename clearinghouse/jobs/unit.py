"""One unit of work: read its pieces, check, scrub, write clean rows, rejects and evidence, and leave a receipt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from clearinghouse.jobs.context import Context
from clearinghouse.jobs.plan import Plan, UnitOfWork
from clearinghouse.jobs.scratch import scratch
from clearinghouse.jobs.writer import ParquetSink
from infra.lean import give_back
from schemas.errors import AccountingError
from schemas.manifest import Counts, Receipt, SnapshotManifest

if TYPE_CHECKING:
    from clearinghouse.linked import Window
    from clearinghouse.scrub import Scrubbed
    from clearinghouse.subjects import Entries
    from infra.sources import Piece, SourceBatch

WINDOW_BYTES = 32 * 1024 * 1024
"""Typed rows that wait while the sources of their links are read once for all of them."""

QUARANTINE = pa.schema(
    [
        ("dataset", pa.string()),
        ("partition", pa.string()),
        ("input", pa.string()),
        ("input_digest", pa.string()),
        ("start", pa.int64()),
        ("position", pa.int64()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("sample", pa.string()),
    ]
)
"""Rejects: where the row stands in the source, why it was refused, and its shape; never its value.

``position`` is the number of the line or record, from 1: in the file, or from byte (or row group) ``start`` of it on
where a large file was split.
"""


def receipt_key(context: Context, unit_id: str) -> str:
    return f"{context.scrubbed}/receipts/{unit_id}.json"


def run(context: Context, plan: Plan, unit: UnitOfWork, parent: SnapshotManifest | None) -> Receipt:
    """Do the work, or return the receipt of the time when it was done.

    Files go to the store under their digests first, the receipt last: killed in between, a rerun writes the same
    files again and nothing counts twice. Raises `SourceChanged`, `SourceUnavailable`, `AccountingError` or
    `StoreError`.
    """
    from infra.store import NotFound

    key = receipt_key(context, unit.id)
    try:
        return Receipt.from_json(context.store.read(key))
    except NotFound:
        pass
    with scratch() as folder:
        receipt = _Work(context, plan, unit, folder, parent).run()
    context.store.put(key, receipt.to_json(), if_absent=True)
    return receipt


class _Work:
    """The moving parts of one unit of work."""

    def __init__(
        self, context: Context, plan: Plan, unit: UnitOfWork, folder: Path, parent: SnapshotManifest | None
    ) -> None:
        from clearinghouse.jobs.erase_suppress import suppressed
        from clearinghouse.jobs.profile import Profiler
        from clearinghouse.linked import Links
        from clearinghouse.scrub import Scrubber
        from clearinghouse.subjects import Indexer, SubjectSink
        from schemas.arrow_schema import source_schema

        self.context, self.unit, self.basis = context, unit, dict(plan.basis)
        self.schema = source_schema(context.contract)
        self.scrubber = Scrubber(context.contract, context.policy, context.key)
        self.links = Links(context, plan.linked, unit.pieces)
        self.waiting: list[pa.RecordBatch] = []
        self.waiting_bytes = 0
        self.whole = True
        self.window: Window | None = None
        self.profiler = Profiler(context.contract, context.policy, context.key)
        self.data = ParquetSink(folder, "data")
        self.quarantine = ParquetSink(folder, "quarantine")
        self.evidence = ParquetSink(folder, "evidence")
        self.subjects = SubjectSink(folder)
        self.indexer = Indexer(context.contract, context.policy, context.key)
        self.suppressed = suppressed(context.store, context.key)
        self.filtered: Counter[str] = Counter()
        self.quarantined: Counter[str] = Counter()
        self.redactions: Counter[str] = Counter()
        self.not_scanned: Counter[str] = Counter()
        self.chars: Counter[str] = Counter()
        self.rows_in = self.duplicates = 0
        self.drift: set[str] = set()
        self.keys = [field.name for field in context.contract.fields if field.primary_key]
        self.seen = set(_committed(context, unit, parent))

    def run(self) -> Receipt:
        from infra.sources import SourceUnreadable, together

        unread: list[SourceUnreadable] = []
        for piece in self.unit.pieces:
            try:
                for found in self._read(piece):
                    if unread:
                        break  # only looked into, so that all that cannot be read is told at once
                    self._take(piece, found)
            except SourceUnreadable as error:
                unread.append(error)
        if unread:
            raise together(unread)
        self._scrub_waiting()
        counts = Counts(
            rows_in=self.rows_in,
            kept=self.data.rows,
            filtered=dict(sorted(self.filtered.items())),
            quarantined=dict(sorted(self.quarantined.items())),
            duplicates=self.duplicates,
        )
        if not counts.balanced:
            raise AccountingError(
                f"{self.context.contract.key}, unit {self.unit.id}: {counts.rows_in} rows in are not "
                f"{counts.kept} kept + {sum(counts.filtered.values())} erased + {sum(counts.quarantined.values())} "
                f"quarantined + {counts.duplicates} duplicates",
                state="nothing of this unit was committed",
                fix="this is a bug: please report it with the unit's id",
            )
        contract, store = self.context.contract, self.context.store
        place = f"{contract.unit}/{contract.name}"
        cursors = [piece.cursor for piece in self.unit.pieces if piece.cursor]
        return Receipt(
            unit_id=self.unit.id,
            partition=self.unit.partition,
            inputs=tuple(_input(piece) for piece in self.unit.pieces),
            counts=counts,
            data=self.data.finish(store, f"scrubbed/{place}/data"),
            quarantine=self.quarantine.finish(store, f"quarantine/{place}"),
            evidence=self.evidence.finish(store, f"evidence/{place}"),
            redactions=dict(sorted(self.redactions.items())),
            not_scanned=dict(sorted(self.not_scanned.items())),
            bytes_in=sum(piece.bytes for piece in self.unit.pieces),
            cursor=dict(cursors[-1]) if cursors else None,
            chars=dict(sorted(self.chars.items())),
            basis=self.basis,
            drift=tuple(sorted(self.drift)),
            profile=self.profiler.as_dict(),
            subjects=self.subjects.finish(store, f"scrubbed/{place}/subjects"),
            suppressed=self.suppressed.digest,
        )

    def _read(self, piece: Piece) -> Iterator[SourceBatch]:
        from infra.sources import read_piece

        return iter(read_piece(self.context.contract.source, piece, self.context.contract.fields))

    def _take(self, piece: Piece, found: SourceBatch) -> None:
        from transforms.validate import conform

        self.rows_in += len(found.batch) + len(found.rejects)
        self.drift.update(f"{one.kind}:{one.column}" for one in found.drift)
        refused: list[tuple[int, tuple[str, ...], str]] = [
            (r.position, (r.reason,), r.sample or "") for r in found.rejects
        ]
        if not len(found.batch):
            self._refuse(piece, refused)
            return
        source = self.context.contract.source
        fit = conform(
            found.batch,
            self.schema,
            self.context.contract.fields,
            null_values=source.null_values,
            date_format=source.date_format,
        )
        if fit.reasons:
            rows = list(fit.reasons)
            positions = found.positions.take(pa.array(rows)).to_pylist()
            samples = _samples(found.batch, rows)
            refused += zip(positions, fit.reasons.values(), samples, strict=True)
        self._refuse(piece, sorted(refused))
        if not len(fit.batch):
            return
        positions = found.positions.take(fit.kept)
        identified = self._with_identity(piece, fit.batch, positions)
        if not self.links:
            self._scrub(identified)
            return
        # Linked records are read once for many rows, which wait for it here.
        if self.waiting and self.waiting_bytes + identified.nbytes > WINDOW_BYTES:
            self.whole = False
            self._scrub_waiting()
        self.waiting.append(identified)
        self.waiting_bytes += identified.nbytes

    def _scrub_waiting(self) -> None:
        waiting, self.waiting, self.waiting_bytes = self.waiting, [], 0
        if waiting:
            self.window = self.links.window(waiting, whole=self.whole)
        for batch in waiting:
            self._scrub(batch)
        self.window = None

    def _scrub(self, identified: pa.RecordBatch) -> None:
        scrubbed, entries = self._scrubbed(identified)
        erased = self.suppressed.rows(entries)
        if erased:
            # Of subjects who were erased nothing stays, no evidence and no entry either.
            keep = [index for index, own in enumerate(identified.column("_id").to_pylist()) if own not in erased]
            self.filtered["erased"] += len(identified) - len(keep)
            if not keep:
                return
            identified = identified.take(pa.array(keep, pa.int64()))
            scrubbed, entries = self._scrubbed(identified)
        if self.seen:
            fresh = [index for index, mark in enumerate(_marks(scrubbed.batch)) if mark not in self.seen]
            if len(fresh) < len(identified):
                # Scrub what is new once more, so that evidence and counts speak of kept rows alone.
                self.duplicates += len(identified) - len(fresh)
                if not fresh:
                    return
                identified = identified.take(pa.array(fresh, pa.int64()))
                scrubbed, entries = self._scrubbed(identified)
        give_back()
        self.data.write(scrubbed.batch)
        self.profiler.add(scrubbed.batch)
        self.evidence.write(scrubbed.evidence)
        self.subjects.add(entries)
        self.redactions.update(scrubbed.redactions)
        self.not_scanned.update(scrubbed.not_scanned)
        self.chars.update(scrubbed.chars)

    def _scrubbed(self, batch: pa.RecordBatch) -> tuple[Scrubbed, Entries]:
        beyond = self.window.of(batch) if self.window is not None else ()
        scrubbed = self.scrubber(batch, beyond)
        return scrubbed, self.indexer.entries(batch, scrubbed, beyond)

    def _with_identity(self, piece: Piece, batch: pa.RecordBatch, positions: pa.Int64Array) -> pa.RecordBatch:
        dataset, key = self.context.contract.key, self.context.key
        if self.keys:
            texts = [pc.cast(batch.column(name), pa.large_string()).to_pylist() for name in self.keys]
            names = ["\0".join("\1" if part is None else part for part in row) for row in zip(*texts, strict=True)]
        else:
            # A row without a key is the place where it stands in bytes that never change.
            stem = f"{piece.digest}\0{piece.member or ''}\0{piece.start or 0}\0"
            names = [f"{stem}{position}" for position in positions.to_pylist()]
        ids = pa.array([key.hash("_id", name, dataset)[:16].hex() for name in names], pa.string())
        partition = pa.array([piece.partition] * len(batch), pa.string())
        return pa.RecordBatch.from_arrays(
            [ids, partition, positions, *batch.columns],
            names=["_id", "_partition", "_position", *batch.schema.names],
        )

    def _refuse(self, piece: Piece, rows: Sequence[tuple[int, tuple[str, ...], str]]) -> None:
        """Set rows aside: position, reasons (at least one) and the row as text, in the source's order."""
        if not rows:
            return
        from governance.masking import shape

        # One reason counts, so that the reasons add up to the rows; the others stand in `detail`.
        self.quarantined.update(reasons[0] for _, reasons, _ in rows)
        name = piece.uri.rsplit("/", 1)[-1] + (f"!{piece.member}" if piece.member else "")
        self.quarantine.write(
            pa.RecordBatch.from_pylist(
                [
                    {
                        "dataset": self.context.contract.key,
                        "partition": piece.partition,
                        "input": name,
                        "input_digest": piece.digest,
                        "start": piece.start,
                        "position": position,
                        "reason": reasons[0],
                        "detail": ", ".join(reasons[1:]),
                        "sample": shape(sample),
                    }
                    for position, reasons, sample in rows
                ],
                QUARANTINE,
            )
        )


def _samples(batch: pa.RecordBatch, rows: Sequence[int]) -> list[str]:
    """The rejected rows as text, for their masked shape. Long cells are cut before they are joined."""
    taken = batch.take(pa.array(rows, pa.int64()))
    return ["|".join("" if value is None else str(value)[:40] for value in row.values()) for row in taken.to_pylist()]


def _input(piece: Piece) -> dict[str, Any]:
    """What a receipt says of a piece: enough to find it again at the unit, nothing of its content."""
    fields = asdict(piece)
    fields["uri"] = piece.uri.rsplit("/", 1)[-1]
    return {name: value for name, value in fields.items() if value is not None and name != "partition"}


def _marks(batch: pa.RecordBatch) -> Iterator[bytes]:
    """A digest of each scrubbed row, its place in the source left out: equal rows have equal marks.

    Scrubbing is a function of the value and the key, so rows are equal after it when they were equal before.
    """
    names = [name for name in batch.schema.names if name not in ("_partition", "_position")]
    columns = [pc.cast(batch.column(name), pa.large_string()).to_pylist() for name in names]
    for row in zip(*columns, strict=True):
        found = blake2b(digest_size=16)
        for value in row:
            data = b"\0" if value is None else b"\1" + value.encode()
            found.update(len(data).to_bytes(8, "little") + data)
        yield found.digest()


def _committed(context: Context, unit: UnitOfWork, parent: SnapshotManifest | None) -> Iterator[bytes]:
    """Marks of committed rows that an incremental pull may meet again: those at or above its lower bound."""
    import pyarrow.parquet as pq

    cursor = next((piece.cursor for piece in unit.pieces if piece.cursor), None)
    if cursor is None or parent is None or cursor.get("low") is None:
        return
    low, column = cursor["low"], cursor["column"]
    for receipt in parent.receipts:
        if receipt.cursor is None or _below(receipt.cursor.get("high"), low) or receipt.partition == unit.partition:
            continue  # a partition pulled again replaces itself
        for entry in receipt.data:
            with context.store.open(entry.key) as source:
                for batch in pq.ParquetFile(source).iter_batches(batch_size=8192):
                    yield from _marks(_at_or_above(batch, column, low))


def _below(high: Any, low: Any) -> bool:
    return high is not None and type(high) is type(low) and high < low


def _at_or_above(batch: pa.RecordBatch, column: str, low: Any) -> pa.RecordBatch:
    place = batch.schema.get_field_index(column)
    if place < 0:
        return batch
    values = batch.column(place)
    try:
        bound = pa.scalar(low).cast(values.type)
        keep = pc.fill_null(pc.greater_equal(values, bound), True)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return batch
    return batch.filter(keep)
