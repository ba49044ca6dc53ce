"""Finding things in a store, and being told what there is when they are not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearinghouse import catalog
from clearinghouse.jobs.context import NotFoundByName
from clearinghouse.jobs.decide import decide
from clearinghouse.settings import Settings
from infra.store import Store, open_store
from schemas.errors import IntegrityError
from tests.builders import FAILED, make_release, make_snapshot
from tests.infra.stores import KINDS, make_store


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return make_store(request.param, request, tmp_path)


def test_releases_are_listed_with_what_became_of_them(store: Store) -> None:
    for mix, version in (("web", "1.9.0"), ("web", "1.10.0"), ("web", "2.0.0"), ("chat", "1.0.0")):
        make_release(store.uri, mix=mix, version=version, rows=8, gates=(FAILED,) if version == "2.0.0" else ())
    store.put("releases/web/3.0.0/plan.json", b"{}")  # a build that is not finished
    settings = Settings(store=store.uri)
    decide(settings, "web@1.9.0", "approve", "dana.lin", "fine")
    decide(settings, "web@1.10.0", "approve", "dana.lin", "fine")
    decide(settings, "web@2.0.0", "reject", "dana.lin", "gates")
    found = [(str(info.ref), info.status, info.is_latest, info.gates_passed) for info in catalog.releases(store)]
    assert found == [
        ("chat@1.0.0", "unsigned", False, True),
        ("web@1.9.0", "approved", False, True),
        ("web@1.10.0", "approved", True, True),
        ("web@2.0.0", "rejected", False, False),
    ]
    assert [info.ref.mix for info in catalog.releases(store, "chat")] == ["chat"]
    assert catalog.mixes(store) == ["chat", "web"]
    assert str(catalog.resolve(store, "web")) == str(catalog.resolve(store, "web@latest")) == "web@1.10.0"
    for text, told in (
        ("web@3.0.0", r"web@3\.0\.0.*1\.9\.0, 1\.10\.0, 2\.0\.0"),
        ("chat", r"no release of chat is approved yet.*1\.0\.0"),
        ("nope", "releases of chat, web"),
    ):
        with pytest.raises(NotFoundByName, match=told) as caught:
            catalog.resolve(store, text)
        assert caught.value.fix.startswith("clearinghouse ")


def test_snapshots_are_found_by_data_set_and_number(store: Store) -> None:
    assert catalog.datasets(store) == []
    first, second = make_snapshot(store.uri), make_snapshot(store.uri, partition="2026-02")
    make_snapshot(store.uri, "commerce.orders")
    store.put("scrubbed/media/started/receipts/x.json", b"{}")  # nothing of it is committed
    assert catalog.datasets(store) == ["commerce.orders", "media.notes"]
    assert catalog.snapshot_of(store, "media", "notes") == second
    assert catalog.snapshot_of(store, "media", "notes", 1) == first
    assert catalog.snapshot_of(store, "media", "notes", 3) is None
    assert catalog.snapshot_of(store, "media", "started") is None
    assert catalog.snapshot_numbers(store, "media", "notes") == [1, 2]
    assert catalog.find_snapshot(store, "media.notes@1") == first
    for text, told in (
        ("media.notes@7", "no snapshot 7"),
        ("media.nope", r"commerce\.orders, media\.notes"),
        ("media", "does not name a data set"),
        ("media.notes@x", "does not name a data set"),
    ):
        with pytest.raises(NotFoundByName, match=told):
            catalog.find_snapshot(store, text)


def test_a_manifest_in_anothers_place_is_no_manifest(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    make_release(tmp_path)
    make_snapshot(tmp_path)
    (tmp_path / "releases/demo/1.0.0").rename(tmp_path / "releases/demo/1.0.1")
    with pytest.raises(IntegrityError, match="copied or renamed"):
        catalog.manifest_of(store, catalog.resolve(store, "demo@1.0.1"))
    (tmp_path / "scrubbed/media/notes/snapshots/00000001.json").rename(
        tmp_path / "scrubbed/media/notes/snapshots/00000002.json"
    )
    with pytest.raises(IntegrityError, match="copied or renamed"):
        catalog.snapshot_of(store, "media", "notes")


@pytest.mark.parametrize("text", ["", "@", "@1.0.0", "demo@", "a/b", "demo@../x", "a b", "a@b@c", ".x"])
def test_what_names_no_release_is_told(text: str) -> None:
    with pytest.raises(NotFoundByName, match="does not name a release"):
        catalog.parse_release(text)


def test_references_are_parsed() -> None:
    assert catalog.parse_release("demo") == catalog.parse_release(" demo@latest\n") == ("demo", "latest")
    assert catalog.parse_release("demo@1.0.0-rc.1") == ("demo", "1.0.0-rc.1")
    assert catalog.parse_snapshot("media.notes") == ("media", "notes", None)
    assert catalog.parse_snapshot("media.notes.v2@12") == ("media", "notes.v2", 12)


#: Semantic Versioning 2.0.0 §11, example of item 4, and what is no version before all.
ORDERED = [
    "draft", "0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
    "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0",
]  # fmt: skip


@given(st.permutations(ORDERED))
def test_versions_sort_by_their_meaning(versions: list[str]) -> None:
    assert sorted(versions, key=catalog.version_key) == ORDERED
