"""The sample as CSV: to a spreadsheet and back."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearinghouse.jobs import audit_csv, audit_sample
from clearinghouse.jobs.audit import Audit
from clearinghouse.jobs.audit_sample import AuditError
from clearinghouse.settings import Settings
from schemas.manifest import ReleaseManifest
from tests.audit_world import LEAK, NAME, release, rows_of, state, text_of
from tests.release_builders import PATIENT


@given(st.text(max_size=20))
@PATIENT
def test_cells_are_read_back_as_they_were_and_are_no_formula(cell: str) -> None:
    said = audit_csv.escaped(cell)
    assert audit_csv.unescaped(said) == cell
    assert not said.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def filled(path: Path, change: Any) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        change(number, row)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, audit_csv.COLUMNS, delimiter=";")
        out.writeheader()
        out.writerows(rows)


def test_the_sample_goes_to_a_spreadsheet_and_back(settings: Settings, tmp_path: Path) -> None:
    texts = [text_of(n) for n in range(20)]
    texts[3] = f"打我电话 {LEAK},打 {LEAK} 也行"
    release(settings, table=rows_of(texts))
    audit_sample.draw(settings, NAME, size=20, twice=0)
    path = tmp_path / "sample.csv"
    assert audit_csv.export(settings, NAME, "ann", path)["rows"] == 20
    assert path.stat().st_mode & 0o077 == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert {audit_csv.unescaped(row["document"]) for row in rows} == set(texts)
    with pytest.raises(AuditError, match="is there already"):
        audit_csv.export(settings, NAME, "ann", path)

    def judge(number: int, row: dict[str, str]) -> None:
        if row["row"] == "5":
            return  # left for later
        row["verdict"] = "Leak" if row["row"] == "3" else "clean"
        row["leaks"] = f"PHONE_NUMBER: {LEAK}" if row["row"] == "3" else ""
        row["harmful"] = "yes" if row["row"] == "3" else ""

    filled(path, judge)
    done = audit_csv.load(settings, NAME, "ann", path)
    assert (done["written"], done["empty"]) == (19, 1)
    assert audit_csv.load(settings, NAME, "ann", path)["repeated"] == 19, "an import that was cut off is run again"
    (leak,) = [one for one in Audit.open(settings, NAME).verdicts() if one.verdict == "leak"]
    assert [texts[3][span.start : span.end] for span in leak.spans] == [LEAK, LEAK]
    assert leak.harmful
    assert not any(LEAK.encode() in data for key, data in state(settings).items() if "/shards/" not in key)


def test_every_fault_of_a_file_is_told_and_nothing_is_written(settings: Settings, tmp_path: Path) -> None:
    release(settings, 12)
    audit_sample.draw(settings, NAME, size=12, twice=0)
    path = tmp_path / "sample.csv"
    audit_csv.export(settings, NAME, "ann", path)
    faults = [
        lambda row: row.update(verdict="perhaps"),
        lambda row: row.update(verdict="clean", release="other@1.0.0"),
        lambda row: row.update(verdict="clean", id="0" * 32),
        lambda row: row.update(verdict="clean", row="999"),
        lambda row: row.update(verdict="clean", row="x"),
        lambda row: row.update(verdict="leak"),
        lambda row: row.update(verdict="leak", leaks=f"PHONE_NUMBER: {LEAK}"),
        lambda row: row.update(verdict="leak", leaks="PHONE_NUMBER 0:5-999"),
        lambda row: row.update(verdict="leak", leaks="somewhere"),
        lambda row: row.update(verdict="clean", harmful="maybe"),
        lambda row: row.update(verdict="", leaks="PERSON 0:0-1"),
    ]
    filled(path, lambda number, row: faults[number](row) if number < len(faults) else row.update(verdict="clean"))
    before = state(settings)
    with pytest.raises(audit_csv.CsvError) as caught:
        audit_csv.load(settings, NAME, "ann", path)
    told = str(caught.value)
    assert len(caught.value.problems) == len(faults)
    for words in (
        "none of clean", "another release", "not in the sample", "no number", "says where it stands",
        "does not stand in the document", "within the document", "is not ENTITY", "yes or no",
    ):  # fmt: skip
        assert words in told
    assert LEAK not in told, "a message repeats what was pasted"
    assert state(settings) == before


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b'release,row,id,source,language,document,verdict,leaks\n"x']
)
def test_files_that_are_no_table_of_verdicts(
    settings: Settings, made: ReleaseManifest, tmp_path: Path, data: bytes
) -> None:
    audit_sample.draw(settings, NAME, size=5)
    path = tmp_path / "bad.csv"
    path.write_bytes(data)
    with pytest.raises(audit_csv.CsvError):
        audit_csv.load(settings, NAME, "ann", path)
    with pytest.raises(audit_csv.CsvError):
        audit_csv.load(settings, NAME, "ann", tmp_path / "none.csv")


def test_a_row_given_twice_or_differently_is_a_fault(settings: Settings, tmp_path: Path) -> None:
    release(settings, 12)
    audit_sample.draw(settings, NAME, size=12, twice=0)
    path = tmp_path / "sample.csv"
    audit_csv.export(settings, NAME, "ann", path)
    filled(path, lambda number, row: row.update(verdict="clean"))
    lines = path.read_text("utf-8").splitlines(keepends=True)
    twice = tmp_path / "twice.csv"
    twice.write_text("".join([*lines, lines[1]]), "utf-8")
    with pytest.raises(audit_csv.CsvError, match="is there twice"):
        audit_csv.load(settings, NAME, "ann", twice)
    audit_csv.load(settings, NAME, "ann", path)
    path.write_text("".join(lines).replace(";clean;", ";over-redacted;"), "utf-8")
    with pytest.raises(audit_csv.CsvError, match="has given a verdict"):
        audit_csv.load(settings, NAME, "ann", path)
