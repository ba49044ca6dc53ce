"""``clearinghouse export`` on a release that was built: what is written, what is refused, what lies beside the shards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from clearinghouse.cli import app
from clearinghouse.cli.output import describe
from clearinghouse.jobs.decide import decide
from clearinghouse.jobs.release import build
from clearinghouse.verify import verify
from governance.exports import KINDS
from schemas.errors import ClearinghouseError
from tests.release_builders import ReleaseWorld, notes

NAME = "house-mix@1.0.0"
FILES = {
    "croissant.json", "card.md", "article30.csv", "article30.json", "ai-act.json", "openlineage.jsonl", "tc260.csv",
    "tc260.json",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> ReleaseWorld:
    made = ReleaseWorld.make(tmp_path_factory.mktemp("export"))
    contract = made.contract("media.notes")
    made.snapshot(contract, [notes(0, 30)], redactions={"note|PERSON|placeholder|names": 4})
    build(made.settings, made.mix(["dataset: media.notes"]))
    return made


def asked(world: ReleaseWorld, *more: str) -> Any:
    done = CliRunner().invoke(app, ["export", NAME, "--store", world.settings.store, *more])
    assert done.exit_code == 0, done.output
    return done


def refused(world: ReleaseWorld, *more: str, code: int) -> str:
    """What the command says when it refuses, all of it."""
    done = CliRunner().invoke(app, ["export", NAME, "--store", world.settings.store, *more])
    assert isinstance(done.exception, ClearinghouseError)
    assert done.exception.exit_code == code
    return str(describe(done.exception))


def test_every_file_is_written_and_a_second_time_the_same(world: ReleaseWorld, tmp_path: Path) -> None:
    out = tmp_path / "exports"
    told = json.loads(asked(world, "--out", str(out), "--json").stdout)
    assert {Path(one["path"]).name for one in told["files"]} == FILES == {path.name for path in out.iterdir()}
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert json.loads(asked(world, "--out", str(out), "--json").stdout) == told
    assert before == {path.name: path.read_bytes() for path in out.iterdir()}
    assert "media.notes" in asked(world, "--kind", "card").stdout


def test_card_and_croissant_lie_beside_the_shards_and_tell_of_no_decision(world: ReleaseWorld, tmp_path: Path) -> None:
    manifest = world.manifest("house-mix", "1.0.0")
    assert {"card.md", "croissant.json"} <= set(manifest.artefacts)
    before = {name: world.store.read(f"releases/house-mix/1.0.0/{name}") for name in ("card.md", "croissant.json")}
    # Before the decision, an export says what lies there.
    for name, kind in (("card.md", "card"), ("croissant.json", "croissant")):
        assert asked(world, "--kind", kind).stdout.encode() == before[name]
    shards = [one for one in json.loads(before["croissant.json"])["distribution"] if one["@type"] == "cr:FileObject"]
    assert [one["sha256"] for one in shards] == [shard.sha256 for shard in manifest.shards]
    assert not verify(world.store).findings
    decide(world.settings, NAME, "approve", "rita", "read it")
    decided = json.loads(asked(world, "--kind", "croissant").stdout)
    assert decided["datePublished"]
    assert {name: world.store.read(f"releases/house-mix/1.0.0/{name}") for name in before} == before
    assert not verify(world.store).findings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("controler: Example AG\n", "controller"),
        ("controller: [a, b]\n", "is not text"),
        ("- controller\n", "holds a list"),
        ("controller: ''\n", "is not text"),
    ],
)
def test_a_bad_file_of_statements_is_refused_with_its_line(
    world: ReleaseWorld, tmp_path: Path, text: str, said: str
) -> None:
    about = tmp_path / "about.yaml"
    about.write_text(text, encoding="utf-8")
    told = refused(world, "--about", str(about), "--out", str(tmp_path / "out"), code=2)
    assert said in told
    assert "about.yaml:" in told
    assert not (tmp_path / "out").exists()


def test_a_statement_goes_where_it_is_asked_for(world: ReleaseWorld, tmp_path: Path) -> None:
    about = tmp_path / "about.yaml"
    about.write_text("controller: Example AG\ntransfers: none\n", encoding="utf-8")
    told = json.loads(asked(world, "--kind", "article30", "--about", str(about), "--json").stdout)
    (rows,) = [json.loads(one["text"]) for one in told["files"] if one["name"].endswith(".json")]
    assert {(row["controller"], row["transfers"]) for row in rows} == {("Example AG", "none")}


def test_what_cannot_be_exported_is_said(world: ReleaseWorld) -> None:
    told = refused(world, "--kind", "nonsense", code=2)
    assert all(kind in told for kind in ("nonsense", *KINDS))
    assert "--out" in refused(world, code=2)


def test_a_report_that_was_changed_is_not_exported(tmp_path: Path) -> None:
    world = ReleaseWorld.make(tmp_path / "world")
    world.snapshot(world.contract("media.notes"), [notes(0, 12)])
    build(world.settings, world.mix(["dataset: media.notes"]))
    report = Path(world.settings.store) / "releases/house-mix/1.0.0/report.json"
    report.write_bytes(report.read_bytes().replace(b"media.notes", b"media.other"))
    assert "report.json" in refused(world, "--out", str(tmp_path / "out"), code=7)
    assert not (tmp_path / "out").exists()
