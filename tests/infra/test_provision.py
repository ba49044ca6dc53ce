"""Zones of a store: set up on a folder, on moto and on a real gateway; what is not so is told, what is others' stays."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from typer.testing import CliRunner

from clearinghouse.cli import app
from infra.provision import Finding, check, provision
from infra.provision.policy import OURS, same, statements
from infra.store import Store, open_store
from schemas.errors import PolicyError
from schemas.zones import Zone, Zones, load_zones, read_zones
from tests.services import S3Server

ENG, REV, OFF, TRAIN, OWNER = (
    f"arn:aws:iam::111122223333:role/{name}" for name in ("eng", "rev", "off", "train", "own")
)
FILE = f"""
name: house
version: 1.0.0
zones:
  - {{name: scrubbed, prefix: scrubbed/}}
  - {{name: quarantine, prefix: quarantine/, expireDays: 30, private: true}}
  - {{name: releases, prefix: releases/, lockDays: 10, lockOnly: ["*/*/manifest.json"]}}
  - {{name: ledger, prefix: ledger/, lockDays: 10}}
principals: {{engineer: [{ENG}], reviewer: [{REV}], officer: [{OFF}], training: [{TRAIN}]}}
units: {{media: [{OWNER}]}}
"""


@pytest.fixture
def zones(tmp_path: Path) -> Zones:
    path = tmp_path / "zones.yaml"
    path.write_text(FILE)
    return load_zones(path)


def states(found: list[Finding]) -> dict[tuple[str, str], str]:
    return {(one.zone, one.what): one.state for one in found}


def wrong(found: list[Finding]) -> list[tuple[str, str]]:
    return [(one.zone, one.what) for one in found if one.state == "wrong"]


def test_the_bundled_zones_load_and_lock_what_is_signed() -> None:
    zones = load_zones()
    releases, ledger = zones.zone("releases"), zones.zone("ledger")
    assert releases.locks("releases/demo/1.0.0/decision.json")
    assert releases.locks("releases/demo/latest/00000001.json")
    assert not releases.locks("releases/demo/shards/0a.parquet")
    assert ledger.locks("ledger/00000001.json")
    assert not ledger.locks("people/00000001.json")
    assert not Zone("x", "x/").locks("x/1")


def test_everything_wrong_in_a_zones_file_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "zones.yaml"
    path.write_text(
        "name: x\nversion: one\nzones:\n"
        "  - {name: a, prefix: ledger}\n  - {name: b, prefix: b/, lockDays: 3, expireDays: 3}\n"
        "  - {name: b, prefix: b/, lockOnly: [x]}\nprincipals: {king: [x], training: [me]}\n"
    )
    zones, problems = read_zones(path)
    assert zones is None
    told = "\n".join(map(str, problems))
    for expected in ("semantic version", "a lock keeps", "'b/' is there already", "not for how long", "king", "prefix"):
        assert expected in told
    with pytest.raises(PolicyError):
        load_zones(path)


# A folder


def test_a_folder_gets_modes_and_says_what_it_cannot_know(tmp_path: Path, zones: Zones) -> None:
    store = open_store(str(tmp_path / "store"))
    planned, _ = provision(store, zones, dry_run=True)
    assert not (tmp_path / "store").exists()
    done, found = provision(store, zones)
    assert done == planned
    assert wrong(found) == []
    assert states(found)["*", "encryption"] == states(found)["quarantine", "lifecycle"] == "unknown"
    assert stat.S_IMODE((tmp_path / "store/quarantine").stat().st_mode) == 0o700
    assert provision(store, zones)[0] == []
    # What is written later stays behind the zone's door.
    store.put("quarantine/media/x/1.parquet", b"x")
    (tmp_path / "store/quarantine").chmod(0o755)
    (tmp_path / "store/ledger").chmod(0o777)
    (tmp_path / "store/scrubbed").rmdir()
    assert wrong(check(store, zones)) == [("quarantine", "mode"), ("ledger", "mode")]
    assert wrong(provision(store, zones)[1]) == []
    assert store.read("quarantine/media/x/1.parquet") == b"x"


# A policy, as AWS's language has it


class Judge:
    """Who may do what by a policy: an explicit Deny, else an Allow, else no (AWS's evaluation, for what is used here)."""

    def __init__(self, made: list[dict[str, Any]]) -> None:
        self.made = made

    def may(self, who: str, action: str, key: str, **context: str) -> bool:
        from fnmatch import fnmatchcase

        resource = "arn:aws:s3:::b" + (f"/{key}" if action != "s3:ListBucket" else "")
        verdicts = set()
        for one in self.made:
            principal = one["Principal"]
            if principal != "*" and who not in principal["AWS"]:
                continue
            if not any(fnmatchcase(action, pattern) for pattern in one["Action"]):
                continue
            if any(fnmatchcase(resource, pattern) for pattern in one["Resource"]) and self._holds(one, who, context):
                verdicts.add(one["Effect"])
        return "Allow" in verdicts and "Deny" not in verdicts

    @staticmethod
    def _holds(one: dict[str, Any], who: str, context: dict[str, str]) -> bool:
        from fnmatch import fnmatchcase

        for operator, wanted in one.get("Condition", {}).items():
            (values,) = wanted.values()
            if operator == "ArnNotLike" and any(fnmatchcase(who, value) for value in values):
                return False
            if operator == "Null" and ("if_none_match" in context) is (values == "true"):
                return False
            if operator == "StringLike" and not any(fnmatchcase(context.get("prefix", ""), value) for value in values):
                return False
            if operator == "Bool" and context.get("tls", "true") != values:
                return False
        return True


ONCE = {"if_none_match": "*"}


@pytest.mark.parametrize(
    ("who", "action", "key", "context", "allowed"),
    [
        (ENG, "PutObject", "scrubbed/media/x/data/1.parquet", {}, True),
        (ENG, "PutObject", "releases/demo/1.0.0/manifest.json", ONCE, True),
        (ENG, "PutObject", "releases/demo/1.0.0/manifest.json", {}, False),
        (ENG, "PutObject", "releases/demo/1.0.0/decision.json", ONCE, False),
        (ENG, "PutObject", "releases/demo/latest/00000001.json", ONCE, False),
        (ENG, "PutObject", "people/00000001.json", ONCE, False),
        (ENG, "PutObject", "ledger/00000001.json", ONCE, True),
        (ENG, "PutObject", "ledger/00000001.json", {}, False),
        (ENG, "DeleteObject", "ledger/00000001.json", {}, False),
        (ENG, "DeleteObject", "releases/demo/shards/0a.parquet", {}, True),
        (ENG, "PutObject", "quarantine/media/x/1.parquet", {}, True),
        (ENG, "GetObject", "quarantine/media/x/1.parquet", {}, False),
        (REV, "GetObject", "quarantine/media/x/1.parquet", {}, False),
        (OWNER, "GetObject", "quarantine/media/x/1.parquet", {}, True),
        (OWNER, "GetObject", "quarantine/commerce/x/1.parquet", {}, False),
        (OWNER, "GetObject", "scrubbed/media/x/data/1.parquet", {}, False),
        (OWNER, "ListBucket", "", {"prefix": "quarantine/media/"}, True),
        (OWNER, "ListBucket", "", {"prefix": "quarantine/"}, False),
        (REV, "PutObject", "releases/demo/1.0.0/decision.json", ONCE, True),
        (REV, "PutObject", "releases/demo/latest/00000001.json", ONCE, True),
        (REV, "PutObject", "releases/demo/1.0.0/audit/0.json", {}, True),
        (REV, "PutObject", "scrubbed/media/x/data/1.parquet", {}, False),
        (REV, "PutObject", "people/00000001.json", ONCE, False),
        (OFF, "PutObject", "people/00000001.json", ONCE, True),
        (OFF, "DeleteObject", "releases/demo/1.0.0/decision.json", {}, False),
        (TRAIN, "GetObject", "releases/demo/shards/0a.parquet", {}, True),
        (TRAIN, "GetObject", "releases/demo/shards/0a.parquet", {"tls": "false"}, False),
        (TRAIN, "GetObject", "evidence/media/x/1.parquet", {}, False),
        (TRAIN, "PutObject", "releases/demo/1.0.0/decision.json", ONCE, False),
        (TRAIN, "ListBucket", "", {"prefix": "releases/demo/"}, True),
        (TRAIN, "ListBucket", "", {"prefix": ""}, False),
        ("arn:aws:iam::111122223333:role/other", "GetObject", "releases/demo/shards/0a.parquet", {}, False),
    ],
)
def test_roles_may_do_what_is_theirs_alone(
    zones: Zones, who: str, action: str, key: str, context: dict[str, str], allowed: bool
) -> None:
    made = statements(zones, "b", "", aws=True, secure=True)
    assert Judge(made).may(who, f"s3:{action}", key, **context) is allowed


def test_statements_have_names_of_their_own_and_stay_below_the_prefix(zones: Zones) -> None:
    made = statements(zones, "b", "some/store", aws=True, secure=False)
    names = [one["Sid"] for one in made]
    assert len(set(names)) == len(names)
    assert all(name.isalnum() and name.startswith(OURS) for name in names)
    for one in made:
        for resource in one["Resource"]:
            assert resource.startswith("arn:aws:s3:::b/some/store/") or one["Action"] == ["s3:ListBucket"]
    assert len(json.dumps(made)) < 20_000, "AWS takes 20 KB"
    # A person with two roles is not kept from deciding by the one.
    both = Zones("x", "1.0.0", zones.zones, principals={"engineer": (ENG,), "reviewer": (ENG,)})
    assert Judge(statements(both, "b", "", aws=True, secure=True)).may(
        ENG, "s3:PutObject", "releases/demo/1.0.0/decision.json", **ONCE
    )


# A bucket


def store_of(server: S3Server, bucket: str = "", prefix: str = "some/store") -> Store:
    return open_store(f"s3://{bucket or server.bucket}/{prefix}?endpoint_url={server.endpoint_url}")


def test_a_bucket_is_made_and_set_up_and_nothing_is_done_twice(moto_s3: S3Server, zones: Zones) -> None:
    store = store_of(moto_s3, f"{moto_s3.bucket}-new")
    planned, found = provision(store, zones, dry_run=True)
    assert (len(planned), found) == (1, [])
    done, found = provision(store, zones)
    assert any("policy" in one for one in done)
    assert wrong(found) == []
    assert {one.state for one in found} == {"ok"}
    assert provision(store, zones)[0] == []
    rules = moto_s3.client().get_bucket_lifecycle_configuration(Bucket=f"{moto_s3.bucket}-new")["Rules"]
    assert {rule["ID"]: rule.get("Expiration") for rule in rules}[f"{OURS}-quarantine"] == {"Days": 30}


def test_objects_are_locked_from_their_writing_on(moto_s3: S3Server, zones: Zones) -> None:
    bucket = f"{moto_s3.bucket}-locks"
    store = store_of(moto_s3, bucket)
    provision(store, zones)
    for key in ("ledger/00000001.json", "releases/demo/1.0.0/manifest.json", "releases/demo/shards/0a.parquet"):
        store.put(key, b"x", if_absent=True)
    assert wrong(check(store, zones)) == [("releases", "lock"), ("ledger", "lock")]
    assert wrong(provision(store, zones)[1]) == []
    client = moto_s3.client()

    def until(key: str) -> datetime | None:
        found: datetime | None = client.head_object(Bucket=bucket, Key=f"some/store/{key}").get(
            "ObjectLockRetainUntilDate"
        )
        return found

    locked = until("ledger/00000001.json")
    assert locked is not None
    assert timedelta(days=9) < locked - datetime.now(UTC) <= timedelta(days=10)
    assert until("releases/demo/1.0.0/manifest.json") is not None
    assert until("releases/demo/shards/0a.parquet") is None


def test_what_is_undone_is_told_and_what_is_others_is_kept(moto_s3: S3Server, zones: Zones) -> None:
    client, bucket = moto_s3.client(), moto_s3.bucket
    theirs = {
        "Sid": "Theirs", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/other/*",
    }  # fmt: skip
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [theirs]}))
    rule = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "other/"}, "Expiration": {"Days": 3}}
    client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    store = store_of(moto_s3)
    before = wrong(check(store, zones))
    assert {("*", "versioning"), ("*", "public access"), ("*", "lifecycle"), ("*", "policy")} <= set(before)
    provision(store, zones)
    made = json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert [one for one in made if one["Sid"] == "Theirs"] == [theirs]
    assert "theirs" in {one["ID"] for one in client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]}
    # Each thing undone by hand is told by name.
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    assert ("*", "versioning") in wrong(check(store, zones))
    client.delete_public_access_block(Bucket=bucket)
    assert ("*", "public access") in wrong(check(store, zones))
    made = [one for one in made if one["Sid"] != f"{OURS}NobodyRemoves"]
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": made}))
    (policy,) = (one for one in check(store, zones) if one.what == "policy")
    assert "NobodyRemoves" in policy.found
    provision(store, zones)
    assert ("*", "policy") not in wrong(check(store, zones))


def test_a_single_value_is_a_list_of_one() -> None:
    assert same({"Action": "a", "Principal": {"AWS": ["x"]}}, {"Action": ["a"], "Principal": {"AWS": "x"}})
    assert not same({"Action": "a"}, {"Action": ["a", "b"]})


@pytest.fixture
def open_zones(zones: Zones) -> Zones:
    """Everybody is a training job and the owner of media: so that a client without credentials can be let in."""
    return Zones("open", "1.0.0", zones.zones, principals={"training": ("*",)}, units={"media": ("*",)})


@pytest.mark.service
def test_a_real_gateway_keeps_to_the_policy(radosgw_s3: S3Server, open_zones: Zones) -> None:
    """Ceph enforces it: whoever is a training job reads releases and lists them, and sees and changes nothing else."""
    import boto3

    store = store_of(radosgw_s3)
    keys = ("releases/demo/shards/0a.parquet", "scrubbed/media/x/1.parquet", "quarantine/media/x/1.parquet")
    for key in (*keys, "quarantine/commerce/x/1.parquet", "ledger/00000001.json"):
        store.put(key, b"x", if_absent=True)
    found = {(one.zone, one.what): one for one in check(store, open_zones)}
    assert found["*", "policy"].state == "wrong"
    assert found["*", "versioning"].state == "ok"
    assert found["*", "object lock"].state == "unknown"
    # Public access is what this test grants; the block would refuse it.
    from infra.provision import bucket as rooms

    for part in rooms._parts(store, open_zones):  # type: ignore[arg-type]
        if part.what in ("policy", "lifecycle"):
            assert part.make is not None
            part.make()
    stands = {(one.zone, one.what): one.state for one in check(store, open_zones)}
    assert stands["*", "policy"] == stands["*", "lifecycle"] == "ok"
    config = Config(signature_version=UNSIGNED, s3={"addressing_style": "path"})
    nobody = boto3.client("s3", endpoint_url=radosgw_s3.endpoint_url, region_name="us-east-1", config=config)

    def may(call: str, key: str = "", **arguments: Any) -> bool:
        named = {"Key": f"some/store/{key}"} if key else {}
        try:
            getattr(nobody, call)(Bucket=radosgw_s3.bucket, **named, **arguments)
        except nobody.exceptions.ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 403:
                raise
            return False
        return True

    assert may("get_object", keys[0])
    assert may("get_object", keys[2])
    for key in (keys[1], "quarantine/commerce/x/1.parquet", "ledger/00000001.json"):
        assert not may("get_object", key), key
    for key in keys:
        assert not may("put_object", key, Body=b"y"), key
        assert not may("delete_object", key), key
    assert not may("list_objects_v2", Prefix="some/store/")
    # Nobody removes an entry of the ledger, not even the bucket's owner.
    with pytest.raises(Exception, match="AccessDenied"):
        radosgw_s3.client().delete_object(Bucket=radosgw_s3.bucket, Key="some/store/ledger/00000001.json")


@pytest.mark.service
def test_a_real_gateway_is_set_up_as_far_as_it_goes(radosgw_s3: S3Server, zones: Zones) -> None:
    store = store_of(radosgw_s3)
    private = Zones("x", "1.0.0", zones.zones)
    done, found = provision(store, private)
    assert done
    # Where the gateway has no encryption of its own, that is told as it is, and what was tried as not done.
    assert set(wrong(found)) <= {("*", "encryption")}
    assert not wrong(found) or any("encryption" in one and "not done" in one for one in done)
    assert {one.what for one in found if one.state == "unknown"} >= {"object lock"}
    # The store still works: conditional writes are exclusive.
    assert store.put("ledger/00000001.json", b"x", if_absent=True)
    assert not store.put("ledger/00000001.json", b"y", if_absent=True)


def test_the_commands_say_what_is_wrong_and_mend_it(tmp_path: Path) -> None:
    (tmp_path / "zones.yaml").write_text(FILE)
    given = ["--zones", str(tmp_path / "zones.yaml"), "--store", str(tmp_path / "store")]
    planned = CliRunner().invoke(app, ["store", "provision", "--dry-run", *given, "--json"])
    assert (planned.exit_code, (tmp_path / "store").exists()) == (0, False)
    (tmp_path / "store").mkdir(mode=0o700)
    said = CliRunner().invoke(app, ["store", "check", *given])
    assert said.exit_code == 7
    assert "WRONG" in said.output
    assert "clearinghouse store provision" in said.output
    assert CliRunner().invoke(app, ["store", "provision", *given]).exit_code == 0
    checked = CliRunner().invoke(app, ["store", "check", *given, "--json"])
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["ok"] is True
