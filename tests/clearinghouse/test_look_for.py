"""A policy that has some kinds of personal data alone looked for: what runs, what stays, and what the report says of it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pyarrow as pa
import pytest

from clearinghouse.jobs.ingest import ingest
from clearinghouse.jobs.release import build
from clearinghouse.scrub import default_engine
from clearinghouse.sought import entities_sought
from governance.names.combined import CombinedEngine
from tests.ingest_world import PHONES, make_world

TEXTS = [
    "收货人：陈晓雯，电话13800138000，地址是北京市西城区青石大街217号。",
    "Write to oliver.whitlock@example.com, Oliver Whitlock",
]
POLICY = (resources.files("schemas") / "policies/default.policy.yaml").read_text("utf-8")
MIX = """\
name: notes
version: 1.0.0
purpose: pretrain
format: text
audience: nobody
tokenizer: bytes
dedup: {maxLoss: 1}
sources:
  - {dataset: shop.notes, weight: 1}
"""


def found(*entities: str) -> list[tuple[int, str]]:
    engine = default_engine(("CN", "US"), entities=entities or None)
    return [(span.row, span.entity) for span in engine.scan(pa.array(TEXTS, pa.large_string()))]


def test_what_is_not_asked_for_is_not_told() -> None:
    assert {entity for _, entity in found()} == {"PERSON", "PHONE_NUMBER", "ADDRESS", "EMAIL_ADDRESS"}
    assert found("EMAIL_ADDRESS", "PHONE_NUMBER") == [(0, "PHONE_NUMBER"), (1, "EMAIL_ADDRESS")]
    assert found("PERSON") == [(0, "PERSON"), (1, "PERSON")]
    assert found("ADDRESS") == [(0, "ADDRESS")]


def test_nobody_pays_for_names_that_nobody_looks_for() -> None:
    script = (
        "import sys, pyarrow as pa\n"
        "from clearinghouse.scrub import default_engine\n"
        "engine = default_engine(('CN',), entities=('EMAIL_ADDRESS',))\n"
        "assert len(engine.scan(pa.array(['a.b@example.com, Oliver Whitlock'] * 3))) == 3\n"
        "print('governance.names.engine' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_engines_travel_with_what_they_look_for() -> None:
    engine = default_engine(("CN",), entities=("EMAIL_ADDRESS", "ADDRESS"))
    assert isinstance(engine, CombinedEngine)
    made, arguments = engine.__reduce__()
    assert made(*arguments).supported_entities() == engine.supported_entities()
    assert "PERSON" not in engine.supported_entities()
    assert entities_sought({"CN"}, ("ADDRESS", "EMAIL_ADDRESS")) == set(engine.supported_entities())


@pytest.mark.parametrize("asked", [None, "EMAIL_ADDRESS, PHONE_NUMBER"])
def test_the_report_says_what_was_not_looked_for(tmp_path: Path, asked: str | None) -> None:
    world = make_world(tmp_path)
    world.contract()
    numbers = [f"{n},王小明,{PHONES[0]},第{n}条留言请找陈晓雯或打电话{PHONES[1]}谢谢,2024-05-01" for n in range(3)]
    world.write("2024-05-01.csv", numbers)
    (tmp_path / "own.policy.yaml").write_text(
        POLICY + (f"lookFor: {{entities: [{asked}], source: tc260-consent}}\n" if asked else ""), "utf-8"
    )
    (tmp_path / "mixes").mkdir()
    (tmp_path / "mixes/notes.mix.yaml").write_text(MIX)
    settings = replace(
        world.settings, policy=str(tmp_path / "own.policy.yaml"), mixes=str(tmp_path / "mixes"), executor="inline"
    )
    ingest(settings, "shop.notes")
    notes = world.clean().column("note").to_pylist()
    assert all(PHONES[1] not in note and "王小明" not in note for note in notes), "known values are looked for always"
    assert all(("陈晓雯" in note) is bool(asked) for note in notes)
    made = build(settings, "notes")
    report = json.loads((world.store / made["report"]).with_suffix(".json").read_text("utf-8"))
    unsought = [one for one in report["unchecked"] if "does not have them looked for" in one["why"]]
    missed = [one for one in report["unchecked"] if one["what"].startswith("How many names")]
    assert len(unsought) == bool(asked)
    assert len(missed) == (not asked)
    for one in unsought:
        assert one["what"].startswith("Names of persons, postal addresses, ")
        assert "TC260-003 s. 5.2" in one["why"]
        assert "shop.notes" in one["why"]
        assert "phone number" not in one["what"]
    said = next(one for one in report["risks"] if one.startswith("Free text was searched"))
    assert ("names and addresses" in said) is not bool(asked)
