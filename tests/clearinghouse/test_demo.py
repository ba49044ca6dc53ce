"""The demo from end to end at a small size: it adds up, leaves nothing in columns, and run again does nothing."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clearinghouse.demo import REVIEWER, DemoFolder, Place, run, tree
from clearinghouse.leak_scan import scan
from clearinghouse.leaks import read_truth
from clearinghouse.settings import Settings
from governance.pseudonyms import Key
from infra.simulators.make import Made, read_made

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = Settings(
    contracts=str(ROOT / "schemas" / "contracts"), mixes=str(ROOT / "schemas" / "mixes"), executor="inline"
)


def demo(folder: Path, **options: Any) -> dict[str, Any]:
    chosen = {"seed": 3, "scale": 0.12, "keep": False, **options}
    return run(folder, settings=SETTINGS, say=lambda line: None, **chosen)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made, dict[str, Any], dict[str, Any]]:
    folder = tmp_path_factory.mktemp("demo") / "here"
    first = demo(folder)
    made = read_made(folder)
    assert made is not None
    return folder, made, first, demo(folder)


def test_every_row_is_accounted_for(twice: tuple[Path, Made, dict[str, Any], dict[str, Any]]) -> None:
    _, made, first, _ = twice
    assert {found["dataset"]: found["rows_in"] for found in first["datasets"]} == dict(made.rows)
    for found in first["datasets"]:
        assert found["quarantined"] == sum(made.faults.get(found["dataset"], {}).values()), found
        assert found["kept"] == found["rows_in"] - found["quarantined"]


def test_whole_columns_leave_nothing_behind(twice: tuple[Path, Made, dict[str, Any], dict[str, Any]]) -> None:
    columns = [line for line in twice[2]["survivors"] if line["place"] == "column" and line["expect"] == "redact"]
    assert sum(line["planted"] for line in columns) > 1_000
    assert sum(line["snapshots"] + line["releases"] for line in columns) == 0


def test_no_evidence_report_or_quarantine_holds_a_value(
    twice: tuple[Path, Made, dict[str, Any], dict[str, Any]],
) -> None:
    assert [line for line in twice[2]["survivors"] if line["expect"] == "redact" and line["rest"]] == []


def test_values_that_patterns_know_are_gone_from_text(
    twice: tuple[Path, Made, dict[str, Any], dict[str, Any]],
) -> None:
    left = {
        line["kind"]: line["snapshots"]
        for line in twice[2]["survivors"]
        if (line["place"], line["expect"]) == ("text", "redact")
    }
    assert [left[kind] for kind in ("EMAIL_ADDRESS", "CN_RESIDENT_ID", "BANK_CARD", "MAC_ADDRESS")] == [0, 0, 0, 0]


def test_a_leak_in_any_place_of_the_demo_is_found_and_no_other(
    twice: tuple[Path, Made, dict[str, Any], dict[str, Any]], tmp_path: Path
) -> None:
    place = Place(tmp_path / "copy")
    shutil.copytree(twice[0], place.folder)
    truth = read_truth(place.truth)

    def hits() -> set[tuple[str, str]]:
        told = scan({"demo": place.folder}, truth, Key.load(place.key), source=(place.units, place.truth))
        assert told.places > 100
        return {(hit.place, hit.entity) for hit in told.hits}

    before = hits()
    assert [hit for hit in before if hit[1] != "PERSON"] == []
    values = truth.filter(pl.col("expect") == "redact").collect()
    phone, name, born = (
        values.filter((pl.col("kind") == kind) & (pl.col("place") == "column"))["value"].sort()[0]
        for kind in ("PHONE_NUMBER", "PERSON", "BIRTH_DATE")
    )
    planted = {
        "store/releases/pretrain/1.0.0/report.html": ("PERSON", f"<td>{name}</td>"),
        "store/releases/pretrain/1.0.0/redactions.csv": ("PHONE_NUMBER", f"a,{phone},1\n"),
        "store/releases/pretrain/1.0.0/manifest.json": ("PERSON", json.dumps([name])),
        "store/ledger/9.json": ("PHONE_NUMBER", json.dumps({"reason": f"call {phone} "})),
        "store/quality/docs/index.html": ("BIRTH_DATE", f"<b>{born}</b>"),
        "store/erasures/1/certificate.json": ("PERSON", json.dumps({"for": name})),
        "airflow/logs/task.log": ("PHONE_NUMBER", f"ValueError: {phone}\n"),
        "exports/card.md": ("BIRTH_DATE", f"| {born} |\n"),
    }
    for key, (_, said) in planted.items():
        path = place.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(said)
    shard = next((place.store / "releases" / "pretrain" / "shards").glob("*.parquet"))
    rows = pq.read_table(shard)
    at = rows.schema.get_field_index("text")
    texts = [f"Reach me: {phone}", *rows["text"].to_pylist()[1:]]
    pq.write_table(rows.set_column(at, rows.schema.field(at), pa.array(texts, rows.schema.field(at).type)), shard)
    wanted = {(f"demo/{key}", kind) for key, (kind, _) in planted.items()}
    wanted.add((f"demo/{shard.relative_to(place.folder).as_posix()}", "PHONE_NUMBER"))
    assert hits() - before == wanted


def test_release_is_signed_by_the_demo_alone(twice: tuple[Path, Made, dict[str, Any], dict[str, Any]]) -> None:
    folder, _, first, _ = twice
    verdicts = {release["mix"]: release["verdict"] for release in first["releases"]}
    assert verdicts == {"pretrain": f"approved by {REVIEWER}", "support-chat": "unsigned"}
    assert all(release["gates_passed"] for release in first["releases"])
    from clearinghouse.reader import open_release

    release = open_release(str(Place(folder).store), "pretrain")
    assert release is not None


def test_every_unit_is_in_the_release_and_duplicates_are_found(
    twice: tuple[Path, Made, dict[str, Any], dict[str, Any]],
) -> None:
    datasets = twice[2]["datasets"]
    for unit in ("commerce", "logistics", "media"):
        assert sum(found["tokens"] for found in datasets if found["unit"] == unit) > 0
        assert sum(found["duplicates"] for found in datasets if found["unit"] == unit) > 0


def test_run_again_it_does_nothing(twice: tuple[Path, Made, dict[str, Any], dict[str, Any]]) -> None:
    _, _, first, second = twice
    assert not first["no_op"]
    assert second["no_op"]
    assert [r["digest"] for r in second["releases"]] == [r["digest"] for r in first["releases"]]
    assert second["datasets"] == first["datasets"]
    assert second["survivors"] == first["survivors"]


def test_key_is_private_and_outside_the_store(twice: tuple[Path, Made, dict[str, Any], dict[str, Any]]) -> None:
    place = Place(twice[0])
    assert stat.S_IMODE(place.key.stat().st_mode) == 0o600
    assert place.store not in place.key.parents
    assert "CLEARINGHOUSE_DEMO" not in os.environ or os.environ["CLEARINGHOUSE_DEMO"] != str(place.folder)
    assert any("store/" in line for line in tree(place))


def test_a_strangers_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(DemoFolder, match=r"thesis\.txt"):
        demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    with pytest.raises(DemoFolder, match="--keep"):
        demo(tmp_path / "new", keep=True)
    with pytest.raises(DemoFolder, match="scale"):
        demo(tmp_path / "new", scale=-1.0)


def test_keep_takes_edited_units_as_they_lie(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    first = demo(folder, scale=0.02)
    captions = folder / "units" / "media" / "captions" / "2025-03-01.tsv"
    captions.write_text(captions.read_text() + "x1\thttps://images.example.com/x1.jpg\t\ten\tan added row\n")
    second = demo(folder, scale=0.02, keep=True)
    assert not second["no_op"]
    assert captions.read_text().endswith("an added row\n")
    before, after = (
        {found["dataset"]: found["rows_in"] for found in figures["datasets"]} for figures in (first, second)
    )
    assert after == {**before, "media.captions": before["media.captions"] + 1}
    # Without --keep the units are as the seed makes them, and the store starts over.
    third = demo(folder, scale=0.02)
    assert "an added row" not in captions.read_text()
    assert third["datasets"] == first["datasets"]


@pytest.mark.slow
def test_command_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "clearinghouse", "demo", "--dir", str(tmp_path / "d"), "--scale", "0.02"]
    program = "from clearinghouse.cli import main; main()"
    command[1:3] = ["-c", program]
    # Other tests of the process may have set folders of their own.
    env = {name: value for name, value in os.environ.items() if not name.startswith("CLEARINGHOUSE_")}
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=env)
    assert told.returncode == 0, told.stderr
    for word in ("rows in", "quarantined in", "planted in", "Next:", "pretrain"):
        assert word in told.stdout
    again = subprocess.run([*command, "--json"], cwd=ROOT, capture_output=True, text=True, check=False, env=env)
    assert json.loads(again.stdout)["units"]["as_they_were"] is True
