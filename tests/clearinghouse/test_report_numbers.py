"""Every number of a report, counted again from shards and evidence by code that shares nothing with the product."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from clearinghouse.cli import app
from clearinghouse.demo import ENVIRONMENT, run
from clearinghouse.jobs import audit_sample
from clearinghouse.jobs.audit import Audit, Span, Verdict
from clearinghouse.jobs.audit_rescan import rescan
from clearinghouse.jobs.audit_result import close
from clearinghouse.jobs.erase import Why, erase
from clearinghouse.jobs.release import build
from clearinghouse.jobs.signed_report import of_release
from clearinghouse.jobs.waivers import waive
from clearinghouse.leaks import read_truth
from clearinghouse.settings import Settings
from governance.erasure import Person
from tests.desk import Site, with_passwords
from tests.governed import World
from tests.recount import book_of, recount, report_of
from tests.recount.files import Files
from tests.recount.walk import in_words, numbers

ROOT = Path(__file__).resolve().parents[2]
RELEASES = ("pretrain@1.0.0", "support-chat@1.0.0", "vertical-7b@1.0.0", "vertical-7b@1.0.1", "pretrain@1.0.1")
AUDITED = "support-chat@1.1.0"
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's store at a tenth of its size: text, chats, a mix with every curation, and a release after an erasure."""
    folder = tmp_path_factory.mktemp("numbers") / "demo"
    settings = Settings(
        contracts=str(ROOT / "schemas" / "contracts"), mixes=str(ROOT / "schemas" / "mixes"), executor="inline"
    )
    run(folder, settings=settings, say=lambda line: None, seed=5, scale=0.1, keep=False)
    settings = replace(settings, store=str(folder / "store"), key_file=str(folder / "key"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT, str(folder / "units"))
        build(settings, "vertical-7b")
        audited(settings, folder / "mixes")
        truth = read_truth(folder / "truth").collect()
        phones = truth.filter((truth["dataset"] == "commerce.orders") & (truth["field"] == "phone"))["value"].sort()
        people = [Person((("phone", value),)) for value in phones[:30]]
        erase(settings, people, Why("pipl-47-consent", "2026-01-31", "a list of the privacy desk", "olga"))
    return folder / "store"


def audited(settings: Settings, mixes: Path) -> None:
    """The chats under every gate there is, with an audit by two people and a second detector, and an exception."""
    shutil.copytree(settings.mixes, mixes)
    file = mixes / "support-chat.mix.yaml"
    text = file.read_text(encoding="utf-8").replace("version: 1.0.0", "version: 1.1.0")
    file.write_text(f"{text}profile: [cn, strict]\ndestination: CN\n", encoding="utf-8")
    settings = replace(settings, mixes=str(mixes))
    build(settings, "support-chat")
    audit_sample.draw(settings, AUDITED, size=40, twice=1.0)
    rescan(settings, AUDITED, share=0.5)
    audit = Audit.open(settings, AUDITED)
    for reader in ("ann", "ben"):
        for number, item in enumerate(audit.queue(reader)):
            leak = number % 9 == 2 or (reader == "ben" and number % 11 == 3)
            spans = (Span(0, 0, 2, "PERSON"),) if leak else ()
            said = "leak" if leak else "over-redacted" if number % 7 == 5 else "clean"
            audit.add(Verdict(item.row, reader, said, spans, harmful=number == 4))
    for row in audit.disagreements():
        audit.adjudicate(Verdict(row, "cid", "leak", (Span(0, 0, 1, "PHONE_NUMBER"),)))
    close(settings, AUDITED, "dee")
    waive(settings, AUDITED, "manual_sample_items", owner="dee", reason="a small shop", until=in_a_week())


def in_a_week() -> str:
    return (datetime.now(UTC) + timedelta(days=7)).strftime("%Y-%m-%d")


def test_every_figure_of_an_audit_is_what_readers_said(store: Path) -> None:
    """The report as it stands: verdicts, bounds, agreement and two detectors worked out by another road."""
    facts = json.loads(json.dumps(of_release(Settings(store=str(store)), AUDITED)))
    looked = recount(store, *AUDITED.split("@"), facts)
    assert looked["audit"] > 60
    assert facts["held_back"] > 0
    assert looked["signing_gates"] > 8
    assert facts["audit"]["technical"]["rows"] > 0
    assert facts["audit"]["total"]["leaks"] > 3
    files = Files(store, *AUDITED.split("@"))
    book = book_of(files, facts)
    for place, value in numbers(facts["audit"], "audit"):
        if isinstance(value, str) and "." in value:
            assert not book.bears_out(place, str(Decimal(value) + Decimal("0.00001"))), place


@pytest.mark.parametrize("release", RELEASES)
def test_every_figure_is_what_the_files_hold(store: Path, release: str) -> None:
    looked = recount(store, *release.split("@"))
    assert min(looked.values()) > 0, looked
    assert looked["sources"] > 25


def test_a_number_that_nobody_counts_again_is_an_error(store: Path) -> None:
    facts = json.loads((store / "releases" / "pretrain" / "1.0.0" / "report.json").read_text(encoding="utf-8"))
    for new in ({"sources": [{**facts["sources"][0], "shoes": 7}, *facts["sources"][1:]]}, {"risks": ["4,000 more"]}):
        with pytest.raises(AssertionError, match=r"nobody counted|nobody counts"):
            recount(store, "pretrain", "1.0.0", {**facts, **new})


def test_a_figure_that_is_off_by_one_is_noticed(store: Path) -> None:
    """Every whole number of the report in turn: none can be wrong and stay unseen."""
    files = Files(store, "pretrain", "1.0.1")
    facts = report_of(files)
    book = book_of(files, facts)
    book.compare(facts)
    tried = [
        (place, value)
        for place, value in numbers(facts)
        if isinstance(value, int) and place not in ("format", "release.seed")
    ]
    assert len(tried) > 900
    assert all(book.bears_out(place, value) and not book.bears_out(place, value + 1) for place, value in tried)
    for place, _ in tried[::40]:
        with pytest.raises(AssertionError, match="do not bear out"):
            book.compare(changed(facts, place))


def test_no_list_beside_a_clean_release_names_what_was_erased(store: Path) -> None:
    (found,) = store.glob("erasures/*/found.parquet")
    theirs = set(pq.read_table(found).column("id").to_pylist())
    before = pq.read_table(store / "releases" / "pretrain" / "1.0.0" / "duplicates.parquet")
    after = pq.read_table(store / "releases" / "pretrain" / "1.0.1" / "duplicates.parquet")
    named = [set(table.column(name).to_pylist()) & theirs for table in (before, after) for name in ("id", "winner")]
    assert named[0]
    assert named[1]
    assert named[2:] == [set(), set()]
    # A copy that somebody else wrote of an erased document is still told of, without its original.
    assert after.column("winner").null_count > 0
    text = (store / "releases" / "pretrain" / "1.0.1" / "report.json").read_text(encoding="utf-8")
    assert not any(one in text for one in theirs)


def changed(facts: dict[str, Any], place: str) -> dict[str, Any]:
    """The facts with one number one higher."""
    copy: dict[str, Any] = json.loads(json.dumps(facts))
    *path, last = [int(one) if one.isdecimal() else one for one in re.split(r"\.|\[|\]\.?", place) if one]
    at: Any = copy
    for one in path:
        at = at[one]
    at[last] += 1
    return copy


def test_numbers_in_sentences() -> None:
    assert in_words("1,234 of 26,766 cells; 3 of media_2 and 1.0.0 on 0.05") == (1234, 26766, 3)
    assert in_words("49,796 个值，密钥 66ada35b，第73条") == (49796, 73)


@pytest.mark.parametrize("release", ["support-chat@1.0.0", "pretrain@1.0.1"])
def test_the_page_says_what_the_facts_say(store: Path, release: str) -> None:
    folder = store.joinpath("releases", *release.split("@"))
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
        rows = row["changed"] * 1000 / row["unit_rows"]
        said = re.search(r'<td class="n">([\d,.]+)</td>\s*<td class="n heat', line)
        if rows >= 0.1:
            assert said
            assert float(said[1].replace(",", "")) == pytest.approx(rows, rel=0.02, abs=0.06)
    lines = re.findall(r'<polyline points="([^"]*)"', matrix)
    assert len(lines) == (len(facts["matrix"]) if len(facts["history"]) > 1 else 0)
    for row, line in zip(facts["matrix"], lines, strict=False):
        rates = [one["count"] / one["tokens"] for one in row["series"]]
        for rate, point in zip(rates, line.split(), strict=True):
            # From nought at the foot to the highest of the line at the head.
            assert 21 - int(point.split(",")[1]) == pytest.approx(18 * rate / (max(rates) or 1), abs=1)


def test_the_tables_are_the_facts(store: Path) -> None:
    for mix, version in (release.split("@") for release in RELEASES):
        folder = store / "releases" / mix / version
        facts: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        rows = _table(folder / "redactions.csv")
        assert rows == [
            {name: str(value) for name, value in row.items()} for row in _ordered(facts["redactions"], rows)
        ]
        rows = _table(folder / "sources.csv")
        for row, source in zip(rows, facts["sources"], strict=True):
            counts, ingest = source["counts"], source["ingest"]
            skipped = counts["filtered"].get("not_sampled", 0)
            wanted = {
                "dataset": source["dataset"],
                "snapshot": source["snapshot"]["ordinal"],
                "rows_in": ingest["rows_in"],
                "rows_rejected": sum(ingest["quarantined"].values()),
                "documents": counts["rows_in"],
                "taken": counts["kept"],
                "duplicates": counts["duplicates"],
                "filtered": sum(counts["filtered"].values()) - skipped,
                "not_sampled": skipped,
                "rows": source["rows"],
                "tokens": source["tokens"],
                "tokens_wanted": source["tokens_wanted"],
                "tokens_available": source["tokens_available"],
                "quality_checks": source["quality"]["checks"],
                "quality_passed": source["quality"]["passed"],
            }
            assert {name: row[name] for name in wanted} == {name: str(value) for name, value in wanted.items()}
            numeric = {name for name, value in row.items() if re.fullmatch(r"-?\d+", value)}
            assert numeric <= set(wanted), numeric - set(wanted)
        rows = _table(folder / "rules.csv")
        assert [(row["dataset"], row["field"], row["action"]) for row in rows] == [
            (row["dataset"], row["field"], row["action"]) for row in facts["rules"]
        ]


def _table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _ordered(facts: list[dict[str, Any]], rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [{name: fact[name] for name in rows[0]} for fact in facts]


def _of_unit(html: str, unit: str) -> str:
    parts = re.split(r'<tr class="group"><th scope="rowgroup"[^>]*>', html)
    return next(part for part in parts[1:] if part.startswith(unit))


def test_a_changed_count_is_noticed(store: Path, tmp_path: Path) -> None:
    """The recount is no formality: one row of evidence less, and it fails."""
    copy = tmp_path / "store"
    shutil.copytree(store, copy)
    for file in (copy / "evidence" / "commerce" / "reviews").glob("*.parquet"):
        pq.write_table(pq.read_table(file).slice(1), file)
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


def test_every_link_of_a_report_leads_to_a_file_of_the_store(store: Path, tmp_path: Path) -> None:
    folder = store / "releases" / "pretrain" / "1.0.0"
    elsewhere = tmp_path / "a folder" / "page.html"
    asked = ["report", "pretrain@1.0.0", "--html", str(elsewhere), "--store", str(store)]
    assert CliRunner().invoke(app, asked, catch_exceptions=False).exit_code == 0
    for page in (folder / "report.html", elsewhere):
        links = set(re.findall(r'href="([^"#][^"]*)"', page.read_text(encoding="utf-8")))
        docs = {link for link in links if link.endswith("/data_docs/index.html")}
        sources = json.loads((folder / "report.json").read_bytes())["sources"]
        assert len(docs) == len({source["dataset"] for source in sources})
        assert {"redactions.csv", "report.json"} <= {link.rsplit("/", 1)[-1] for link in links}
        for link in links:
            assert (page.parent / unquote(link)).is_file(), link


def test_the_desk_shows_the_report_as_it_stands(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(store, tmp_path / "store")
    browser = Site.of(with_passwords(World(tmp_path, monkeypatch, store=str(tmp_path / "store")))).browser("lin")
    place = "/releases/pretrain/1.0.0"
    page = browser.get(f"{place}/report").text
    assert f'<iframe src="{place}/files/now.html"' in page
    shown = browser.get(f"{place}/files/now.html")
    assert shown.status_code == 200
    # The page that was built knows of no erasure and of no decision.
    assert "1 due" in shown.text
    assert "Approved" in shown.text
    assert "rows are held back from every reader" in shown.text
    assert "1 due" not in browser.get(f"{place}/files/report.html").text
    for name in re.findall(r'href="([a-z]+\.(?:csv|json))"', shown.text):
        assert browser.get(f"{place}/files/{name}").status_code == 200, name
    assert "desk now.html" in browser.get(f"{place}/views").text
