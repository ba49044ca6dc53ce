"""``clearinghouse contract``: what it prints, its exit codes, and drafts that do not load until a person decides."""

from __future__ import annotations

import gzip
import io
import json
import re
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clearinghouse import draft_samples
from clearinghouse.cli import main
from clearinghouse.drafts import NoDraft, draft_contract
from infra.sources import list_pieces, read_piece
from schemas.contract_loader import load_contract, read_contract
from schemas.errors import ClearinghouseError
from tests.schemas.conftest import Draft

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs ``clearinghouse …`` in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    for name in ("CONTRACTS", "MIXES", "POLICY", "STORE"):
        monkeypatch.delenv(f"CLEARINGHOUSE_{name}", raising=False)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["clearinghouse", *words])
        with pytest.raises(SystemExit) as exited:
            main()
        out, err = capsys.readouterr()
        return int(exited.value.code or 0), out, err

    return run


def test_check_says_what_was_checked(command: Command, draft: Draft) -> None:
    draft.write()
    code, out, err = command("contract", "check", "--contracts", ".")
    assert (code, err) == (0, "")
    assert "commerce.chats" in out
    assert out.strip().endswith("checked 1 contract under policy default 1.0.0: all hold")


def test_check_takes_mixes_along(command: Command, draft: Draft, mix_file: Callable[..., Path]) -> None:
    draft.write()
    mix_file(purpose="pretrain")
    code, out, err = command("contract", "check", "--contracts", ".", "--mixes", ".")
    assert code == 2
    assert "checked 1 contract and 1 mix under policy default 1.0.0: problems in 1 file" in out
    assert "does not allow 'pretrain'" in err


def test_check_tells_every_problem_and_exits_with_2(command: Command, draft: Draft) -> None:
    draft.custom("licence", None)
    draft.field("body")["clasification"] = "x"
    draft.write()
    code, out, err = command("contract", "check", "commerce/chats.odcs.yaml")
    assert code == 2
    assert "problems in 1 file" in out
    assert err.startswith("error: 2 problems in 1 file:\ncommerce/chats.odcs.yaml:")
    assert "'licence' is missing" in err
    assert "hint: did you mean 'classification'?" in err
    code, out, err = command("contract", "check", "--json", "commerce/chats.odcs.yaml")
    found = json.loads(out)
    assert (code, err, found["ok"], len(found["problems"])) == (2, "", False, 2)
    assert {"file", "line", "path", "message", "hint"} == set(found["problems"][0])


@pytest.mark.parametrize(
    "words", [("check",), ("check", "--contracts", "nowhere"), ("docs",), ("check", "none.odcs.yaml")]
)
def test_where_there_is_nothing_it_says_so(command: Command, words: tuple[str, ...]) -> None:
    code, _, err = command("contract", *words)
    assert code == 2
    assert "there is no" in err


def test_an_empty_folder_is_not_a_success(command: Command) -> None:
    code, _, err = command("contract", "check", "--contracts", ".")
    assert code == 2
    assert "no contracts in ." in err
    assert "clearinghouse contract new" in err


def test_a_broken_policy_is_told_with_the_rest(command: Command, draft: Draft) -> None:
    draft.write()
    Path("own.policy.yaml").write_text("name: own\n")
    code, _, err = command("contract", "check", "--contracts", ".", "--policy", "own.policy.yaml")
    assert code == 2
    assert "own.policy.yaml:1: $: 'rules' is missing" in err


def test_show(command: Command, draft: Draft) -> None:
    draft.write()
    code, out, _ = command("contract", "show", "commerce.chats", "--contracts", ".")
    assert code == 0
    for words in (
        "legal basis",
        "consent (chat terms v2 s. 3)",
        "pseudonym PHONE_NUMBER",
        "PIPL art. 51",
        "decimal128(12, 2)",
    ):
        assert words in out, words
    code, out, _ = command("contract", "show", "commerce/chats.odcs.yaml", "--json")
    found = json.loads(out)
    assert [f["action"] for f in found["fields"]] == ["keep", "keep", "keep", "pseudonym", "scan", "keep", "keep"]


