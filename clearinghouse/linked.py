"""Values that linked records declare, held for a stretch of the rows that point at them and then let go.

A contract's links (`schemas.contract_links`) and the conversations of a chat lead from rows to other records: of
another data set of the unit, or of the same unit of work. Their sources are read in stream, projected to the key and
the columns that declare something; only values of keys that the stretch holds are kept, in memory. Nothing is
written or logged, and one hop is all: what a linked record is itself linked to is not looked up.

Memory is bounded by the stretch (`clearinghouse.jobs.unit.WINDOW_BYTES` of typed rows) and by `MOST_VALUES` for its keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from clearinghouse.scrub import declaring_columns
from governance.known_values import SEARCHED, Declared
from schemas.arrow_schema import arrow_type
from schemas.contract import Contract, Link
from schemas.contract_document import talk_of
from schemas.errors import ClearinghouseError
from schemas.plans import redaction_plan, rows_digest

if TYPE_CHECKING:
    from clearinghouse.jobs.context import Context
    from infra.sources import Piece

MOST_VALUES = 4_000_000
"""Values for the keys of one window; more is refused, because one key with so many values is a fault of the link."""
_KEY, _VALUE, _NONE = "k", "v", "\0"


@dataclass(frozen=True)
class Relation:
    """One link ready to be followed: whose rows, by which fields, and what they declare.

    ``columns`` maps columns of ``contract`` to entities. ``pieces`` is where to read them.
    """

    contract: Contract
    fields: tuple[tuple[str, str], ...]
    columns: Mapping[str, str]
    pieces: tuple[Piece, ...]
    where: str
    label: str


def following(context: Context) -> list[tuple[Link, Contract, dict[str, str]]]:
    """The contract's links that lead to declared values, with the contract and the columns of each."""
    found = []
    for link in context.contract.links:
        other = context.contract if link.dataset == context.contract.key else context.linked[link.dataset]
        columns = _declares(context, other)
        columns = {name: entity for name, entity in columns.items() if name not in {there for _, there in link.fields}}
        if columns:
            found.append((link, other, columns))
    return found


def linked_pieces(context: Context) -> dict[str, tuple[Piece, ...]]:
    """What there is to read of every linked data set now, by key.

    Raises `SourceUnavailable`, or `SourceUnreadable` as it is, with the contract's line.
    """
    from infra.sources import list_pieces

    out: dict[str, tuple[Piece, ...]] = {}
    for link, other, _ in following(context):
        if other.key not in out:
            with _told(context, link):
                out[other.key] = tuple(list_pieces(other.source))
    return out


def linked_digests(context: Context, pieces: Mapping[str, Sequence[Piece]]) -> list[object]:
    """All that decides which values links give, for the identity of units of work."""
    out: list[object] = []
    for link, other, columns in following(context):
        inputs = [[p.digest, p.member, p.start, p.stop] for p in pieces.get(other.key, ())]
        out.append([link.dataset, link.fields, sorted(columns), rows_digest(other, context.policy), inputs])
    return out


class Links:
    """The links of one unit of work. Falsy where there is nothing to follow."""

    def __init__(self, context: Context, pieces: Mapping[str, Sequence[Piece]], own: Sequence[Piece]) -> None:
        """``pieces`` of the linked data sets are the plan's; ``own`` are those of the unit of work."""
        self.context = context
        self.relations = [
            Relation(other, link.fields, columns, tuple(pieces.get(other.key, ())), _where(context, link), other.name)
            for link, other, columns in following(context)
        ]
        talk, columns = talk_of(context.contract), _declares(context, context.contract)
        self.talk: Relation | None = None
        if talk and columns:
            columns = {name: entity for name, entity in columns.items() if name != talk}
            group = ((talk, talk),)
            self.talk = Relation(context.contract, group, columns, tuple(own), context.contract.file, "conversation")

    def __bool__(self) -> bool:
        return bool(self.relations) or self.talk is not None

    def window(self, batches: Sequence[pa.RecordBatch], *, whole: bool) -> Window:
        """What is declared for the rows of some batches; ``whole`` says that they are all of the unit of work."""
        relations = list(self.relations)
        own: list[pa.RecordBatch] = []
        if self.talk is not None and whole:
            # All messages are at hand; a conversation within one batch is the search's own affair.
            own = list(batches) if len(batches) > 1 else []
        elif self.talk is not None:
            relations.append(self.talk)
        found = [_Values(one, _keys(batches, one), self._rows(one)) for one in relations]
        if own and self.talk is not None:
            found.append(_Values(self.talk, _keys(batches, self.talk), iter(own)))
        return Window(found)

    def _rows(self, relation: Relation) -> Iterator[pa.RecordBatch]:
        """The linked rows as typed columns: keys and what is declared."""
        from infra.sources import read_piece
        from transforms.validate import conform

        contract = relation.contract
        wanted = {*(there for _, there in relation.fields), *relation.columns}
        fields = tuple(replace(f, required=False) for f in contract.fields if f.name in wanted)
        schema = pa.schema([(f.name, arrow_type(f)) for f in fields])
        source = contract.source
        try:
            for piece in relation.pieces:
                for found in read_piece(source, piece, fields):
                    if len(found.batch):
                        yield conform(
                            found.batch,
                            schema,
                            fields,
                            null_values=source.null_values,
                            date_format=source.date_format,
                        ).batch
        except ClearinghouseError as error:
            raise _linked_error(error, relation.where, contract.key) from None


