"""One batch from typed rows to clean rows with evidence: recognisers, policy, pseudonyms and Arrow put together.

Lane 1: a column whose classification says what it is gets its action whole, without a look inside. Lane 2: values of
those columns are looked for in the record's own free text. Lane 3: free text is scanned, and each find gets the
policy's action for its entity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from clearinghouse.evidence import EVIDENCE, HASH_SCOPE, joined, rows_of, same, words
from governance.known_values import KnownValues
from governance.names.combined import CombinedEngine
from governance.names.engine import NameEngine
from governance.pseudonyms import DROPPED, MASK, PLACEHOLDER, Key, placeholder, short_name
from governance.recognisers.engine import PatternEngine, Spans
from governance.recognisers.merge import merge_spans
from governance.recognisers.regions import regions_for
from schemas.arrow_schema import ID, PARTITION, POSITION, snapshot_schema
from schemas.contract import Contract, Policy
from schemas.plans import FieldPlan, redaction_plan
from transforms.redact import apply_spans, as_text, cells_to_replace, fill_cells, replace_cells

Ints = npt.NDArray[np.int64]

COLUMN = "column"
"""The recogniser and the reason of a redaction that the contract's classification decided."""


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

    Raises `ContractError` where the contract is looser than the policy.
    """

    def __init__(self, contract: Contract, policy: Policy, key: Key, *, backend: str = "auto") -> None:
        self.contract, self.policy, self.key, self.backend = contract, policy, key, backend
        self.plan = redaction_plan(contract, policy)
        self.schema = snapshot_schema(contract, policy)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.contract, self.policy, self.key, self.backend)

    def __call__(self, batch: pa.RecordBatch) -> Scrubbed:
        """Scrubs `batch`: ``_id``, ``_partition``, ``_position`` and the contract's fields in the types of
        `schemas.arrow_schema.source_schema`. The result has `snapshot_schema`, the same rows in the same order."""
        work = _Batch(self, batch)
        columns: dict[str, pa.Array] = {name: batch.column(name) for name in (ID, PARTITION, POSITION)}
        for plan in self.plan:
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


def _rebuild(contract: Contract, policy: Policy, key: Key, backend: str) -> Scrubber:
    return Scrubber(contract, policy, key, backend=backend)


@lru_cache(maxsize=64)
def default_engine(regions: tuple[str, ...], backend: str = "auto", public_figures: bool = False) -> CombinedEngine:
    """The recognisers of free text that ingest and ``clearinghouse scan`` share, made once a process.

    With ``public_figures`` a name beside a public role (a director, a singer) is told and stays: for units whose text
    is about them.
    """
    patterns = PatternEngine(regions, backend=backend)  # type: ignore[arg-type]
    return CombinedEngine(patterns, NameEngine(public_figures=public_figures))


def keeps_public_figures(policy: Policy, unit: str) -> bool:
    """Whether the policy lets public figures stand in this unit's text."""
    return policy.action_for("PUBLIC_FIGURE", unit=unit, where="text").action == "keep"


