"""Map-style access for Grain and JAX: the same samples at the same positions, and a model in JAX learns from them."""

from __future__ import annotations

import pickle

import pytest

np = pytest.importorskip("numpy", reason="NumPy is not installed")

from clearinghouse.adapters.positions import Positions  # noqa: E402
from clearinghouse.reader import Release  # noqa: E402
from tests.adapters.worlds import WORDS, pairs, small_release  # noqa: E402


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return small_release(tmp_path_factory.mktemp("positions"))


@pytest.mark.parametrize("shuffle", ["window", "full", "none"])
def test_positions_are_those_of_the_stream(release: Release, shuffle: str) -> None:
    def stream(**changes):
        return release.stream(seed=5, epoch=2, shuffle=shuffle, columns=["id", "n_tokens"], **changes)

    expected = [row for batch in stream(batch=32, remainder="short") for row in batch.to_pylist()]
    source = Positions(stream())
    assert len(source) == len(expected) == 300
    for there in (source, pickle.loads(pickle.dumps(source))):
        assert [there[n] for n in range(300)] == expected
    assert source[-1] == expected[-1]
    assert source[np.int64(7)] == expected[7]
    for beyond in (300, -301):
        with pytest.raises(IndexError, match="300 samples"):
            source[beyond]


def test_grain_reads_and_resumes(release: Release) -> None:
    grain = pytest.importorskip("grain.python", reason="Grain is not installed: make adapters")
    source = Positions(release.stream(seed=5, columns=["id"]))
    expected = [source[n]["id"] for n in range(300)]

    def walk():
        return iter(grain.MapDataset.source(source).batch(20).to_iter_dataset())

    one = walk()
    before = [name for _ in range(4) for name in next(one)["id"]]
    state = one.get_state()
    two = walk()
    two.set_state(state)
    assert before + [name for batch in two for name in batch["id"]] == expected


def test_a_model_in_jax_learns(release: Release) -> None:
    jax = pytest.importorskip("jax", reason="JAX is not installed: make adapters")
    import jax.numpy as jnp

    source = Positions(release.stream(seed=5, columns=["text"]))

    def loss(table, seen):
        chosen = jax.nn.log_softmax(table[seen[:, 0]])
        return -chosen[jnp.arange(len(seen)), seen[:, 1]].mean()

    step = jax.jit(jax.value_and_grad(loss))
    table, losses = jnp.zeros((len(WORDS), len(WORDS))), []
    for first in range(0, 300, 30):
        seen = pairs([source[n]["text"] for n in range(first, first + 30)])[:64]
        value, slope = step(table, jnp.asarray(seen))
        table -= 10 * slope
        losses.append(float(value))
    assert losses[-1] < 1.4 < losses[0]
