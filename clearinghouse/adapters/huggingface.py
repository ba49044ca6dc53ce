"""Hugging Face `datasets`: a stream as an IterableDataset, and the state that resumes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from clearinghouse.adapters.missing import need

if TYPE_CHECKING:
    from clearinghouse.reader_stream import Stream


def iterable_dataset(stream: Stream) -> Any:
    """The samples of this rank from where ``stream`` stands to the epoch's end, as a `datasets.IterableDataset`.

    Load a state into the stream before: that costs nothing, while the `load_state_dict` of `datasets` reads again what
    it skips. ``stream.state_after(samples // stream.batch)`` is the state after so many samples taken here. Do not
    shuffle it: the order is the reader's.
    """
    datasets = need("datasets")
    features = datasets.Features.from_arrow_schema(stream.schema)
    return datasets.IterableDataset.from_generator(_rows, gen_kwargs={"stream": stream}, features=features)


def _rows(stream: Stream) -> Iterator[dict[str, Any]]:
    for batch in stream.read():
        yield from batch.to_pylist()
