"""Zones of a store in a bucket: versioning, encryption, public access, object lock, lifecycle and policy, by boto3.

Each is one `_Part`: how it is looked at, what it should be, and how it is made so. What the server does not do, or these
credentials may not see, is told as unknown and never as good. On Ceph's gateway a versioned bucket does not keep
conditional writes exclusive (`infra.store.s3`): versioning and locks, which need it, are then unwanted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from infra.provision import Finding
from infra.provision.policy import OURS, merged, same, statements
from infra.store.s3 import S3Store
from schemas.errors import StoreError
from schemas.zones import Zone, Zones

#: Objects of a zone whose locks are looked at; the newest, where nothing has locked them yet.
_LOOKED_AT = 200
_NOT_DONE = {"NotImplemented", "501", "MethodNotAllowed", "405", "XNotImplemented", "InvalidArgument", "InvalidRequest"}
_DENIED = {"AccessDenied", "403", "Forbidden"}
_NONE = {
    "NoSuchPublicAccessBlockConfiguration",
    "ServerSideEncryptionConfigurationNotFoundError",
    "ObjectLockConfigurationNotFoundError",
    "NoSuchObjectLockConfiguration",
    "NoSuchLifecycleConfiguration",
    "NoSuchBucketPolicy",
}
_BLOCKED = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
#: Ceph's gateway 16 refuses every write of a bucket with it, also those without an ACL.
_NOT_ON_CEPH = "BlockPublicAcls"


@dataclass(frozen=True)
class _Part:
    zone: str
    what: str
    wanted: str
    look: Callable[[], tuple[bool, str]]
    make: Callable[[], object] | None = None


class _Unknown(Exception):
    """Something that the server does not do or does not let these credentials see; the text says which."""


def check(store: S3Store, zones: Zones) -> list[Finding]:
    """What is as it should be and what is not."""
    store.check()
    return [_looked(part) for part in _parts(store, zones)]


def provision(store: S3Store, zones: Zones, *, dry_run: bool) -> list[str]:
    """Make the bucket where it is missing, then all that is not as it should be."""
    done = []
    if not _there(store):
        done.append(f"make the bucket {store.bucket}, with object lock")
        if dry_run:
            return done
        _make_bucket(store)
    for part in _parts(store, zones):
        found = _looked(part)
        if found.state != "wrong" or part.make is None:
            continue
        done.append(f"{part.zone}: {part.what}: {found.found} → {part.wanted}")
        if not dry_run:
            try:
                _asked(store, part.make)
            except _Unknown as error:
                done[-1] += f" (not done: {error})"
    return done


def _looked(part: _Part) -> Finding:
    try:
        good, found = part.look()
    except _Unknown as error:
        return Finding(part.zone, part.what, "unknown", str(error), part.wanted)
    return Finding(part.zone, part.what, "ok" if good else "wrong", found, part.wanted, mends=part.make is not None)


def _parts(store: S3Store, zones: Zones) -> Iterator[_Part]:
    _, ceph = store._nature()
    can = not ceph
    client, here = store.client, {"Bucket": store.bucket}

    def versions() -> tuple[bool, str]:
        status = _asked(store, lambda: client.get_bucket_versioning(**here)).get("Status", "never on")
        return (status == "Enabled") is can, status

    def set_versions() -> None:
        client.put_bucket_versioning(**here, VersioningConfiguration={"Status": "Enabled" if can else "Suspended"})

    wanted = "Enabled" if can else "off: on Ceph's gateway conditional writes are not exclusive with it"
    yield _Part("*", "versioning", wanted, versions, set_versions)

    blocked = tuple(name for name in _BLOCKED if not (ceph and name == _NOT_ON_CEPH))

    def public() -> tuple[bool, str]:
        got = _asked(store, lambda: client.get_public_access_block(**here), none={})
        flags = got.get("PublicAccessBlockConfiguration", {})
        open_ = [name for name in blocked if flags.get(name) is not True]
        if ceph and flags.get(_NOT_ON_CEPH):
            return False, f"{_NOT_ON_CEPH} is set, with which this gateway refuses every write"
        return not open_, f"not blocked: {', '.join(open_)}" if open_ else "blocked"

    def set_public() -> None:
        client.put_public_access_block(
            **here, PublicAccessBlockConfiguration={name: name in blocked for name in _BLOCKED}
        )

    yield _Part("*", "public access", "blocked", public, set_public)

    def encryption() -> tuple[bool, str]:
        got = _asked(store, lambda: client.get_bucket_encryption(**here), none={})
        rules = got.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
        one = rules[0].get("ApplyServerSideEncryptionByDefault", {}) if rules else {}
        found = one.get("KMSMasterKeyID") or one.get("SSEAlgorithm") or "none"
        return found == zones.encryption, found

    def set_encryption() -> None:
        kms = zones.encryption != "AES256"
        rule: dict[str, Any] = {"SSEAlgorithm": "aws:kms" if kms else "AES256"}
        if kms:
            rule["KMSMasterKeyID"] = zones.encryption
        rules = [{"ApplyServerSideEncryptionByDefault": rule, "BucketKeyEnabled": kms}]
        client.put_bucket_encryption(**here, ServerSideEncryptionConfiguration={"Rules": rules})

    yield _Part("*", "encryption", zones.encryption, encryption, set_encryption)
    yield from _locks(store, zones, can)
    yield _lifecycle(store, zones)
    yield _policy(store, zones)


def _locks(store: S3Store, zones: Zones, can: bool) -> Iterator[_Part]:
    client, here = store.client, {"Bucket": store.bucket}

    def lock() -> tuple[bool, str]:
        if not can:
            raise _Unknown("needs versioning, which is off on Ceph's gateway: keep heads of the ledger elsewhere")
        got = _asked(store, lambda: client.get_object_lock_configuration(**here), none={})
        state = got.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled", "off")
        return state == "Enabled", state

    def set_lock() -> None:
        client.put_object_lock_configuration(**here, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})

    yield _Part("*", "object lock", "Enabled", lock, set_lock)
    for zone in zones.zones:
        if zone.lock_days is not None:
            yield _Part(
                zone.name,
                "lock",
                f"{zone.lock_days} days from the writing of each object",
                lambda zone=zone: _locked(store, zone, lock),  # type: ignore[misc]
                lambda zone=zone: _set_locks(store, zone),  # type: ignore[misc]
            )


def _locked(store: S3Store, zone: Zone, lock: Callable[[], tuple[bool, str]]) -> tuple[bool, str]:
    if not lock()[0]:
        return False, "the bucket has no object lock"
    keys = list(islice((entry.key for entry in store.list(zone.prefix) if zone.locks(entry.key)), _LOOKED_AT))
    bare = [key for key in keys if _until(store, key) is None]
    if bare:
        return False, f"{len(bare)} of {len(keys)} objects looked at are not locked, such as {bare[0]}"
    return True, f"{len(keys)} objects looked at are locked"


def _until(store: S3Store, key: str) -> datetime | None:
    got = _asked(store, lambda: store.client.head_object(Bucket=store.bucket, Key=store._name(key)))
    found: datetime | None = got.get("ObjectLockRetainUntilDate")
    return found


def _set_locks(store: S3Store, zone: Zone) -> None:
    """Lock every object of a zone that is not: from its own writing on, so that running it again changes nothing."""
    for entry in store.list(zone.prefix):
        if zone.locks(entry.key) and _until(store, entry.key) is None:
            until = store.written(entry.key) + timedelta(days=zone.lock_days or 0)
            if until > datetime.now(UTC):
                store.client.put_object_retention(
                    Bucket=store.bucket,
                    Key=store._name(entry.key),
                    Retention={"Mode": "GOVERNANCE", "RetainUntilDate": until},
                )


def _lifecycle(store: S3Store, zones: Zones) -> _Part:
    client, here = store.client, {"Bucket": store.bucket}
    rules = [
        {
            "ID": f"{OURS}-{zone.name}",
            "Status": "Enabled",
            "Filter": {"Prefix": store._full(zone.prefix)},
            "Expiration": {"Days": zone.expire_days},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        }
        for zone in zones.zones
        if zone.expire_days is not None
    ]
    rules.append(
        {
            "ID": f"{OURS}-uploads",
            "Status": "Enabled",
            "Filter": {"Prefix": store._full("")},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        }
    )

    def there() -> list[dict[str, Any]]:
        got = _asked(store, lambda: client.get_bucket_lifecycle_configuration(**here), none={})
        found: list[dict[str, Any]] = got.get("Rules", [])
        return found

    def look() -> tuple[bool, str]:
        ours = {rule.get("ID"): _bare(rule) for rule in there()}
        missing = [str(rule["ID"]) for rule in rules if ours.get(rule["ID"]) != _bare(rule)]
        return not missing, f"missing or changed: {', '.join(missing)}" if missing else f"{len(rules)} rules"

    def make() -> None:
        kept = [rule for rule in there() if not str(rule.get("ID", "")).startswith(OURS)]
        client.put_bucket_lifecycle_configuration(**here, LifecycleConfiguration={"Rules": [*kept, *rules]})

    expire = ", ".join(f"{zone.prefix} after {zone.expire_days} days" for zone in zones.zones if zone.expire_days)
    return _Part("*", "lifecycle", f"removed: {expire}; unfinished uploads after 7 days", look, make)


def _bare(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule without how a server spells its prefix: at the top, or in a filter."""
    prefix = rule.get("Prefix", (rule.get("Filter") or {}).get("Prefix", ""))
    names = ("Status", "Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload")
    return {"prefix": prefix, **{name: rule[name] for name in names if name in rule}}