def test_show_of_an_unknown_key_names_near_ones(command: Command, draft: Draft) -> None:
    draft.write()
    code, _, err = command("contract", "show", "commerce.chat", "--contracts", ".")
    assert code == 2
    assert "commerce.chats" in err


def test_docs_are_written_once(command: Command, draft: Draft) -> None:
    draft.write()
    words = ("contract", "docs", "--contracts", ".", "--out", "pages", "--json")
    first = json.loads(command(*words)[1])
    assert first["written"] == first["pages"] == ["commerce/chats.md", "index.md"]
    page = Path("pages/commerce/chats.md").read_text()
    assert page.startswith("# commerce.chats\n")
    assert json.loads(command(*words)[1])["written"] == []
    draft.data["description"]["limitations"] = "New."
    draft.write()
    assert json.loads(command(*words)[1])["written"] == ["commerce/chats.md"]


# ------------------------------------------------------------------------------------------------------- drafts

CSV = (
    "OrderID,Buyer Name,E-Mail,Phone,Remark,Amount,Placed,收货地址\n"
    "1,Ada Example,ada@example.com,+44 20 7946 0000,please ring the bell twice and wait a while,1.50,2024-01-02,x\n"
    "2,Bob Example,bob@example.com,+44 20 7946 0001,none,2,2024-01-03,y\n"
)  # fmt: skip
YAML = "- {id: 1, buyer: Ada Example, at: 2024-01-02, lines: [{sku: a}]}\n- {id: 2, buyer: Bob, at: 2024-01-03, lines: []}\n"
XML = (
    '<?xml version="1.0"?><shop><made>2024</made><orders>'
    '<order id="1"><buyer><name>Ada Example</name></buyer><item>xxx</item><item>hello</item></order>'
    '<order id="2"><buyer><name>Bob</name></buyer><item>xxx</item></order></orders></shop>'
)
DUMP = "SET x = 1;\nCOPY public.orders (id, buyer, note) FROM stdin;\n1\tAda Example\t\\N\n2\tBob\thello\\tyou\n\\.\n\n"
RECORD = {"id": 1, "user": {"name": "Ada Example", "tags": ["a"]}, "text": "hello", "ok": True}


ASS = "[Events]\nFormat: Layer, Start, End, Style, Name, Text\nDialogue: 0,0:00:01.00,0:00:02.00,Main,Ada,hello\n"


def decide(text: str) -> str:
    """What a person does to a draft: decide every TODO."""
    for before, after in (
        ("status: draft  # TODO: active, once it is agreed", "status: active"),
        ("team: {members: []}  # TODO: ", "team: {members: [{username: dana.lin, role: owner}]}  # "),
        ("legalBasis, value: TODO", "legalBasis, value: contract"),
        ("licence, value: TODO", "licence, value: MIT"),
        ("[TODO]", "[pretrain]"),
        ("residency, value: TODO", "residency, value: CN"),
        ("retention, value: TODO", "retention, value: P1Y"),
        ("classification: TODO ", "classification: "),
    ):
        assert before in text
        text = text.replace(before, after)
    return text


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return out.getvalue()


