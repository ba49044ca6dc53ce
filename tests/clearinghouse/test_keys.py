"""Keys by reference and their rotation: found where a setting says, told without a byte of them, recorded by name."""

from __future__ import annotations

import base64
import json
import shlex
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner

from clearinghouse import keys
from clearinghouse.catalog import ledger
from clearinghouse.cli import app
from clearinghouse.jobs.keys import rotate
from clearinghouse.settings import Settings
from governance.actions.encrypt import SEALING_KEY
from governance.ledger import verify
from governance.pseudonyms import PSEUDONYM_KEY, Key
from infra import secrets
from schemas.errors import ClearinghouseError, KeyMissing, ReleaseRefused
from tests.governed import World
from tests.services import S3Server

VARIABLES = ("KEY", "KEY_FILE", "SEALING_KEY", "SEALING_KEY_FILE", "ACTOR", "PEOPLE", "STORE", "SIGNING_KEY")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(f"CLEARINGHOUSE_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def arn(moto_s3: S3Server) -> str:
    """A key of KMS on a mock server; the environment leads to it."""
    client = boto3.client("kms", endpoint_url=moto_s3.endpoint_url, region_name="us-east-1")
    return str(client.create_key()["KeyMetadata"]["Arn"])


def run(*arguments: str) -> Any:
    found = CliRunner().invoke(app, [*arguments, "--json"])
    if isinstance(found.exception, ClearinghouseError):
        raise found.exception
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


@pytest.mark.parametrize(("purpose", "place"), [("pseudonym", PSEUDONYM_KEY), ("sealing", SEALING_KEY)])
def test_the_advice_names_the_variable_of_the_key_that_was_made(
    monkeypatch: pytest.MonkeyPatch, purpose: str, place: Any
) -> None:
    said = CliRunner().invoke(app, ["key", "create", "--for", purpose])
    assert f"export {place.file_variable}={place.file}" in said.output
    assert Path(place.file).stat().st_mode & 0o777 == 0o600
    # By the name of its file alone, too, and in another folder.
    Path("other").mkdir()
    assert run("key", "create", f"other/{place.file}")["variable"] == place.file_variable
    # Following the advice works.
    monkeypatch.setenv(place.file_variable, place.file)
    assert run("key", "id", "--for", purpose)["key"] == Key.load(place=place).id
    with pytest.raises(KeyMissing, match="already exists") as caught:
        run("key", "create", "--for", purpose)
    assert place.file_variable in caught.value.fix


@pytest.mark.parametrize(("purpose", "place"), [("pseudonym", PSEUDONYM_KEY), ("sealing", SEALING_KEY)])
def test_the_fix_makes_the_key_where_runs_were_told_to_look(
    monkeypatch: pytest.MonkeyPatch, purpose: str, place: Any
) -> None:
    monkeypatch.setenv(place.file_variable, "my keys/own")
    Path("my keys").mkdir()
    with pytest.raises(KeyMissing, match="my keys/own") as caught:
        Key.load(place=place)
    run(*shlex.split(str(caught.value.fix))[1:])
    made = Key.load(place=place).id
    Path("my keys/own").unlink()
    # Without a path too, and never there where the variable names no file.
    assert run("key", "create", "--for", purpose)["path"] == "my keys/own"
    assert Key.load(place=place).id != made
    monkeypatch.setenv(place.file_variable, "env:ELSEWHERE")
    assert run("key", "create", "--for", purpose)["path"] == place.file


def test_the_fix_for_a_missing_key_makes_that_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for load, place in ((keys.load_key, PSEUDONYM_KEY), (keys.load_sealing_key, SEALING_KEY)):
        with pytest.raises(KeyMissing) as caught:
            load()
        run(*caught.value.fix.split()[1:])
        assert load().id == Key.load(place=place).id


def test_a_key_is_found_by_every_kind_of_reference(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arn: str) -> None:
    made = Key.create("plain.key")
    text = Path("plain.key").read_text()
    monkeypatch.setenv("VAULT", text)
    wrapped = run("key", "create", "wrapped.key", "--kms", arn)
    assert wrapped["value"] == f"kms:{arn}#wrapped.key"
    assert base64.b64decode(Path("wrapped.key").read_text())
    found = {
        reference: keys.load_key(reference).id
        for reference in ("env:VAULT", f"file:{tmp_path}/plain.key", wrapped["value"], "plain.key")
    }
    assert found == {**dict.fromkeys(found, made.id), wrapped["value"]: wrapped["key"]}
    # The same in the place of a key, or of a file's name.
    monkeypatch.setenv("CLEARINGHOUSE_KEY", wrapped["value"])
    assert keys.load_key().id == wrapped["key"]
    monkeypatch.setenv("CLEARINGHOUSE_KEY", "")
    monkeypatch.setenv("CLEARINGHOUSE_KEY_FILE", "env:VAULT")
    assert keys.load_key().id == made.id
    monkeypatch.setenv("CLEARINGHOUSE_SEALING_KEY", "env:VAULT")
    assert keys.load_sealing_key().id == made.id


def test_what_a_reference_does_not_lead_to_is_told_without_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arn: str
) -> None:
    secret = base64.b64encode(b"s" * 32).decode()
    Path("open.key").write_text(secret)
    Path("open.key").chmod(0o644)
    Path("wrapped.key").write_text(base64.b64encode(b"nothing that KMS made").decode())
    Path("none.key").write_text("!")
    Path("none.key").chmod(0o600)
    monkeypatch.setenv("SHORT", base64.b64encode(b"short").decode())
    monkeypatch.setenv("TEXT", "not base64")
    for reference, told in (
        ("env:UNSET", "the variable is not set"),
        ("file:absent.key", "cannot be read"),
        ("file:open.key", "others may read it"),
        ("file:none.key", "is not base64"),
        ("env:TEXT", "is not base64"),
        ("env:SHORT", "at least 32"),
        ("env:", "this is none"),
        (f"kms:{arn}", "is written kms:ARN#PATH"),
        (f"kms:{arn}#absent.key", "cannot be read"),
        (f"kms:{arn}#none.key", "does not hold base64"),
        (f"kms:{arn}#wrapped.key", "KMS answered"),
        ("kms:arn:aws:s3:::x#wrapped.key", "is no key of KMS"),
    ):
        with pytest.raises(KeyMissing) as caught:
            keys.load_key(reference)
        assert told in str(caught.value), reference
        assert secret not in str(caught.value)
    with pytest.raises(KeyMissing, match="KMS answered"):
        secrets.wrap_new(arn[:-4] + "0000", "new.key")
    assert not Path("new.key").exists()


