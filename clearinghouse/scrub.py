"""One batch from typed rows to clean rows with evidence: recognisers, policy, pseudonyms and Arrow put together.

Lane 1: a column whose classification says what it is gets its action whole, without a look inside. Lane 2: values of
those columns are looked for in the record's own free text. Lane 3: free text is scanned, and each find gets the
policy's action for its entity.

Scrubbing twice is scrubbing once. Placeholders are left alone by every recogniser. Surrogates and generalised networks
are blotted out before anything looks. Where an action leaves text that could be looked at again (a surrogate, a
generalised value, the work of a Presidio operator), the row is scrubbed once more on the spot; should that change it,
its finds become pseudonyms and placeholders instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from clearinghouse.evidence import EVIDENCE, HASH_SCOPE, NOT_SCANNED, joined, rows_of, same, words
from clearinghouse.evidence import documents_of as documents_of_rows
from clearinghouse.finds import Finds, counted, per_value
from clearinghouse.keys import load_sealing_key
from governance.actions.done import Blotter, back
from governance.actions.replace import LIVE, Order, Replacer
from governance.known_values import Declared, KnownValues
from governance.names.combined import OF_NAMES, CombinedEngine
from governance.pseudonyms import PLACEHOLDER, Key
from governance.recognisers.engine import NOT_TEXT, PatternEngine, Spans
from governance.recognisers.external import ExternalEngine
from governance.recognisers.merge import merge_spans
from governance.recognisers.normalise import fold
from governance.recognisers.regions import regions_for
from governance.recognisers.seen import Seen
from schemas.arrow_schema import ID, PARTITION, POSITION, snapshot_schema
from schemas.contract import Contract, External, Policy
from schemas.contract_document import documents_of, fields_said, images_of, leading, talk_of
from schemas.plans import FieldPlan, redaction_plan
from transforms.documents_image import clean_cells, clean_references, is_bytes
from transforms.normalise_text import normalise
from transforms.redact import as_text, cells_to_replace

Ints = npt.NDArray[np.int64]

COLUMN = "column"
"""The recogniser and the reason of a redaction that the contract's classification decided."""

IMAGE = "IMAGE"
"""What stands for an entity where a picture lost its metadata, a reference its query, or a cell was no picture."""


@dataclass(frozen=True)
class Scrubbed:
    """What one batch became.

    ``evidence`` follows `clearinghouse.evidence.EVIDENCE`. ``redactions`` counts by
    ``<field>|<entity>|<action>|<recogniser>``, finds that stay with action ``keep``; ``not_scanned`` counts cells by
    ``<field>|<reason>``; ``chars`` counts code points of free text by ``<field>|scanned`` and ``<field>|covered``.
    """

    batch: pa.RecordBatch
    evidence: pa.RecordBatch
    redactions: Counter[str]
    not_scanned: Counter[str]
    chars: Counter[str]


class Scrubber:
    """Scrubs batches of one data set. Picklable; a worker process compiles its automata once.

    ``sealing`` is the key for ``action: encrypt``; without it the key is loaded where the policy needs one. Raises
    `ContractError` where the contract is looser than the policy, and `KeyMissing`.
    """

    def __init__(
        self, contract: Contract, policy: Policy, key: Key, *, backend: str = "auto", sealing: Key | None = None
    ) -> None:
        self.contract, self.policy, self.key, self.backend = contract, policy, key, backend
        self.plan = redaction_plan(contract, policy)
        self.schema = snapshot_schema(contract, policy)
        actions = {plan.action for plan in self.plan} | {
            rule.action
            for rule in policy.rules
            if rule.where != "column" and (not rule.units or contract.unit in rule.units)
        }
        self.sealing = sealing or (load_sealing_key() if "encrypt" in actions else None)
        #: Fields that documents say.
        self.said = frozenset[str]().union(*map(fields_said, documents_of(contract)))
        self.images = {name: is_bytes(contract.field(name)) for name in sorted(images_of(contract))}
        self.seen = Seen()
        self.blot = Blotter(surrogates="surrogate" in actions, networks="generalise" in actions)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.contract, self.policy, self.key, self.backend, self.sealing)

    def __call__(self, batch: pa.RecordBatch, beyond: Sequence[Declared] = ()) -> Scrubbed:
        """Scrubs `batch`: ``_id``, ``_partition``, ``_position`` and the contract's fields in the types of
        `schemas.arrow_schema.source_schema`. The result has `snapshot_schema`, the same rows in the same order.
        ``beyond`` are values that other records declare for rows of the batch; they are looked for too."""
        work = _Batch(self, batch, beyond)
        columns: dict[str, pa.Array] = {name: batch.column(name) for name in (ID, PARTITION, POSITION)}
        # Free text last: by then it is known which cells hold nothing new to look for in it.
        for plan in sorted(self.plan, key=lambda plan: plan.action == "scan"):
            column = work.field(plan, batch.column(plan.field))
            if column is not None:
                columns[plan.field] = column
        arrays = [
            columns[field.name] if columns[field.name].type == field.type else pc.cast(columns[field.name], field.type)
            for field in self.schema
        ]
        return Scrubbed(
            batch=pa.RecordBatch.from_arrays(arrays, schema=self.schema),
            evidence=joined(work.evidence),
            redactions=work.redactions,
            not_scanned=work.not_scanned,
            chars=work.chars,
        )