def sample_files(folder: Path) -> dict[str, Path]:
    lines = "".join(json.dumps(RECORD) + "\n" for _ in range(3))
    rows = pa.table({"user_id": [1, 2], "body": ["x" * 50, None], "at": pa.array([0, 1], pa.timestamp("us"))})
    files = {
        "csv": CSV.encode(),
        "tsv": CSV.replace(",", "\t").encode(),
        "csv in gzip": gzip.compress(CSV.encode()),
        "csv in GB 18030": ("编号;姓名;备注\n" + "1;张三丰;你好，请把快递放在门口的柜子里，谢谢。\n" * 40).encode(
            "gb18030"
        ),
        "jsonl": lines.encode(),
        "json list": json.dumps([RECORD, RECORD]).encode(),
        "json in a key": json.dumps({"info": {}, "items": [RECORD]}).encode(),
        "json by key": json.dumps({"a": RECORD, "b": RECORD}).encode(),
        "json of lists": json.dumps([["Inn", {"phone": "1"}]]).encode(),
        "csv without header": CSV.partition("\n")[2].encode(),
        "zip": zipped({"read me.pdf": b"hello", "in/a.csv": CSV.encode()}),
        "subtitles": b"1\n00:00:01,000 --> 00:00:02,000\nhello Ada\n",
        "styled subtitles": ASS.encode(),
        "yaml": YAML.encode(),
        "yaml documents": YAML.replace("- {", "---\n{").encode(),
        "yaml in a key": ("orders:\n" + YAML).encode(),
        "xml": XML.encode(),
        "dump": DUMP.encode(),
        "text": b"hello Ada\n\nx\n",
        "csv in zstd": pa.compress(CSV.encode(), "zstd", asbytes=True),
    }
    suffixes = {"csv in gzip": "csv.gz", "csv in GB 18030": "csv", "jsonl": "jsonl", "csv": "csv", "tsv": "tsv"}
    suffixes |= {"csv without header": "csv", "zip": "zip", "subtitles": "srt", "styled subtitles": "ass"}
    suffixes |= {"yaml": "yaml", "yaml documents": "yml", "yaml in a key": "yaml", "xml": "xml", "dump": "sql"}
    suffixes |= {"text": "md", "csv in zstd": "csv.zst"}
    out = {}
    for number, (name, raw) in enumerate(files.items()):
        out[name] = folder / f"sample{number}.{suffixes.get(name, 'json')}"
        out[name].write_bytes(raw)
    out["parquet"] = folder / "sample.parquet"
    pq.write_table(rows, out["parquet"])
    return out


def test_every_draft_is_denied_until_decided_and_then_loads(tmp_path: Path) -> None:
    for name, sample in sample_files(tmp_path).items():
        text = draft_contract("commerce", "orders", sample)
        path = tmp_path / "orders.odcs.yaml"
        path.write_text(text, encoding="utf-8")
        contract, problems = read_contract(path)
        assert contract is not None, name
        fields = len(contract.fields)
        undecided = [p for p in problems if "is not decided yet" in p.message]
        assert len(undecided) == 5 + fields, (name, problems)
        assert len(problems) == len(undecided) + 2, "the status and the owner are a person's too"
        path.write_text(decide(text), encoding="utf-8")
        assert len(load_contract(path).fields) == fields


def test_every_draft_reads_the_sample_that_it_was_made_from(tmp_path: Path) -> None:
    rows = {"csv without header": 2, "jsonl": 3, "json of lists": 1, "json in a key": 1, "subtitles": 1, "text": 3}
    rows |= {"styled subtitles": 1, "csv in GB 18030": 40}
    for name, sample in sample_files(tmp_path).items():
        path = tmp_path / "orders.odcs.yaml"
        path.write_text(decide(draft_contract("commerce", "orders", sample)), encoding="utf-8")
        contract = load_contract(path)
        batches = [
            batch
            for piece in list_pieces(contract.source)
            for batch in read_piece(contract.source, piece, contract.fields)
        ]
        assert [reject.reason for batch in batches for reject in batch.rejects] == [], name
        assert sum(batch.batch.num_rows for batch in batches) == rows.get(name, 2), name
        assert [one for batch in batches for one in batch.drift if one.kind == "missing"] == [], name


