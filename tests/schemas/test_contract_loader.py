"""Contracts: what loads, what is refused, and in which words."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.contract import Contract, Policy
from schemas.contract_loader import check_contracts, load_contract, load_contracts, read_contract
from schemas.errors import ContractError, Problem
from schemas.shapes import own_schema
from schemas.yaml_lines import Place
from tests.schemas.conftest import WHOLE, Draft
from tests.schemas.faults import FAULTS, Change


def problems(draft: Draft, policy: Policy | None = None) -> list[Problem]:
    return read_contract(draft.write(), policy=policy)[1]


def messages(draft: Draft) -> str:
    return "\n".join(map(str, problems(draft)))


def test_a_whole_contract_loads(draft: Draft) -> None:
    contract = load_contract(draft.write())
    assert contract.key == "commerce.chats"
    assert contract.owner == "dana.lin"
    assert contract.purposes == ("finetune", "eval")
    assert (contract.legal_basis, contract.licence, contract.residency, contract.retention) == (
        "consent", "LicenseRef-unit-internal", "CN", "P1Y",
    )  # fmt: skip
    assert contract.source.kind == "files"
    assert contract.source.delimiter == ";"
    assert contract.source.location == "${CHATS:-data}/*.csv"
    assert contract.field("message_id").required, "a key cannot be null"
    assert contract.field("sender").enum == ("buyer", "seller")
    assert contract.field("phone").region == "CN"
    assert contract.field("price").options == {"precision": 12, "scale": 2}
    assert contract.field("sent_at").options["format"] == "%Y-%m-%d %H:%M:%S"
    assert contract.document is not None
    assert contract.document.roles == {"buyer": "user", "seller": "assistant"}
    assert contract.document.profile == "chat"
    nulls, lengths = contract.field("body").quality
    assert (nulls.metric, nulls.mostly, nulls.arguments) == (
        "nullValues",
        0.95,
        {"mustBeLessThan": 5, "unit": "percent"},
    )
    assert (lengths.engine, lengths.mostly, lengths.arguments) == ("greatExpectations", 0.99, {"max_value": 10000})
    assert contract.quality[0].arguments == {"mustBeGreaterThan": 0}
    assert contract.field("body").line == next(
        number for number, line in enumerate(draft.path.read_text().splitlines(), 1) if "name: body" in line
    )


# ------------------------------------------------------------------------------------------------- unknown keys

FREE = {"roles", "kwargs"}
"""Mappings whose keys are the author's own."""


def mappings(value: Any, place: Place = ()) -> list[Place]:
    """Every mapping of the whole contract, but for the free ones."""
    out: list[Place] = []
    if isinstance(value, dict):
        if not place or place[-1] not in FREE:
            out.append(place)
        for key, item in value.items():
            out += mappings(item, (*place, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            out += mappings(item, (*place, number))
    return out


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    place=st.sampled_from(mappings(WHOLE)), key=st.text("abcdefghij", min_size=5, max_size=12).map(lambda s: f"q{s}")
)
def test_an_unknown_key_anywhere_is_refused_with_its_line(place: Place, key: str, tmp_path: Path) -> None:
    draft = Draft(copy.deepcopy(WHOLE), tmp_path / "commerce" / "chats.odcs.yaml")
    holder: Any = draft.data
    for step in place:
        holder = holder[step]
    holder[key] = "x"
    found = problems(draft)
    line = next(n for n, text in enumerate(draft.path.read_text().splitlines(), 1) if f"{key}: x" in text)
    assert [p.line for p in found if repr(key) in p.message] == [line], found
    assert len(found) == 1, "one fault, one problem"


@pytest.mark.parametrize("place", [p for p in mappings(WHOLE) if p and p[-1] != "value"], ids=str)
def test_an_unknown_custom_property_anywhere_is_refused(draft: Draft, place: Place) -> None:
    holder: Any = draft.data
    for step in place:
        holder = holder[step]
    if "customProperties" in place or set(place) & {
        "implementation",
        "arguments",
        "logicalTypeOptions",
        "price",
        "context",
    }:
        return  # ODCS has no customProperties there
    if place[0] == "authoritativeDefinitions":
        return
    holder.setdefault("customProperties", []).append({"property": "leagalBasis", "value": 1})
    found = problems(draft)
    assert any("'leagalBasis' is not known here" in p.message for p in found), found


def test_another_vendors_property_is_left_alone(draft: Draft) -> None:
    draft.data["customProperties"].append({"property": "cost", "value": 3, "vendor": "billing"})
    assert problems(draft) == []


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (lambda d: d.field("body").update(clasification="x"), "did you mean 'classification'?"),
        (
            lambda d: d.data.update(legalBasis="consent"),
            "it goes into customProperties: {property: legalBasis, value: …}",
        ),
        (lambda d: d.field("body").update(region="CN"), "it goes into a field's customProperties"),
        (lambda d: d.server.update(delimiter=","), "it goes into servers[0].customProperties"),
        (lambda d: d.custom("region", "CN"), "it belongs into a field's customProperties"),
        (lambda d: d.custom("leaglBasis", "consent"), "did you mean 'legalBasis'?"),
        (lambda d: d.custom("delimitr", ";", holder=d.server), "did you mean 'delimiter'?"),
    ],
)
def test_hints_for_unknown_keys_say_where_they_belong(draft: Draft, change: Callable[[Draft], Any], hint: str) -> None:
    change(draft)
    assert any(p.hint.startswith(hint) for p in problems(draft)), messages(draft)