def test_a_passphrase_loses_the_line_end_that_editors_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("phrase").write_text("some words \n")
    Path("phrase").chmod(0o600)
    assert secrets.text("file:phrase") == b"some words "
    assert secrets.resolve("file:phrase") == b"some words \n"


def test_a_rotation_is_signed_and_names_no_more_than_fingerprints(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world = World(tmp_path, monkeypatch)
    world.anchor()
    old = Key.create("old.key")
    monkeypatch.setenv("CLEARINGHOUSE_KEY_FILE", "old.key")
    given = ("--signing-key", world.settings.signing_key or "", "--passphrase", world.passphrase)
    done = run("key", "rotate", "new.key", "--reason", "yearly", "--actor", "eng", *given)
    new = Key.load("new.key")
    assert (done["from"], done["to"], done["signed"]) == (old.id, new.id, True)
    assert "do not link" in done["effect"]
    (_, data) = list(ledger(world.store))[-1]
    entry = json.loads(data)
    assert (entry["kind"], entry["actor"]) == ("key-rotation", "eng")
    assert entry["body"] == {"for": "pseudonym", "from": old.id, "to": new.id, "reason": "yearly"}
    assert verify(ledger(world.store)) == []
    # The documented effect: another key, another pseudonym, for the same person.
    assert old.pseudonym("PERSON", "Wang Wei") != new.pseudonym("PERSON", "Wang Wei")
    # The same command, as after a death between key and entry, finishes and adds nothing.
    assert run("key", "rotate", "new.key", "--reason", "yearly", "--actor", "eng", *given) == done
    # Back to a key that was retired: that would link what was to be kept apart.
    monkeypatch.setenv("CLEARINGHOUSE_KEY_FILE", "new.key")
    with pytest.raises(KeyMissing, match="is or was in use"):
        run("key", "rotate", "old.key", "--reason", "back", "--actor", "eng", *given)
    with pytest.raises(KeyMissing, match="is or was in use"):
        run("key", "rotate", "new.key", "--reason", "same", "--actor", "eng", *given)


def test_a_rotation_by_somebody_unknown_makes_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    world = World(tmp_path, monkeypatch)
    world.anchor()
    Key.create("old.key")
    settings = Settings(**{**world.settings.__dict__, "key_file": "old.key", "actor": "stranger"})
    world.key("stranger").write_bytes(world.key("eng").read_bytes())
    world.key("stranger").chmod(0o600)
    with pytest.raises(ReleaseRefused, match="the key is eng's"):
        rotate(settings, "pseudonym", "new.key", "why not")
    with pytest.raises(ReleaseRefused, match="needs a reason"):
        rotate(settings, "pseudonym", "new.key", " ")
    assert not Path("new.key").exists()


def test_a_sealing_key_is_rotated_into_kms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arn: str) -> None:
    (tmp_path / "store").mkdir()
    run("key", "create", "--for", "sealing")
    done = run(
        "key", "rotate", "sealed.wrapped", "--for", "sealing", "--kms", arn, "--reason", "to KMS", "--store", "store"
    )
    assert (done["variable"], done["signed"]) == ("CLEARINGHOUSE_SEALING_KEY", False)
    monkeypatch.setenv(done["variable"], done["value"])
    assert keys.load_sealing_key().id == done["to"]
