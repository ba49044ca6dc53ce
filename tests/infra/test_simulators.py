"""The simulated units: same seed, same bytes; a truth that is true; contracts and mixes that fit them."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zlib
from collections import Counter, defaultdict
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infra.simulators import people as folk
from infra.simulators.grammar import Grammar
from infra.simulators.make import Made, make_units, read_made
from infra.simulators.site import BASE, sizes
from infra.simulators.text import TALKS, Scribe, grammars
from infra.simulators.train_tokenizer import corpus, train

ROOT = Path(__file__).resolve().parents[2]
SCALE = 0.4


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    folder = tmp_path_factory.mktemp("units")
    return folder, make_units(folder, seed=3, scale=SCALE)


def text_of(path: Path) -> str:
    """A unit's file as text, as far as it can be read."""
    data = path.read_bytes()
    if path.suffix == ".db":
        with sqlite3.connect(path) as shop:
            tables = [name for (name,) in shop.execute("SELECT name FROM sqlite_master WHERE type='table'")]
            rows = (row for table in tables for row in shop.execute(f"SELECT * FROM {table}"))
            return "\n".join("\t".join(map(str, row)) for row in rows)
    if path.suffix == ".zst":
        with pa.OSFile(str(path)) as raw, pa.CompressedInputStream(raw, "zstd") as out:
            data = out.read()
    elif path.suffix == ".gz":
        data = zlib.decompressobj(31).decompress(data)
    encoding = "gb18030" if "waybills" in path.parts else "utf-8"
    return data.decode(encoding, "replace")


def truth_of(folder: Path) -> list[dict[str, str]]:
    return [row for file in sorted((folder / "truth").glob("*.parquet")) for row in pq.read_table(file).to_pylist()]


def test_same_seed_same_bytes(made: tuple[Path, Made], tmp_path: Path) -> None:
    folder, first = made
    second = make_units(tmp_path, seed=3, scale=SCALE)
    assert second.files == first.files
    assert second.to_json() == first.to_json()
    for file in sorted((folder / "truth").glob("*.parquet")):
        assert file.read_bytes() == (tmp_path / "truth" / file.name).read_bytes()


def test_another_seed_is_other_people(made: tuple[Path, Made], tmp_path: Path) -> None:
    folder, first = made
    second = make_units(tmp_path, seed=4, scale=SCALE)
    assert first.files.keys() == second.files.keys()
    assert not set(first.files.values()) & set(second.files.values())
    mine, theirs = ({row["value"] for row in truth_of(f) if row["kind"] == "EMAIL_ADDRESS"} for f in (folder, tmp_path))
    assert len(mine & theirs) < len(mine) / 100


def test_every_planted_value_stands_in_the_file_that_is_named(made: tuple[Path, Made]) -> None:
    folder, found = made
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in truth_of(folder):
        wanted[row["dataset"].split(".")[0], row["file"]].add(row["value"])
    assert {f"{unit}/{file}" for unit, file in wanted} <= set(found.files)
    for (unit, file), values in wanted.items():
        text = text_of(folder / "units" / unit / file)
        assert not [value for value in values if value not in text], (unit, file)


def test_truth_names_the_row_and_field(made: tuple[Path, Made]) -> None:
    folder, _ = made
    with sqlite3.connect(folder / "units" / "commerce" / "shop.db") as shop:
        shop.row_factory = sqlite3.Row
        tables = {
            "commerce.reviews": ("reviews", "review_id"),
            "commerce.service_chats": ("chat_messages", "message_id"),
            "commerce.orders": ("orders", "order_id"),
            "commerce.buyers": ("buyers", "buyer_id"),
        }
        checked = Counter[str]()
        for row in truth_of(folder):
            if row["dataset"] in tables:
                table, key = tables[row["dataset"]]
                cell = shop.execute(f"SELECT * FROM {table} WHERE {key} = ?", (row["row"],)).fetchone()[row["field"]]
                assert row["value"] == cell if row["place"] == "column" else row["value"] in cell
                checked[row["dataset"]] += 1
    assert set(checked) == set(tables)


def test_truth_has_kinds_of_every_sort(made: tuple[Path, Made]) -> None:
    rows = truth_of(made[0])
    kinds = {(row["kind"], row["place"]) for row in rows if row["expect"] == "redact"}
    free = {kind for kind, place in kinds if place == "text"}
    assert free >= {"PHONE_NUMBER", "EMAIL_ADDRESS", "CN_RESIDENT_ID", "BANK_CARD", "PERSON", "ADDRESS"}
    assert free >= {"ACCOUNT_URL", "IP_ADDRESS", "MAC_ADDRESS", "USERNAME", "PLATE", "WAYBILL", "SECRET"}
    assert {kind for kind, place in kinds if place == "column"} >= {"PERSON", "PHONE_NUMBER", "WAYBILL", "IP_ADDRESS"}
    assert {row["value"] for row in rows if row["expect"] == "keep"} >= {"95338"}
    stay = {row["value"] for row in rows if row["expect"] == "keep"}
    go = {row["value"] for row in rows if row["expect"] == "redact"}
    assert not stay & go
    assert made[1].planted == len(rows)


