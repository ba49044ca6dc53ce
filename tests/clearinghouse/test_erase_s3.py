"""A whole erasure on object stores: what is frozen, rewritten, certified and deleted there, and what stands in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clearinghouse.jobs import erase_certificate, erase_purge
from clearinghouse.jobs.decide import decide
from clearinghouse.jobs.erase import erase
from clearinghouse.verify import verify
from infra.store.s3 import S3Store
from schemas.errors import StoreError
from tests.clearinghouse.test_erase import OWN, WHY, Shop, make_shop
from tests.infra.stores import make_store


@pytest.mark.parametrize("kind", ["moto", pytest.param("radosgw", marks=pytest.mark.service)])
def test_one_person_on_s3(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_shop(tmp_path, 24)
    store = make_store(kind, request, tmp_path)
    assert isinstance(store, S3Store)
    for entry in made.store.list(""):
        store.put(entry.key, made.store.read(entry.key))
    # Ceph's gateway is refused with versions (`infra.store.s3`).
    kept = kind == "moto"
    if kept:
        store.client.put_bucket_versioning(Bucket=store.bucket, VersioningConfiguration={"Status": "Enabled"})
    shop = Shop(made.world, replace(made.settings, store=store.uri))
    decide(shop.settings, "notes@1.0.0", "approve", "rita", "fine")
    found = erase(shop.settings, shop.person(phone=OWN), WHY)
    assert found["found"] == {"subjects": 1, "rows": 2}
    old, new = shop.manifest("1.0.0"), shop.manifest("1.0.1")
    replaced = {one.sha256 for one in old.shards} - {one.sha256 for one in new.shards}
    assert 0 < len(replaced) == len({one.sha256 for one in new.shards} - {one.sha256 for one in old.shards})
    assert sum(row["erased"] for row in shop.rows("1.0.1")) == 2
    decide(shop.settings, "notes@1.0.1", "approve", "rita", "clean")
    done = erase_certificate.certify(shop.settings, found["erasure"])
    assert (done["state"], done["verification"]["left"]) == ("complete", 0)

    # One object may not be deleted: the rest goes, this one is named, and a later run deletes it.
    later = datetime.now(UTC) + timedelta(days=40)
    locked = next(old.shard_key(n) for n, shard in enumerate(old.shards) if shard.sha256 in replaced)
    real = S3Store.delete

    def delete(self: S3Store, key: str) -> None:
        if key == locked:
            raise StoreError(f"cannot delete {key}: AccessDenied")
        real(self, key)

    with monkeypatch.context() as patched:
        patched.setattr(S3Store, "delete", delete)
        first = erase_purge.purge(shop.settings, found["erasure"], now=later)["erasures"][0]
    assert [one["file"] for one in first["in_the_way"] if one["file"]] == [locked]
    assert [key for key in first["files"] if store.stat(key) is not None] == [locked]
    assert erase_purge.purged_at(store, found["erasure"]) is None
    assert any("the bucket is versioned" in one["said"] for one in first["in_the_way"]) is kept
    again = erase_purge.purge(shop.settings, found["erasure"], now=later)["erasures"][0]
    assert again["files"] == [locked]
    assert [one["file"] for one in again["in_the_way"]] == ([""] if kept else [])
    assert store.stat(locked) is None
    assert erase_purge.purged_at(store, found["erasure"]) is not None
    assert not verify(store).findings
    if kept:
        versions = store.client.list_object_versions(Bucket=store.bucket, Prefix=f"some/prefix/{locked}")
        assert len(versions["Versions"]) == len(versions["DeleteMarkers"]) == 1, "as was said: an older version stays"
