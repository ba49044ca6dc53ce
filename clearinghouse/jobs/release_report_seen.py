"""What a report shows of the text and of the evidence: masked windows around redactions, and strings redacted often.

Both are bounded, whatever the size of a release. Windows are looked for in row groups that the seed chooses, up to
`WINDOW_ROWS` rows; strings are counted by keyed hash over up to `EVIDENCE_ROWS` finds, files in the order that the seed
gives. The report says how much was looked at. No text leaves here unmasked.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

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

#: The lowest draws so far by entity, each negated and with its window, as a heap.
Best = dict[str, list[tuple[int, tuple[tuple[str, str], ...]]]]

Opened = Callable[[Shard], AbstractContextManager[Any]]


def seen(manifest: ReleaseManifest, opened: Opened) -> dict[str, Any]:
    """Windows of each entity: ``rows`` looked at of ``of``, and ``windows`` (entity, unit, source, before, mark, after).

    ``opened`` opens a shard's file.
    """
    marks = pattern_of({name.split("|")[2] for name in manifest.redactions})
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
                _windows(manifest.seed, (number, group), table, marks, best)
    found = [dict(row) for entity in sorted(best) for _, row in sorted(best[entity], reverse=True)]
    return {"rows": looked, "of": manifest.totals["rows"], "windows": found}


def _windows(seed: int, place: tuple[int, int], table: Any, marks: Any, best: Best) -> None:
    """Put the windows of a row group that draw lowest of their entity among the ``best``."""
    sources, units = table.column("source").to_pylist(), _units(table)
    for part, (rows, text) in enumerate(texts(table)):
        some = pc.fill_null(pc.match_substring(text, "<"), False)
        for row, said in zip(rows[some.to_numpy(zero_copy_only=False)], text.filter(some).to_pylist(), strict=True):
            found = list(marks.finditer(said))
            for number, one in enumerate(found):
                drawn, kept = _draw(seed, *place, part, int(row), one.start()), best[one[1]]
                # There are many marks and few are shown: what stands around one is worked out when it has won.
                if len(kept) == EACH and -drawn < kept[0][0]:
                    continue
                shown = window(said, found, number, marks)
                # Turns of one conversation draw alike where their marks begin alike; then their words decide.
                words = {
                    "entity": shown.entity,
                    "unit": units[row] or "",
                    "source": sources[row] or "",
                    "before": shown.before,
                    "mark": shown.mark,
                    "after": shown.after,
                }
                heapq.heappush(kept, (-drawn, tuple(words.items())))
                if len(kept) > EACH:
                    heapq.heappop(kept)


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
    counts: Counter[tuple[str, str, str]] = Counter()
    read, exact = 0, True
    for key, entry in sorted(entries, key=lambda one: _draw(seed, one[1].key)):
        if read + entry.rows > EVIDENCE_ROWS and read:
            continue
        if store.stat(entry.key) is None:
            continue
        read += entry.rows
        with store.open(entry.key) as file, pq.ParquetFile(file) as parquet:
            for batch in parquet.iter_batches(1 << 16, columns=["entity", "action", "recogniser", "value_hash"]):
                for row in _grouped(batch):
                    counts[key, row["entity"], row["value_hash"]] += row["count"]
        if len(counts) > _DISTINCT:
            exact = False
            counts = Counter(dict(counts.most_common(_DISTINCT // 2)))
    rows = sorted(
        ((count, name) for name, count in counts.items() if count >= LEAST), key=lambda one: (-one[0], one[1])
    )
    return {
        "finds": read,
        "of": total,
        "exact": exact,
        "strings": [
            {"dataset": key, "entity": entity, "hash": hashed[:12], "count": count}
            for count, (key, entity, hashed) in rows[:MOST]
        ],
    }


def _grouped(batch: Any) -> list[dict[str, Any]]:
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
    made = (
        rows.group_by(["entity", "value_hash"])
        .aggregate([([], "count_all")])
        .rename_columns(["entity", "value_hash", "count"])
    )
    found: list[dict[str, Any]] = made.to_pylist()
    return found
