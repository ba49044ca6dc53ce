"""Reading YAML: lines of every place, and every fault of a file as a problem."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from schemas.yaml_lines import MAX_BYTES, Place, YamlFile, json_path, parse_yaml, read_yaml


def parsed(text: str | bytes) -> YamlFile:
    found = YamlFile("f.yaml")
    parse_yaml(text.encode() if isinstance(text, str) else text, found)
    return found


def said(found: YamlFile) -> list[tuple[int, str]]:
    return [(p.line, p.message) for p in found.problems]


def test_lines_of_keys_and_items() -> None:
    found = parsed("a: 1\nb:\n  - x\n  -\n    c: [1,\n 2]\n")
    assert found.data == {"a": 1, "b": ["x", {"c": [1, 2]}]}
    places: dict[Place, int] = {("a",): 1, ("b",): 2, ("b", 0): 3, ("b", 1, "c"): 5, ("b", 1, "c", 1): 6}
    assert {place: found.line(place) for place in places} == places
    assert found.line(("b", 1, "no", "such")) == found.line(("b", 1))
    assert found.problems == []


def test_scalars_are_of_the_core_schema() -> None:
    found = parsed(
        "no: NO\ntime: 12:30:00\nday: 2024-02-29\nnull1: ~\nempty:\nyes: true\nhex: 0x1F\nbig: 2_000_000\n"
        "code: 007\nfloat: 1.5e3\nquoted: '1'\nblock: |\n  true\n1: one\ntrue: two\n"
    )
    assert found.problems == []
    assert found.data == {
        "no": "NO", "time": "12:30:00", "day": "2024-02-29", "null1": None, "empty": None, "yes": True, "hex": 31,
        "big": 2_000_000, "code": "007", "float": 1500.0, "quoted": "1", "block": "true\n", "1": "one", "true": "two",
    }  # fmt: skip


def test_a_duplicate_key_names_both_lines_and_the_first_value_stands() -> None:
    found = parsed("a: 1\nb: {c: 1}\na: {d: 2, d: 3}\n")
    assert found.data == {"a": 1, "b": {"c": 1}}
    assert said(found)[0] == (3, "the key 'a' is there twice; the first is on line 1")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: &x 1\nb: *x\n", 1, "anchor"),
        ("a: 1\nb: {<<: {c: 1}}\n", 2, "merge key"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "tag"),
        ("a: 1\nb: !thing 2\n", 2, "tag"),
        ("a:\n\tb: 1\n", 2, "tab"),
        ("a: 1\n---\nb: 2\n", 2, "more than one document"),
        ("a: 1\n? [x, y]\n: 2\n", 2, "a list or mapping as a key"),
        ("a: .inf\n", 1, "not a number"),
        ("a: 1e999\n", 1, "not a number"),
        ("a: " + "9" * 5000 + "\n", 1, "more than 40 digits"),
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "is not YAML"),
        ("a: 'open\n", 2, "is not YAML"),
        ("a: 1\nb: \x07\n", 2, "control character"),
        ("- a\n- b\n", 1, "a list at the top"),
        ("just words\n", 1, "a single value at the top"),
        ("", 1, "is empty"),
        ("# only a comment\n", 1, "is empty"),
        ("~\n", 1, "is empty"),
    ],
)  # fmt: skip
def test_faults_are_problems_with_their_line(text: str, line: int, words: str) -> None:
    found = parsed(text)
    assert [(p.line, words in p.message) for p in found.problems[:1]] == [(line, True)], found.problems


def test_bytes_that_are_not_utf8_are_placed() -> None:
    found = parsed(b"a: 1\nb: \xff\xfe\n")
    assert found.data is None
    assert said(found) == [(2, "is not UTF-8: byte 8 cannot be decoded")]


def test_a_byte_order_mark_is_not_a_key() -> None:
    assert parsed(b"\xef\xbb\xbfa: 1\n").data == {"a": 1}


def test_bombs_do_not_grow() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
    found = parsed(bomb)
    assert len(found.problems) >= 60
    assert found.data["a59"] == [None, None]
    assert "nested" in parsed("a: " + "[" * 100_000).problems[0].message
    assert "nested" in parsed("\n".join(f"{' ' * i}k:" for i in range(500))).problems[0].message


def test_huge_and_missing_files_are_problems(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    huge.write_text("a: 1\n" + "#" * MAX_BYTES)
    assert "larger than" in read_yaml(huge).problems[0].message
    assert read_yaml(tmp_path / "none.yaml").problems[0].message == "there is no such file"
    assert "cannot be read" in read_yaml(tmp_path).problems[0].message


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\x85")
    )
    # The writer is of YAML 1.1, where 0E0 is a word; here, as in YAML 1.2, it is a number.
    .filter(lambda text: not re.fullmatch(r"[-+]?[0-9.]+[eE][-+]?[0-9]+", text)),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdeé字", min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text("abcxyz_", min_size=1, max_size=6), values, min_size=1, max_size=5), st.booleans())
def test_what_is_written_is_read_and_every_place_has_a_line(data: dict[str, Any], flow: bool) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, default_flow_style=flow, sort_keys=False)
    found = parsed(text)
    assert found.problems == []
    assert found.data == data
    lines = text.count("\n")
    for place in places_of(data):
        assert place in found.lines, json_path(place)
        assert 1 <= found.lines[place] <= lines


def places_of(value: Any, place: Place = ()) -> list[Place]:
    out = [place]
    if isinstance(value, dict):
        for key, item in value.items():
            out += places_of(item, (*place, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            out += places_of(item, (*place, number))
    return out


@given(st.binary(max_size=300))
def test_no_bytes_raise(raw: bytes) -> None:
    found = parsed(raw)
    assert (found.data is not None) or found.problems


def test_paths_read_as_json_paths() -> None:
    assert json_path(("schema", 0, "properties", 12, "name")) == "$.schema[0].properties[12].name"
    assert json_path(("roles", "买家 1")) == "$.roles['买家 1']"
    assert json_path(()) == "$"