def _policy(store: S3Store, zones: Zones) -> _Part:
    client, here = store.client, {"Bucket": store.bucket}
    endpoint = client.meta.endpoint_url
    secure, aws = endpoint.startswith("https://"), ".amazonaws.com" in endpoint
    ours = statements(zones, store.bucket, store.prefix, aws=aws, secure=secure)

    def there() -> dict[str, Any]:
        got = _asked(store, lambda: client.get_bucket_policy(**here), none={})
        found: dict[str, Any] = json.loads(got["Policy"]) if "Policy" in got else {}
        return found

    def look() -> tuple[bool, str]:
        found = {one.get("Sid"): one for one in there().get("Statement", ()) if str(one.get("Sid")).startswith(OURS)}
        wanted = {one["Sid"]: one for one in ours}
        wrong = sorted(
            name
            for name in found.keys() | wanted.keys()
            if name not in found or name not in wanted or not same(found[name], wanted[name])
        )
        return not wrong, f"missing or changed: {', '.join(wrong)}" if wrong else f"{len(ours)} statements"

    def make() -> None:
        client.put_bucket_policy(**here, Policy=json.dumps(merged(there(), ours)))

    roles = [role for role, arns in zones.principals.items() if arns]
    units = [unit for unit, arns in zones.units.items() if arns]
    told = f"roles {', '.join(roles) or 'none'}; units {', '.join(units) or 'none'}"
    return _Part("*", "policy", told, look, make)


