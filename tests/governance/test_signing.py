"""Signing keys: what is signed verifies, nothing else does, and a key file opens for its owner's passphrase alone."""

from __future__ import annotations

import pickle
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.signing import Signer, decode, verify
from schemas.errors import KeyMissing
from schemas.registry import key_id

PHRASE = b"some words in a row"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("keys") / "wen.zhao.pem"
    Signer.create(target, PHRASE)
    return target


@pytest.fixture(scope="module")
def signer(path: Path) -> Signer:
    return Signer.load(path, PHRASE)


def test_rfc_8032_test_1_verifies() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert verify(public, signature, b"")
    assert not verify(public, signature, b"\0")


@settings(max_examples=50, deadline=None)
@given(data=st.binary(max_size=200), at=st.integers(0, 63), flip=st.integers(1, 255))
def test_a_signature_holds_for_its_bytes_alone(signer: Signer, data: bytes, at: int, flip: int) -> None:
    made = signer.sign(data)
    assert verify(signer.public, made, data)
    assert not verify(signer.public, made, data + b"x")
    broken = bytearray(made)
    broken[at] ^= flip
    assert not verify(signer.public, bytes(broken), data)
    assert not verify(bytes(32), made, data)
    assert not verify(b"short", made, data)


def test_the_file_is_its_owners_alone_and_opens_again(path: Path, signer: Signer) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"ENCRYPTED" in path.read_bytes()
    assert Signer.load(path, PHRASE).key_id == signer.key_id == key_id(signer.public)
    assert signer.public.hex() not in repr(signer)
    with pytest.raises(TypeError):
        pickle.dumps(signer)


@pytest.mark.parametrize("phrase", [b"", b"some words in a roW", PHRASE + b"\n"])
def test_another_passphrase_does_not_open_it(path: Path, phrase: bytes) -> None:
    with pytest.raises(KeyMissing, match="does not open") as caught:
        Signer.load(path, phrase)
    assert "words" not in str(caught.value)


def test_what_is_no_key_file_is_refused(tmp_path: Path, path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    with pytest.raises(KeyMissing, match="already exists"):
        Signer.create(path, PHRASE)
    with pytest.raises(KeyMissing, match="at least 12"):
        Signer.create(tmp_path / "short.pem", b"short")
    assert not (tmp_path / "short.pem").exists()
    with pytest.raises(KeyMissing, match="there is no signing key"):
        Signer.load(tmp_path / "none.pem", PHRASE)
    with pytest.raises(KeyMissing, match="cannot write"):
        Signer.create(tmp_path / "no" / "folder.pem", PHRASE)
    open_key = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    other = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PHRASE)
    )
    cut = path.read_bytes()[:-80]
    for data, told in ((open_key, "no PKCS #8"), (other, "another kind"), (b"", "no PKCS #8"), (cut, "does not open")):
        with pytest.raises(KeyMissing, match=told):
            Signer.from_pem(data, PHRASE)
    shared = tmp_path / "shared.pem"
    shared.write_bytes(path.read_bytes())
    shared.chmod(0o640)
    with pytest.raises(KeyMissing, match="others may read") as caught:
        Signer.load(shared, PHRASE)
    assert "chmod 600" in caught.value.fix


def test_a_signature_has_one_spelling(signer: Signer) -> None:
    text = signer.signature(b"data")["value"]
    assert decode(text) == signer.sign(b"data")
    last = text[-3]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for other in alphabet.replace(last, ""):
        found = decode(text[:-3] + other + "==")
        assert found is None or found != signer.sign(b"data")
    assert decode(text + "\n") is None
    assert decode("") is None
