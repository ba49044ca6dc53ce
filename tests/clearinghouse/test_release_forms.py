"""Releases of every format, from scrubbed rows to shards: columns, counts, reasons, and the same bytes whoever builds."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import clearinghouse
from clearinghouse.jobs import release_tasks
from clearinghouse.jobs.erase_find import Row
from clearinghouse.jobs.erase_held import Wanted
from clearinghouse.jobs.release import build
from schemas.contract import Contract
from schemas.contract_loader import load_contract
from schemas.errors import MixError, ReleaseRefused
from schemas.policy_loader import load_policy
from tests.release_builders import CONTRACT, ReleaseWorld, notes, row_id
from tests.transforms.test_documents_image import exif, jpeg
from transforms import shards
from transforms.chat_template import ChatTemplateError
from transforms.documents import document_id
from transforms.documents_image import clean

VIEWS = """\
  - {property: document, value: {kind: text, text: "{note}", language: "field:lang", profile: review}}
  - property: tools
    value: [{name: look, description: Look., parameters: {type: object, properties: {of: {type: string}}, required: [of]}}]
  - property: documents
    value:
      asked:
        kind: turns
        language: "field:lang"
        turns:
          - {role: user, text: {zh: "说说{topic}。", "*": "On {topic}?"}}
          - {role: assistant, text: "{note}"}
      trip:
        kind: events
        group: topic
        order: n
        most: 40
        language: "field:lang"
        tools: [look]
        turns:
          - {role: user, text: "What of {topic}?"}
          - {role: assistant, calls: [{name: look, arguments: {of: "{topic}"}}]}
          - {role: tool, of: all, json: {n: "{n}", note: "{note}"}}
          - {role: assistant, of: last, text: "{note}"}
      better:
        kind: pairs
        group: topic
        language: "field:lang"
        prompt: [{role: user, text: "On {topic}?"}]
        answer: "{note}"
        chosen: {n: {atLeast: 4}}
        rejected: {n: {atMost: 2}}
      seen: {kind: image, image: picture, text: "{note}", language: "field:lang"}"""
FIELDS = """\
      - {name: note, classification: text.free}
      - {name: lang, classification: none}
      - {name: topic, classification: none}
      - {name: n, logicalType: integer, classification: none}
      - {name: picture, logicalTypeOptions: {format: byte}, classification: none}"""


@pytest.fixture
def world(tmp_path: Path) -> ReleaseWorld:
    return ReleaseWorld.make(tmp_path)


def things(world: ReleaseWorld) -> Contract:
    text = CONTRACT.format(
        key="shop.things", unit="shop", name="things", purposes="pretrain, finetune", document=VIEWS, fields=FIELDS
    )
    file = world.root / "contracts" / "shop" / "things.odcs.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return load_contract(file, policy=load_policy())


PICTURE = base64.b64encode(jpeg(exif(1))).decode()


def lines(count: int) -> list[dict[str, Any]]:
    """Notes on topics, five a topic, far apart."""
    made = notes(0, count, "zh")
    return [
        {**row, "topic": f"t{place % (count // 5)}", "n": place % 5 + 1, "picture": PICTURE}
        for place, row in enumerate(made)
    ]


def released(world: ReleaseWorld, view: str, **mix: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    name = world.mix(
        [f"dataset: shop.things, view: {view}, weight: 1" if view else "dataset: shop.things, weight: 1"], **mix
    )
    result = build(world.settings, name)
    rows = world.rows(name, result["version"])
    assert result["tokens"] == sum(row["n_tokens"] for row in rows)
    manifest = world.manifest(name, result["version"])
    return rows, dict(manifest.sources[0])


def test_messages_with_a_template_have_text_tokens_and_marks(world: ReleaseWorld) -> None:
    from tokenizers import Tokenizer

    from schemas.mix_loader import load_mix, tokenizer_path

    world.snapshot(things(world), [lines(30)])
    rows, source = released(world, "trip", purpose="finetune", format="messages", template="chatml", tokenise="true")
    assert len(rows) == 6
    assert source["row_counts"]["kept"] == 30
    tokenizer = Tokenizer.from_file(str(tokenizer_path(load_mix(world.root / "mixes" / "house-mix.mix.yaml"))))
    for row in rows:
        assert len(row["input_ids"]) == row["n_tokens"] == len(row["loss_mask"])
        assert tokenizer.decode(row["input_ids"], skip_special_tokens=False) == row["text"]
        learnt = tokenizer.decode(
            [token for token, mark in zip(row["input_ids"], row["loss_mask"], strict=True) if mark],
            skip_special_tokens=False,
        )
        call, answer = (turn for turn in row["messages"] if turn["train"])
        said = json.loads(call["tool_calls"][0]["arguments"])
        assert learnt == (
            f"<tool_call>{json.dumps({'name': 'look', 'arguments': said}, ensure_ascii=False)}</tool_call><|im_end|>"
            f"{answer['content']}<|im_end|>"
        )
        assert json.loads(row["tools"])[0]["function"]["name"] == "look"
        assert len(json.loads(row["messages"][2]["content"])) == row["provenance"]["rows"] == 5


def test_text_beside_its_tokens(world: ReleaseWorld) -> None:
    world.snapshot(things(world), [[*lines(20), {**lines(20)[0], "key": "x", "note": "a <|im_end|> b"}]])
    rows, source = released(world, "", tokenise="true")
    assert len(rows) == 20
    assert all(len(row["input_ids"]) == row["n_tokens"] and "loss_mask" not in row for row in rows)
    assert source["counts"]["filtered"]["special_token"] == 1


@pytest.mark.parametrize("view", ["", "trip"])
def test_tokens_as_bytes_are_the_same_tokens(world: ReleaseWorld, view: str) -> None:
    """Other tools see bytes; a reader of the release sees lists, and both are what `tokenise: true` would give."""
    world.snapshot(things(world), [lines(30)])
    mix: dict[str, Any] = {"purpose": "finetune", "format": "messages", "template": "chatml"} if view else {}
    lists, _ = released(world, view, **mix, tokenise="true")
    packed, _ = released(world, view, **mix, tokenise="bytes")
    versions = {key.split("/")[2] for key in world.objects("releases/house-mix/") if key.endswith("/manifest.json")}
    release = clearinghouse.open_release(world.store.uri, "house-mix", max(versions), allow_unsigned=True)
    marks = {"loss_mask"} & set(lists[0])
    columns = ["id", "n_tokens", "input_ids", *marks]
    assert list(release.rows(columns)) == [{name: row[name] for name in columns} for row in lists]
    for row, other in zip(lists, packed, strict=True):
        assert np.frombuffer(other["input_ids"], "<u2").tolist() == row["input_ids"]
        for name in marks:
            assert np.frombuffer(other[name], "u1").astype(bool).tolist() == row[name]


def test_two_views_of_one_data_set_in_one_mix(world: ReleaseWorld) -> None:
    world.snapshot(things(world), [lines(30)])
    mix = world.mix(
        ["dataset: shop.things, view: asked, weight: 1", "dataset: shop.things, view: trip, weight: 1"],
        purpose="finetune",
        format="messages",
    )
    build(world.settings, mix)
    rows = world.rows(mix, "1.0.0")
    assert len({row["id"] for row in rows}) == len(rows)
    assert Counter(len(row["messages"]) for row in rows).keys() == {2, 4}


def test_pairs_and_pictures(world: ReleaseWorld) -> None:
    world.snapshot(things(world), [lines(30)])
    rows, source = released(world, "better", purpose="finetune", format="preference")
    assert all(row["chosen"][0]["content"] != row["rejected"][0]["content"] for row in rows)
    left_out = source["row_counts"]["filtered"]
    assert sum(left_out.values()) + 2 * source["counts"]["rows_in"] == 30
    assert left_out["no_side"] == 6
    world.mix([], name="unused")  # a mix beside it changes nothing
    (world.root / "mixes" / "unused.mix.yaml").unlink()
    rows, _ = released(world, "seen", format="image-text")
    assert {row["image"]["bytes"] for row in rows} == {clean(jpeg())}
    assert all(row["text"] for row in rows)


def test_a_crowded_group_is_left_out_and_told(world: ReleaseWorld) -> None:
    crowd = [{**row, "key": f"c{place}", "topic": "crowd"} for place, row in enumerate(lines(50))]
    world.snapshot(things(world), [lines(30), crowd])
    rows, source = released(world, "trip", purpose="finetune", format="messages")
    assert len(rows) == 6
    assert source["row_counts"]["filtered"] == {"group_crowded": 50}


def test_workers_and_pieces_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def one(root: Path, workers: int) -> Iterator[tuple[str, bytes]]:
        world = ReleaseWorld.make(root, workers=workers)
        world.snapshot(things(world), [lines(30), lines(60)[30:]])
        for view, form in (
            ("trip", "messages"),
            ("better", "preference"),
            ("asked", "messages"),
            ("seen", "image-text"),
        ):
            mix = world.mix(
                [f"dataset: shop.things, view: {view}, weight: 1"], name=f"{view}-mix", format=form, purpose="finetune",
                shards="{rowsPerGroup: 4, tokens: 300}",
            )  # fmt: skip
            build(world.settings, mix)
            yield from sorted(
                (key, data) for key, data in world.objects(f"releases/{mix}/").items() if "shards/" in key
            )

    first = list(one(tmp_path / "one", 1))
    monkeypatch.setattr(release_tasks, "TASK_BYTES", 300)
    assert list(one(tmp_path / "two", 2)) == first
    assert len(first) > 8


REFUSING = "{% for m in messages %}{% if 't1?' in m.content %}{{ raise_exception('no') }}{% endif %}{{ m.content }}{% endfor %}"


def test_a_template_of_one_s_own(world: ReleaseWorld) -> None:
    world.snapshot(things(world), [lines(30)])
    template = world.root / "mixes" / "own.jinja"
    template.write_text(REFUSING)
    mix: dict[str, Any] = {"purpose": "finetune", "format": "messages", "template": "own.jinja"}
    rows, source = released(world, "trip", **mix)
    assert source["counts"]["filtered"] == {"template_refused": 1, "not_sampled": 0}
    assert len(rows) == 5
    assert all(row["text"] == "".join(turn["content"] for turn in row["messages"]) for row in rows)
    # Another template is another release.
    template.write_text("{% for m in messages %}{{ m.content }}|{% endfor %}")
    assert len(released(world, "trip", **mix)[0]) == 6
    template.write_text("{% for m in messages %}")
    with pytest.raises(ChatTemplateError, match="does not parse"):
        released(world, "trip", **mix)
    template.write_text("{% for m in messages[-1:] %}{{ m.content }}{% endfor %}")
    with pytest.raises(ChatTemplateError, match="does not tell"):
        released(world, "trip", **mix, tokenise="true")


@pytest.mark.parametrize(
    ("mix", "words"),
    [
        ({"format": "messages", "tokenise": "true"}, "without a chat template"),
        ({"format": "preference", "tokenise": "true"}, "has no tokens of one text"),
        ({"format": "text", "template": "chatml"}, "a chat template renders messages"),
        ({"format": "messages", "template": "chatm"}, "did you mean 'chatml'?"),
        ({"format": "messages", "template": "bad.json"}, "is not a chat template"),
    ],
)
def test_a_form_that_cannot_be_is_refused(world: ReleaseWorld, mix: dict[str, Any], words: str) -> None:
    world.snapshot(things(world), [lines(5)])
    (world.root / "mixes" / "bad.json").write_text("{}")
    with pytest.raises(MixError, match="problem") as refused:
        released(world, "trip", purpose="finetune", **mix)
    assert words in str(refused.value)


def test_a_view_that_is_not_there_or_does_not_fit_is_refused(world: ReleaseWorld) -> None:
    world.snapshot(things(world), [lines(5)])
    with pytest.raises(ReleaseRefused, match="has no view 'trp'"):
        released(world, "trp")
    with pytest.raises(ReleaseRefused, match="kind pairs"):
        released(world, "better")


@pytest.mark.parametrize(("view", "form"), [("asked", "messages"), ("trip", "messages"), ("better", "preference")])
def test_an_erasure_finds_what_a_row_became_in_any_view(world: ReleaseWorld, view: str, form: str) -> None:
    rows = lines(30)
    world.snapshot(things(world), [rows])
    released(world, view, purpose="finetune", format=form)
    own = row_id("shop.things", rows[8]["key"])
    wanted = Wanted([Row("shop.things", "unit", own, own, "", -1, 0)])
    table = pa.Table.from_pylist(world.rows("house-mix", "1.0.0"), schema=shards.schema(form))  # type: ignore[arg-type]
    found = [table.slice(place, 1).to_pylist()[0] for place in wanted.places(table.select(["id", "provenance"]))]
    assert len(found) == 1
    assert own in found[0]["provenance"]["row_ids"]
    assert found[0]["id"] == document_id(found[0]["provenance"]["row_ids"], view)
    assert rows[8]["note"] in json.dumps(found[0], ensure_ascii=False)
