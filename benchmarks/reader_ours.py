"""Our side of the reader benchmark: the corpus as a release, and what is asked of its reader, one process each.

``python -m benchmarks.reader_ours write SOURCE STORE`` writes releases with the writer's own functions: ``text``, ``tokens`` and
``lists`` (the same documents, with ``input_ids`` beside them, as bytes and as lists) as large as the corpus, ``large``, whose
text comes to a gigabyte (the shards of ``text``, again and again), and ``many``, whose manifest lists 100,000 shards (a few
small ones, again and again).
``python -m benchmarks.reader_ours read WHAT STORE`` reads an epoch (see `READ`) or times `LATENCIES`; it prints one JSON line.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

SEQUENCE = 2048
BATCH = 64
MANY = 100_000
LARGE = 1_000_000_000
VERSION = "1.0.0"


def write(source: Path, store: Path) -> None:
    """Write the releases. The same corpus gives the same bytes."""
    import numpy as np
    import pyarrow as pa

    from transforms import shards
    from transforms.tokens_columns import as_bytes

    texts: list[str] = []
    kinds: list[str] = []
    with (source / "texts.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            texts.append(row["text"])
            kinds.append(row["kind"])
    texts, kinds = _woven(texts, kinds)
    count = len(texts)
    volume = np.array([len(text.encode()) for text in texts], np.int64)
    # Document n has so many of the corpus's tokens as it has of its bytes.
    flat = np.fromfile(source / "tokens.bin", "<u2").astype(np.int32)
    ends = np.concatenate([[0], np.cumsum(volume)]) * len(flat) // volume.sum()
    tokens = np.diff(ends)
    same = {
        "id": pa.array([f"{number:032x}" for number in range(count)]),
        "source": pa.array([f"bench.{kind}" for kind in kinds]),
        "language": pa.array([{"en": "en", "zh": "zh"}.get(kind, "und") for kind in kinds]),
        "epoch": pa.array(np.ones(count, np.int16)),
        "n_tokens": pa.array(tokens.astype(np.int32)),
        "text": pa.array(texts, pa.large_string()),
        "provenance": pa.array(
            [
                {"unit": "bench", "snapshot": "0" * 64, "partition": "1", "position": n + 1, "rows": 1}
                for n in range(count)
            ],
            shards.PROVENANCE,
        ),
        "erased": pa.array(np.zeros(count, bool)),
    }
    ids = pa.ListArray.from_arrays(pa.array(ends.astype(np.int32)), pa.array(flat), type=shards.IDS)
    packed = as_bytes(ids, "uint16")
    for mix, tokenise in (("text", False), ("tokens", "uint16"), ("lists", True)):
        schema = shards.schema("text", tokenise=tokenise)
        columns = {**same, "input_ids": packed if mix == "tokens" else ids}
        table = pa.table([columns[name] for name in schema.names], schema=schema)
        _release(store, mix, table, tokens, volume, 1024)
        if mix == "text":
            _release(store, "large", table, tokens, volume, 1024, repeat=-(-LARGE // int(volume.sum())))
    few = pa.table([same[name] for name in shards.schema("text").names], schema=shards.schema("text")).slice(0, 4096)
    _release(store, "many", few, tokens[:4096], volume[:4096], 256, shard_tokens=1, repeat=-(-MANY // 16))


def _woven(texts: list[str], kinds: list[str]) -> tuple[list[str], list[str]]:
    """The documents as a release stands: every prefix holds the kinds' shares."""
    import numpy as np

    from transforms.sample import interleave

    names = sorted(set(kinds))
    members = [[text for text, kind in zip(texts, kinds, strict=True) if kind == name] for name in names]
    source, place = interleave([np.array([len(text.encode()) for text in some], np.int64) for some in members])
    pairs = list(zip(source.tolist(), place.tolist(), strict=True))
    return [members[of][at] for of, at in pairs], [names[of] for of, _ in pairs]


