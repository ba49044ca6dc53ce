"""The other readers' side of the reader benchmark; run by the interpreters of their own environments.

``peer_reader.py write PEER SOURCE FOLDER`` writes the corpus (`benchmarks.reader_corpus`) in the peer's own format;
``peer_reader.py read PEER WHAT WORKERS FOLDER`` reads one epoch of it and prints one JSON line. ``WHAT`` is ``sequential``,
``shuffled`` (documents as Python strings) or ``tokens`` (shuffled sequences as int64 arrays); ``WORKERS`` is the number of
worker processes, 0 for none. Each reader is set up as its documentation shows; formats hold the text and nothing else, so
that no peer decodes what is not asked for.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

SEQUENCE = 2048
BATCH = 64
#: Documents that a shuffle buffer holds, where a reader shuffles by one.
BUFFER = 4096
CHUNK = 64 << 20


def texts(source: Path) -> Iterator[str]:
    with (source / "texts.jsonl").open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)["text"]


def sequences(source: Path) -> Any:
    return np.memmap(source / "tokens.bin", "<u2", "r").reshape(-1, SEQUENCE)


# --- MosaicML Streaming


def write_mds(source: Path, out: Path) -> None:
    from streaming import MDSWriter

    with MDSWriter(out=str(out / "text"), columns={"text": "str"}, size_limit=CHUNK) as sink:
        for text in texts(source):
            sink.write({"text": text})
    with MDSWriter(out=str(out / "tokens"), columns={"tokens": f"ndarray:uint16:{SEQUENCE}"}, size_limit=CHUNK) as sink:
        for row in sequences(source):
            sink.write({"tokens": np.ascontiguousarray(row)})


def read_mds(folder: Path, what: str, workers: int) -> Iterator[Any]:
    from streaming import StreamingDataLoader, StreamingDataset

    name = "tokens" if what == "tokens" else "text"
    data = StreamingDataset(local=str(folder / name), shuffle=what != "sequential", shuffle_seed=7, batch_size=BATCH)
    if not workers:
        for row in data:
            yield row[name].astype(np.int64) if what == "tokens" else [row[name]]
        return
    for batch in StreamingDataLoader(data, batch_size=BATCH, num_workers=workers):
        yield batch[name].numpy().astype(np.int64) if what == "tokens" else batch[name]


# --- WebDataset


def write_wds(source: Path, out: Path) -> None:
    import webdataset as wds

    for name in ("text", "tokens"):
        (out / name).mkdir(parents=True)
    with wds.ShardWriter(str(out / "text" / "%05d.tar"), maxsize=CHUNK, verbose=0) as sink:
        for number, text in enumerate(texts(source)):
            sink.write({"__key__": f"{number:09d}", "txt": text})
    with wds.ShardWriter(str(out / "tokens" / "%05d.tar"), maxsize=CHUNK, verbose=0) as sink:
        for number, row in enumerate(sequences(source)):
            sink.write({"__key__": f"{number:09d}", "bin": row.tobytes()})


def read_wds(folder: Path, what: str, workers: int) -> Iterator[Any]:
    import webdataset as wds

    name = "tokens" if what == "tokens" else "text"
    files = sorted(map(str, (folder / name).glob("*.tar")))
    data = wds.WebDataset(files, shardshuffle=len(files) if what != "sequential" else False, seed=7)
    if what != "sequential":
        data = data.shuffle(BUFFER)
    if what == "tokens":
        data = data.to_tuple("bin").map(_int64)
    else:
        data = data.decode().to_tuple("txt").map(_first)
    if not workers:
        for one in data:
            yield one if what == "tokens" else [one]
        return
    how = np.stack if what == "tokens" else list
    for rows in wds.WebLoader(data.batched(BATCH, collation_fn=how), batch_size=None, num_workers=workers):
        yield np.asarray(rows) if what == "tokens" else rows


def _first(row: tuple[Any]) -> Any:
    return row[0]


def _int64(row: tuple[bytes]) -> Any:
    return np.frombuffer(row[0], "<u2").astype(np.int64)


# --- LitData


def write_litdata(source: Path, out: Path) -> None:
    from litdata.streaming import Cache, TokensLoader

    for name in ("text", "tokens"):
        tokens = name == "tokens"
        cache = Cache(str(out / name), chunk_bytes=CHUNK, item_loader=TokensLoader(SEQUENCE) if tokens else None)
        if tokens:
            import torch

            for number, row in enumerate(sequences(source)):
                cache[number] = torch.from_numpy(np.ascontiguousarray(row))
        else:
            for number, text in enumerate(texts(source)):
                cache[number] = {"text": text}
        cache.done()
        cache.merge()


def read_litdata(folder: Path, what: str, workers: int) -> Iterator[Any]:
    from litdata import StreamingDataLoader, StreamingDataset
    from litdata.streaming import TokensLoader

    tokens = what == "tokens"
    data = StreamingDataset(
        str(folder / ("tokens" if tokens else "text")),
        item_loader=TokensLoader(SEQUENCE) if tokens else None,
        shuffle=what != "sequential",
        seed=7,
    )
    if not workers:
        for row in data:
            yield row.numpy().astype(np.int64) if tokens else [row["text"]]
        return
    for batch in StreamingDataLoader(data, batch_size=BATCH, num_workers=workers):
        yield batch.numpy().astype(np.int64) if tokens else batch["text"]


# --- Hugging Face datasets: Arrow files mapped into memory, and Parquet as a stream


def write_hf(source: Path, out: Path) -> None:
    import pyarrow as pa
    from datasets import Dataset, Features, List, Value

    def some() -> Iterator[dict[str, Any]]:
        for text in texts(source):
            yield {"text": text}

    Dataset.from_generator(some, cache_dir=str(out / "cache")).save_to_disk(str(out / "text"), max_shard_size="64MB")
    rows = sequences(source)
    kind = Features({"tokens": List(Value("uint16"), length=SEQUENCE)})
    flat = pa.array(np.ascontiguousarray(rows).reshape(-1))
    table = pa.table({"tokens": pa.FixedSizeListArray.from_arrays(flat, SEQUENCE)})
    Dataset(table, info=None).cast(kind).save_to_disk(str(out / "tokens"), max_shard_size="64MB")


def read_hf(folder: Path, what: str, workers: int) -> Iterator[Any]:
    from datasets import load_from_disk

    data = load_from_disk(str(folder / ("tokens" if what == "tokens" else "text")))
    tokens = what == "tokens"
    if tokens:
        data = data.with_format("numpy")
    if workers:
        from torch.utils.data import DataLoader

        loader: Iterable[Any] = DataLoader(
            data, batch_size=BATCH, shuffle=what != "sequential", num_workers=workers, collate_fn=_same
        )
        for rows in loader:
            yield (
                np.stack([row["tokens"] for row in rows]).astype(np.int64) if tokens else [row["text"] for row in rows]
            )
        return
    if what != "sequential":
        data = data.shuffle(seed=7)
    for batch in data.iter(batch_size=BATCH):
        yield np.asarray(batch["tokens"]).astype(np.int64) if tokens else batch["text"]


def _same(rows: Any) -> Any:
    return rows


def write_hfstream(source: Path, out: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out.mkdir(parents=True)
    held: list[str] = []
    sink, number, size = None, 0, 0
    schema = pa.schema([("text", pa.string())])

    def flush() -> None:
        nonlocal sink, number, held
        if sink is None:
            sink = pq.ParquetWriter(out / f"{number:05d}.parquet", schema, compression="zstd", compression_level=3)
            number += 1
        sink.write_table(pa.table({"text": held}, schema=schema), row_group_size=1024)
        held = []

    for text in texts(source):
        held.append(text)
        size += len(text.encode())
        if len(held) == 1024:
            flush()
            if size > 2 * CHUNK and sink is not None:
                sink.close()
                sink, size = None, 0
    if held:
        flush()
    if sink is not None:
        sink.close()


def read_hfstream(folder: Path, what: str, workers: int) -> Iterator[Any]:
    from datasets import load_dataset

    if what == "tokens":
        raise NotImplementedError(what)
    files = sorted(map(str, folder.glob("*.parquet")))
    data = load_dataset("parquet", data_files=files, split="train", streaming=True)
    if what != "sequential":
        data = data.shuffle(seed=7, buffer_size=BUFFER)
    if not workers:
        for batch in data.iter(batch_size=BATCH):
            yield batch["text"]
        return
    from torch.utils.data import DataLoader

    for rows in DataLoader(data, batch_size=BATCH, num_workers=workers, collate_fn=_same):
        yield [row["text"] for row in rows]


# --- Grain over ArrayRecord


def write_grain(source: Path, out: Path) -> None:
    from array_record.python.array_record_module import ArrayRecordWriter

    for name, rows in (
        ("text", (text.encode() for text in texts(source))),
        ("tokens", (r.tobytes() for r in sequences(source))),
    ):
        (out / name).mkdir(parents=True)
        number, size, sink = 0, CHUNK + 1, None
        for row in rows:
            if size > CHUNK:
                if sink is not None:
                    sink.close()
                sink = ArrayRecordWriter(str(out / name / f"{number:05d}.arrayrecord"), "group_size:1")
                number, size = number + 1, 0
            sink.write(row)  # type: ignore[union-attr]
            size += len(row)
        if sink is not None:
            sink.close()


def read_grain(folder: Path, what: str, workers: int) -> Iterator[Any]:
    import grain

    name = "tokens" if what == "tokens" else "text"
    source = grain.sources.ArrayRecordDataSource(sorted(map(str, (folder / name).glob("*.arrayrecord"))))
    data = grain.MapDataset.source(source)
    if what != "sequential":
        data = data.shuffle(seed=7)
    data = data.map(_from_bytes if what == "tokens" else bytes.decode)
    # Threads, as its documentation advises for reading; processes where workers are asked for.
    stream = data.to_iter_dataset(grain.ReadOptions(num_threads=2 if not workers else 8, prefetch_buffer_size=256))
    if workers:
        how = np.stack if what == "tokens" else list
        stream = stream.batch(BATCH, batch_fn=how).mp_prefetch(grain.MultiprocessingOptions(num_workers=workers))
        yield from stream
        return
    for one in stream:
        yield one if what == "tokens" else [one]


def _from_bytes(row: bytes) -> Any:
    return np.frombuffer(row, "<u2").astype(np.int64)


# --- Lance


def write_lance(source: Path, out: Path) -> None:
    import lance
    import pyarrow as pa

    out.mkdir(parents=True)
    schema = pa.schema([("text", pa.large_string())])

    def some() -> Iterator[Any]:
        held: list[str] = []
        for text in texts(source):
            held.append(text)
            if len(held) == 4096:
                yield pa.record_batch([pa.array(held, pa.large_string())], schema=schema)
                held = []
        if held:
            yield pa.record_batch([pa.array(held, pa.large_string())], schema=schema)

    lance.write_dataset(pa.RecordBatchReader.from_batches(schema, some()), str(out / "text.lance"))
    flat = pa.array(np.ascontiguousarray(sequences(source)).reshape(-1))
    lance.write_dataset(
        pa.table({"tokens": pa.FixedSizeListArray.from_arrays(flat, SEQUENCE)}), str(out / "tokens.lance")
    )


def read_lance(folder: Path, what: str, workers: int) -> Iterator[Any]:
    import lance

    name = "tokens" if what == "tokens" else "text"
    path = str(folder / f"{name}.lance")
    data = lance.dataset(path)
    if what == "sequential":
        for batch in data.to_batches(columns=[name], batch_size=1024):
            yield batch.column(0).to_pylist()
        return
    order = np.random.default_rng(7).permutation(data.count_rows())
    batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    if workers:
        from lance.torch.data import SafeLanceDataset, get_safe_loader

        loader = get_safe_loader(
            SafeLanceDataset(path), batch_size=BATCH, shuffle=True, num_workers=workers, collate_fn=_same
        )
        for rows in loader:
            yield (
                np.stack([row[name] for row in rows]).astype(np.int64) if what == "tokens" else [r[name] for r in rows]
            )
        return
    for one in batches:
        column = data.take(one, columns=[name]).column(0)
        if what == "tokens":
            yield column.combine_chunks().flatten().to_numpy().reshape(-1, SEQUENCE).astype(np.int64)
        else:
            yield column.to_pylist()


# --- A memory map of raw tokens: what nothing beats, and no format


def write_memmap(source: Path, out: Path) -> None:
    out.mkdir(parents=True)
    (out / "tokens.bin").write_bytes((source / "tokens.bin").read_bytes())


def read_memmap(folder: Path, what: str, workers: int) -> Iterator[Any]:
    if what != "tokens" or workers:
        raise NotImplementedError(what)
    rows = sequences(folder)
    order = np.random.default_rng(7).permutation(len(rows))
    for at in range(0, len(order), BATCH):
        yield rows[order[at : at + BATCH]].astype(np.int64)


WRITE: dict[str, Callable[[Path, Path], None]] = {
    name[6:]: found for name, found in list(globals().items()) if name.startswith("write_")
}
READ: dict[str, Callable[[Path, str, int], Iterator[Any]]] = {
    name[5:]: found for name, found in list(globals().items()) if name.startswith("read_")
}


#: What a peer imports, so that its seconds stand apart.
IMPORTS = {
    "mds": ("streaming",),
    "wds": ("webdataset",),
    "litdata": ("litdata", "litdata.streaming"),
    "hf": ("datasets", "torch.utils.data"),
    "hfstream": ("datasets", "torch.utils.data"),
    "grain": ("grain",),
    "lance": ("lance", "lance.torch.data"),
    "memmap": (),
}


def measure(peer: str, folder: Path, what: str, workers: int) -> dict[str, float]:
    """What an epoch takes (`consume`), and the seconds of the imports."""
    begun = time.perf_counter()
    for name in IMPORTS[peer]:
        import_module(name)
    imported = time.perf_counter() - begun
    return {**consume(lambda: READ[peer](folder, what, workers), what), "import": imported}


def consume(read: Callable[[], Iterator[Any]], what: str) -> dict[str, float]:
    """Read to the end: documents or tokens, seconds from opening on, those to the first batch apart, CPU seconds."""
    begun, before = time.perf_counter(), os.times()
    first, count, volume = 0.0, 0, 0
    for batch in read():
        if not first:
            first = time.perf_counter() - begun
        if what == "tokens":
            count += batch.size
            volume += int(batch.flat[0]) & 1
        else:
            count += len(batch)
            volume += sum(map(len, batch))
    seconds, after = time.perf_counter() - begun, os.times()
    cpu = sum(getattr(after, name) - getattr(before, name) for name in ("user", "system"))
    children = sum(getattr(after, name) - getattr(before, name) for name in ("children_user", "children_system"))
    return {"count": count, "volume": volume, "seconds": seconds, "cpu": cpu + children, "first": first}


def main() -> None:
    doing, peer, *rest = sys.argv[1:]
    if doing == "write":
        source, out = map(Path, rest)
        begun = os.times()
        WRITE[peer](source, out)
        ended = os.times()
        print(json.dumps({"cpu": ended.user + ended.system - begun.user - begun.system}))
        return
    what, workers, folder = rest
    print(json.dumps(measure(peer, Path(folder), what, int(workers))))
    sys.stdout.flush()
    # Some loaders leave threads behind that never end.
    os._exit(0)


if __name__ == "__main__":
    main()
