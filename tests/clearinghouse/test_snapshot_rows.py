"""``clearinghouse head`` of a data set: rows as the contract left them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from clearinghouse.cli import app
from clearinghouse.jobs.context import NotFoundByName
from clearinghouse.jobs.ingest import ingest
from tests.ingest_world import PHONES, World, make_world, rows


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = make_world(tmp_path_factory.mktemp("rows"))
    made.contract(path=f"{made.unit}/*.csv")
    for day in (1, 2):
        made.write(f"2024-05-0{day}.csv", rows(day * 100, 6, f"2024-05-0{day}"))
    ingest(made.settings, "shop.notes")
    return made


def head(world: World, *arguments: str) -> Any:
    found = CliRunner().invoke(app, ["head", *arguments, "--store", world.settings.store, "--json"])
    if isinstance(found.exception, NotFoundByName):
        raise found.exception
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def test_rows_of_all_files_in_order_without_what_is_ours(world: World) -> None:
    found = head(world, "shop.notes", "-n", "50")
    assert found["snapshot"] == "shop.notes@1"
    assert found["of"] == len(found["rows"]) == 12
    assert not any(name.startswith("_") for row in found["rows"] for name in row)
    assert not any(phone in json.dumps(found, ensure_ascii=False) for phone in PHONES)
    assert head(world, "shop.notes@1", "-n", "9")["rows"] == found["rows"][:9]


def test_columns_and_names_that_are_not_there(world: World) -> None:
    assert set(head(world, "shop.notes", "--columns", "_id, note")["rows"][0]) == {"_id", "note"}
    with pytest.raises(NotFoundByName, match="no column nothing") as caught:
        head(world, "shop.notes", "--columns", "note,nothing")
    assert "note" in caught.value.fix
    with pytest.raises(NotFoundByName, match="no snapshot"):
        head(world, "shop.other")
    with pytest.raises(NotFoundByName, match="no snapshot"):
        head(world, "shop.notes@7")