def _release(
    store: Path,
    mix: str,
    table: Any,
    tokens: Any,
    volume: Any,
    rows_per_group: int,
    *,
    shard_tokens: int = 50_000_000,
    repeat: int = 0,
) -> None:
    from dataclasses import replace
    from hashlib import sha256
    from itertools import cycle, islice

    from schemas.manifest import ReleaseManifest
    from schemas.manifest_shards import Shard, listed, pool_key
    from schemas.shard_blocks import footer_digest
    from transforms import shards

    made, folder = [], store / "releases" / mix
    (folder / VERSION).mkdir(parents=True)
    (folder / "shards").mkdir()
    for cut in shards.cut(
        tokens, volume, rows_per_group=rows_per_group, shard_tokens=shard_tokens, shard_bytes=128 << 20
    ):
        sink = io.BytesIO()
        shards.write(table.slice(cut.first_row, cut.rows), sink, rows_per_group=rows_per_group)
        data = sink.getvalue()
        name = sha256(data).hexdigest()
        (folder / pool_key(name)).write_bytes(data)
        made.append(
            Shard(pool_key(name), len(data), name, cut.rows, cut.tokens, cut.first_row, cut.row_groups,
                  footer=footer_digest(data))
        )  # fmt: skip
    if repeat:
        first, many = 0, []
        # Row groups of one size, so that all but the last shard are full.
        whole = [one for one in made if one.rows % rows_per_group == 0]
        for number, shard in enumerate(islice(cycle(whole), repeat * len(made))):
            # Another name for the same file: a listing of shards that all differ is as long as it would be.
            name = sha256(f"{number}".encode()).hexdigest()
            (folder / pool_key(name)).hardlink_to(folder / shard.key)
            many.append(replace(shard, first_row=first, sha256=name, key=pool_key(name)))
            first += shard.rows
        made = many
    listing = listed(made)
    for name, content in (listing[1] if listing else {}).items():
        (folder / VERSION / name).write_bytes(content)
    manifest = ReleaseManifest(
        mix=mix, version=VERSION, parent=None, purpose="pretrain", sample_format="text", seed=7, recipe={"name": mix},
        tokenizer={"name": "bench", "sha256": "0" * 64}, policy={}, code="bench", sources=(),
        shards=() if listing else tuple(made),
        totals={"rows": sum(one.rows for one in made), "tokens": sum(one.tokens for one in made)},
        gates=(), redactions={}, rows_per_group=rows_per_group, **({"listing": listing[0]} if listing else {}),
    )  # fmt: skip
    (folder / VERSION / "manifest.json").write_bytes(manifest.to_json())


def opened(store: Path, mix: str) -> Any:
    import clearinghouse

    return clearinghouse.open_release(store, mix, VERSION, allow_unsigned=True)