class Window:
    """Declared values for a stretch of rows; `of` gives those of one batch of it."""

    def __init__(self, values: Sequence[_Values]) -> None:
        self._values = values

    def of(self, batch: pa.RecordBatch) -> list[Declared]:
        """What other records declare for the rows of a batch."""
        return [declared for values in self._values for declared in values.of(batch)]


class _Values:
    """The distinct values of each declaring column of a relation, by key."""

    def __init__(self, relation: Relation, keys: pl.Series, rows: Iterable[pa.RecordBatch]) -> None:
        self.relation = relation
        parts: dict[str, list[pl.DataFrame]] = {name: [] for name in relation.columns}
        held = 0
        there = [name for _, name in relation.fields]
        if len(keys):
            for batch in rows:
                key = _key(batch, there)
                for name in relation.columns:
                    frame = pl.DataFrame({_KEY: key, _VALUE: pl.from_arrow(_text(batch.column(name)))})
                    frame = frame.filter(pl.col(_VALUE).is_not_null() & (pl.col(_VALUE) != "")).drop_nulls()
                    frame = frame.filter(pl.col(_KEY).is_in(keys.implode())).unique(maintain_order=True)
                    if len(frame):
                        parts[name].append(frame)
                        held += len(frame)
                if held > MOST_VALUES:
                    parts = {name: [pl.concat(f).unique()] if f else [] for name, f in parts.items()}
                    held = sum(len(frame) for frames in parts.values() for frame in frames)
                if held > MOST_VALUES:
                    raise ClearinghouseError(
                        f"{relation.where}: the link to {relation.contract.key} leads to more than {MOST_VALUES:,} "
                        "values for some thousand rows: its key does not tell records apart",
                        state="this unit of work wrote nothing; others that are finished keep their receipts",
                        fix="link by a key that names a record, then run the same command again",
                    )
        self.values = {name: pl.concat(frames).unique().sort(_KEY, _VALUE) for name, frames in parts.items() if frames}

    def of(self, batch: pa.RecordBatch) -> Iterator[Declared]:
        relation = self.relation
        key = _key(batch, [mine for mine, _ in relation.fields])
        rows = pl.DataFrame({_KEY: key, "row": np.arange(len(batch))}).drop_nulls()
        for name, frame in self.values.items():
            pairs = rows.join(frame, on=_KEY).sort("row", _VALUE)
            if not len(pairs):
                continue
            coded = pc.dictionary_encode(pairs[_VALUE].to_arrow().cast(pa.large_string()))
            yield Declared(
                relation.columns[name],
                f"{relation.label}.{name}",
                coded.dictionary,
                pairs["row"].to_numpy().astype(np.int64),
                coded.indices.to_numpy().astype(np.int64),
            )


def _declares(context: Context, contract: Contract) -> dict[str, str]:
    columns = declaring_columns(redaction_plan(contract, context.policy))
    return {name: entity for name, entity in columns.items() if entity in SEARCHED}


def _keys(batches: Sequence[pa.RecordBatch], relation: Relation) -> pl.Series:
    mine = [name for name, _ in relation.fields]
    return pl.concat([_key(batch, mine) for batch in batches]).drop_nulls().unique()


def _key(batch: pa.RecordBatch, names: Sequence[str]) -> pl.Series:
    """One text for the key of each row, null where a part of it is null."""
    columns = [_text(batch.column(name)) for name in names]
    joined = (
        columns[0] if len(columns) == 1 else pc.binary_join_element_wise(*columns, pa.scalar(_NONE, columns[0].type))
    )
    found = pl.from_arrow(joined)
    assert isinstance(found, pl.Series)
    return found.cast(pl.String).alias(_KEY)


def _text(column: pa.Array) -> pa.Array:
    return column if column.type == pa.large_string() else pc.cast(column, pa.large_string())


def _where(context: Context, link: Link) -> str:
    return f"{context.contract.file}:{link.line}"


class _told:
    """Adds to an error of a linked source which contract and line ask for it."""

    def __init__(self, context: Context, link: Link) -> None:
        self.where, self.dataset = _where(context, link), link.dataset

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ClearinghouseError):
            raise _linked_error(error, self.where, self.dataset) from None


def _linked_error(error: ClearinghouseError, where: str, dataset: str) -> ClearinghouseError:
    return type(error)(
        f"{where}: the linked data set {dataset} cannot be read: {error.message}",
        state=error.state or "nothing was committed; without its values, free text would keep what it declares",
        fix=f"mend the source of {dataset}, or take the link out of the contract, then run the same command again",
    )
