"""PyTorch: an IterableDataset whose order no number of ranks or workers changes, with a state.

    dataset = TorchDataset(release.stream(columns=["text"], batch=32, rank=rank, world=world))
    loader = StatefulDataLoader(dataset, batch_size=None, num_workers=2)     # torchdata; or torch's DataLoader

It gives whole batches, so the loader is to have ``batch_size=None``. Workers take turns by steps, so the loader gives
the same batches in the same order whatever their number. Reading runs in threads of its own: ``num_workers=0`` is the
fastest for text and tokens, and workers each decode all that they share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from clearinghouse.adapters.arrays import numpy
from clearinghouse.adapters.missing import need
from clearinghouse.reader_state import StateRefused

if TYPE_CHECKING:
    from clearinghouse.reader_packing import Packed
    from clearinghouse.reader_stream import Stream

torch = need("torch")
_data = need("torch.utils.data", "torch")


def tensors(batch: pa.RecordBatch) -> dict[str, Any]:
    """Columns of numbers as tensors (copied: Arrow's memory may not be written to), the others as `arrays.numpy` has
    them. Token ids are int64, as embeddings want them."""
    np = need("numpy")
    found: dict[str, Any] = {}
    for name, values in numpy(batch).items():
        if isinstance(values, np.ndarray):
            wide = values.astype(np.int64) if name == "input_ids" else values.copy()
            found[name] = torch.from_numpy(wide)
        else:
            found[name] = values
    return found


class TorchDataset(_data.IterableDataset):  # type: ignore[misc, name-defined]
    """The batches of a stream or of packed sequences for a DataLoader.

    ``convert`` makes of a `pyarrow.RecordBatch` what the loader gives out. An epoch is read by iterating once;
    `set_epoch` chooses which, from its beginning. (Workers are copies, so what they read moves nothing here.)
    """

    def __init__(self, source: Stream | Packed, convert: Callable[[pa.RecordBatch], Any] = tensors) -> None:
        super().__init__()
        self.source, self.convert = source, convert
        self._taken, self._workers = 0, 1

    def set_epoch(self, epoch: int) -> None:
        """Read this epoch next, from its first sample."""
        self.source.set_epoch(epoch)
        self._taken = 0

    def __iter__(self) -> Iterator[Any]:
        info = _data.get_worker_info()
        worker, workers = (0, 1) if info is None else (info.id, info.num_workers)
        skip, self._workers = self._taken, workers
        for batch in self.source.read(worker, workers, skip):
            self._taken += 1
            yield self.convert(batch)
        self._taken = 0

    def state_dict(self) -> dict[str, Any]:
        """For StatefulDataLoader, which asks every worker for one: where the source stood, and steps taken since."""
        return {"source": self.source.state_dict(), "steps": self._taken, "workers": self._workers}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """What `state_dict` gave, to a worker of the same number of workers. Raises `StateRefused`."""
        if "source" not in state:
            self.source.load_state_dict(state)
            self._taken = 0
            return
        info = _data.get_worker_info()
        workers = 1 if info is None else info.num_workers
        if state["steps"] and state["workers"] != workers:
            raise StateRefused(
                f"the loader's state is of {state['workers']} workers, this one has {workers}",
                fix="go on by `resume_state`, which knows no workers: source.load_state_dict(resume_state(source, state))",
            )
        self.source.load_state_dict(state["source"])
        self._taken = state["steps"]


def resume_state(source: Stream | Packed, loader_state: Mapping[str, Any]) -> dict[str, Any]:
    """The state of the source after what a StatefulDataLoader gave out, from the loader's `state_dict()`.

    It may be loaded with other numbers of workers and ranks and another batch size. ``source`` is made as the one that
    the loader read, with the ranks and batch size of then; it is left at the place that the loader started from.
    """
    snapshot = loader_state.get("_snapshot")
    workers: list[Any]
    if snapshot is None:
        workers, since = [loader_state.get("dataset_state")], 0
    else:
        workers = [one.get("dataset_state") for one in snapshot["_worker_snapshots"].values()]
        since = int(loader_state["_steps_since_snapshot"])
    if not workers or any(not isinstance(one, Mapping) or "source" not in one for one in workers):
        raise StateRefused(
            "this is no state of a StatefulDataLoader over a TorchDataset", fix="give loader.state_dict()"
        )
    source.load_state_dict(workers[0]["source"])
    if loader_state.get("_iterator_finished"):
        source.set_epoch(source.epoch + 1)
        return source.state_dict()
    return source.state_after(sum(one["steps"] for one in workers) + since)
