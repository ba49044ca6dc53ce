"""A release's manifest: no byte of it changes, no shard leaves it, changes place or comes back unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearinghouse.catalog import ReleaseRef
from clearinghouse.verify import release_findings, verify
from infra.store import open_store
from schemas.canonical import canonical_json
from schemas.errors import IntegrityError
from schemas.manifest import ReleaseManifest
from schemas.merkle import file_leaf, included, proof
from tests.builders import make_release

REFUSED = (ValueError, TypeError, KeyError, AttributeError, IntegrityError)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ReleaseManifest]:
    root = tmp_path_factory.mktemp("tampering") / "store"
    bare = make_release(root, rows=100)
    rooted = bare.rooted()
    open_store(str(root)).put(ReleaseRef("demo", "1.0.0").manifest, rooted.to_json())
    return root, rooted


def seen(changed: bytes, manifest: ReleaseManifest) -> bool:
    """Whether who reads it notices: it does not load, or is not what was signed."""
    try:
        return ReleaseManifest.from_json(changed).digest != manifest.digest
    except REFUSED:
        return True


def test_every_single_byte_counts(made: tuple[Path, ReleaseManifest]) -> None:
    """Exhaustive over places: a bit flipped, a byte left out."""
    whole = made[1].to_json()
    assert not seen(whole, made[1])
    for place in range(len(whole)):
        assert seen(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :], made[1]), place
        assert seen(whole[:place] + whole[place + 1 :], made[1]), place


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_changes_removals_swaps_and_replays_are_found(made: tuple[Path, ReleaseManifest], data: st.DataObject) -> None:
    """Also by one who writes the digest anew: then it is another digest than the one that was signed."""
    root, manifest = made
    raw = json.loads(manifest.to_json())
    shards = raw["shards"]
    at = data.draw(st.integers(0, len(shards) - 1))
    other = data.draw(st.integers(0, len(shards) - 1).filter(lambda n: n != at))
    how = data.draw(st.sampled_from(("byte", "remove", "swap", "replay", "root")))
    if how == "byte":
        whole = manifest.to_json()
        place, flip = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(1, 255))
        assert seen(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :], manifest)
        return
    if how == "remove":
        del shards[at]
    elif how == "swap":
        shards[at], shards[other] = shards[other], shards[at]
    elif how == "replay":
        shards.append(shards[at])
    else:
        raw["root"] = "0" * 64
    assert seen(canonical_json(raw), manifest)
    body = {name: value for name, value in raw.items() if name not in ("digest", "left")}
    forged = ReleaseManifest.from_json(canonical_json({**body, "digest": _digest(body)}))
    assert forged.digest != manifest.digest
    # The root, which the forger left as it was or invented, gives it away as well.
    assert release_findings(open_store(str(root)), forged)


def _digest(body: dict[str, object]) -> str:
    from schemas.canonical import digest

    return digest(body)


def test_one_shard_is_shown_to_be_in_a_release(made: tuple[Path, ReleaseManifest]) -> None:
    root, manifest = made
    leaves = [file_leaf(*file) for file in manifest.files()]
    assert len(leaves) == len(manifest.shards) + len(manifest.artefacts)
    for place, leaf in enumerate(leaves):
        path = proof(leaves, place)
        assert included(leaf, place, len(leaves), path, manifest.root)
        assert not included(leaf.replace(b'"', b"'"), place, len(leaves), path, manifest.root)
    assert verify(open_store(str(root))).findings == []


def test_the_root_is_part_of_what_is_signed_and_not_of_the_content(made: tuple[Path, ReleaseManifest]) -> None:
    manifest = replace(made[1])
    bare = replace(manifest, root="")
    assert bare.digest != manifest.digest
    assert bare.content_digest == manifest.content_digest
    assert ReleaseManifest.from_json(manifest.to_json()).rooted().root == manifest.root
