"""The second detector, parts of conversations, and reading in a terminal."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from clearinghouse.jobs import audit_csv, audit_sample
from clearinghouse.jobs.audit import Audit, Span, Verdict
from clearinghouse.jobs.audit_result import close
from clearinghouse.settings import Settings
from schemas.manifest import ReleaseManifest
from tests.audit_world import LEAK, NAME, release, rows_of, state, text_of


def test_a_second_detector_finds_what_was_left_and_people_settle_it(settings: Settings) -> None:
    texts = [text_of(n) for n in range(40)]
    texts[3] = f"打我电话 {LEAK} 谢谢"
    texts[7] = "身份证 11010519491231002X 请核对"
    texts[9] = "user: hello, where is it?\nassistant: on its way\nuser: thanks"
    release(settings, table=rows_of(texts))
    audit_sample.draw(settings, NAME, size=40)
    from clearinghouse.jobs.audit_rescan import rescan

    found = rescan(settings, NAME, share=1.0)
    assert found["sample"] == {"rows": 40, "with_finds": 2}
    assert found["technical"] == {"rows": 40, "of": 40, "with_finds": 2}
    assert set(found["entities"]) == {"PHONE_NUMBER", "CN_RESIDENT_ID"}
    assert rescan(settings, NAME, share=0.5)["repeated"] is True
    audit = Audit.open(settings, NAME)
    for reader in ("ann", "ben"):
        for item in audit.queue(reader):
            if item.row == 3:
                start = texts[3].index(LEAK)
                audit.add(Verdict(3, reader, "leak", (Span(0, start, start + 11, "PHONE_NUMBER"),)))
            else:
                audit.add(Verdict(item.row, reader, "clean"))
    # Both readers passed over the number of row 7, which the detector found.
    assert audit.disagreements() == [7]
    audit.adjudicate(Verdict(7, "cy", "leak", audit.second_finds()[7]))
    body = close(settings, NAME, "dee")
    one = body["capture"]
    assert (one["detectors"], one["first"], one["second"], one["both"]) == (["readers", "second detector"], 1, 2, 1)
    assert body["total"]["leaks"] == 2
    assert body["technical"]["with_finds"] == 2
    assert not any(LEAK.encode() in data for key, data in state(settings).items() if "/shards/" not in key)


def test_parts_of_a_conversation_are_numbered_and_say_who_speaks() -> None:
    from clearinghouse.jobs.audit_rows import Document, _parts, texts

    value = [
        {"role": "user", "content": "我的电话 <PHONE_NUMBER>", "train": False},
        {"role": "assistant", "content": None, "train": True, "calls": [{"name": "look", "arguments": '{"q": 1}'}]},
    ]
    parts = tuple(_parts("messages", value, ""))
    assert [(one.place, one.role) for one in parts] == [
        ("messages[0].content", "user"),
        ("messages[1].calls[0].name", "assistant"),
        ("messages[1].calls[0].arguments", "assistant"),
    ]
    shown = audit_csv.shown(Document(0, "", "", "", parts))
    assert shown.splitlines()[0] == "[0 user] 我的电话 <PHONE_NUMBER>"
    document = Document(0, "", "", "", parts)
    assert list(audit_csv.parse_leaks("person: look\nPHONE_NUMBER 0:2-4", document)) == [
        Span(1, 0, 4, "PERSON"),
        Span(0, 2, 4, "PHONE_NUMBER"),
    ]
    message = pa.list_(pa.struct([("role", pa.string()), ("content", pa.large_string()), ("train", pa.bool_())]))
    table = pa.table({"id": ["a", "b", "c"], "messages": pa.array([value[:1] * 2, None, value[:1]], message)})
    (rows, content) = next(iter(texts(table)))
    assert (rows.tolist(), len(content)) == ([0, 0, 2], 3)


def test_text_does_nothing_to_a_terminal() -> None:
    from clearinghouse.cli.audit import plain

    assert plain("a\x1b[2J\u202eb\n\tc\x9b") == "a□[2J□b\n\tc□"


def test_the_sample_is_read_and_settled_in_the_terminal(
    settings: Settings, made: ReleaseManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from clearinghouse.cli import app

    def run(*said: str, keys: str = "") -> str:
        done = CliRunner().invoke(app, ["audit", *said, "--store", settings.store], input=keys)
        assert done.exit_code == 0, done.output
        return done.output

    assert "4 of 100 rows, 4 of them for two readers" in run("draw", NAME, "--size", "4")
    rows = [item.row for item in Audit.open(settings, NAME).queue("ann")]
    words = text_of(rows[1])[:3]
    keys = f"c\nl\nPERSON: not there at all\n\nl\nPERSON: {words}\n\nx\nh\nc\nq\n"
    told = run("review", NAME, "--reader", "ann", keys=keys)
    assert "does not stand in the document" in told
    assert "3 verdicts written; 1 rows left for ann" in told
    run("review", NAME, "--reader", "ann", keys="c\n")
    run("review", NAME, "--reader", "ben", keys="c\nc\nc\nc\n")
    told = run("settle", NAME, "--reader", "cai", keys="c\nh\nc\n")
    assert "0 rows wait to be settled" in told
    assert "nothing is left to do" in run("result", NAME)
    shown = json.loads(run("views", NAME, "--json"))
    assert [(one["reader"], one["rows"]) for one in shown[-2:]] == [("cai", [rows[1]]), ("cai", [rows[2]])]
    assert len(shown) == 5 + 4 + 2, "four rows and one that was put off, four, two"
    body = json.loads(run("result", NAME, "--json"))
    assert (body["total"]["read"], body["total"]["leaks"], body["passed"]) == (4, 0, 3)
    assert "ledger entry 2: 0 leaks in 4 rows read" in run("close", NAME, "--actor", "dee")
