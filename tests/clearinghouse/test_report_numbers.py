"""Every number of a report, counted again from shards and evidence by code that shares nothing with the product."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from clearinghouse.demo import run
from clearinghouse.settings import Settings
from tests.report_recount import recount

ROOT = Path(__file__).resolve().parents[2]
RELEASES = ("pretrain", "support-chat")
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's store at a tenth of its size: three units, a release of text and one of chats."""
    folder = tmp_path_factory.mktemp("numbers") / "demo"
    settings = Settings(
        contracts=str(ROOT / "schemas" / "contracts"), mixes=str(ROOT / "schemas" / "mixes"), executor="inline"
    )
    run(folder, settings=settings, say=lambda line: None, seed=5, scale=0.1, keep=False)
    return folder / "store"


@pytest.mark.parametrize("mix", RELEASES)
def test_every_figure_is_what_the_files_hold(store: Path, mix: str) -> None:
    looked = recount(store, mix, "1.0.0")
    assert min(looked.values()) > 0, looked


@pytest.mark.parametrize("mix", RELEASES)
def test_the_page_and_the_tables_say_what_the_facts_say(store: Path, mix: str) -> None:
    folder = store / "releases" / mix / "1.0.0"
    facts: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    page = (folder / "report.html").read_text(encoding="utf-8")
    matrix = page[page.index('aria-labelledby="removed"') : page.index('aria-labelledby="windows"')]
    for row in facts["matrix"]:
        cells = [f"{row['actions'].get(action, 0):,}" for action in facts["actions"]] + [f"{row['changed']:,}"]
        line = next(
            part
            for part in _of_unit(matrix, row["unit"]).split("<tr>")
            if re.search(rf'class="mono">{row["entity"]}<', part)
        )
        assert re.findall(r'<td class="n">(?:<span class="zero">)?([\d,]+)', line)[: len(cells)] == cells
        ten_thousand = row["changed"] * 10_000 / row["unit_tokens"]
        said = re.search(r'<td class="n heat h\d">([^<]+)<', line)
        assert said
        if ten_thousand >= 0.01:
            assert float(said[1].replace(",", "")) == pytest.approx(ten_thousand, rel=0.006, abs=0.006)
    lines = (folder / "redactions.csv").read_text(encoding="utf-8").splitlines()
    assert sum(int(line.rpartition(",")[2]) for line in lines[1:]) == sum(row["count"] for row in facts["redactions"])
    assert len((folder / "sources.csv").read_text(encoding="utf-8").splitlines()) == len(facts["sources"]) + 1


def _of_unit(html: str, unit: str) -> str:
    parts = re.split(r'<tr class="group"><th scope="rowgroup"[^>]*>', html)
    return next(part for part in parts[1:] if part.startswith(unit))


def test_a_changed_count_is_noticed(store: Path, tmp_path: Path) -> None:
    """The recount is no formality: one row of evidence less, and it fails."""
    import shutil

    import pyarrow.parquet as pq

    copy = tmp_path / "store"
    shutil.copytree(store, copy)
    file = max((copy / "evidence" / "commerce" / "reviews").glob("*.parquet"))
    table = pq.read_table(file)
    pq.write_table(table.slice(1), file)
    with pytest.raises(AssertionError):
        recount(copy, "pretrain", "1.0.0")


def test_the_signed_page_has_the_decision(store: Path) -> None:
    page = (store / "releases" / "pretrain" / "1.0.0" / "signed.html").read_text(encoding="utf-8")
    entry = json.loads((store / "ledger" / "00000001.json").read_text(encoding="utf-8"))
    for said in (
        "Approved",
        "已批准",
        entry["actor"],
        entry["at"],
        entry["body"]["reason"],
        entry["body"]["manifest_digest"],
    ):
        assert said in page
    assert not (store / "releases" / "support-chat" / "1.0.0" / "signed.html").exists()
