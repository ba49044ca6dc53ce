"""What a report shows of the text and of the evidence: masked windows around redactions, and strings redacted often.

Both are bounded, whatever the size of a release. Windows are looked for in row groups that the seed chooses, up to
`WINDOW_ROWS` rows; strings are counted by keyed hash over up to `EVIDENCE_ROWS` finds, files in the order that the seed
gives. The report says how much was looked at. No text leaves here unmasked.
"""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse.jobs.audit_rows import KEPT, texts
from governance.report.windows import pattern_of, window
from schemas.manifest import FileEntry, ReleaseManifest, Shard

if TYPE_CHECKING:
    from infra.store import Store

WINDOW_ROWS = 100_000
EVIDENCE_ROWS = 20_000_000
#: Windows of each entity.
EACH = 3
#: Strings that are told, and how many documents one must stand in.
MOST, LEAST = 12, 5
#: Distinct strings that are counted at once; beyond it the rarest are let go, and counts are lower bounds.
_DISTINCT = 1_000_000

#: The windows that drew lowest so far by entity, in order: how many of its marks stand before it in its text, the draw of
#: the text, and the window.
Best = dict[str, list[tuple[int, int, tuple[tuple[str, str], ...]]]]
#: So many texts are looked through before it is asked which entities still want windows.
_TEXTS = 256

Opened = Callable[[Shard], AbstractContextManager[Any]]


def seen(manifest: ReleaseManifest, opened: Opened) -> dict[str, Any]:
    """Windows of each entity: ``rows`` looked at of ``of``, and ``windows`` (entity, unit, source, before, mark, after).

    ``opened`` opens a shard's file.
    """
    entities = sorted({name.split("|")[2] for name in manifest.redactions})
    marks = pattern_of(entities)
    looked = 0
    best: Best = defaultdict(list)
    order = sorted(range(len(manifest.shards)), key=lambda number: _draw(manifest.seed, "shard", number))
    for number in order if marks is not None else ():
        if looked >= WINDOW_ROWS:
            break
        shard = manifest.shards[number]
        with opened(shard) as file, pq.ParquetFile(file) as parquet:
            columns = _columns(parquet.schema_arrow.names)
            groups = sorted(
                range(parquet.num_row_groups), key=lambda group: _draw(manifest.seed, "group", number, group)
            )
            for group in groups:
                if looked >= WINDOW_ROWS:
                    break
                table = parquet.read_row_group(group, columns, use_threads=False)
                looked += len(table)
                _windows(_draw(manifest.seed, number, group), table, marks, entities, best)
    found = [dict(row) for entity in sorted(best) for _, _, row in best[entity]]
    return {"rows": looked, "of": manifest.totals["rows"], "windows": found}


def _windows(seed: int, table: Any, marks: Any, entities: Sequence[str], best: Best) -> None:
    """Put the windows of a row group that draw lowest of their entity among the ``best``.

    Texts are drawn, and of each the first mark of an entity before the second, so that windows come from many texts. They
    are looked through in the order of their draws, till no later one could win.
    """
    sources, units = table.column("source").to_pylist(), _units(table)
    for part, (rows, text) in enumerate(texts(table)):
        held = np.flatnonzero(pc.fill_null(pc.match_substring(text, "<"), False).to_numpy(zero_copy_only=False))
        draws = _mixed(np.uint64(seed) ^ (np.uint64(part) << np.uint64(40)) ^ held.astype(np.uint64))
        order = np.argsort(draws, kind="stable")
        held, draws, at, wanted = held[order], draws[order], 0, list(entities)
        while at < len(held):
            some = held[at : at + _TEXTS]
            said = text.take(pa.array(some)).to_pylist()
            for row, drawn, one in zip(rows[some].tolist(), draws[at : at + _TEXTS].tolist(), said, strict=True):
                _look(one, drawn, marks, sources[row] or "", units[row] or "", best)
            at += _TEXTS
            if at >= len(held):
                break
            left = [entity for entity in wanted if not _settled(best[entity], int(draws[at]))]
            if not left:
                break
            if len(left) < len(wanted):
                # Of entities that are rare most texts hold none.
                rare = pc.match_substring_regex(text, f"<(?:{'|'.join(map(re.escape, left))})[:>]")
                stays = pc.fill_null(rare, False).to_numpy(zero_copy_only=False)[held[at:]]
                held, draws, at, wanted = held[at:][stays], draws[at:][stays], 0, left


def _look(text: str, drawn: int, marks: Any, source: str, unit: str, best: Best) -> None:
    """Put the marks of a text among the ``best`` that win."""
    found = list(marks.finditer(text))
    before: Counter[str] = Counter()
    for number, one in enumerate(found):
        entity = one[1]
        nth, kept = before[entity], best[entity]
        before[entity] += 1
        # There are many marks and few are shown: what stands around one is worked out when it has won.
        if len(kept) == EACH and (nth, drawn) > kept[-1][:2]:
            continue
        shown = window(text, found, number, marks)
        words = {
            "entity": shown.entity,
            "unit": unit,
            "source": source,
            "before": shown.before,
            "mark": shown.mark,
            "after": shown.after,
        }
        insort(kept, (nth, drawn, tuple(words.items())))
        del kept[EACH:]


