"""Every Python example of the pages that training jobs read is run, in order, against a real release."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from clearinghouse.jobs.decide import decide
from clearinghouse.settings import Settings
from schemas.canonical import digest
from tests.builders import make_release, release_table
from transforms.tokens import TokenCounter

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/reading.md", "docs/training.md")
#: The store of the examples, with whatever options follow it.
DOCUMENTED = re.compile(r"s3://lake/clearinghouse(\?[^\"']*)?")
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def snippets(page: str) -> list[tuple[int, str]]:
    """Line of the page and source of each fenced Python block."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [(text.count("\n", 0, found.start(1)), found[1]) for found in FENCE.finditer(text)]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A signed release, and beside it the tokenizer.json that it was counted with, in the folder that examples run in."""
    root = tmp_path / "store"
    definition = (ROOT / "schemas/tokenizers/house.tokenizer.json").read_bytes()
    (tmp_path / "tokenizer.json").write_bytes(definition)
    monkeypatch.chdir(tmp_path)
    table = release_table(100)
    counts = pa.array(TokenCounter(definition).count(table.column("text")), pa.int32())
    place = table.schema.get_field_index("n_tokens")
    table = table.set_column(place, table.schema.field("n_tokens"), counts)
    make_release(root, "pretrain", table, tokenizer={"name": "house", "sha256": digest(definition)})
    decide(Settings(store=str(root)), "pretrain@1.0.0", "approve", "wen.zhao", "read the report")
    return root


@pytest.mark.parametrize("page", PAGES)
def test_examples_run(page: str, store: Path) -> None:
    found = snippets(page)
    assert found, f"{page} has no Python example any more: drop it from PAGES"
    namespace: dict[str, Any] = {}
    for line, source in found:
        # The block keeps its line numbers, so that a traceback points into the page.
        code = "\n" * line + DOCUMENTED.sub(store.as_posix(), source)
        exec(compile(code, str(ROOT / page), "exec"), namespace)


def test_every_example_names_the_documented_store() -> None:
    """An example with another address would read something that is not the fixture."""
    for page in PAGES:
        for line, source in snippets(page):
            opened = re.findall(r"open_release\(\s*[\"']([^\"']+)", source)
            assert all(DOCUMENTED.fullmatch(uri) for uri in opened), f"{page}:{line}"


def test_listed_columns_are_those_of_a_release(store: Path) -> None:
    from transforms.shards import schema

    page = (ROOT / "docs/reading.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(\w+)` \| (?:string|int|bool|list|struct)", page, re.MULTILINE))
    assert listed == {*schema("text").names, *schema("messages", template=True, tokenise=True).names}