# ------------------------------------------------------------------------------------------------ default deny


@pytest.mark.parametrize("name", ["legalBasis", "licence", "purposes", "residency", "retention"])
def test_without_its_terms_nothing_loads(draft: Draft, name: str) -> None:
    draft.custom(name, None)
    found = problems(draft)
    assert [p.message for p in found] == [f"'{name}' is missing"]
    assert f"property: {name}" in found[0].hint


def test_all_terms_missing_are_all_told(draft: Draft) -> None:
    del draft.data["customProperties"]
    told = {p.message for p in problems(draft)}
    assert {f"'{n}' is missing" for n in ("legalBasis", "licence", "purposes", "residency", "retention")} <= told


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("legalBasis", "conset", "did you mean 'consent'?"),
        ("legalBasis", "", "is not known here"),
        ("licence", "CC-BY-4", "did you mean 'CC-BY-4.0'?"),
        ("licence", "ours", "LicenseRef-<name>"),
        ("purposes", [], "purposes is empty"),
        ("purposes", ["train"], "did you mean 'pretrain'?"),
        ("purposes", ["eval", "eval"], "the same value twice"),
        ("purposes", "eval", "must be a list, not text"),
        ("residency", "CHN", "such as CN"),
        ("residency", "Norway", "country code"),
        ("retention", "3 years", "such as P3Y"),
        ("retention", "P", "such as P3Y"),
        ("schedule", "every day", "has 2 fields where cron has 5"),
        ("schedule", "61 * * * *", "'61' where cron takes 0 to 59"),
        ("schedule", "@fortnightly", "is not one of"),
        ("legalBasis", "TODO", "is not decided yet"),
    ],
)
def test_terms_outside_the_vocabulary_do_not_load(draft: Draft, name: str, value: Any, words: str) -> None:
    draft.custom(name, value)
    assert words in messages(draft)


def test_consent_must_be_named(draft: Draft) -> None:
    draft.custom("consent", None)
    assert "'consent' is missing" in messages(draft)
    draft.custom("legalBasis", "contract")
    assert problems(draft) == []


def test_norway_is_a_country(draft: Draft) -> None:
    draft.custom("residency", None)
    draft.data["customProperties"].append({"property": "residency", "value": "XX"})
    path = draft.write(draft.yaml().replace("XX", "NO"))
    assert load_contract(path).residency == "NO"


def test_a_field_without_classification_does_not_load(draft: Draft) -> None:
    del draft.field("price")["classification"]
    (found,) = problems(draft)
    assert found.message == "field 'price' has no classification"
    assert found.line == load_line(draft, "name: price")


def load_line(draft: Draft, text: str) -> int:
    return next(n for n, line in enumerate(draft.path.read_text().splitlines(), 1) if text in line)


@pytest.mark.parametrize(
    ("classification", "words"),
    [
        ("person.fone", "did you mean 'person.phone'?"),
        ("pii", "is not a term of policy 'default'"),
        ("TODO person.name", "not decided yet"),
    ],
)
def test_a_classification_outside_the_vocabulary_does_not_load(draft: Draft, classification: str, words: str) -> None:
    draft.field("price")["classification"] = classification
    assert words in messages(draft)


@pytest.mark.parametrize("status", ["draft", "proposed", "retired", "actve"])
def test_only_an_agreed_contract_loads(draft: Draft, status: str) -> None:
    draft.data["status"] = status
    assert [p.path for p in problems(draft)] == ["$.status"]


# ------------------------------------------------------------------------------------------------- single faults