def test_truth_lies_outside_the_units(made: tuple[Path, Made]) -> None:
    folder, found = made
    assert not [name for name in found.files if "truth" in name or name.endswith((".parquet", "made.json"))]
    assert read_made(folder) is not None


def test_rows_and_faults_are_what_made_json_says(made: tuple[Path, Made]) -> None:
    folder, found = made
    units = folder / "units"
    with sqlite3.connect(units / "commerce" / "shop.db") as shop:
        assert shop.execute("SELECT count(*) FROM reviews").fetchone()[0] == found.rows["commerce.reviews"]
        missing = shop.execute("SELECT count(*) FROM reviews WHERE body IS NULL").fetchone()[0]
        assert missing == found.faults["commerce.reviews"]["required_missing"] > 0
        tied = shop.execute("SELECT max(n) FROM (SELECT count(*) n FROM orders GROUP BY updated_at)").fetchone()[0]
        assert tied > 1
    lines = [
        line for file in sorted((units / "logistics" / "tracking").iterdir()) for line in text_of(file).splitlines()
    ]
    assert len(lines) == found.rows["logistics.tracking"]
    bad = 0
    for line in lines:
        try:
            json.loads(line)
        except ValueError:
            bad += 1
    assert bad == found.faults["logistics.tracking"]["malformed"] > 0
    comments = [
        comment
        for file in (units / "media" / "comments").iterdir()
        for video in json.loads(file.read_text())["videos"]
        for comment in video["comments"]
    ]
    assert len(comments) == found.rows["media.comments"]


def test_the_broken_files_are_broken(made: tuple[Path, Made]) -> None:
    folder, found = made
    last = sorted((folder / "units" / "logistics" / "courier_notes").iterdir())[-1]
    with pytest.raises(EOFError):
        gzip.decompress(last.read_bytes())
    assert found.faults["logistics.courier_notes"]["truncated"] == 1
    data = b"".join(file.read_bytes() for file in (folder / "units" / "logistics" / "waybills").iterdir())
    assert data.count(b"\x00") == found.faults["logistics.waybills"]["nul_byte"]
    with pytest.raises(UnicodeDecodeError):
        data.decode("gb18030")


def test_equal_texts_cross_data_sets_and_units(made: tuple[Path, Made]) -> None:
    units = made[0] / "units"
    with sqlite3.connect(units / "commerce" / "shop.db") as shop:
        reviews = Counter(body for (body,) in shop.execute("SELECT body FROM reviews WHERE body IS NOT NULL"))
        notices = {body for (body,) in shop.execute("SELECT body FROM notices")}
    assert max(reviews.values()) > 1
    comments = {
        comment["text"]
        for file in (units / "media" / "comments").iterdir()
        for video in json.loads(file.read_text())["videos"]
        for comment in video["comments"]
    }
    assert comments & set(reviews)
    notes = {
        line.rsplit("|", 1)[-1]
        for file in sorted((units / "logistics" / "courier_notes").iterdir())
        for line in text_of(file).splitlines()
    }
    assert notes & notices


def test_texts_vary(made: tuple[Path, Made]) -> None:
    with sqlite3.connect(made[0] / "units" / "commerce" / "shop.db") as shop:
        bodies = [body for (body,) in shop.execute("SELECT body FROM reviews WHERE body IS NOT NULL")]
    assert len(set(bodies)) > 0.9 * len(bodies)


def test_sizes_scale(tmp_path: Path) -> None:
    small, large = sizes(0.1), sizes(10)
    assert all(small[name] < BASE[name] < large[name] for name in BASE if BASE[name] > 60)
    made = make_units(tmp_path, only={"logistics.tracking": 500})
    assert made.rows == {"logistics.tracking": 500}
    with pytest.raises(ValueError, match=r"commerce\.review;"):
        sizes(only={"commerce.review": 1})
    with pytest.raises(ValueError, match="scale"):
        sizes(0)


def test_made_again_only_when_something_changed(tmp_path: Path) -> None:
    first = make_units(tmp_path, scale=0.02)
    assert not first.again
    assert make_units(tmp_path, scale=0.02).again
    (tmp_path / "units" / "media" / "captions" / "2025-03-01.tsv").write_text("edited")
    mended = make_units(tmp_path, scale=0.02)
    assert not mended.again
    assert mended.files == first.files
    assert not make_units(tmp_path, scale=0.02, seed=8).again