def _rebuild(contract: Contract, policy: Policy, key: Key, backend: str, sealing: Key | None) -> Scrubber:
    return Scrubber(contract, policy, key, backend=backend, sealing=sealing)


@lru_cache(maxsize=64)
def default_engine(
    regions: tuple[str, ...],
    backend: str = "auto",
    public_figures: bool = False,
    external: tuple[External, ...] = (),
    entities: tuple[str, ...] | None = None,
) -> CombinedEngine | ExternalEngine:
    """The recognisers of free text that ingest and ``clearinghouse scan`` share, made once a process.

    With ``public_figures`` a name beside a public role (a director, a singer) is told and stays: for units whose text
    is about them. ``external`` are models of others that the policy calls in beside ours. ``entities``: what alone is
    looked for (`Policy.looked_for`); recognisers of nothing in it do not run.
    """
    patterns = PatternEngine(regions, entities, backend=backend)  # type: ignore[arg-type]
    names = None
    if entities is None or OF_NAMES & set(entities):
        # Its rules and lexicons take a second to load.
        from governance.names.engine import NameEngine

        names = NameEngine(public_figures=public_figures)
    ours = CombinedEngine(patterns, names, entities)
    return ExternalEngine(ours, external) if external else ours


def declaring_columns(plan: Iterable[FieldPlan]) -> dict[str, str]:
    """The columns whose values are looked for in free text, with their entities."""
    return {one.field: one.entity for one in plan if one.entity and one.action not in ("keep", "scan")}


def keeps_public_figures(policy: Policy, unit: str) -> bool:
    """Whether the policy lets public figures stand in this unit's text."""
    return policy.action_for("PUBLIC_FIGURE", unit=unit, where="text").action == "keep"


