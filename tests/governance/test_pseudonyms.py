from __future__ import annotations

import base64
import pickle
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.pseudonyms import PLACEHOLDER, Key, normal_form, placeholder
from schemas.errors import KeyMissing

KEY = Key(b"k" * 32)


def test_create_is_private_and_never_replaces(tmp_path):
    path = tmp_path / "key"
    key = Key.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Key.load(path) == key
    before = path.read_bytes()
    with pytest.raises(KeyMissing, match="already exists"):
        Key.create(path)
    assert path.read_bytes() == before


def test_load_order_is_argument_variable_file_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CLEARINGHOUSE_KEY", "CLEARINGHOUSE_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(KeyMissing, match="no pseudonym key"):
        Key.load()
    default = Key.create(".clearinghouse-key")
    assert Key.load() == default
    named = Key.create("named")
    monkeypatch.setenv("CLEARINGHOUSE_KEY_FILE", "named")
    assert Key.load() == named
    monkeypatch.setenv("CLEARINGHOUSE_KEY", base64.b64encode(b"v" * 32).decode())
    assert Key.load() == Key(b"v" * 32)
    assert Key.load("named") == named


@pytest.mark.parametrize("text", ["", "not base64!", "c2hvcnQ=", "\u5bc6"])
def test_bad_key_files_are_refused_without_showing_them(tmp_path, text):
    path = tmp_path / "key"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    with pytest.raises(KeyMissing) as caught:
        Key.load(path)
    assert not text or text not in str(caught.value)


def test_a_key_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "key"
    Key.create(path)
    path.chmod(0o644)
    with pytest.raises(KeyMissing, match="others may read"):
        Key.load(path)


def test_repr_and_id_hide_the_secret():
    assert "k" * 8 not in repr(KEY)
    assert len(KEY.id) == 8
    assert KEY.id != Key(b"l" * 32).id
    assert pickle.loads(pickle.dumps(KEY)) == KEY


def test_pseudonym_shape_and_scope():
    name = KEY.pseudonym("PHONE_NUMBER", "13800138000", "commerce")
    assert PLACEHOLDER.fullmatch(name)
    assert PLACEHOLDER.fullmatch(placeholder("PHONE_NUMBER"))
    assert name == KEY.pseudonym("PHONE_NUMBER", "+86 138-0013-8000", "commerce")
    assert name == KEY.pseudonym("PHONE_NUMBER", "１３８００１３８０００", "commerce")
    others = {
        KEY.pseudonym("PHONE_NUMBER", "13800138000", "media"),
        KEY.pseudonym("PHONE_NUMBER", "13800138001", "commerce"),
        KEY.pseudonym("USER_ID", "13800138000", "commerce"),
        Key(b"l" * 32).pseudonym("PHONE_NUMBER", "13800138000", "commerce"),
    }
    assert name not in others
    assert len(others) == 4


def test_normal_forms_keep_what_tells_values_apart():
    assert normal_form("EMAIL_ADDRESS", "A.B@Example.com") == "a.b@example.com"
    assert normal_form("EMAIL_ADDRESS", "ab@example.com") != normal_form("EMAIL_ADDRESS", "a.b@example.com")
    assert normal_form("PERSON", "--") != normal_form("PERSON", "..")
    assert normal_form("PHONE_NUMBER", "٠٥٠١٢٣٤٥٦٧") == "0501234567"
    assert normal_form("SECRET", "aB") != normal_form("SECRET", "ab")


TRIPLES = st.tuples(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))


@settings(deadline=None)
@given(TRIPLES, TRIPLES)
def test_no_two_triples_share_a_hash(a, b):
    assert (KEY.hash(*a) == KEY.hash(*b)) == (a == b)


@settings(deadline=None)
@given(st.sampled_from(["EMAIL_ADDRESS", "PHONE_NUMBER", "PERSON", "SECRET"]), st.text(max_size=20))
def test_normal_form_is_idempotent(entity, value):
    once = normal_form(entity, value)
    assert normal_form(entity, once) == once


@given(st.binary(min_size=32, max_size=80), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_the_hash_is_hmac_sha256_of_lengths_and_parts(secret: bytes, entity: str, value: str, scope: str) -> None:
    import hmac

    parts = [part.encode("utf-8", "surrogatepass") for part in (entity, scope, value)]
    message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    assert Key(secret).hash(entity, value, scope) == hmac.digest(secret, message, "sha256")


def test_a_combining_mark_beside_a_space_settles() -> None:
    once = normal_form("EMAIL_ADDRESS", "K\u00b8@example.com")
    assert normal_form("EMAIL_ADDRESS", once) == once
