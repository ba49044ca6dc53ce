"""A governed store for tests: invented people with keys, and a registry that is anchored when asked for."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from clearinghouse.jobs.people import anchor
from clearinghouse.settings import Settings
from governance.signing import Signer
from infra.store import open_store

PHRASE = "some words in a row"
#: Name, role and seed of the key. ``both`` is reviewer and officer; ``busy`` builds and reviews.
PEOPLE = {
    "ada": ("officer",),
    "both": ("officer", "reviewer"),
    "busy": ("engineer", "reviewer"),
    "eng": ("engineer",),
    "lin": ("reviewer",),
    "wen": ("reviewer",),
}


def signer(name: str) -> Signer:
    seed = list(PEOPLE).index(name) + 1 if name in PEOPLE else 99
    return Signer(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


@lru_cache
def pem(name: str) -> bytes:
    key = signer(name)._private
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PHRASE.encode()))


class World:
    """A store, a people file and key files ``<name>.pem`` below a folder; the environment leads to all but keys."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, store: str | None = None) -> None:
        self.folder = folder
        self.people = folder / "people.yaml"
        lines = ["people:"]
        for name, roles in PEOPLE.items():
            public = base64.b64encode(signer(name).public).decode()
            lines += [f"  - name: {name}", f"    roles: [{', '.join(roles)}]", f"    publicKey: {public}"]
            self.key(name).write_bytes(pem(name))
            self.key(name).chmod(0o600)
        self.people.write_text("\n".join(lines) + "\n")
        (folder / "phrase").write_text(PHRASE + "\n")
        (folder / "phrase").chmod(0o600)
        self.passphrase = f"file:{folder / 'phrase'}"
        self.settings = Settings(
            store=store or str(folder / "store"),
            people=str(self.people),
            signing_key=str(folder / "{name}.pem"),
            signing_passphrase=self.passphrase,
        )
        if store is None:
            (folder / "store").mkdir()
        self.store = open_store(self.settings.store)
        monkeypatch.setenv("CLEARINGHOUSE_STORE", self.settings.store)
        monkeypatch.setenv("CLEARINGHOUSE_PEOPLE", str(self.people))
        for name in ("ACTOR", "SIGNING_KEY", "SIGNING_PASSPHRASE"):
            monkeypatch.delenv(f"CLEARINGHOUSE_{name}", raising=False)

    def key(self, name: str) -> Path:
        return self.folder / f"{name}.pem"

    def signer(self, name: str) -> Signer:
        return signer(name)

    def acting(self, name: str) -> Settings:
        return replace(self.settings, actor=name)

    def drop_people(self) -> None:
        self.people.unlink()

    def anchor(self) -> dict[str, Any]:
        return anchor(self.settings, signer("ada"))

    def wait(self) -> None:
        """Until the next second: times are in whole ones."""
        time.sleep(1.01 - time.time() % 1)
