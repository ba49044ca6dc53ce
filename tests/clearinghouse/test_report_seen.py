"""What a report shows of texts and of strings that were redacted often."""

from __future__ import annotations

import io
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clearinghouse.jobs import release_report_seen
from clearinghouse.jobs.release_report_seen import EACH, repeated, seen
from infra.store.local import LocalStore
from transforms import shards


def shard(turns: int) -> bytes:
    schema = shards.schema("messages")
    talk = [
        {"role": "user", "content": f"<PERSON> {'abcdefgh'[n % 8] * (n + 1)}", "train": False} for n in range(turns)
    ]
    row: dict[str, Any] = dict.fromkeys(schema.names) | {
        "id": "0" * 32, "source": "shop.chats", "language": "en", "epoch": 1, "n_tokens": 9, "messages": talk,
        "provenance": {"unit": "shop"}, "erased": False,
    }  # fmt: skip
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([row], schema), sink)
    return sink.getvalue()


def test_turns_that_draw_alike_are_chosen_by_their_words() -> None:
    data = shard(4 * EACH)
    manifest: Any = SimpleNamespace(
        redactions={"shop.chats|text|PERSON|placeholder|names": 4 * EACH}, shards=[None], seed=1, totals={"rows": 1}
    )
    found = seen(manifest, lambda _: nullcontext(io.BytesIO(data)))
    assert len(found["windows"]) == EACH
    assert found == seen(manifest, lambda _: nullcontext(io.BytesIO(data)))


def texts(rows: list[str], group: int) -> bytes:
    schema = shards.schema("text")
    kept: dict[str, Any] = dict.fromkeys(schema.names) | {
        "id": "0" * 32, "source": "shop.notes", "language": "en", "epoch": 1, "n_tokens": 9,
        "provenance": {"unit": "shop"}, "erased": False,
    }  # fmt: skip
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([kept | {"text": text} for text in rows], schema), sink, row_group_size=group)
    return sink.getvalue()


def notes(count: int) -> list[str]:
    marks = ["<PERSON>", "<PHONE_NUMBER:abcdefgh>", "", "<PERSON> and <PERSON>"]
    rows = [f"note {'abc'[n % 3] * (n % 7 + 1)} {marks[n % 4]} end {'z' * (n % 11)}" for n in range(count)]
    rows[count // 2] += " <CN_RESIDENT_ID>"
    rows[-1] += " <ADDRESS> <ADDRESS> <ADDRESS>"
    return rows


def test_windows_are_the_lowest_draws_however_many_texts_are_looked_through_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ["PERSON", "PHONE_NUMBER", "CN_RESIDENT_ID", "ADDRESS"]
    data = texts(notes(5000), 2000)
    manifest: Any = SimpleNamespace(
        redactions={f"shop.notes|text|{name}|placeholder|x": 1 for name in names}, shards=[None], seed=1, totals={"rows": 1}
    )  # fmt: skip
    found = seen(manifest, lambda _: nullcontext(io.BytesIO(data)))
    each = [window["entity"] for window in found["windows"]]
    assert {name: each.count(name) for name in names} == {
        "PERSON": EACH, "PHONE_NUMBER": EACH, "CN_RESIDENT_ID": 1, "ADDRESS": EACH
    }  # fmt: skip
    monkeypatch.setattr(release_report_seen, "_TEXTS", 1 << 30)
    assert seen(manifest, lambda _: nullcontext(io.BytesIO(data))) == found


def test_strings_are_counted_over_files_and_the_rarest_let_go_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalStore(str(tmp_path))
    entries = []
    for number, hashes in enumerate((["a" * 32] * 4 + ["b" * 32] * 7 + ["c" * 32], ["a" * 32] * 3 + ["d" * 32] * 5)):
        rows = [
            {"entity": "PERSON", "action": "placeholder", "recogniser": "names", "value_hash": one} for one in hashes
        ]
        rows.append({"entity": "PERSON", "action": "keep", "recogniser": "names", "value_hash": "a" * 32})
        rows.append({"entity": "PERSON", "action": "placeholder", "recogniser": "column", "value_hash": "a" * 32})
        sink = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows), sink)
        store.put(f"evidence/{number}.parquet", sink.getvalue())
        entries.append(SimpleNamespace(key=f"evidence/{number}.parquet", rows=len(rows)))
    told = repeated(store, 1, {"shop.notes": entries})  # type: ignore[dict-item]
    assert [(one["hash"], one["count"]) for one in told["strings"]] == [("a" * 12, 7), ("b" * 12, 7), ("d" * 12, 5)]
    assert told["exact"]
    assert told["finds"] == told["of"] == sum(entry.rows for entry in entries)
    monkeypatch.setattr(release_report_seen, "_DISTINCT", 2)
    assert not repeated(store, 1, {"shop.notes": entries * 2})["exact"]  # type: ignore[dict-item]
