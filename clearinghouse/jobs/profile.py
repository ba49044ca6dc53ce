"""What is counted of kept rows, so that snapshots can be compared: numbers and bins, never a value.

A profile is plain JSON, and profiles add up: that of a partition or a snapshot is the sum of its units of work.

    rows        kept rows
    nulls       rows without a value, by field
    lengths     rows by length of a text field: bin n holds texts of 2^(n-1) to 2^n - 1 code points, bin 0 empty ones
    values      rows by value of a field of few values; those that the contract's `enum` states by their names, others
                by a keyed hash; ``None`` where there are more than `MOST_VALUES`
    languages   texts by language of a free-text field, of some rows alone: see `LOOKED_AT`

Fields that hold personal data, and all that scrubbing changed, are counted by their nulls alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from governance.pseudonyms import Key
    from schemas.contract import Contract, Policy
    from schemas.manifest import Receipt

MOST_VALUES = 32
LOOKED_AT = 256
"""Languages are told of about so many rows at the beginning of a unit of work, then of one row in `SPARSE`: a language
that one row in twenty is in is then counted to within three in a hundred rows (two standard errors), and two such counts
of five languages have a population stability index of about 0.03 by chance, where a contract warns at 0.25."""
SPARSE = 64
HEAD = 400
"""Characters of a text that its language is told by."""
_KINDS = ("lengths", "values", "languages")


class Profiler:
    """Counts batches of clean rows, one after another."""

    def __init__(self, contract: Contract, policy: Policy, key: Key) -> None:
        from schemas.plans import redaction_plan

        self._key, self._dataset = key, contract.key
        self.rows = 0
        self.nulls: Counter[str] = Counter()
        self.lengths: dict[str, Counter[str]] = {}
        self.values: dict[str, Counter[str] | None] = {}
        self.languages: dict[str, Counter[str]] = {}
        self._stated = {field.name: {str(value) for value in field.enum} for field in contract.fields}
        self._stored: list[str] = []
        for field, plan in zip(contract.fields, redaction_plan(contract, policy).fields, strict=True):
            if plan.action == "drop":
                continue
            self._stored.append(field.name)
            plain = plan.action == "keep" and plan.entity is None
            identifies = field.primary_key or field.unique or field.classification.startswith("identifier")
            if plan.action == "scan":
                self.lengths[field.name] = Counter()
                self.languages[field.name] = Counter()
            elif plain and not identifies and field.type in ("string", "boolean", "integer"):
                self.values[field.name] = Counter()
                if field.type == "string" and not field.enum:
                    self.lengths[field.name] = Counter()

    def add(self, batch: pa.RecordBatch) -> None:
        """Count the rows of a batch in the snapshot's schema."""
        from transforms.language import guess

        step = max(1, -(-len(batch) // LOOKED_AT)) if self.rows < LOOKED_AT else SPARSE
        self.rows += len(batch)
        for name in self._stored:
            self.nulls[name] += batch.column(name).null_count
        for name, lengths in self.lengths.items():
            found = pc.drop_null(pc.utf8_length(batch.column(name))).to_numpy(zero_copy_only=False)
            # The binary exponent is the number of bits of the length: its bin.
            bins = np.bincount(np.frexp(found.astype(np.float64))[1])
            lengths.update({str(place): int(count) for place, count in enumerate(bins) if count})
        for name, languages in self.languages.items():
            texts = batch.column(name).take(pa.array(range(0, len(batch), step), pa.int64()))
            languages.update(guess([text[:HEAD] for text in texts.to_pylist() if text]))
        for name, values in self.values.items():
            if values is not None:
                self._count(name, values, batch.column(name))

    def _count(self, name: str, values: Counter[str], column: pa.Array) -> None:
        counted = pc.value_counts(pc.drop_null(column))
        if len(counted) <= MOST_VALUES:
            for value, count in zip(counted.field(0).to_pylist(), counted.field(1).to_pylist(), strict=True):
                values[self._label(name, value)] += count
        if len(counted) > MOST_VALUES or len(values) > MOST_VALUES:
            self.values[name] = None

    def _label(self, name: str, value: Any) -> str:
        text = str(value)
        if isinstance(value, bool) or text in self._stated[name]:
            return text
        return "#" + self._key.hash("_drift", text, self._dataset)[:6].hex()

    def as_dict(self) -> dict[str, Any]:
        """The profile, without what counts nothing."""
        return {
            "rows": self.rows,
            "nulls": {name: self.nulls[name] for name in self._stored},
            "lengths": {name: dict(sorted(bins.items())) for name, bins in self.lengths.items()},
            "values": {
                name: None if found is None else dict(sorted(found.items())) for name, found in self.values.items()
            },
            "languages": {name: dict(sorted(tags.items())) for name, tags in self.languages.items()},
        }


def total(receipts: Iterable[Receipt]) -> dict[str, Any] | None:
    """The sum of units of work, with ``redacted`` values by entity; ``None`` where one was not counted."""
    made: dict[str, Any] = {"rows": 0, "nulls": {}, "lengths": {}, "values": {}, "languages": {}, "redacted": {}}
    for receipt in receipts:
        if not receipt.profile:
            return None
        made["rows"] += receipt.profile["rows"]
        _add(made["nulls"], receipt.profile["nulls"])
        for kind in _KINDS:
            for name, counts in receipt.profile[kind].items():
                there = made[kind].setdefault(name, {})
                if counts is None or there is None:
                    made[kind][name] = None
                    continue
                _add(there, counts)
                if kind == "values" and len(there) > MOST_VALUES:
                    made[kind][name] = None
        for name, count in receipt.redactions.items():
            _, entity, action, _ = name.split("|", 3)
            if action != "keep":
                _add(made["redacted"], {entity: count})
    return made


def _add(there: dict[str, int], counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        there[name] = there.get(name, 0) + count