def test_contracts_and_mixes_load_and_fit_the_units(made: tuple[Path, Made]) -> None:
    from schemas.contract_loader import load_contracts
    from schemas.mix_loader import load_mixes

    contracts = load_contracts(ROOT / "schemas" / "contracts")
    assert set(contracts) == set(BASE) == set(made[1].rows)
    mixes = load_mixes(ROOT / "schemas" / "mixes", contracts)
    assert {source.dataset.split(".")[0] for source in mixes["pretrain"].sources} == {"commerce", "logistics", "media"}
    assert mixes["support-chat"].format == "messages"
    # What the truth calls a field of a data set is a field of its contract.
    for dataset, field in {(row["dataset"], row["field"]) for row in truth_of(made[0])}:
        assert contracts[dataset].field(field)


def test_people_are_valid_and_nobody() -> None:
    people = folk.People(1)
    seen = Counter[str]()
    for number in range(2_000):
        person = people[number]
        seen[person.language] += 1
        assert person == folk.People(1)[number]
        host = person.email.partition("@")[2]
        assert host.endswith(("example.com", "example.org", "example.net"))
        if person.id_number:
            weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
            total = sum(int(d) * w for d, w in zip(person.id_number[:17], weights, strict=True))
            assert "10X98765432"[total % 11] == person.id_number[17]
            assert person.id_number[6:14] == person.birth_date.replace("-", "")
        digits = [int(d) for d in reversed(person.card)]
        assert (sum(digits[::2]) + sum(sum(divmod(2 * d, 10)) for d in digits[1::2])) % 10 == 0
        if person.phone.startswith("+1"):
            assert person.phone[5:10] == "55501"
    assert set(seen) == set(folk.LANGUAGES)


def test_typed_phones_are_the_same_number() -> None:
    import unicodedata

    rng, people = Random(5), folk.People(2)
    forms = set()
    for number in range(1_000):
        person = people[number]
        typed = folk.typed_phone(person, rng)
        digits = "".join(c for c in unicodedata.normalize("NFKC", typed) if c.isdigit())
        if typed != person.landline:
            assert digits[-9:] == person.phone[-9:]
            forms.add("".join("9" if c.isdigit() and c.isascii() else "９" if c.isdigit() else c for c in typed))
    assert len(forms) > 12


def test_grammars_name_only_what_there_is() -> None:
    scribe = Scribe(Random(1), folk.People(1))
    for language, grammar in grammars().items():
        given = set(scribe._contexts[language])
        assert grammar.externals <= given, language
        for symbol in grammar.symbols:
            assert grammar.expand(symbol, Random(2), scribe._contexts[language])
    for language in ("zh", "en"):
        assert {symbol for turns in TALKS.values() for _, symbol in turns} <= set(grammars()[language].symbols)


def test_grammar_rules() -> None:
    grammar = Grammar("a: x{b?}y | 100%{b}\nb: 1\n  | 2")
    made = {grammar.expand("a", Random(seed), {}) for seed in range(200)}
    assert made == {"xy", "x1y", "x2y", "100%1", "100%2"}
    with pytest.raises(ValueError, match="twice"):
        Grammar("a: x\na: y")
    with pytest.raises(ValueError, match="not a rule"):
        Grammar("just text")
    assert Grammar("a: {name}").expand("a", Random(0), {"name": lambda: "z"}) == "z"


@pytest.mark.slow
def test_the_house_tokenizer_is_what_the_script_makes() -> None:
    shipped = (ROOT / "schemas" / "tokenizers" / "house.tokenizer.json").read_text("utf-8")
    assert shipped == train() + "\n", "run python -m infra.simulators.train_tokenizer"


def test_the_house_tokenizer_loses_nothing() -> None:
    from tokenizers import Tokenizer

    shipped = (ROOT / "schemas" / "tokenizers" / "house.tokenizer.json").read_text("utf-8")
    assert len(shipped.encode()) < 1_500_000
    small = train(texts=2_000, vocabulary=3_000)
    assert small == train(texts=2_000, vocabulary=3_000)
    tokenizer = Tokenizer.from_str(shipped)
    assert tokenizer.get_vocab_size() == 16_000
    texts = ["电话<PHONE_NUMBER>，謝謝", "a\tb\r\n  ไทย 🙂", *list(corpus(seed=9, texts=50))[:60]]
    for text in texts:
        encoded = tokenizer.encode(text)
        assert tokenizer.decode(encoded.ids, skip_special_tokens=False) == text
    assert "<PHONE_NUMBER>" in tokenizer.encode(texts[0]).tokens