def test_a_draft_guesses_what_columns_hold(tmp_path: Path) -> None:
    sample = sample_files(tmp_path)["csv"]
    path = tmp_path / "orders.odcs.yaml"
    path.write_text(decide(draft_contract("commerce", "orders", sample)), encoding="utf-8")
    found = [(f.name, f.path, f.type, f.classification) for f in load_contract(path).fields]
    assert found == [
        ("order_id", "OrderID", "integer", "identifier.record"),
        ("buyer_name", "Buyer Name", "string", "person.name"),
        ("e_mail", "E-Mail", "string", "person.email"),
        ("phone", "Phone", "string", "person.phone"),
        ("remark", "Remark", "string", "text.free"),
        ("amount", "Amount", "number", "none"),
        ("placed", "Placed", "date", "none"),
        ("收货地址", "收货地址", "string", "person.address"),
    ]


def test_a_draft_guesses_by_what_the_recognisers_find(tmp_path: Path) -> None:
    """Names that say nothing, few different values, numbers in quotes: and no guess that somebody's data are harmless."""
    rows = [
        {
            "who": "王小明",
            "c1": f"1381234{n:04}",
            "why": "尺码不合适",
            "order": {"id": f"2024{n:010}"},
            "kind": "b",
            "n": n,
        }
        for n in range(40)
    ]
    rows[7]["why"] = "质量问题，请联系我 13912345678"
    sample = tmp_path / "a.jsonl"
    sample.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    text = draft_contract("commerce", "returns", sample)
    for wanted in (
        r"\{name: who, classification: TODO person.name\}  # found in 40 of 40 values: PERSON\n",
        r"\{name: c1, classification: TODO person.phone\}  # found in 40 of 40 values: PHONE_NUMBER\n",
        r"\{name: why, classification: TODO text.free\}  # found in 1 of 40 values: PHONE_NUMBER\n",
        r"\{name: order_id, physicalName: order.id, classification: TODO identifier.record\}",
        r"\{name: kind, classification: TODO none\}\n",
        r"\{name: n, logicalType: integer, classification: TODO none\}\n",
        r'text: "\{why\}"',
    ):
        assert re.search(wanted, text), wanted
    path = tmp_path / "returns.odcs.yaml"
    path.write_text(decide(text), encoding="utf-8")
    assert [one.type for one in load_contract(path).fields] == ["string"] * 5 + ["integer"]


def test_a_draft_of_a_table_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE sales (no INTEGER PRIMARY KEY, c1 TEXT, note TEXT, at TEXT, raw BLOB)")
        rows = [(n, f"1381234{n:04}", "x", f"2026-01-02 10:00:{n:02}", b"\xff") for n in range(9)]
        connection.executemany("INSERT INTO sales VALUES (?, ?, ?, ?, ?)", rows)
    monkeypatch.setenv("SHOP", f"sqlite:///{tmp_path}/shop.db")
    for place in ("${SHOP}", f"sqlite:///{tmp_path}/shop.db"):
        text = draft_contract("commerce", "sales", place, table="sales")
        assert "138" not in text
        assert "# - {property: cursor, value: at}" in text
        path = tmp_path / "sales.odcs.yaml"
        path.write_text(decide(text), encoding="utf-8")
        contract = load_contract(path)
        assert (contract.source.kind, contract.source.location, contract.source.table) == ("sql", place, "sales")
        assert [(one.name, one.type, one.classification) for one in contract.fields] == [
            ("no", "integer", "identifier.record"), ("c1", "string", "person.phone"), ("note", "string", "text.free"),
            ("at", "timestamp", "none"), ("raw", "string", "none"),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("sample", "table", "words"),
    [
        ("sqlite:///shop.db", None, "which table"),
        ("a.csv", "sales", "is no database"),
        ("postgresql://ana:geheim@db/shop", "sales", "holds a password"),
        ("postgresql://db/shop?user=ana&password=geheim", "sales", "holds a password"),
        ("sqlite:///shop.db", "sales", "there is no database file"),
    ],
)
def test_tables_that_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: str, table: str | None, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ClearinghouseError, match=words) as caught:
        draft_contract("commerce", "orders", sample, table=table)
    assert "geheim" not in f"{caught.value}{caught.value.fix}"