def _settled(kept: Sequence[tuple[int, int, Any]], drawn: int) -> bool:
    """Whether no text that draws as much or more has a mark that could win."""
    return len(kept) == EACH and kept[-1][:2] < (0, drawn)


def _mixed(values: Any) -> Any:
    """Numbers of 64 bits, each stirred (SplitMix64, Steele and others 2014): different ones stay different."""
    values = (values + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        values = (values ^ values >> np.uint64(shift)) * np.uint64(factor)
    return values ^ values >> np.uint64(31)


def _columns(names: Iterable[str]) -> list[str]:
    """What windows are made of: the text, and where it comes from."""
    return [name for name in names if name not in KEPT] + ["source", "provenance.unit"]


def _units(table: Any) -> list[str | None]:
    found: list[str | None] = pc.struct_field(table.column("provenance").combine_chunks(), "unit").to_pylist()
    return found


def _draw(seed: int, *place: Any) -> int:
    return int.from_bytes(sha256(f"{seed}|{place}".encode()).digest()[:8], "big")


def repeated(store: Store, seed: int, files: Mapping[str, Iterable[FileEntry]]) -> dict[str, Any]:
    """Strings that recognisers redacted in free text most often, by keyed hash: ``finds`` read of ``of``, ``exact`` (or lower bounds),
    and ``strings`` (dataset, entity, hash, count). ``files`` are evidence files by data set.

    The hash is made with the store's pseudonym key when rows are scrubbed; the first 12 of its 32 hex digits are told, by
    which its owner finds it in the evidence.
    """
    entries = [(key, entry) for key, of in files.items() for entry in of]
    total = sum(entry.rows for _, entry in entries)
    counts: list[pa.Table] = []
    held, read, exact = 0, 0, True
    for key, entry in sorted(entries, key=lambda one: _draw(seed, one[1].key)):
        if read + entry.rows > EVIDENCE_ROWS and read:
            continue
        if store.stat(entry.key) is None:
            continue
        read += entry.rows
        with store.open(entry.key) as file, pq.ParquetFile(file) as parquet:
            for batch in parquet.iter_batches(1 << 16, columns=["entity", "action", "recogniser", "value_hash"]):
                counts.append(_grouped(batch, key))
                held += len(counts[-1])
        if held > 2 * _DISTINCT:
            whole = _summed(counts)
            if len(whole) > _DISTINCT:
                exact, whole = False, whole.sort_by(_ORDER).slice(0, _DISTINCT // 2)
            counts, held = [whole], len(whole)
    often = _summed(counts).filter(pc.field("count") >= LEAST) if counts else None
    strings = often.sort_by(_ORDER).slice(0, MOST).to_pylist() if often is not None else []
    return {
        "finds": read,
        "of": total,
        "exact": exact,
        "strings": [
            {"dataset": one["dataset"], "entity": one["entity"], "hash": one["value_hash"][:12], "count": one["count"]}
            for one in strings
        ],
    }


_NAMES = ["dataset", "entity", "value_hash"]
#: The most frequent first.
_ORDER = [("count", "descending"), ("dataset", "ascending"), ("entity", "ascending"), ("value_hash", "ascending")]


def _summed(counts: Sequence[pa.Table]) -> pa.Table:
    """One row for each string of some counts."""
    made = pa.concat_tables(counts).group_by(_NAMES, use_threads=False).aggregate([("count", "sum")])
    return made.rename_columns([*_NAMES, "count"])


def _grouped(batch: Any, dataset: str) -> pa.Table:
    """Finds of recognisers that were replaced, by entity and keyed hash."""
    rows = pa.table(
        {
            "entity": pc.cast(batch.column("entity"), pa.string()),
            "value_hash": pc.cast(batch.column("value_hash"), pa.string()),
            "action": pc.cast(batch.column("action"), pa.string()),
            "recogniser": pc.cast(batch.column("recogniser"), pa.string()),
        }
    )
    # Columns and known values are declared to be personal; what is guessed can be guessed wrongly.
    stays = pc.or_(
        pc.is_in(rows.column("action"), pa.array(["keep", "not_scanned"])),
        pc.match_substring_regex(rows.column("recogniser"), r"^(column$|known\.)"),
    )
    named = pc.greater(pc.utf8_length(pc.fill_null(rows.column("value_hash"), "")), 0)
    rows = rows.filter(pc.and_(named, pc.invert(pc.fill_null(stays, False))))
    made = rows.group_by(["entity", "value_hash"], use_threads=False).aggregate([([], "count_all")])
    made = made.rename_columns(["entity", "value_hash", "count"])
    made = made.append_column("dataset", pa.repeat(pa.scalar(dataset, pa.string()), len(made)))
    return made.select([*_NAMES, "count"])
