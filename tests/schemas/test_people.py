"""People files: what loads, what does not, and that everything wrong is told at once and no secret with it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from governance.passwords import check_password, hash_password
from schemas.errors import PeopleError
from schemas.people import People, load_people, read_people
from schemas.registry import key_id

KEYS = [base64.b64encode(bytes([n]) * 32).decode() for n in range(1, 5)]
GOOD = f"""
people:
  - name: wen.zhao
    roles: [reviewer]
    units: [media, commerce]
    publicKey: {KEYS[0]}
    since: 2026-01-31T08:00:00Z
    retired:
      - {{publicKey: {KEYS[1]}, until: 2025-06-30T00:00:00Z}}
      - {{publicKey: {KEYS[2]}, since: 2025-06-30T00:00:00Z, until: 2026-01-31T08:00:00Z}}
  - name: ada.okafor
    roles: [officer, engineer]
"""


def load(tmp_path: Path, text: str) -> People:
    path = tmp_path / "people.yaml"
    path.write_text(text, "utf-8")
    return load_people(path)


def test_a_people_file_loads_sorted_with_keys_in_use_first(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)
    assert [person.name for person in found.people] == ["ada.okafor", "wen.zhao"]
    ada, wen = found.people
    assert (ada.roles, ada.key, ada.may_sign) == (("engineer", "officer"), None, True)
    assert wen.units == ("commerce", "media")
    assert [key.value for key in wen.keys] == [KEYS[0], KEYS[2], KEYS[1]]
    assert wen.key is not None
    assert wen.key.id == key_id(bytes([1]) * 32)
    assert found.key(wen.keys[1].id) == (wen, wen.keys[1])
    assert found.key("0" * 64) is None
    assert found.holders("officer") == (ada,)


def test_a_key_is_good_from_since_to_before_until(tmp_path: Path) -> None:
    old = load(tmp_path, GOOD).people[1].keys[1]
    times = ("2025-06-29T23:59:59Z", "2025-06-30T00:00:00Z", "2026-01-31T07:59:59Z", "2026-01-31T08:00:00Z")
    assert [old.good_at(at) for at in times] == [False, True, True, False]


def test_the_registry_goes_round_and_holds_no_password(tmp_path: Path) -> None:
    bare = load(tmp_path, GOOD)
    with_password = load(tmp_path, GOOD + f"    password: {hash_password('some words in a row')}\n")
    assert bare.people != with_password.people
    assert bare.digest == with_password.digest
    assert "scrypt" not in str(with_password.facts())
    assert "scrypt" not in repr(with_password)
    assert People.from_facts(bare.facts()).facts() == bare.facts()


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: facts.reverse(),
        lambda facts: facts.append(facts[1]),
        lambda facts: facts[0].update(more=1),
        lambda facts: facts[0].update(roles=["king"]),
        lambda facts: facts[0].update(name="nobody"),
        lambda facts: facts[1]["keys"][0].update(public=KEYS[0][:-2] + "F="),
        lambda facts: facts[1]["keys"][0].update(public=KEYS[1]),
        lambda facts: facts[1]["keys"][1].update(until=None),
        lambda facts: facts[1]["keys"][1].update(until="2026"),
        lambda facts: facts[1]["keys"][1].update(until="2024-01-01T00:00:00Z"),
    ],
)
def test_a_registry_that_was_changed_by_hand_is_refused(tmp_path: Path, change) -> None:
    facts = load(tmp_path, GOOD).facts()
    change(facts)
    with pytest.raises(ValueError, match=r"\w"):
        People.from_facts(facts)


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = f"""
people:
  - name: two words
    roles: [reviewr]
  - name: nobody
    roles: []
  - name: wen.zhao
    roles: [reviewer]
    publicKey: not base64
    since: yesterday
  - name: Wen.Zhao
    roles: [reviewer]
    publicKey: {KEYS[0]}
    retired:
      - {{publicKey: {KEYS[0]}, since: 2026-02-01T00:00:00Z, until: 2026-01-01T00:00:00Z}}
      - {{publicKey: {KEYS[1]}}}
  - name: li
    roles: [engineer]
    since: 2026-01-31T08:00:00Z
    password: hunter2
    colour: blue
"""
    with pytest.raises(PeopleError) as caught:
        load(tmp_path, text)
    told = str(caught.value)
    for expected in (
        "'two words' is not a name to sign with",
        "reviewer",
        "the answer that never came",
        "is there already, on line 7",
        "a public key is base64",
        "'yesterday' is not a time",
        "is Wen.Zhao's key already",
        "lies before since",
        "until",
        "there is no key",
        "is not a hash that can be checked",
        "colour",
    ):
        assert expected in told, expected
    assert "hunter2" not in told
    assert all(problem.line for problem in caught.value.problems)


@pytest.mark.parametrize("text", ["", "people: []", "people: 3", "- name: x", "people:\n  - 3", "people: &a [*a]"])
def test_what_is_no_people_file_is_told(text: str) -> None:
    people, problems = read_people("people.yaml", text.encode())
    assert people is None
    assert problems


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PeopleError, match="there is no such file"):
        load_people(tmp_path / "people.yaml")


@pytest.mark.parametrize("weak", ["scrypt$1024$8$1$", "scrypt$32767$8$1$", "scrypt$1048576$32$1$", "scrypt$32768$0$1$"])
def test_a_hash_that_is_too_weak_or_too_dear_is_refused(weak: str) -> None:
    tail = hash_password("some words in a row").split("$", 4)[4]
    _, problems = read_people("p", f"people:\n  - {{name: a, roles: [reviewer], password: {weak}{tail}}}".encode())
    assert [problem.path for problem in problems] == ["$.people[0].password"]


def test_passwords_are_checked() -> None:
    stored = hash_password("some words in a row")
    assert stored != hash_password("some words in a row")
    assert check_password("some words in a row", stored)
    assert not check_password("some words in a Row", stored)
    for nothing in (None, "", "scrypt$1$1$1$AA==$AA==", "plain"):
        assert not check_password("", nothing)
        assert not check_password(nothing or "x", nothing)