def test_no_value_of_the_sample_gets_into_a_draft(tmp_path: Path) -> None:
    for name, sample in sample_files(tmp_path).items():
        text = draft_contract("commerce", "orders", sample)
        for value in ("Ada", "example.com", "7946", "bell", "张三丰", "快递", "hello", "Inn", "xxx"):
            assert value not in text, name


def test_a_first_row_of_data_names_no_field(tmp_path: Path) -> None:
    sample = tmp_path / "a.csv"
    for first in ("7,Ada,x", "Ada,ada@example.com,x", "Ada,020-7946-0000,x", f"Ada,{'word ' * 20},x", "Ada,Bob,Road"):
        sample.write_text(f"{first}\nEve,y,Road\nMia,z,x\n", encoding="utf-8")
        text = draft_contract("commerce", "orders", sample)
        assert "{property: header, value: false}" in text, first
        assert "{name: field_3, classification" in text
        assert "Ada" not in text
    for first in ("id,name,city", "编号1,姓名,城市", ",A 1,B 2"):
        sample.write_text(f"{first}\n1,Eve,Rome\n2,Mia,Rome\n", encoding="utf-8")
        assert "header" not in draft_contract("commerce", "orders", sample), first


def test_a_draft_says_how_to_read_rows_that_lie_deeper(tmp_path: Path) -> None:
    sample = tmp_path / "a.json"
    sample.write_text(json.dumps([{"name": "a", "messages": [{"text": "hello"}], "tags": ["x"]}] * 2), encoding="utf-8")
    text = draft_contract("commerce", "talks", sample)
    assert text.count("# a row of each entry:") == 1
    assert 'record: "[].messages[]"' in text


@pytest.mark.parametrize(
    ("shape", "record"), [("[%s]", "[]"), ('{"info": {"a": 1}, "rows": [%s]}', "rows[]"), ("{%s}", "{}")]
)
def test_a_large_document_is_drafted_from_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: str, record: str
) -> None:
    monkeypatch.setattr(draft_samples, "SAMPLE_BYTES", 512)
    rows = [json.dumps({"name": f"n{n}", "price": 1.5, "note": "字" * 40}, ensure_ascii=False) for n in range(200)]
    if record == "{}":
        rows = [f'"{n}": {row}' for n, row in enumerate(rows)]
    sample = tmp_path / "a.json"
    sample.write_text(shape % ", ".join(rows), encoding="utf-8")
    assert sample.stat().st_size > 16 * 512
    text = draft_contract("commerce", "orders", sample)
    assert f'record, value: "{record}"' in text or f"record, value: {record}" in text
    assert "{name: price, logicalType: number," in text
    sample.write_text('{"a": "' + "x" * 20_000, encoding="utf-8")
    with pytest.raises(NoDraft, match="hold no whole record"):
        draft_contract("commerce", "orders", sample)


def test_a_large_yaml_or_xml_or_dump_is_drafted_from_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_samples, "SAMPLE_BYTES", 512)
    for name, head, row in (
        ("a.yaml", "", "- {price: 1.5, note: %s}\n"),
        ("b.yaml", "shops: {a: b}\nitems:\n", "- price: 1.5\n  note: %s\n"),
        ("d.yaml", "shops: {a: b}\nitems:\n", "  - price: 1.5\n    note: %s\n"),
        ("c.yaml", "", "---\nprice: 1.5\nnote: %s\n"),
        ("a.xml", "<all>", "<row><price>1.5</price><note>%s</note></row>"),
        ("a.sql", "COPY rows (price, note) FROM stdin;\n", "1.5\t%s\n"),
    ):
        sample = tmp_path / name
        sample.write_text(head + "".join(row % ("字" * 40) for _ in range(400)), encoding="utf-8")
        text = draft_contract("commerce", "orders", sample)
        assert "{name: price, logicalType: number," in text, name
        assert "{name: note," in text, name


