"""Needles over a buffer with Hyperscan (Intel, BSD): compiled databases, kept between processes, and their events.

Two things make it fast. A needle that is a number, six digits and more in a few bytes, is looked for only where
digits stand so close; that is a sixth of common text. And long lists of words are compiled in portions: of a short
list Hyperscan makes literals to look for, of a long one an automaton that reads every byte.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import tempfile
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.canonical import digest

Ints = npt.NDArray[np.int64]

#: Hyperscan takes lengths as unsigned 32-bit numbers; a scan goes in blocks far below that.
BLOCK_BYTES = 64 * 1024 * 1024
OVERLAP = 1024
#: Words to an expression.
_PORTION = 32
#: A number's needle: so many digits within so many bytes.
_DIGITS, _NUMBER_BYTES = 6, 72
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


class NeedleScan:
    """Compiled needles of all kinds. One scan at a time; threads wait for one another."""

    def __init__(self, needles: Sequence[str]) -> None:
        self._lock = threading.Lock()  # scratch space serves one scan at a time
        numbers = {i for i, needle in enumerate(needles) if is_number(needle)}
        parts = [
            sorted(numbers),
            *(
                [i for i, n in enumerate(needles) if i not in numbers and n.isascii() == plain]
                for plain in (True, False)
            ),
        ]
        # Words of other scripts apart from the rest: two scans take less time than one of all.
        self._numbers, *self._others = ([*_databases(needles, part)] for part in parts)

    def events(self, values: memoryview, first: int, last: int) -> Iterator[tuple[Ints, Ints, Ints]]:
        """For each block of the buffer from byte `first` to `last`: where needles end, which they are, and where the
        block's digits are. An event may come twice; needles may cross from one row to the next."""
        from governance.recognisers.pattern import MAX_NEEDLE

        for block in range(first, last, BLOCK_BYTES):
            begin = max(first, block - MAX_NEEDLE)
            part = values[begin : min(last, block + BLOCK_BYTES)]
            digits = digit_places(part)
            found = [self._scan(databases, part) for databases in self._others]
            starts, stops = _dense(digits, len(part))
            if len(starts) and self._numbers:
                joined = b"\n".join([part[a:b] for a, b in zip(starts.tolist(), stops.tolist(), strict=True)])
                ends, which = self._scan(self._numbers, joined)
                places = np.cumsum(stops - starts + 1) - (stops - starts + 1)
                region = np.searchsorted(places, ends, side="left") - 1
                found.append((ends - places[region] + starts[region], which))
            yield (
                np.concatenate([ends for ends, _ in found]) + begin,
                np.concatenate([which for _, which in found]),
                digits + begin,
            )

    def _scan(self, databases: list[tuple[Any, list[int]]], data: memoryview | bytes) -> tuple[Ints, Ints]:
        ends: list[int] = []
        which: list[int] = []
        for database, names in databases:
            seen: list[int] = []
            end_at, pattern_at = ends.append, seen.append

            def event(pattern: int, _start: int, end: int, _flags: int, _context: object) -> None:
                end_at(end)  # noqa: B023 - called while the scan runs
                pattern_at(pattern)  # noqa: B023

            with self._lock:
                database.scan(data, event)
            which += [names[pattern] for pattern in seen]
        return np.array(ends, dtype=np.int64), np.array(which, dtype=np.int64)


class TextScan:
    """Expressions, their classes of characters and not of bytes, over valid UTF-8. A match that is more than `OVERLAP`
    bytes long may be missed at the edge of a block."""

    def __init__(self, expressions: tuple[str, ...]) -> None:
        self._lock = threading.Lock()
        self._database = database(expressions, utf8=True)

    def ends(self, values: memoryview, first: int, last: int) -> tuple[Ints, Ints]:
        """Where matches between byte `first` and `last` of the buffer end, and of which expression. Both are edges of
        rows. A match may come twice."""
        ends: list[int] = []
        which: list[int] = []

        def event(pattern: int, _start: int, end: int, _flags: int, begin: int) -> None:
            ends.append(begin + end)
            which.append(pattern)

        data = np.frombuffer(values, dtype=np.uint8)
        for block in range(first, last, BLOCK_BYTES):
            begin, end = max(first, block - OVERLAP), min(last, block + BLOCK_BYTES)
            # UTF-8 is cut between characters.
            while first < begin and (data[begin] & 0xC0) == 0x80:
                begin -= 1
            while end < last and (data[end] & 0xC0) == 0x80:
                end -= 1
            with self._lock:
                self._database.scan(values[begin:end], event, context=begin)
        return np.array(ends, dtype=np.int64), np.array(which, dtype=np.int64)


def digit_places(values: memoryview | bytes) -> Ints:
    """Where ASCII digits stand."""
    data = np.frombuffer(values, dtype=np.uint8)
    return np.flatnonzero((data - np.uint8(48)) < 10)