def _there(store: S3Store) -> bool:
    try:
        store.check()
    except StoreError as error:
        if "no such bucket" in error.message:
            return False
        raise
    return True


def _make_bucket(store: S3Store) -> None:
    region = store.client.meta.region_name
    options: dict[str, Any] = {"Bucket": store.bucket, "ObjectLockEnabledForBucket": True}
    if region not in (None, "us-east-1"):
        options["CreateBucketConfiguration"] = {"LocationConstraint": region}
    with store._told("make", "the bucket"):
        try:
            store.client.create_bucket(**options)
        except store.client.exceptions.ClientError as error:
            if error.response.get("Error", {}).get("Code") not in _NOT_DONE:
                raise
            del options["ObjectLockEnabledForBucket"]
            store.client.create_bucket(**options)
    # Ceph's gateway versions a bucket that is made with locks, and a store cannot be in such a bucket.
    if store._nature() == (True, True):
        with store._told("delete", "the bucket"):
            store.client.delete_bucket(Bucket=store.bucket)
            options.pop("ObjectLockEnabledForBucket", None)
            store.client.create_bucket(**options)


def _asked(store: S3Store, call: Callable[[], Any], none: Any = None) -> Any:
    """What the server answers; ``none`` where it says that there is nothing of the sort. Raises `_Unknown`."""
    with store._told("look at", "the bucket"):
        try:
            return call()
        except store.client.exceptions.ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _NONE and none is not None:
                return none
            if code in _NOT_DONE:
                raise _Unknown(f"the server does not do this ({code})") from None
            if code in _DENIED:
                raise _Unknown(f"these credentials may not see it ({code})") from None
            raise