def test_a_row_of_xml_is_the_outermost_element_that_comes_again(tmp_path: Path) -> None:
    sample = tmp_path / "a.xml"
    for body, record in (
        (XML, "order"),
        ("<a><b x='1'><c><b>1</b></c></b><b x='2'/></a>", "a/b"),
        ("<a><b><c>1</c></b></a>", "b"),
        ("<n:a xmlns:n='urn:x'><n:b><n:c>1</n:c></n:b><n:b/></n:a>", "b"),
        ("<a><b>1</b></a>", "a"),
    ):
        sample.write_text(body, encoding="utf-8")
        assert f"record, value: {record}}}" in draft_contract("commerce", "orders", sample), body


def test_of_a_dump_of_many_tables_one_is_named(tmp_path: Path) -> None:
    sample = tmp_path / "a.sql"
    sample.write_text(DUMP + DUMP.replace("orders", "items").replace("buyer", "seller"), encoding="utf-8")
    with pytest.raises(NoDraft, match=r"more than one table; there are public\.orders, public\.items"):
        draft_contract("commerce", "orders", sample)
    with pytest.raises(NoDraft, match=r"no table 'order'; there are"):
        draft_contract("commerce", "orders", sample, table="order")
    for table in ("items", "public.items"):
        text = draft_contract("commerce", "orders", sample, table=table)
        assert "{property: table, value: public.items}" in text
        assert "{name: seller," in text


def test_words_within_names_are_no_guess(tmp_path: Path) -> None:
    sample = tmp_path / "a.csv"
    sample.write_text("template_id,n_tokens,plate_no,api_token\nx,1,y,z\n", encoding="utf-8")
    text = draft_contract("commerce", "orders", sample)
    for name, term in (("template_id", "identifier.record"), ("plate_no", "person.plate"), ("api_token", "secret")):
        assert re.search(rf"name: {name}, classification: TODO {term}\b", text), name
    assert re.search(r"name: n_tokens, .*TODO none", text)


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("a.zip", zipped({"a.pdf": b"secret-value"}), "holds no file that a contract can be drafted from"),
        ("a.zip", b"PK secret-value", "does not read as a zip"),
        ("a.csv", b"", "is empty"),
        ("a.docx", b"x", "no contract can be drafted from a file that ends like this"),
        ("a.json", b'{"secret-value": ', "does not read as json"),
        ("a.jsonl", b"{}\nnot json secret-value\n", "does not read as jsonl"),
        ("a.yaml", b"a: [secret-value\nb: }", "does not read as yaml"),
        ("a.xml", b"secret-value", "does not read as xml"),
        ("a.xml", b'<!DOCTYPE a [<!ENTITY e "secret-value">]><a>&e;</a>', "does not read as xml"),
        ("a.sql", b"INSERT INTO t VALUES ('secret-value');\n", "no COPY block that names columns"),
        ("a.parquet", b"PAR1 not really", "does not read as parquet"),
        ("a.csv.gz", b"not gzip secret-value", "does not read as csv"),
        ("a.json", b"[]", "has no columns"),
    ],
)
def test_samples_that_are_none(tmp_path: Path, name: str, raw: bytes, words: str) -> None:
    sample = tmp_path / name
    sample.write_bytes(raw)
    with pytest.raises(NoDraft) as caught:
        draft_contract("commerce", "orders", sample)
    assert words in str(caught.value)
    assert "secret-value" not in str(caught.value)
    assert caught.value.fix


def test_new_writes_once_and_says_what_is_next(command: Command, tmp_path: Path) -> None:
    sample = sample_files(tmp_path)["csv"]
    words: list[Any] = ["contract", "new", "commerce", "orders", "--from", sample.name, "--contracts", "contracts"]
    code, out, _ = command(*words)
    assert code == 0
    assert "drafted contracts/commerce/orders.odcs.yaml: 15 things to decide" in out
    code, _, err = command(*words)
    assert code == 1
    assert "is there already" in err
    assert "nothing was written" in err
    assert command("contract", "check", "--contracts", "contracts")[0] == 2
    code, _, err = command("contract", "new", "Commerce!", "orders", "--from", sample.name)
    assert code == 2
