"""Classes of quasi-identifiers: counted in files as they would be by hand."""

from __future__ import annotations

import hashlib
import itertools
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.anonymity import Counting, quasi_identifiers
from schemas.contract import Document, Field
from schemas.policy_loader import load_policy
from tests.release_builders import PATIENT, contract


def row_id(number: int) -> str:
    return hashlib.blake2b(str(number).encode(), digest_size=16).hexdigest()


ROWS = st.lists(
    st.tuples(st.sampled_from(["20-29", "30-39", None, ""]), st.sampled_from(["上海", "北京", "a1:b"])), max_size=60
)


@given(ROWS, st.sets(st.integers(0, 59)), st.integers(1, 7))
@PATIENT
def test_the_smallest_class_is_that_of_a_count_by_hand(
    rows: list[tuple[str | None, str]], wanted: set[int], batch: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        counting = Counting(Path(folder))
        for begin in range(0, len(rows), batch):
            part = rows[begin : begin + batch]
            counting.see([row_id(begin + n) for n in range(len(part))], list(zip(*part, strict=True)))
        counting.want([row_id(n) for n in sorted(wanted)])
        counting.want([row_id(n) for n in sorted(wanted)][:3])
        found = counting.smallest()
    sizes = Counter(rows[n] for n in wanted if n < len(rows))
    assert found.k == min(sizes.values(), default=0)
    assert (found.rows, found.classes) == (sizes.total(), len(sizes))
    assert found.missing == sum(n >= len(rows) for n in wanted)


def test_of_two_versions_of_a_row_the_later_one_counts(tmp_path: Path) -> None:
    counting = Counting(tmp_path)
    ids = [row_id(n) for n in range(4)]
    counting.see(ids, [["x", "x", "x", "y"]])
    counting.see([ids[3]], [["x"]])
    counting.want(ids)
    assert (counting.smallest().k, counting.smallest().classes) == (4, 1)


def test_values_of_different_columns_do_not_run_together(tmp_path: Path) -> None:
    for number, (one, other) in enumerate(
        itertools.combinations([("ab", "c"), ("a", "bc"), (None, "abc"), ("", "abc")], 2)
    ):
        counting = Counting(tmp_path / str(number))
        counting.see([row_id(0), row_id(1)], [[one[0], other[0]], [one[1], other[1]]])
        counting.want([row_id(0), row_id(1)])
        assert counting.smallest().classes == 2


@pytest.mark.parametrize("policy_file", ["default", "surrogates"])
def test_what_counts_as_quasi_identifying(policy_file: str) -> None:
    from importlib import resources

    policy = load_policy(str(resources.files("schemas") / f"policies/{policy_file}.policy.yaml"))
    fields = tuple(
        Field(name, name, "string", classification)
        for name, classification in (
            ("note", "text.free"), ("age", "quasi.identifier"), ("town", "quasi.identifier"), ("kind", "none"),
            ("born", "person.birth_date"), ("firm", "business.name"), ("key", "identifier.record"),
        )
    )  # fmt: skip
    one = contract(Document("text", "{note} {age} {kind} {born} {firm}"), fields=())
    one = type(one)(**{**vars(one), "fields": fields})
    found = quasi_identifiers(one, policy, ("note", "age", "kind", "born", "firm"))
    # A year of birth is coarse and still points at somebody; a placeholder does not. A field that no document says is out.
    assert found == (("age", "born") if policy_file == "surrogates" else ("age",))
