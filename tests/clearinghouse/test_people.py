"""People in force: the file, its edits, the registry in the ledger, and the commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from clearinghouse import people_file
from clearinghouse.catalog import ledger
from clearinghouse.cli import app
from clearinghouse.jobs.people import anchor, authority, in_force, sign_as
from clearinghouse.jobs.record import record
from clearinghouse.people_file import NotEdited
from clearinghouse.settings import Settings
from governance.ledger import verify
from governance.passwords import check_password
from governance.signing import Signer
from infra.store import open_store
from schemas.errors import ClearinghouseError, IntegrityError, KeyMissing, ReleaseRefused
from schemas.people import load_people
from schemas.registry import Person, PublicKey
from tests.governed import PHRASE, World

WRITTEN = """\
# Who may do what. Ask Ada before you change it.
people:
  # the officer
  - name: ada
    roles: [officer]   # anchors this file
    units: [commerce]
"""


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def run(*arguments: str, code: int = 0) -> Any:
    """A command's JSON."""
    found = CliRunner().invoke(app, [*arguments, "--json"])
    if isinstance(found.exception, ClearinghouseError):
        raise found.exception
    assert found.exit_code == code, found.output
    return json.loads(found.stdout)


def keys(seed: int) -> PublicKey:
    import base64

    return PublicKey(base64.b64encode(bytes([seed]) * 32).decode(), f"2026-01-0{seed}T00:00:00Z")


def test_edits_leave_the_rest_of_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "people.yaml"
    path.write_text(WRITTEN)
    path.chmod(0o640)
    people_file.rotate(path, "ada", keys(1))
    people_file.add(path, Person("wen.zhao", ("reviewer",), ("media",), (keys(2),)))
    people_file.add(path, Person("007", ("engineer",)))
    people_file.rotate(path, "ada", keys(3))
    people_file.set_password(path, "ada", "scrypt$32768$8$1$" + "A" * 22 + "==$" + "A" * 43 + "=")
    people_file.set_password(path, "ada", "scrypt$32768$8$3$" + "A" * 22 + "==$" + "A" * 43 + "=")
    found = people_file.rotate(path, "ada", keys(4))
    text = path.read_text()
    assert all(line in text for line in WRITTEN.splitlines())
    assert found == load_people(path)
    zero, ada, wen = found.people
    assert (zero.name, zero.key) == ("007", None)
    assert [(key.since, key.until) for key in ada.keys] == [
        (keys(4).since, None), (keys(3).since, keys(4).since), (keys(1).since, keys(3).since)
    ]  # fmt: skip
    assert ada.password.startswith("scrypt$32768$8$3")
    assert wen.units == ("media",)
    assert path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in tmp_path.iterdir()] == ["people.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        "people: [{name: ada, roles: [officer]}]\n",
        "people:\n  - {name: ada, roles: [officer]}\n",
        "people:\n- roles:\n  - officer\n  name: ada\n",
        "{people: [{name: ada, roles: [officer]}]}",
    ],
)
def test_a_file_in_another_form_is_changed_rightly_or_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "people.yaml"
    for change in (
        lambda: people_file.rotate(path, "ada", keys(1)),
        lambda: people_file.add(path, Person("wen", ("reviewer",))),
        lambda: people_file.set_password(path, "ada", "scrypt$32768$8$1$" + "A" * 22 + "==$" + "A" * 43 + "="),
    ):
        path.write_text(text)
        refused = ""
        try:
            change()
        except NotEdited as error:
            refused = error.fix
        if refused:
            assert path.read_text() == text
            assert "by hand" in refused
        else:
            assert load_people(path).get("ada") is not None
            assert path.read_text() != text


def test_people_are_added_anchored_and_checked_by_commands(world: World) -> None:
    world.drop_people()
    phrase = world.passphrase
    added = run("people", "add", "ada", "--role", "officer", "--key", str(world.key("ada2")), "--passphrase", phrase)
    assert added["person"]["roles"] == ["officer"]
    assert "PRIVATE" not in json.dumps(added)
    assert PHRASE not in world.people.read_text()
    run("people", "add", "wen", "--role", "reviewer", "--role", "engineer", "--unit", "media", "--no-key")
    with pytest.raises(NotEdited, match="already"):
        run("people", "add", "wen", "--role", "engineer", "--no-key")
    listed = run("people", "list")
    assert [person["name"] for person in listed["people"]] == ["ada", "wen"]
    missing = run("people", "check", code=7)
    assert not missing["ok"]
    assert "names are taken on trust" in " ".join(missing["remarks"])
    done = run("people", "anchor", "--signing-key", str(world.key("ada2")), "--passphrase", phrase)
    assert (done["actor"], done["ledger"], done["repeated"]) == ("ada", 1, False)
    checked = run("people", "check")
    assert checked["ok"]
    assert any("only officer" in remark for remark in checked["remarks"])
    assert any("wen" in remark and "no key" in remark for remark in checked["remarks"])
    again = run("people", "anchor", "--signing-key", str(world.key("ada2")), "--passphrase", phrase)
    assert again == {**done, "repeated": True}
    assert verify(ledger(world.store)) == []