@pytest.mark.parametrize(("change", "words"), [(c, w) for _, c, w in FAULTS], ids=[name for name, _, _ in FAULTS])
def test_each_fault_is_told(draft: Draft, change: Change, words: str) -> None:
    change(draft)
    found = problems(draft)
    assert words in "\n".join(map(str, found))
    lines = len(draft.path.read_text().splitlines())
    for problem in found:
        assert problem.file == draft.path.as_posix()
        assert 1 <= problem.line <= lines
        assert problem.path.startswith("$")


def test_all_faults_are_told_at_once(draft: Draft) -> None:
    draft.field("body")["classification"] = "text"
    draft.field("price")["logicalType"] = "numbr"
    draft.custom("licence", None)
    draft.data["colour"] = "red"
    draft.server["format"] = "cvs"
    found = problems(draft)
    for words in ("'text' is not a term", "'numbr'", "'licence' is missing", "'colour'", "'cvs'"):
        assert any(words in p.message for p in found), words
    assert found == sorted(found)
    with pytest.raises(ContractError) as caught:
        load_contract(draft.path)
    assert caught.value.problems == tuple(found)
    assert caught.value.exit_code == 2
    assert str(caught.value).startswith(f"{len(found)} problems in {draft.path}")


def test_problems_read_as_file_line_path_message_hint(draft: Draft) -> None:
    draft.field("body")["clasification"] = "x"
    (problem,) = problems(draft)
    line = load_line(draft, "clasification")
    assert str(problem) == (
        f"{draft.path.as_posix()}:{line}: $.schema[0].properties[4].clasification: "
        "the key 'clasification' is not known here\n"
        "    hint: did you mean 'classification'?"
    )


