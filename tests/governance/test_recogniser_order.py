"""Expressions and lists are the same in every process: none is made of a set in the order that it happens to have.

A process that made other expressions than the one before it would find what that left in the cache of no use.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from governance.recognisers import remembered

_TOLD = """
import importlib, pkgutil, re
import governance
from governance.recognisers.later import Later
from governance.recognisers.library import all_needles, patterns_for
from governance.recognisers.regions import regions_for

def said(value):
    if isinstance(value, (re.Pattern, Later)):
        return repr(value.pattern)
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        return repr([*value])
    return None

for module in sorted(each.name for each in pkgutil.walk_packages(governance.__path__, "governance.")):
    if module.endswith("__main__"):
        continue
    for name, value in sorted(vars(importlib.import_module(module)).items()):
        told = None if name.startswith("__") else said(value)
        if told is not None:
            print(module, name, told)
for pattern in patterns_for(regions_for("CN US GB BR VN", "en")):
    print(pattern.name, repr(pattern.needle), repr(pattern.verifier.pattern))
print(repr(all_needles()))
"""


def _started(seed: int) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONHASHSEED": str(seed)}
    return subprocess.Popen([sys.executable, "-c", _TOLD], env=env, stdout=subprocess.PIPE, text=True)


def test_expressions_are_the_same_in_every_process() -> None:
    running = [_started(seed) for seed in (1, 2)]
    first, second = (each.communicate()[0].splitlines() for each in running)
    assert [each.returncode for each in running] == [0, 0]
    assert len(first) > 1000
    assert [one.split()[:2] for one, other in zip(first, second, strict=True) if one != other] == []


def test_the_cache_keeps_what_was_read_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARINGHOUSE_CACHE", str(tmp_path))
    monkeypatch.setattr(remembered, "_KEPT", 3)
    for i in range(3):
        assert remembered.remembered("facts", [str(i)], lambda _: 7) == [7]
    files = set((tmp_path / "clearinghouse").iterdir())
    for age, file in enumerate(sorted(files)):
        os.utime(file, (age, age))
    oldest, *others = sorted(files)
    read = next(i for i in range(3) if remembered._file("facts", [str(i)]) == oldest)
    assert remembered.remembered("facts", [str(read)], lambda _: 8) == [7]  # from the cache
    assert remembered.remembered("facts", ["new"], lambda _: 9) == [9]
    left = set((tmp_path / "clearinghouse").iterdir())
    assert len(left) == 3
    assert oldest in left
    assert others[0] not in left