def scan(store: Path) -> Iterator[Any]:
    """pyarrow alone: the same files from end to end."""
    import pyarrow.parquet as pq

    for path in sorted((store / "releases" / "text" / "shards").glob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(batch_size=1024, columns=["text"]):
            yield batch.column(0).to_pylist()


def sequential(store: Path) -> Iterator[Any]:
    for batch in opened(store, "text").batches(["text"]):
        yield batch.column(0).to_pylist()


def shuffled(store: Path) -> Iterator[Any]:
    for batch in opened(store, "text").stream(seed=7, batch=BATCH, columns=["text"], remainder="short"):
        yield batch.column(0).to_pylist()


def tokens(store: Path) -> Iterator[Any]:
    """What the peers' sequences are: documents end to end, cut where one is full, and nothing beside them."""
    stream = opened(store, "tokens").stream(seed=7, batch=BATCH, columns=["input_ids"], remainder="short")
    return _wide(stream.pack(SEQUENCE, method="split", columns=["input_ids"]))


def lists(store: Path) -> Iterator[Any]:
    """The same of tokens that lie as lists, as any tool reads them."""
    stream = opened(store, "lists").stream(seed=7, batch=BATCH, columns=["input_ids"], remainder="short")
    return _wide(stream.pack(SEQUENCE, method="split", columns=["input_ids"]))


def packed(store: Path) -> Iterator[Any]:
    """What no peer has: documents whole where they fit, with positions, segments, masks and the documents' names."""
    stream = opened(store, "tokens").stream(seed=7, batch=BATCH, columns=["id", "input_ids"], remainder="short")
    return _wide(stream.pack(SEQUENCE))


def _wide(batches: Iterable[Any]) -> Iterator[Any]:
    import numpy as np

    from clearinghouse.adapters.arrays import numpy

    for batch in batches:
        # Not Arrow's `to_numpy`, whose first call imports pandas.
        yield numpy(batch.select(["input_ids"]))["input_ids"].astype(np.int64)


READ: dict[str, Callable[[Path], Iterator[Any]]] = {
    "scan": scan, "sequential": sequential, "shuffled": shuffled, "tokens": tokens, "lists": lists, "packed": packed,
}  # fmt: skip


def latencies(store: Path) -> dict[str, float]:
    """Milliseconds to the first batch from `open_release` on, from the start and from states, and of CPU (``…_cpu``):
    medians of five."""
    from statistics import median

    found: dict[str, float] = {}
    for mix in ("text", "large", "many"):
        stream = opened(store, mix).stream(seed=7, batch=BATCH, columns=["text"])
        step, states = len(stream), {}
        for place in (0, 1, 5, 9):
            stream = opened(store, mix).stream(seed=7, batch=BATCH, columns=["text"])
            states[place] = stream.state_after(step * place // 10)
        for place, state in states.items():
            times, spent = [], []
            for _ in range(5):
                begun, before = time.perf_counter(), time.process_time()
                stream = opened(store, mix).stream(seed=7, batch=BATCH, columns=["text"])
                if place:
                    stream.load_state_dict(state)
                batches = iter(stream)
                next(batches).column(0).to_pylist()
                times.append(1000 * (time.perf_counter() - begun))
                spent.append(1000 * (time.process_time() - before))
                batches.close()
            found[f"{mix}_{place}"], found[f"{mix}_{place}_cpu"] = median(times), median(spent)
    return found


def mixed(store: Path) -> dict[str, float]:
    """How far the sources of a mix of five weights are from their shares, at worst, over 20,000 samples: in samples."""
    import clearinghouse

    weights = {"a": "0.6", "b": "0.25", "c": "0.1", "d": "0.04", "e": "0.01"}
    release = opened(store, "text")
    stream = clearinghouse.mix(
        dict.fromkeys(weights, release), weights, seed=7, batch=BATCH, columns=["id"], max_epochs=100, samples=20_000
    )
    course, worst = stream.course, 0.0
    for count in range(1, 20_001):
        taken = course.taken(count)
        worst = max(worst, *(abs(taken[name] - count * float(weight)) for name, weight in weights.items()))
    return {"worst": worst, **_within(release)}


def _within(release: Any) -> dict[str, float]:
    """How far the kinds of one release are from their shares of its tokens, at worst, as it is streamed: in documents of
    mean and of most tokens; and in what no order of these documents goes below, as it is streamed and as written."""
    from clearinghouse.reader_quality import least_prefix_error, worst_prefix_error

    columns = ["source", "n_tokens"]
    mean = worst_prefix_error(release.stream(seed=7, batch=512, columns=columns, remainder="short"))
    least = least_prefix_error(release.batches(columns))
    written = worst_prefix_error(release.batches(columns))
    most = max(max(batch.column("n_tokens").to_pylist()) for batch in release.batches(["n_tokens"]))
    return {
        "within_mean": mean,
        "within_longest": mean * release.tokens / len(release) / most,
        "within_least": mean / least,
        "written_least": written / least,
    }


def main() -> None:
    doing, *rest = sys.argv[1:]
    if doing == "write":
        begun = os.times()
        write(*map(Path, rest))
        ended = os.times()
        print(json.dumps({"cpu": ended.user + ended.system - begun.user - begun.system}))
        return
    what, store = rest
    if what in ("latencies", "mixed"):
        print(json.dumps({"latencies": latencies, "mixed": mixed}[what](Path(store))))
        return
    from benchmarks.peer_reader import consume

    begun = time.perf_counter()
    import clearinghouse
    import clearinghouse.reader_stream

    assert clearinghouse.open_release
    if what not in ("scan", "sequential", "shuffled"):
        # As the peers have theirs by then.
        import numpy

        import clearinghouse.adapters.arrays
        import clearinghouse.reader_packing

        assert numpy
    imported = time.perf_counter() - begun
    print(
        json.dumps(
            {
                **consume(lambda: READ[what](Path(store)), "tokens" if what in ("packed", "lists") else what),
                "import": imported,
            }
        )
    )


if __name__ == "__main__":
    main()
