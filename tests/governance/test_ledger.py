"""The ledger's chain: what is sound verifies, and every single change to it is found."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.ledger import START, Head, Verifier, make_entry, payload, verify
from schemas.canonical import canonical_json, digest
from schemas.errors import IntegrityError

AT = "2026-01-31T08:00:00Z"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
bodies = st.dictionaries(st.text(max_size=6), json_values, max_size=4)


def chain(bodies: list[dict[str, Any]]) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    for number, body in enumerate(bodies, 1):
        found.append((number, make_entry(found[-1][1] if found else None, number, "test", "reviewer", AT, body)))
    return found


def kinds(entries: list[tuple[int, bytes]], head: Head | None = None) -> list[tuple[int, str]]:
    return [(problem.ordinal, problem.kind) for problem in verify(entries, head)]


def head_of(entries: list[tuple[int, bytes]]) -> Head:
    return Head(entries[-1][0], digest(entries[-1][1])) if entries else Head(0, START)


@given(st.lists(bodies, max_size=8), st.data())
def test_a_sound_chain_has_no_problems(all_bodies: list[dict[str, Any]], data: st.DataObject) -> None:
    entries = chain(all_bodies)
    assert verify(entries) == []
    assert [json.loads(entry)["body"] for _, entry in entries] == all_bodies
    # Any earlier head lies on the chain.
    earlier = data.draw(st.integers(0, len(entries)))
    assert verify(entries, head_of(entries[:earlier])) == []
    assert Verifier.over(entries).head == head_of(entries)
    assert Head.parse(str(head_of(entries))) == head_of(entries)


@given(st.lists(bodies, min_size=2, max_size=6), st.data())
def test_every_changed_byte_is_found(all_bodies: list[dict[str, Any]], data: st.DataObject) -> None:
    entries = chain(all_bodies)
    head = head_of(entries)
    at = data.draw(st.integers(0, len(entries) - 1))
    number, old = entries[at]
    place = data.draw(st.integers(0, len(old) - 1))
    new = bytearray(old)
    new[place] ^= data.draw(st.integers(1, 255))
    entries[at] = (number, bytes(new))
    assert verify(entries, head)
    if at < len(entries) - 1:
        assert verify(entries), "a change before the end shows without a head"


@given(st.lists(bodies, min_size=2, max_size=6), bodies, st.data())
def test_a_rewritten_body_is_found_by_the_entry_after_it(
    all_bodies: list[dict[str, Any]], new: dict[str, Any], data: st.DataObject
) -> None:
    entries = chain(all_bodies)
    at = data.draw(st.integers(0, len(entries) - 2))
    number, old = entries[at]
    forged = canonical_json({**json.loads(old), "body": {**new, "forged": True}})
    entries[at] = (number, forged)
    assert kinds(entries) == [(number + 1, "link")]


@given(st.integers(2, 7), st.data())
def test_removal_reorder_and_repetition_are_found(length: int, data: st.DataObject) -> None:
    entries = chain([{"n": n} for n in range(length)])
    at = data.draw(st.integers(0, length - 1))
    without = entries[:at] + entries[at + 1 :]
    if at < length - 1:
        assert kinds(without) == [(at + 2, "gap")]
    else:
        assert kinds(without) == []
        assert kinds(without, head_of(entries)) == [(length, "truncated")]
    # Renumbered to hide the hole: each later entry says another number, and the first of them links elsewhere.
    renumbered = [(number, entry) for number, (_, entry) in enumerate(without, 1)]
    if at < length - 1:
        found = kinds(renumbered)
        assert (at + 1, "ordinal") in found
        assert (at + 1, "link") in found
    if at < length - 1:
        swapped = [*entries[:at], entries[at + 1], entries[at], *entries[at + 2 :]]
        assert {"gap", "order"} <= {kind for _, kind in kinds(swapped)}
    repeated = [*entries[: at + 1], entries[at], *entries[at + 1 :]]
    assert (at + 1, "order") in kinds(repeated)


def test_a_whole_new_chain_does_not_pass_for_the_old_one() -> None:
    old, new = chain([{"n": 1}, {"n": 2}]), chain([{"n": 1}, {"n": 3}, {"n": 4}])
    assert kinds(new) == []
    assert kinds(new, head_of(old)) == [(2, "head")]
    assert kinds([], head_of(old)) == [(2, "truncated")]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda e: json.dumps(json.loads(e)).encode(), "encoding"),
        (lambda e: e + b"\n", "encoding"),
        (lambda e: e[:-5], "encoding"),
        (lambda e: b"\xff" + e, "encoding"),
        (lambda e: b"", "encoding"),
        (lambda e: b"[" * 100_000, "encoding"),
        (lambda e: b"[]", "fields"),
        (lambda e: canonical_json({**json.loads(e), "extra": 1}), "fields"),
        (lambda e: canonical_json({k: v for k, v in json.loads(e).items() if k != "actor"}), "fields"),
        (lambda e: canonical_json({**json.loads(e), "ordinal": True}), "fields"),
        (lambda e: canonical_json({**json.loads(e), "at": "yesterday"}), "fields"),
        (lambda e: canonical_json({**json.loads(e), "body": []}), "fields"),
        (lambda e: canonical_json({**json.loads(e), "ordinal": 7}), "ordinal"),
        (lambda e: canonical_json({**json.loads(e), "previous": START}), "link"),
    ],
)
def test_what_is_wrong_is_named(change: Any, kind: str) -> None:
    entries = chain([{"n": n} for n in range(2)])
    entries[1] = (2, change(entries[1][1]))
    assert kinds(entries) == [(2, kind)]
    # Nothing is appended to a chain whose end is damaged, unless only the link to what is before is wrong.
    if kind != "link":
        with pytest.raises(IntegrityError, match="ledger"):
            make_entry(entries[1][1], 3, "test", "reviewer", AT, {})


def test_entries_are_refused_that_could_not_be_verified() -> None:
    first = make_entry(None, 1, "test", "reviewer", AT, {})
    with pytest.raises(IntegrityError, match="cannot follow"):
        make_entry(first, 3, "test", "reviewer", AT, {})
    with pytest.raises(IntegrityError, match="cannot follow"):
        make_entry(None, 2, "test", "reviewer", AT, {})
    for body in ({"share": 0.1}, {"a": [{"b": 1.5}]}, {1: "x"}, {"x": float("nan")}):
        with pytest.raises(TypeError):
            make_entry(None, 1, "test", "reviewer", AT, body)
    wrong = [("", "r", AT), ("k", " ", AT), ("k", "r", "2026-01-31 08:00"), ("k", "r", AT[:-1] + "+01:00")]
    for kind, actor, at in wrong:
        with pytest.raises(ValueError, match=r"entry has|RFC 3339"):
            make_entry(None, 1, kind, actor, at, {})
    for text in ("", "3", "x:" + "0" * 64, "3:" + "0" * 63, "-1:" + "0" * 64, "3:" + "G" * 64):
        with pytest.raises(ValueError, match="head of a ledger"):
            Head.parse(text)


def test_a_signature_will_cover_all_but_itself() -> None:
    entry = make_entry(None, 1, "test", "reviewer", AT, {"a": 1})
    assert payload({**json.loads(entry), "signature": "…"}) == entry


def test_a_long_ledger_is_verified_in_little_memory() -> None:
    def stream() -> Iterator[tuple[int, bytes]]:
        previous = None
        for number in range(1, 3001):
            previous = make_entry(previous, number, "test", "reviewer", AT, {"text": "x" * 10_000})
            yield number, previous

    tracemalloc.start()
    assert verify(stream()) == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000, "30 MB of entries were held"
