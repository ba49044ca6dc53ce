"""Evidence: a row for each redaction, each find that stays and each part not read: where, what, why, never the value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.arrow_schema import ID, PARTITION, POSITION
from transforms.redact import as_text

if TYPE_CHECKING:
    from governance.pseudonyms import Key
    from schemas.contract import Contract

_WORD = pa.dictionary(pa.int32(), pa.string())

EVIDENCE = pa.schema(
    [
        ("dataset", _WORD),
        ("id", pa.string()),
        ("document", pa.string()),
        ("partition", _WORD),
        ("position", pa.int64()),
        ("field", _WORD),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("length", pa.int32()),
        ("entity", _WORD),
        ("score", pa.float32()),
        ("recogniser", _WORD),
        ("reason", _WORD),
        ("action", _WORD),
        ("asked", _WORD),
        ("policy", _WORD),
        ("value_hash", pa.string()),
    ]
)
"""``document`` is the row's conversation as a keyed hash, else its id. ``start`` and ``end`` count code points of the
cell as it was, ``length`` those of what stands there now. ``reason`` is ``column`` or what decided in running text
(``pattern``, ``checksum``, ``context`` and so on). ``action`` is what was done and ``asked`` what the policy said: they
differ where a value did not allow it. Finds that stay have the action ``keep``; parts of free text that no recogniser
read have `NOT_SCANNED`, the reason, and neither entity nor hash. ``value_hash`` is 32 hex digits of the keyed hash of the normalised
value, in one scope for all data sets, so that an erasure request finds a value in the evidence of every snapshot, and
only with the key."""

HASH_SCOPE = "evidence"
NOT_SCANNED = "not_scanned"


def words(codes: npt.NDArray[np.int32], names: Sequence[str]) -> pa.DictionaryArray:
    """Codes with their names; names that do not occur are left out, so that equal columns have equal bytes."""
    present, places = np.unique(codes, return_inverse=True)
    return pa.DictionaryArray.from_arrays(
        pa.array(places.astype(np.int32)), pa.array([names[code] for code in present], pa.string())
    )


def same(word: str, count: int) -> pa.DictionaryArray:
    """One word `count` times."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, dtype=np.int32)), pa.array([word], pa.string()))


def rows_of(batch: pa.RecordBatch, rows: npt.NDArray[np.int64], **columns: pa.Array) -> pa.RecordBatch:
    """Evidence of redactions in `rows` of `batch`; `columns` holds all but the row's own identity and place."""
    places = pa.array(rows)
    columns |= {
        "id": batch.column(ID).take(places),
        "partition": pc.dictionary_encode(batch.column(PARTITION).take(places)),
        "position": batch.column(POSITION).take(places),
    }
    return pa.RecordBatch.from_arrays([columns[field.name] for field in EVIDENCE], schema=EVIDENCE)


def documents_of(batch: pa.RecordBatch, contract: Contract, key: Key) -> pa.Array:
    """The document of each row: a keyed hash of its conversation, else its own id."""
    ids, document = batch.column(ID), contract.document
    if document is None or not document.group or document.group not in batch.schema.names:
        return ids
    # With it come the recognisers, which whoever only reads evidence need not load.
    from clearinghouse.finds import per_value

    marks = per_value(
        as_text(batch.column(document.group)),
        lambda mark: key.hash("_conversation", mark, contract.key)[:16].hex(),
    )
    return pc.coalesce(marks, ids)


def joined(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    """All evidence of a batch as one, with one dictionary a column."""
    if not any(len(batch) for batch in batches):
        return _EMPTY
    table = pa.Table.from_batches(batches, EVIDENCE).unify_dictionaries().combine_chunks()
    return table.to_batches()[0]


_EMPTY = pa.RecordBatch.from_arrays([pa.array([], field.type) for field in EVIDENCE], schema=EVIDENCE)