def test_a_key_is_rotated_and_the_old_one_signs_the_change(world: World) -> None:
    world.anchor()
    new = world.folder / "ada-new.pem"
    world.wait()
    run("people", "rotate", "ada", "--key", str(new), "--passphrase", world.passphrase)
    with pytest.raises(ReleaseRefused, match="not in force"):
        authority(world.settings, world.store)
    assert "ada was changed" in " ".join(run("people", "check", code=7)["remarks"])
    # The new key is not known to the registry in force.
    with pytest.raises(ReleaseRefused, match="does not know"):
        anchor(world.settings, Signer.load(new, PHRASE.encode()))
    anchor(world.settings, world.signer("ada"))
    found = in_force(world.store)
    assert found is not None
    assert found[1].get("ada").key.id == Signer.load(new, PHRASE.encode()).key_id
    assert verify(ledger(world.store)) == []


def test_a_password_is_kept_as_a_hash(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK", "correct horse battery")
    run("people", "password", "wen", "--from", "env:DESK")
    stored = load_people(world.people).get("wen").password
    assert check_password("correct horse battery", stored)
    assert "horse" not in world.people.read_text()
    monkeypatch.setenv("DESK", "short")
    with pytest.raises(KeyMissing, match="at least 12"):
        run("people", "password", "wen", "--from", "env:DESK")
    with pytest.raises(NotEdited, match="not in"):
        run("people", "password", "somebody", "--from", "env:DESK")


def test_nothing_is_asked_for_where_there_is_no_terminal(world: World) -> None:
    with pytest.raises(KeyMissing, match="no terminal"):
        run("people", "add", "new", "--role", "reviewer", "--key", str(world.folder / "new.pem"))
    assert not (world.folder / "new.pem").exists()
    assert load_people(world.people).get("new") is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "two words", "--role", "reviewer"),
        ("add", "nobody", "--role", "reviewer"),
        ("add", "x", "--role", "king"),
        ("add", "x", "--role", "reviewer", "--public-key", "AAAA"),
    ],
)
def test_what_cannot_be_a_person_is_refused(world: World, arguments: tuple[str, ...]) -> None:
    before = world.people.read_text()
    assert CliRunner().invoke(app, ["people", *arguments]).exit_code == 2
    assert world.people.read_text() == before


def test_an_engineer_cannot_put_a_registry_in_force(world: World) -> None:
    with pytest.raises(ReleaseRefused, match="people takes officer"):
        anchor(world.settings, world.signer("eng"))
    assert list(ledger(world.store)) == []
    world.anchor()
    # Not even one that makes them an officer.
    people = world.people.read_text()
    world.people.write_text(people.replace("roles: [engineer]", "roles: [engineer, officer]"))
    with pytest.raises(ReleaseRefused, match="people takes officer"):
        anchor(world.settings, world.signer("eng"))
    with pytest.raises(ReleaseRefused, match="not in force"):
        authority(world.settings, world.store)


def test_leaving_the_people_file_out_does_not_free_a_governed_store(world: World) -> None:
    world.anchor()
    bare = Settings(store=world.settings.store)
    assert authority(bare, world.store) is not None
    with pytest.raises(KeyMissing, match="signs with a key"):
        sign_as(bare, world.store, "decision", "wen")


def test_an_anchoring_that_was_killed_is_finished(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the ledger entry and before the pointer: not in force; the same command finishes it, once."""
    import infra.store.sequence as sequence

    real = sequence.append

    def killed(store: Any, prefix: str, make: Any) -> int:
        if prefix == "people":
            raise KeyboardInterrupt
        return real(store, prefix, make)

    monkeypatch.setattr(sequence, "append", killed)
    with pytest.raises(KeyboardInterrupt):
        world.anchor()
    assert in_force(world.store) is None
    monkeypatch.setattr(sequence, "append", real)
    record(world.store, kind="note", actor="x", at="2026-01-01T00:00:00Z", body={})
    assert world.anchor()["ledger"] == 1
    assert [json.loads(data)["kind"] for _, data in ledger(world.store)] == ["people", "note"]
    assert authority(world.settings, world.store) is not None


def test_a_registry_that_was_there_before_is_anchored_again(world: World) -> None:
    first = world.people.read_text()
    world.anchor()
    run("people", "add", "new", "--role", "engineer", "--no-key")
    assert world.anchor()["ledger"] == 2
    world.people.write_text(first)
    assert world.anchor()["ledger"] == 3
    assert authority(world.settings, world.store).get("new") is None


def test_a_pointer_that_leads_nowhere_is_told(world: World) -> None:
    world.store.put("people/00000001.json", b'{"ledger":7}')
    with pytest.raises(IntegrityError, match="says that a registry"):
        authority(world.settings, world.store)


def test_passphrases_are_asked_for_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    from clearinghouse.cli import people as command

    asked: list[str] = []

    def prompt(what: str, **options: Any) -> str:
        assert options["hide_input"]
        asked.append(what)
        return PHRASE

    monkeypatch.setattr(command.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "prompt", prompt)
    assert command.ask_passphrase("key.pem") == PHRASE.encode()
    assert asked == ["passphrase of key.pem"]
    assert open_store(world.settings.store) is not None
