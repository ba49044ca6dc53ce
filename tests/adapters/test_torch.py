"""PyTorch: the loader's order is the stream's whatever the workers, it resumes, and a model learns from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed: make adapters")

from clearinghouse.adapters.torch import TorchDataset, resume_state  # noqa: E402
from clearinghouse.reader import Release, StateRefused  # noqa: E402
from tests.adapters.worlds import WORDS, pairs, small_release, tokens_release  # noqa: E402


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return small_release(tmp_path_factory.mktemp("torch"))


def ids(batches) -> list[str]:
    return [one for batch in batches for one in batch["id"]]


def stream(release: Release, **changes):
    return release.stream(seed=1, **{"columns": ["id"], "batch": 7, "remainder": "short", **changes})


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_workers_change_no_order(release: Release, workers: int) -> None:
    expected = ids({"id": batch.column("id").to_pylist()} for batch in stream(release))
    loader = torch.utils.data.DataLoader(TorchDataset(stream(release)), batch_size=None, num_workers=workers)
    assert ids(loader) == expected


def test_set_epoch_reads_another_order(release: Release) -> None:
    dataset = TorchDataset(stream(release))
    loader = torch.utils.data.DataLoader(dataset, batch_size=None)
    first = ids(loader)
    assert ids(loader) == first
    dataset.set_epoch(1)
    second = ids(loader)
    assert second != first
    assert sorted(second) == sorted(first)


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("taken", [0, 1, 20])
def test_a_stateful_loader_resumes(release: Release, workers: int, taken: int) -> None:
    loaders = pytest.importorskip("torchdata.stateful_dataloader", reason="torchdata is not installed: make adapters")

    def loader(count: int):
        return loaders.StatefulDataLoader(TorchDataset(stream(release)), batch_size=None, num_workers=count)

    whole = ids(loader(0))
    begun = loader(workers)
    walk = iter(begun)
    before = ids(next(walk) for _ in range(taken))
    state = begun.state_dict()
    again = loader(workers)
    again.load_state_dict(state)
    assert before + ids(again) == whole
    # The same state with other workers, another batch and two ranks: samples are what counts.
    plain = resume_state(stream(release), state)
    assert json.loads(json.dumps(plain)) == plain
    assert plain["position"] == taken * 7
    found = []
    for rank in range(2):
        mine = stream(release, batch=5, rank=rank, world=2)
        mine.load_state_dict(plain)
        other = torch.utils.data.DataLoader(TorchDataset(mine), batch_size=None, num_workers=1)
        found.append([batch["id"] for batch in other])
    assert len({len(one) for one in found}) == 1
    order = [
        batches[rank][place]
        for batches in zip(*found, strict=True)
        for place in range(5)
        for rank in range(2)
        if place < len(batches[rank])
    ]
    assert before + order == whole


def test_a_state_of_other_workers_is_refused(release: Release) -> None:
    dataset = TorchDataset(stream(release))
    walk = iter(dataset)
    next(walk)
    state = dataset.state_dict()
    with pytest.raises(StateRefused, match="of 5 workers"):
        TorchDataset(stream(release)).load_state_dict({**state, "workers": 5})
    with pytest.raises(StateRefused, match="no state of a StatefulDataLoader"):
        resume_state(stream(release), {"anything": 1})


def test_a_model_learns(release: Release) -> None:
    torch.manual_seed(0)
    table = torch.nn.Embedding(len(WORDS), len(WORDS))
    optimiser = torch.optim.Adam(table.parameters(), lr=0.2)
    dataset = TorchDataset(release.stream(seed=1, columns=["text"], batch=30))
    losses = []
    for epoch in range(3):
        dataset.set_epoch(epoch)
        for batch in torch.utils.data.DataLoader(dataset, batch_size=None):
            seen = torch.tensor(pairs(batch["text"]))
            loss = torch.nn.functional.cross_entropy(table(seen[:, 0]), seen[:, 1])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    # After a colour one of three numbers: no model can be surer than that.
    assert losses[-1] < 1.2 < losses[0]


def test_packed_sequences_become_tensors_and_a_model_learns(release: Release) -> None:
    pytest.importorskip("tokenizers", reason="tokenizers is not installed: make adapters")
    from tests.adapters.packed import packed

    made = packed(release, length=16, batch=8)
    dataset = TorchDataset(made)
    torch.manual_seed(0)
    table = torch.nn.Embedding(8, 8)
    optimiser = torch.optim.Adam(table.parameters(), lr=0.2)
    losses = []
    for epoch in range(6):
        dataset.set_epoch(epoch)
        for batch in torch.utils.data.DataLoader(dataset, batch_size=None, num_workers=0):
            tokens, mask = batch["input_ids"], batch["loss_mask"][:, 1:].bool()
            assert tokens.shape == (8, 16)
            assert tokens.dtype == torch.int64
            loss = torch.nn.functional.cross_entropy(table(tokens[:, :-1])[mask], tokens[:, 1:][mask])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    assert losses[-1] < 1.4 < losses[0]


def test_tokens_that_lie_as_bytes_become_tensors(tmp_path: Path) -> None:
    read = tokens_release(tmp_path)
    for columns in (["id", "input_ids"], ["input_ids"]):
        packed = read.stream(seed=1, batch=4, columns=columns).pack(
            16, columns=None if "id" in columns else ["input_ids"]
        )
        batches = list(torch.utils.data.DataLoader(TorchDataset(packed), batch_size=None))
        assert len(batches) > 20
        assert all(batch["input_ids"].dtype == torch.int64 and batch["input_ids"].max() < 6 for batch in batches)
        # After a colour comes a number, within a document.
        if "segments" in batches[0]:
            tokens, same = batches[0]["input_ids"], batches[0]["segments"]
            inside = (same[:, 1:] == same[:, :-1]) & (same[:, 1:] > 0)
            assert bool(((tokens[:, 1:] >= 3) != (tokens[:, :-1] >= 3))[inside].all())


@pytest.mark.parametrize("workers", [0, 2])
def test_packed_sequences_resume_in_a_loader(release: Release, workers: int) -> None:
    pytest.importorskip("tokenizers", reason="tokenizers is not installed: make adapters")
    loaders = pytest.importorskip("torchdata.stateful_dataloader", reason="torchdata is not installed: make adapters")
    from tests.adapters.packed import packed

    def loader():
        return loaders.StatefulDataLoader(
            TorchDataset(packed(release, length=16, batch=4, remainder="short")), batch_size=None, num_workers=workers
        )

    def tokens(batches) -> list:
        return [row for batch in batches for row in batch["input_ids"].tolist()]

    whole = tokens(loader())
    begun = loader()
    walk = iter(begun)
    before = tokens(next(walk) for _ in range(5))
    state = begun.state_dict()
    again = loader()
    again.load_state_dict(state)
    assert before + tokens(again) == whole
    other = packed(release, length=16, batch=9, remainder="short")
    other.load_state_dict(resume_state(packed(release, length=16, batch=4, remainder="short"), state))
    assert before + [row for batch in other for row in batch.column("input_ids").to_pylist()] == whole