class _Batch:
    """The moving parts of one batch."""

    def __init__(self, scrubber: Scrubber, batch: pa.RecordBatch) -> None:
        self.scrubber, self.contract, self.batch = scrubber, scrubber.contract, batch
        self.evidence: list[pa.RecordBatch] = []
        self.redactions: Counter[str] = Counter()
        self.not_scanned: Counter[str] = Counter()
        self.chars: Counter[str] = Counter()
        # Remembered for this batch alone: the values are personal data.
        self.hash = lru_cache(maxsize=1 << 16)(scrubber.key.value_hash)
        self.known = KnownValues(
            {p.field: p.entity for p in scrubber.plan if p.entity and p.action not in ("keep", "scan")}
        )

    def field(self, plan: FieldPlan, column: pa.Array) -> pa.Array | None:
        """The column after its action; ``None`` where it is dropped."""
        if plan.action == "keep":
            return column
        if plan.action == "scan":
            return self._scan(plan, column)
        return self._whole(plan, column)

    # --- whole columns ---

    def _whole(self, plan: FieldPlan, column: pa.Array) -> pa.Array | None:
        texts = as_text(column)
        wanted = cells_to_replace(texts, PLACEHOLDER)
        rows = np.flatnonzero(wanted)
        entity = plan.entity or plan.classification.partition(".")[0].upper()
        if len(rows):
            self._note_cells(plan, entity, rows, texts.take(pa.array(rows)))
        if plan.action == "drop":
            return None
        if plan.action == "mask":
            return fill_cells(texts, wanted, MASK)
        if plan.action == "placeholder":
            return fill_cells(texts, wanted, placeholder(entity))
        scope = self._scope(plan.scope)
        if isinstance(scope, str):
            return replace_cells(texts, wanted, lambda value: self._pseudonym(entity, value, scope))
        cells = texts.take(pa.array(rows)).to_pylist()
        names = [self._pseudonym(entity, value, scope[row]) for row, value in zip(rows.tolist(), cells, strict=True)]
        return pc.replace_with_mask(texts, pa.array(wanted), pa.array(names, texts.type))

    def _note_cells(self, plan: FieldPlan, entity: str, rows: Ints, cells: pa.Array) -> None:
        count = len(rows)
        self.redactions[f"{plan.field}|{entity}|{plan.action}|{COLUMN}"] += count
        coded = pc.dictionary_encode(cells)
        hashes = [self._evidence_hash(entity, value) for value in coded.dictionary.to_pylist()]
        self._note(
            plan,
            rows,
            start=pa.array(np.zeros(count, dtype=np.int32)),
            end=pc.cast(pc.utf8_length(cells), pa.int32()),
            entity=same(entity, count),
            score=pa.array(np.ones(count, dtype=np.float32)),
            recogniser=same(COLUMN, count),
            reason=same(COLUMN, count),
            action=same(plan.action, count),
            value_hash=pa.array(hashes, pa.string()).take(coded.indices),
        )

    # --- free text ---

    def _scan(self, plan: FieldPlan, column: pa.Array) -> pa.Array:
        texts = as_text(column)
        self.chars[f"{plan.field}|scanned"] += pc.sum(pc.utf8_length(texts)).as_py() or 0
        for language, rows in self._languages(plan):
            part = texts if rows is None else texts.take(pa.array(rows))
            engine = default_engine(
                regions_for(plan.region, language),
                self.scrubber.backend,
                keeps_public_figures(self.scrubber.policy, self.contract.unit),
            )
            found = engine.scan(part, [language] if language else None)
            known = self.known.scan(self.batch, part, None if rows is None else rows.tolist())
            spans = merge_spans((known, found))
            self.not_scanned.update(f"{plan.field}|{reason}" for _, reason in sorted(set(spans.skipped)))
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

    def _languages(self, plan: FieldPlan) -> Iterator[tuple[str, Ints | None]]:
        """Each language with its rows, ``None`` for all of them. It decides which countries' numbers are looked
        for; a language column that does not come along says nothing."""
        document = self.contract.document
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
        rules = [
            self.scrubber.policy.action_for(
                entity, unit=self.contract.unit, field=plan.field, language=plan.language or language, where="text"
            )
            for entity in spans.entities
        ]
        # "scan" means nothing for a find: it has been found. What is public stays unless a rule names it.
        actions = ["placeholder" if rule.action == "scan" else rule.action for rule in rules]
        named = np.array([rule.entity == entity for rule, entity in zip(rules, spans.entities, strict=True)])
        kept = np.array([action == "keep" for action in actions])
        keep = kept[spans.entity] | (spans.keep & ~named[spans.entity])
        scopes = [self._scope(rule.scope) for rule in rules]
        places = spans.row if rows is None else rows[spans.row]
        found = np.unique(spans.row)
        lines = dict(zip(found.tolist(), texts.take(pa.array(found)).to_pylist(), strict=True))
        replacements, hashes, done = [], [], []
        for i, span in enumerate(spans):
            code = int(spans.entity[i])
            action = "keep" if keep[i] else actions[code]
            self.redactions[f"{plan.field}|{span.entity}|{action}|{span.recogniser}"] += 1
            if keep[i]:
                continue
            value, scope = lines[span.row][span.start : span.end], scopes[code]
            reach = scope if isinstance(scope, str) else scope[int(places[i])]
            replacements.append(self._replacement(action, span.entity, value, reach))
            hashes.append(self._evidence_hash(span.entity, value))
            done.append(action)
        gone = np.flatnonzero(~keep)
        if not len(gone):
            return texts
        self.chars[f"{plan.field}|covered"] += int((spans.end[gone] - spans.start[gone]).sum())
        self._note(
            plan,
            places[gone],
            start=pa.array(spans.start[gone].astype(np.int32)),
            end=pa.array(spans.end[gone].astype(np.int32)),
            entity=words(spans.entity[gone], spans.entities),
            score=pa.array(spans.score[gone]),
            recogniser=words(spans.recogniser[gone], spans.recognisers),
            reason=words(spans.reason[gone], spans.reasons),
            action=pa.array(done, pa.string()).dictionary_encode(),
            value_hash=pa.array(hashes, pa.string()),
        )
        return apply_spans(texts, spans.row[gone], spans.start[gone], spans.end[gone], replacements)

    # --- both ---

    def _replacement(self, action: str, entity: str, value: str, scope: str) -> str:
        if action == "pseudonym":
            return self._pseudonym(entity, value, scope)
        if action == "mask":
            return MASK
        return DROPPED if action == "drop" else placeholder(entity)

    def _pseudonym(self, entity: str, value: str, scope: str) -> str:
        return f"<{entity}:{short_name(self.hash(entity, value, scope))}>"

    def _evidence_hash(self, entity: str, value: str) -> str:
        return self.hash(entity, value, HASH_SCOPE)[:16].hex()

    def _scope(self, scope: str) -> str | list[str]:
        """How far one pseudonym reaches, as text: one for all rows, or one for each."""
        if scope == "group":
            return ""
        if scope == "unit":
            return self.contract.unit
        if scope == "dataset":
            return self.contract.key
        document = self.contract.document
        name = document.group if document is not None and document.kind == "chat" and document.group else ID
        marks = as_text(self.batch.column(name)).to_pylist()
        ids = self.batch.column(ID).to_pylist()
        return [f"{self.contract.key}/{mark or own}" for mark, own in zip(marks, ids, strict=True)]

    def _note(self, plan: FieldPlan, rows: Ints, **columns: pa.Array) -> None:
        columns |= {
            "dataset": same(self.contract.key, len(rows)),
            "field": same(plan.field, len(rows)),
            "policy": same(self.scrubber.policy.digest, len(rows)),
        }
        self.evidence.append(rows_of(self.batch, rows, **columns))


__all__ = ["COLUMN", "EVIDENCE", "Scrubbed", "Scrubber"]
