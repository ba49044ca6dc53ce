"""Expressions that modules hold: the same matcher from the cache, nothing kept that was not in a module."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.expressions import Expressions, _read, key_of

MODULE = r"""
import re
PLAIN = re.compile(r"(?P<word>[a-zé]+)(?:-(?P<number>\d{2,4}))?(?i:END)?", re.MULTILINE)
def later(name):
    return re.compile("seek " + name)
"""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Expressions]:
    compiler: Any = sys.modules["re._compiler"]
    monkeypatch.setattr(compiler, "compile", compiler.compile)
    made = Expressions(tmp_path / "cache" / "some.expressions")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "holds_some.py").write_text(MODULE)
    made.install()
    re.purge()
    yield made
    sys.modules.pop("holds_some", None)
    re.purge()


def again(first: Expressions) -> Expressions:
    """Another process, in effect."""
    sys.modules.pop("holds_some", None)
    re.purge()
    made = Expressions(first.file)
    made.install()
    return made


def held() -> Any:
    return __import__("holds_some")


def test_the_second_process_compiles_nothing(kept: Expressions, monkeypatch: pytest.MonkeyPatch) -> None:
    first = held().PLAIN
    kept.save()
    second = again(kept)
    compiler: Any = sys.modules["re._compiler"]
    monkeypatch.setattr(compiler, "_code", None)
    found = held().PLAIN
    assert found is not first
    assert (found.pattern, found.flags, found.groups, dict(found.groupindex)) == (
        first.pattern, first.flags, 2, {"word": 1, "number": 2},
    )  # fmt: skip
    for text in ("café-123END", "x", "-"):
        one, two = first.search(text), found.search(text)
        assert (one and (one.groupdict(), one.span(), one.lastgroup)) == (
            two and (two.groupdict(), two.span(), two.lastgroup)
        )
    second.save()
    assert found.sub(r"<\g<number>>", "ab-12") == "<12>"


def test_what_is_not_in_a_module_is_not_kept(kept: Expressions) -> None:
    assert held().later("Ingrid Falk").search("seek Ingrid Falk")
    assert eval("re.compile('of nobody')", {"re": re}).search("of nobody")
    kept.save()
    there = _read(kept.file)
    assert key_of(held().PLAIN.pattern, re.MULTILINE) in there
    assert not {key_of(pattern, 0) for pattern in ("seek Ingrid Falk", "of nobody")} & set(there)
    assert b"Falk" not in kept.file.read_bytes()


@pytest.mark.parametrize("damage", ["cut off", "flipped", "empty", "other code", "no folder"])
def test_a_damaged_cache_costs_time_and_nothing_else(kept: Expressions, damage: str) -> None:
    held()
    kept.save()
    data = kept.file.read_bytes()
    if damage == "other code":
        import marshal
        from hashlib import blake2b

        wrong = {
            key: (made[0], zlib.compress(b"\xff\xff\xff\x0f" * 9), *made[2:]) for key, made in _read(kept.file).items()
        }
        body = marshal.dumps(wrong)
        kept.file.write_bytes(blake2b(body, digest_size=16).digest() + body)
    elif damage == "no folder":
        kept.file.unlink()
        kept.file.parent.rmdir()
        kept.file.parent.write_text("a file stands here")
    else:
        kept.file.write_bytes({"cut off": data[:-5], "flipped": data[:40] + b"\0\0" + data[42:], "empty": b""}[damage])
    made = again(kept)
    assert held().PLAIN.match("ab-12")["number"] == "12"
    made.save()
    if damage != "no folder":
        assert held().PLAIN.match("é")
        assert _read(made.file)


def test_errors_are_those_of_the_compiler(kept: Expressions) -> None:
    with pytest.raises(re.error, match="unterminated character set"):
        re.compile("[a")
    assert re.compile(b"a+").match(b"aa")
    assert kept.file.exists() is False


def test_a_command_leaves_them_for_the_next(tmp_path: Path) -> None:
    environment = {**os.environ, "CLEARINGHOUSE_CACHE": str(tmp_path)}
    told = (
        "from infra.lean import lean; lean(); import schemas.names, re._compiler as c; own = c.compile.__self__; "
        "print(len(own._new), len(own._used))"
    )
    counts = [
        tuple(map(int, subprocess.run(
            [sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True
        ).stdout.split()))
        for _ in range(2)
    ]  # fmt: skip
    assert counts[0][0] > 0
    assert counts[0][1] == 0
    assert counts[1][0] == 0
    assert counts[1][1] >= counts[0][0]
