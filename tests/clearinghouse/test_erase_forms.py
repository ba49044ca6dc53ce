"""Erased rows of releases of every format: their place stays, their content goes."""

from __future__ import annotations

import io

import pyarrow.parquet as pq
import pytest

from clearinghouse.jobs.erase_releases import holes
from tests.transforms.test_shards import FORMS, table, written


@pytest.mark.parametrize("form", FORMS)
def test_a_row_of_any_form_becomes_a_hole(form: str) -> None:
    rows = table(form)
    found = pq.read_table(io.BytesIO(written(holes(rows, [3, 7])))).to_pylist()
    for number, (before, after) in enumerate(zip(rows.to_pylist(), found, strict=True)):
        if number not in (3, 7):
            assert after == before
            continue
        kept = {name: after[name] for name in ("id", "source", "language", "epoch")}
        assert kept == {name: before[name] for name in kept}
        assert after["erased"] is True
        assert all(after[name] is None for name in after if name not in {*kept, "erased", "n_tokens"})
