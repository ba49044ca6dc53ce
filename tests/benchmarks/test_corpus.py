"""The documents of the benchmarks are what they say they are."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks import corpus
from transforms.shingles import jaccard, sketches


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_kinds_are_what_they_say(language: corpus.Language) -> None:
    made = {one.id: one for one in corpus.documents(1500, language)}
    kinds = Counter(one.kind for one in made.values())
    assert 1000 < kinds["unique"] < 1150
    assert all(kinds[kind] > 5 * share for kind, share in corpus.SHARES.items())
    copies = [one for one in made.values() if one.original]
    texts = pa.array([text for one in copies for text in (one.text, made[one.original].text)])
    found = sketches(texts)
    places = pa.array(range(len(copies))).to_numpy()
    alike = jaccard(found, 2 * places, 2 * places + 1)
    for one, similarity in zip(copies, alike.tolist(), strict=True):
        assert made[one.original].kind == "unique"
        assert (one.text == made[one.original].text) == (one.kind == "exact")
        assert similarity >= 0.75
    assert sum(len(one.pii) for one in made.values()) > 300
    assert all(value in one.text for one in made.values() if one.kind == "unique" for _, value in one.pii)


def test_a_smaller_run_is_the_beginning_of_a_larger_one(tmp_path: Path) -> None:
    files = [corpus.write(tmp_path / str(count), count, "zh") for count in (30, 60, 60)]
    small, large, again = ((folder / "docs.jsonl").read_bytes() for folder in files)
    assert large.startswith(small)
    assert large == again
    assert pq.read_table(files[1] / "docs.parquet").to_pylist() == [json.loads(line) for line in large.splitlines()]
    assert len(corpus.truth(files[1])) == 60


def test_the_same_on_every_machine() -> None:
    texts = "".join(corpus.document(number, "en").text for number in range(20))
    again = "".join(corpus.document(number, "en").text for number in range(20))
    assert hashlib.sha256(texts.encode()).digest() == hashlib.sha256(again.encode()).digest()
    assert corpus.document(3, "en") != corpus.document(3, "en", seed=2)
