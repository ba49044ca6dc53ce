"""Windows of a report over conversations: many turns of one row draw alike."""

from __future__ import annotations

import io
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from clearinghouse.jobs.release_report_seen import EACH, seen
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