def _dense(digits: Ints, size: int) -> tuple[Ints, Ints]:
    """First and last byte + 1 of each stretch in which a number's needle may lie."""
    reach = _DIGITS - 1
    if len(digits) <= reach:
        return digits[:0], digits[:0]
    at = np.flatnonzero(digits[reach:] - digits[:-reach] < _NUMBER_BYTES)
    low = np.maximum(digits[at + reach] - _NUMBER_BYTES + 1, 0)
    high = np.minimum(digits[at] + _NUMBER_BYTES, size)
    apart = low[1:] > high[:-1]
    return low[np.append(True, apart)[: len(low)]], high[np.append(apart, True)[: len(high)]]


@lru_cache(maxsize=1024)
def is_number(needle: str) -> bool:
    """Whether all that a needle matches holds `_DIGITS` digits in `_NUMBER_BYTES` bytes."""
    from governance.recognisers.shape import least_digits

    parser: Any = re._parser  # type: ignore[attr-defined]
    tree = parser.parse(needle.encode(), re.DOTALL)
    return int(tree.getwidth()[1]) <= _NUMBER_BYTES and least_digits(tree) >= _DIGITS


def portions(needle: str) -> list[str]:
    """Expressions that together match what `needle` does, with no more than `_PORTION` words at the beginning of one."""
    flag = "(?i)" if needle.startswith("(?i)") else ""
    out: list[str] = []
    for branch in _branches(needle.removeprefix(flag)):
        words, rest = _opening(branch)
        for begin in range(0, len(words), _PORTION):
            some = words[begin : begin + _PORTION]
            out.append(f"{flag}{some[0] if len(some) == 1 else f'(?:{chr(124).join(some)})'}{rest}")
    return out


def _branches(expression: str) -> list[str]:
    """An expression at the bars that stand in no group."""
    out, depth = [""], 0
    for token in _TOKEN.finditer(expression):
        depth += (token[0] == "(") - (token[0] == ")")
        if token[0] == "|" and not depth:
            out.append("")
        else:
            out[-1] += token[0]
    return out


def _opening(branch: str) -> tuple[list[str], str]:
    """The branches of the group that an expression begins with, and what comes behind it."""
    depth = 0
    for token in _TOKEN.finditer(branch) if branch.startswith("(?:") else ():
        depth += (token[0] == "(") - (token[0] == ")")
        if not depth:
            rest = branch[token.end() :]
            return ([branch], "") if rest[:1] in ("?", "*", "+", "{") else (_branches(branch[3 : token.start()]), rest)
    return [branch], ""


def _databases(needles: Sequence[str], part: list[int]) -> Iterator[tuple[Any, list[int]]]:
    """Compiled databases of some needles, as few as Hyperscan takes, and the needles' numbers in each."""
    if not part:
        return
    import hyperscan

    try:
        yield database(tuple(needles[i] for i in part)), part
    except hyperscan.error:
        if len(part) == 1:
            raise
        half = len(part) // 2
        yield from _databases(needles, part[:half])
        yield from _databases(needles, part[half:])


def database(needles: tuple[str, ...], *, utf8: bool = False) -> Any:
    """The compiled database, from the cache where an earlier process left it: compiling takes seconds, loading none.

    A cache that cannot be read or written, or that another processor or version made, is passed over in silence:
    it only costs time.
    """
    import hyperscan

    mode = hyperscan.HS_MODE_BLOCK
    told = [(expression, i) for i, needle in enumerate(needles) for expression in portions(needle)]
    name = digest(
        [
            *(f"{i} {each}" for each, i in told),
            str(getattr(hyperscan, "__version__", "")),
            platform.machine(),
            str(utf8),
        ]
    )
    file = cache_folder() / f"{name}.hyperscan"
    try:
        loaded: Any = hyperscan.loadb(file.read_bytes(), mode)
        loaded.scratch = hyperscan.Scratch(loaded)
        return loaded
    except (OSError, hyperscan.error):
        pass
    made = hyperscan.Database(mode=mode)
    flags = hyperscan.HS_FLAG_DOTALL | (hyperscan.HS_FLAG_UTF8 if utf8 else 0)
    made.compile(
        expressions=[expression.encode() for expression, _ in told],
        ids=[i for _, i in told],
        flags=[flags] * len(told),
    )
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as temporary:
            temporary.write(hyperscan.dumpb(made))
        Path(temporary.name).replace(file)
    return made


def cache_folder() -> Path:
    """Where compiled automata are kept: ``$CLEARINGHOUSE_CACHE``, else the user's cache folder."""
    told = os.environ.get("CLEARINGHOUSE_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return Path(told or Path("~/.cache").expanduser()) / "clearinghouse"