class _Batch:
    """The moving parts of one batch."""

    def __init__(self, scrubber: Scrubber, batch: pa.RecordBatch, beyond: Sequence[Declared]) -> None:
        self.scrubber, self.contract, self.batch, self.beyond = scrubber, scrubber.contract, batch, beyond
        #: `batch` without the cells that an earlier scrub has settled: nothing in free text is to be found by them.
        self.declared = batch
        self.evidence: list[pa.RecordBatch] = []
        self.redactions: Counter[str] = Counter()
        self.not_scanned: Counter[str] = Counter()
        self.chars: Counter[str] = Counter()
        # Remembered for this batch alone: the values are personal data.
        self.hash = lru_cache(maxsize=1 << 16)(scrubber.key.value_hash)
        self.replace = Replacer(self.hash, scrubber.sealing)
        self.known = KnownValues(declaring_columns(scrubber.plan), talk_of(self.contract))
        self._documents: pa.Array | None = None

    def field(self, plan: FieldPlan, column: pa.Array) -> pa.Array | None:
        """The column after its action; ``None`` where it is dropped."""
        if plan.field in self.scrubber.images:
            column = self._picture(plan.field, column)
            if self.scrubber.images[plan.field]:
                return column
        if plan.action == "keep":
            if plan.entity and len(column) > column.null_count:
                self.redactions[f"{plan.field}|{plan.entity}|keep|{COLUMN}"] += len(column) - column.null_count
            return self._normal(column) if plan.field in self.scrubber.said else column
        if plan.action == "scan":
            return self._scan(plan, column)
        return self._whole(plan, column)

    # --- whole columns ---

    def _whole(self, plan: FieldPlan, column: pa.Array) -> pa.Array | None:
        texts = as_text(column)
        wanted = cells_to_replace(texts, PLACEHOLDER)
        entity = plan.entity or plan.classification.partition(".")[0].upper()
        order = Order(plan.action, entity, plan.options)
        scope = self._scope(order, plan.scope, plan.field)
        rows = np.flatnonzero(wanted)
        cells = texts.take(pa.array(rows))
        if isinstance(scope, str):
            coded = pc.dictionary_encode(cells)
            made, done = self.replace(order, coded.dictionary.to_pylist(), scope)
            new, done_of = pa.array(made, texts.type).take(coded.indices), np.array(done, object)[coded.indices]
        else:
            made, done = self.replace(order, cells.to_pylist(), [scope[row] for row in rows.tolist()])
            new, done_of = pa.array(made, texts.type), np.array(done, object)
        if plan.action in LIVE:
            # A cell that stays as it is was settled before: a surrogate, or as coarse as it should be.
            fresh = pc.not_equal(new, cells).to_numpy(zero_copy_only=False)
            self._forget(plan.field, rows[~fresh])
            rows, cells, new, done_of = (
                rows[fresh],
                cells.filter(pa.array(fresh)),
                new.filter(pa.array(fresh)),
                done_of[fresh],
            )
        if len(rows):
            self._note_cells(plan, entity, rows, cells, new, done_of)
        if plan.action == "drop":
            return None
        mask = np.zeros(len(texts), dtype=bool)
        mask[rows] = True
        return pc.replace_with_mask(texts, pa.array(mask), new)

    def _forget(self, name: str, rows: Ints) -> None:
        """Looks for nothing by these cells."""
        if len(rows):
            place = self.declared.schema.get_field_index(name)
            mask = np.zeros(len(self.batch), dtype=bool)
            mask[rows] = True
            column = self.declared.column(place)
            self.declared = self.declared.set_column(
                place, name, pc.if_else(pa.array(mask), pa.scalar(None, column.type), column)
            )

    def _note_cells(
        self, plan: FieldPlan, entity: str, rows: Ints, cells: pa.Array, new: pa.Array, done: npt.NDArray[Any]
    ) -> None:
        count = len(rows)
        for action, times in zip(*np.unique(done.astype(str), return_counts=True), strict=True):
            self.redactions[f"{plan.field}|{entity}|{action}|{COLUMN}"] += int(times)
        self._note(
            plan.field,
            rows,
            start=pa.array(np.zeros(count, dtype=np.int32)),
            end=pc.cast(pc.utf8_length(cells), pa.int32()),
            length=pc.cast(pc.utf8_length(new), pa.int32()),
            entity=same(entity, count),
            score=pa.array(np.ones(count, dtype=np.float32)),
            recogniser=same(COLUMN, count),
            reason=same(COLUMN, count),
            action=pa.array(done, pa.string()).dictionary_encode(),
            asked=same(plan.action, count),
            value_hash=per_value(cells, lambda value: self._evidence_hash(entity, value)),
        )

    def _picture(self, field: str, column: pa.Array) -> pa.Array:
        """Pictures without metadata, or references without what comes after their path."""
        column, counts = (clean_cells if self.scrubber.images[field] else clean_references)(as_text(column))
        for reason, count in counts.items():
            self.redactions[f"{field}|{IMAGE}|drop|{reason}"] += count
        return column

    # --- free text ---

    def _normal(self, column: pa.Array) -> pa.Array:
        """Text in normal form without mark-up; any other column as it is."""
        document = leading(self.contract)
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            return column
        return normalise(column, document.markup if document else "none")

    def _scan(self, plan: FieldPlan, column: pa.Array) -> pa.Array:
        # First, so that nothing which mark-up hides from the recognisers comes to light in a release.
        texts = self._normal(as_text(column))
        self.chars[f"{plan.field}|scanned"] += pc.sum(pc.utf8_length(texts)).as_py() or 0
        for language, rows in self._languages(plan):
            part = texts if rows is None else texts.take(pa.array(rows))
            spans = self._look(plan, language, part, rows)
            if spans.skipped:
                self._note_unscanned(plan, part, spans.skipped, rows)
            if not len(spans):
                continue
            part = self._redact(plan, language, part, spans, rows)
            if rows is None:
                texts = part
            else:
                mask = np.zeros(len(texts), dtype=bool)
                mask[rows] = True
                texts = pc.replace_with_mask(texts, pa.array(mask), part)
        return texts

    def _look(self, plan: FieldPlan, language: str, texts: pa.Array, rows: Ints | None) -> Spans:
        """All finds in `texts`, whose places in the batch are `rows`; what an earlier scrub left is not among them."""
        scrubber = self.scrubber
        origins: dict[int, list[int]] = {}
        if scrubber.blot:
            texts, origins = scrubber.blot(texts)
        engine = default_engine(
            regions_for(plan.region, language),
            scrubber.backend,
            keeps_public_figures(scrubber.policy, self.contract.unit),
            scrubber.policy.recognisers,
            scrubber.policy.looked_for,
        )
        found = scrubber.seen.scan(engine, texts, language)
        known = self.known.scan(self.declared, texts, None if rows is None else rows.tolist(), self.beyond)
        return back(merge_spans((known, found)), origins)

    def _languages(self, plan: FieldPlan) -> Iterator[tuple[str, Ints | None]]:
        """Each language with its rows, ``None`` for all of them. It decides which countries' numbers are looked
        for; a language column that does not come along says nothing."""
        document = leading(self.contract)
        stated = plan.language or (document.language if document else "auto")
        name = stated.removeprefix("field:")
        if name == stated or name not in self.batch.schema.names:
            yield "" if stated == "auto" or name != stated else stated, None
            return
        coded = pc.dictionary_encode(as_text(self.batch.column(name)), null_encoding="encode")
        codes, names = coded.indices.to_numpy(), coded.dictionary.to_pylist()
        for code in sorted(range(len(names)), key=lambda i: names[i] or ""):
            rows = np.flatnonzero(codes == code).astype(np.int64)
            yield names[code] or "", None if len(rows) == len(codes) else rows

    def _redact(self, plan: FieldPlan, language: str, texts: pa.Array, spans: Spans, rows: Ints | None) -> pa.Array:
        """`texts` with every span replaced as the policy says; `rows` are their places in the batch."""
        finds = self._decided(plan, language, texts, spans, rows)
        if finds.live.any():
            unsettled = self._unsettled(plan, language, finds.applied(texts), finds, rows)
            if len(unsettled):
                finds = self._decided(plan, language, texts, spans, rows, np.isin(spans.row, unsettled))
        self.redactions.update(counted(plan.field, finds))
        if finds.gone.any():
            self.chars[f"{plan.field}|covered"] += int((spans.end - spans.start)[finds.gone].sum())
        places = spans.row if rows is None else rows[spans.row]
        noted = finds.noted
        self._note(
            plan.field,
            places[noted],
            start=pa.array(spans.start[noted].astype(np.int32)),
            end=pa.array(spans.end[noted].astype(np.int32)),
            length=pa.array(finds.lengths()[noted].astype(np.int32)),
            entity=words(spans.entity[noted], spans.entities),
            score=pa.array(spans.score[noted]),
            recogniser=words(spans.recogniser[noted], spans.recognisers),
            reason=words(spans.reason[noted], spans.reasons),
            action=words(finds.done[noted], finds.actions),
            asked=words(finds.asked[noted], finds.actions),
            value_hash=finds.hashes(self._evidence_hash).filter(pa.array(noted)),
        )
        return finds.applied(texts)

    def _decided(
        self,
        plan: FieldPlan,
        language: str,
        texts: pa.Array,
        spans: Spans,
        rows: Ints | None,
        plain: npt.NDArray[np.bool_] | None = None,
    ) -> Finds:
        """What stands in place of each span. Where ``plain``, what could be looked at again is not used."""
        finds = Finds(texts, spans)
        for code, entity in enumerate(spans.entities):
            mine = np.flatnonzero(spans.entity == code)
            if not len(mine):
                continue
            rule = self.scrubber.policy.action_for(
                entity, unit=self.contract.unit, field=plan.field, language=plan.language or language, where="text"
            )
            # "scan" means nothing for a find: it has been found. What is public stays unless a rule names it.
            order = Order("placeholder" if rule.action == "scan" else rule.action, entity, rule.options)
            if rule.entity != entity:
                finds.keep(mine[spans.keep[mine]])
                mine = mine[~spans.keep[mine]]
            if order.action == "keep":
                finds.keep(mine)
                continue
            parts = [(mine, order)]
            if plain is not None and order.action in LIVE:
                instead = Order("pseudonym" if order.action == "surrogate" else "placeholder", entity)
                parts = [(mine[~plain[mine]], order), (mine[plain[mine]], instead)]
            for some, what in parts:
                if len(some):
                    scope = self._scope(what, rule.scope, plan.field)
                    if not isinstance(scope, str):
                        places = spans.row if rows is None else rows[spans.row]
                        scope = [scope[place] for place in places[some].tolist()]
                        if what.action == "encrypt" and not what.options.get("consistent", True):
                            scope = [f"{at}/{spans.start[i]}" for at, i in zip(scope, some.tolist(), strict=True)]
                    finds.put(some, what.action, order.action, *self.replace(what, finds.texts(some), scope))
        return finds

    def _unsettled(self, plan: FieldPlan, language: str, new: pa.Array, finds: Finds, rows: Ints | None) -> Ints:
        """Rows that another scrub would change, among those that hold more than placeholders."""
        touched = np.unique(finds.spans.row[finds.live])
        again = new.take(pa.array(touched))
        places = touched if rows is None else rows[touched]
        spans = self._look(plan, language, again, places)
        if not len(spans):
            return touched[:0]
        twice = self._decided(plan, language, again, spans, places).applied(again)
        return touched[pc.not_equal(again, twice).to_numpy(zero_copy_only=False)]

    def _note_unscanned(
        self, plan: FieldPlan, texts: pa.Array, skipped: Sequence[tuple[int, str]], rows: Ints | None
    ) -> None:
        """A row of evidence for each part of a cell that nothing looked at, and a count of cells by reason."""
        cells = sorted(set(skipped))
        self.not_scanned.update(f"{plan.field}|{reason}" for _, reason in cells)
        found: list[tuple[int, int, int, str]] = []
        for row, reason in cells:
            text = texts[row].as_py()
            parts = fold(text).skipped if reason == NOT_TEXT else ()
            found += [(row, start, end, reason) for start, end in parts or ((0, len(text)),)]
        count = len(found)
        places = np.array([row for row, _, _, _ in found], dtype=np.int64)
        start, end = (np.array([one[i] for one in found], dtype=np.int32) for i in (1, 2))
        self._note(
            plan.field,
            places if rows is None else rows[places],
            start=pa.array(start),
            end=pa.array(end),
            length=pa.array(end - start),
            entity=same("", count),
            score=pa.array(np.zeros(count, dtype=np.float32)),
            recogniser=same("", count),
            reason=pa.array([one[3] for one in found], pa.string()).dictionary_encode(),
            action=same(NOT_SCANNED, count),
            asked=same("scan", count),
            value_hash=pa.nulls(count, pa.string()),
        )

    # --- both ---

    def _evidence_hash(self, entity: str, value: str) -> str:
        return self.hash(entity, value, HASH_SCOPE)[:16].hex()

    def _scope(self, order: Order, scope: str, field: str) -> str | list[str]:
        """How far one pseudonym reaches, as text: one for all rows, or one for each."""
        if order.action == "encrypt" and not order.options.get("consistent", True):
            return [f"{self.contract.key}/{own}/{field}" for own in self.batch.column(ID).to_pylist()]
        if scope == "group":
            return ""
        if scope == "unit":
            return self.contract.unit
        if scope == "dataset":
            return self.contract.key
        name = talk_of(self.contract) or ID
        marks = as_text(self.batch.column(name)).to_pylist()
        ids = self.batch.column(ID).to_pylist()
        return [f"{self.contract.key}/{mark or own}" for mark, own in zip(marks, ids, strict=True)]

    def _documents_of(self) -> pa.Array:
        """The document of each row: a keyed hash of its conversation, else its own id."""
        if self._documents is None:
            self._documents = documents_of_rows(self.batch, self.contract, self.scrubber.key)
        return self._documents

    def _note(self, field: str, rows: Ints, **columns: pa.Array) -> None:
        columns |= {
            "dataset": same(self.contract.key, len(rows)),
            "document": self._documents_of().take(pa.array(rows)),
            "field": same(field, len(rows)),
            "policy": same(self.scrubber.policy.digest, len(rows)),
        }
        self.evidence.append(rows_of(self.batch, rows, **columns))


__all__ = ["COLUMN", "EVIDENCE", "Scrubbed", "Scrubber"]