junk = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.sampled_from(["", "x", "TODO", "${", "{a}"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["name", "property", "value", "q"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def everywhere(value: Any, place: Place = ()) -> list[Place]:
    out = [place] if place else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        out += everywhere(item, (*place, key))
    return out


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(place=st.sampled_from(everywhere(WHOLE)), value=junk)
def test_junk_anywhere_is_refused_or_read_and_never_raises(place: Place, value: Any, tmp_path: Path) -> None:
    draft = Draft(copy.deepcopy(WHOLE), tmp_path / "commerce" / "chats.odcs.yaml")
    holder: Any = draft.data
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    contract, found = read_contract(draft.write())
    assert isinstance(contract, Contract) or found


# ------------------------------------------------------------------------------------------------------ sources


def test_headerless_csv_takes_its_columns_from_the_fields(draft: Draft) -> None:
    draft.custom("header", False, holder=draft.server)
    draft.add_field(name="origin", physicalName="$file", classification="none")
    contract = load_contract(draft.write())
    assert contract.source.columns == tuple(f.path for f in contract.fields if f.path != "$file")


def test_a_field_must_be_among_stated_columns(draft: Draft) -> None:
    draft.custom("header", False, holder=draft.server)
    draft.custom(
        "columns", ["message_id", "conversation", "sender", "phone", "bodi", "price", "sent_at"], holder=draft.server
    )
    assert "did you mean 'bodi'?" in messages(draft)


def sqlite(draft: Draft, **custom: Any) -> None:
    draft.data["servers"] = [{"server": "shop", "type": "custom", "location": "sqlite:///${SHOP:-shop.db}"}]
    for name, value in custom.items():
        draft.custom(name, value, holder=draft.server)


def test_sql_sources(draft: Draft) -> None:
    draft.field("sent_at")["physicalName"] = "sent"
    sqlite(draft, table="messages", cursor="sent_at", lag="PT1H")
    source = load_contract(draft.write()).source
    assert (source.kind, source.table, source.cursor, source.lag) == ("sql", "messages", "sent", "PT1H")


@pytest.mark.parametrize(
    ("custom", "words"),
    [
        ({}, "nothing says which table to read"),
        ({"table": "t", "query": "select 1"}, "both stated"),
        ({"query": "delete from t"}, "is not a SELECT"),
        ({"query": "select 1; drop table t"}, "more than one statement"),
        ({"table": "t", "cursor": "sentat"}, "did you mean 'sent_at'?"),
        ({"table": "t", "cursor": "price"}, "has no order to follow"),
        ({"table": "t", "cursor": "message_id", "lag": "PT1H"}, "the lag must be a whole number"),
        ({"table": "t", "lag": "PT1H"}, "a lag says nothing without a cursor"),
        ({"table": "t", "cursor": "sent_at", "lag": "1h"}, "lag '1h' is not of the right form"),
        ({"table": "t", "cursor": "sent_at", "lag": "P1M"}, "has no fixed length"),
        ({"table": "t", "delimiter": ","}, "'delimiter' is for files"),
        ({"table": "t", "partition": "(?P<partition>x)"}, "'partition' is for files"),
    ],
)
def test_faults_of_sql_sources(draft: Draft, custom: dict[str, Any], words: str) -> None:
    sqlite(draft, **custom)
    assert words in messages(draft)


def test_postgres_from_the_standards_own_keys(draft: Draft) -> None:
    draft.data["servers"] = [
        {"server": "db", "type": "postgres", "host": "${PGHOST}", "port": 5432, "database": "desk", "schema": "crm"}
    ]
    draft.custom("table", "messages", holder=draft.server)
    source = load_contract(draft.write()).source
    assert (source.location, source.table) == ("postgresql://${PGHOST}:5432/desk", "crm.messages")


def test_a_password_in_a_contract_is_refused(draft: Draft) -> None:
    sqlite(draft, table="t")
    draft.server["location"] = "postgresql://reader:hunter2@db/desk"
    (problem,) = problems(draft)
    assert problem.message == "holds a password"
    assert "hunter2" not in str(problem)
    draft.server["location"] = "postgresql://reader:${DESK_PASSWORD}@db/desk"
    assert problems(draft) == []


@pytest.mark.parametrize(
    ("format_", "path", "holds"),
    [
        ("json", "a.b.0.c", True), ("json", "a|json.b", True), ("json", "$parent.u.id", True), ("json", "$key", True),
        ("json", ".", True), ("json", "a..b", False), ("json", "a|xml", False), ("json", "$parent", False),
        ("xml", "@id", True), ("jsonl", "$line", True), ("jsonl", "$file.x", False), ("parquet", "a..b", True),
    ],
)  # fmt: skip
def test_paths_into_records(draft: Draft, format_: str, path: str, holds: bool) -> None:
    draft.server["format"] = format_
    draft.custom("delimiter", None, holder=draft.server)
    if format_ == "xml":
        draft.custom("record", "row", holder=draft.server)
    draft.field("price")["physicalName"] = path
    assert (problems(draft) == []) is holds, messages(draft)


def test_names_with_dots_and_json_in_columns_are_paths(draft: Draft) -> None:
    draft.field("price")["physicalName"] = "payload|json.amount"
    assert problems(draft) == []
    draft.server["format"] = "json"
    draft.custom("delimiter", None, holder=draft.server)
    draft.custom("record", r"v1\.0.items[]", holder=draft.server)
    draft.field("price")["physicalName"] = r"price\.eur"
    assert problems(draft) == []


@pytest.mark.parametrize(
    ("format_", "record", "path", "words"),
    [
        ("text", "line", "text", None), ("text", None, ".", None), ("text", "page", "text", "no record 'page'"),
        ("text", None, "txt", "did you mean 'text'?"), ("srt", None, "start", None),
        ("srt", None, "begin", "columns: end, index, start, text"), ("csv", "row", "a", "csv has no record 'row'"),
        ("csv", "columns", "a", "is for files without quotes"), ("json", ".", "a", None), ("json", "[]", "a", None),
        ("json", "{}.messages[]", "a", None), ("yaml", "a[x]", "a", "is not a record path"),
        ("pgcopy", None, "a", "a dump needs the table to read"), ("xml", ".//row", "@id", None),
    ],
)  # fmt: skip
def test_what_a_record_is(draft: Draft, format_: str, record: str | None, path: str, words: str | None) -> None:
    draft.data["servers"] = [{"server": "f", "type": "local", "path": "x", "format": format_}]
    if record:
        draft.custom("record", record, holder=draft.server)
    draft.data["schema"][0]["properties"] = [{"name": "a", "physicalName": path, "classification": "none"}]
    draft.custom("document", {"kind": "text", "text": "{a}"})
    found = messages(draft)
    assert found == "" if words is None else words in found, found


def test_a_csv_without_quotes_may_hold_line_breaks(draft: Draft) -> None:
    draft.custom("record", "columns", holder=draft.server)
    draft.custom("quote", None, holder=draft.server)
    draft.server["customProperties"].append({"property": "quote", "value": None})
    source = load_contract(draft.write()).source
    assert (source.record, source.quote) == ("columns", None)


# -------------------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b"- a\n- b\n", "a list at the top"),
        (b"name: \xff\n", "is not UTF-8"),
        (b"name: a\nname: b\n", "the key 'name' is there twice"),
        (b"a: &a 1\nb: *a\n", "anchor"),
        (b"#" * (1024 * 1024 + 1), "larger than"),
    ],
    ids=["empty", "list", "not UTF-8", "duplicate key", "anchor", "huge"],
)
def test_files_that_are_not_contracts(tmp_path: Path, raw: bytes, words: str) -> None:
    path = tmp_path / "chats.odcs.yaml"
    path.write_bytes(raw)
    with pytest.raises(ContractError) as caught:
        load_contract(path)
    assert words in str(caught.value)


def test_two_contracts_of_one_key(draft: Draft, tmp_path: Path) -> None:
    draft.write()
    other = tmp_path / "elsewhere" / "commerce" / "chats.odcs.yaml"
    other.parent.mkdir(parents=True)
    other.write_text(draft.yaml())
    with pytest.raises(ContractError) as caught:
        load_contracts(tmp_path)
    assert "the data set commerce.chats has a contract already" in str(caught.value)
    assert {p.file for p in caught.value.problems} == {other.as_posix()}


def test_two_contracts_of_one_id(draft: Draft, tmp_path: Path) -> None:
    draft.write()
    draft.data["name"] = "talks"
    draft.path = draft.path.with_name("talks.odcs.yaml")
    draft.write()
    with pytest.raises(ContractError, match=r"the id 'commerce.chats' is that of"):
        load_contracts(tmp_path)


def test_a_contract_stands_where_its_key_says(draft: Draft, tmp_path: Path) -> None:
    draft.path = tmp_path / "media" / "chats.odcs.yaml"
    draft.write()
    with pytest.raises(ContractError, match=r"move it to commerce/chats\.odcs\.yaml"):
        load_contracts(tmp_path)
    assert load_contract(draft.path).key == "commerce.chats"


def test_a_folder_gives_sorted_contracts_and_all_problems_of_all_files(draft: Draft, tmp_path: Path) -> None:
    for name in ("zebra", "alpha", "middle"):
        draft.data.update(name=name, id=f"commerce.{name}")
        draft.path = tmp_path / "commerce" / f"{name}.odcs.yaml"
        draft.write()
    assert list(load_contracts(tmp_path)) == ["commerce.alpha", "commerce.middle", "commerce.zebra"]
    for name in ("alpha", "zebra"):
        path = tmp_path / "commerce" / f"{name}.odcs.yaml"
        path.write_text(path.read_text().replace("status: active", "status: retired"))
    (tmp_path / "commerce" / "late.odcs.yml").write_text("a: 1\n")
    loaded = check_contracts([tmp_path])
    assert list(loaded.contracts) == ["commerce.middle"]
    assert loaded.broken == {"commerce.alpha", "commerce.zebra"}
    assert sorted({Path(p.file).name for p in loaded.problems}) == [
        "alpha.odcs.yaml",
        "late.odcs.yml",
        "zebra.odcs.yaml",
    ]


def test_base_keeps_the_machine_out_of_the_contract(draft: Draft, tmp_path: Path) -> None:
    draft.write()
    assert load_contracts(tmp_path, base=tmp_path)["commerce.chats"].file == "commerce/chats.odcs.yaml"


# ------------------------------------------------------------------------------------------------------- digest


def test_the_digest_is_of_the_meaning(draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_contract(draft.write())
    moved = tmp_path / "copy" / "x.odcs.yaml"
    moved.parent.mkdir()
    shuffled = dict(reversed(draft.data.items()))
    text = "# a comment\n\n" + Draft(shuffled, moved).yaml()
    moved.write_text(text)
    monkeypatch.setenv("CHATS", "/somewhere")
    again = load_contract(moved)
    assert again.digest == first.digest
    assert again.file != first.file
    assert again.field("body").line != first.field("body").line


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.data.update(version="1.2.1"),
        lambda d: d.data["description"].update(limitations="Two shops."),
        lambda d: d.custom("retention", "P2Y"),
        lambda d: d.custom("purposes", ["eval"]),
        lambda d: d.server.update(path="other/*.csv"),
        lambda d: d.field("body").update(description="what was said"),
        lambda d: d.field("body")["quality"][0].update(mustBeLessThan=6),
        lambda d: d.custom("document").update(text="{body}!"),
        lambda d: d.add_field(name="more", classification="none"),
    ],
)
def test_the_digest_changes_with_the_meaning(draft: Draft, change: Change) -> None:
    first = load_contract(draft.write()).digest
    change(draft)
    assert load_contract(draft.write()).digest != first


# ---------------------------------------------------------------------------------------------------- the repo


def test_the_contracts_of_this_repository_load() -> None:
    folder = Path(__file__).resolve().parents[2] / "schemas" / "contracts"
    loaded = check_contracts([folder])
    assert loaded.problems == ()


def test_known_expectations_are_those_of_the_installed_library() -> None:
    import re

    core = pytest.importorskip("great_expectations.expectations.core")
    there = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in dir(core) if name.startswith("Expect")}
    assert set(own_schema("profile.schema.json")["$defs"]["expectation"]["enum"]) <= there
