"""Needles over a buffer with Hyperscan (Intel, BSD): compiled databases, kept between processes, and their events.

Three things make it fast. A needle that is a number, some digits with not much between them, is looked for only where
digits stand so close (`chains`); that is a twentieth of common text. One that holds a digit is looked for in rows that
hold one. And long lists of words are compiled in portions: of a short list Hyperscan makes literals to look for, of a
long one an automaton that reads every byte.

A needle may say what does not stand beside it, in the one way that all automata know: ``(?:^|[^0-9])`` as its first
part, ``(?:$|[^0-9])`` as its last. Such a number speaks up once and not at each of its digits.
"""

from __future__ import annotations

import platform
import re
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from governance.recognisers.chains import Chain, chain, wide_enough
from governance.recognisers.remembered import leave, remembered, used
from schemas.caches import cache_folder
from schemas.canonical import digest

Ints = npt.NDArray[np.int64]

#: Hyperscan takes lengths as unsigned 32-bit numbers; a scan goes in blocks far below that.
BLOCK_BYTES = 64 * 1024 * 1024
OVERLAP = 1024
#: Fewer stretches are put together one by one.
_FEW = 128
#: Words to an expression.
_PORTION = 32
#: Numbers by what tells where they may stand: so many digits, so many bytes at most between two. A needle is of the first
#: kind that fits: telephones and longer ones, then whatever holds two digits that stand together.
_CHAINS = ((6, 15), (2, 0))
#: In a needle: no Latin letter stands before what follows, or nothing does.
EDGE = "(?:^|(?-i:[^A-Za-z]))"
#: Stands before each row: no needle goes on over a line break, a digit and another one, and none begins
#: with letters that stand there.
_BETWEEN = b"\n0\n"
#: What stands beside a needle: the edge of the text or a character not of a class.
_GUARD = re.compile(r"\(\?:[\^$]\|(\[\^(?:\\.|[^\]\\])*\])\)")
_LAST_GUARD = re.compile(r"\(\?:\$\|\[\^(?:\\.|[^\]\\])*\]\)\Z")
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


class NeedleScan:
    """Compiled needles of all kinds. One scan at a time; threads wait for one another."""

    def __init__(self, needles: Sequence[str]) -> None:
        self._lock = threading.Lock()  # scratch space serves one scan at a time
        facts = remembered("needles", needles, lambda i: _facts(needles[i]))
        #: Digits of each needle, where they are always as many.
        self.exact = np.array([exact for exact, _, _ in facts], dtype=np.int64)
        #: Bytes that an event ends behind its needle: those of the guard.
        self._behind = np.array([_LAST_GUARD.search(needle) is not None for needle in needles], dtype=np.int64)
        #: Of each kind of number, those needles, and how far around its digits they reach.
        self._numbers: list[tuple[Chain, list[tuple[Any, Ints]]]] = []
        left = list(range(len(needles)))
        for kind in range(len(_CHAINS)):
            held = {i: Chain(*found) for i in left if (found := facts[i][2][kind]) is not None}
            if held:
                self._numbers.append((wide_enough(held.values()), [*_databases(needles, list(held))]))
                left = [i for i in left if i not in held]
        parts: dict[tuple[bool, bool], list[int]] = {}
        for i in left:
            # Words of other scripts apart from the rest: two scans take less time than one of all.
            parts.setdefault((facts[i][1] > 0, needles[i].isascii()), []).append(i)
        made = {each: [*_databases(needles, part)] for each, part in sorted(parts.items())}
        #: By how much text they are looked for in: all, the rows with a digit.
        self._wide, self._digit = (
            [databases for (each, _), databases in made.items() if each is some] for some in (False, True)
        )

    def events(self, values: memoryview, edges: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
        """For each block of rows: where needles end in the buffer, which they are, and where the block's digits are.

        ``edges`` of the rows, which lie end to end. An event may come twice; a needle lies in one row.
        """
        for rows in _blocks(edges):
            first, last = int(rows.starts[0]), int(rows.stops[-1])
            digits = digit_places(values[first:last]) + first
            counts = np.diff(np.searchsorted(digits, np.append(rows.starts, rows.stops[-1])))
            some = rows.only(counts > 0)
            found = [*self._found(self._wide, values, rows), *self._found(self._digit, values, some)]
            gaps = _gaps(digits, counts)
            for where, part in self._numbers:
                found += self._found([part], values, _stretches(where, digits, gaps, rows))
            yield np.concatenate([ends for ends, _ in found]), np.concatenate([which for _, which in found]), digits

    def _found(
        self, parts: list[list[tuple[Any, Ints]]], values: memoryview, rows: _Stretches
    ) -> Iterator[tuple[Ints, Ints]]:
        """Ends and needles in some stretches of the buffer."""
        yield np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        if not parts or not len(rows.starts):
            return
        joined, places = rows.joined(values)
        for databases in parts:
            ends, which = self._scan(databases, joined)
            ends = ends - self._behind[which]
            stretch = np.searchsorted(places, ends, side="left") - 1
            ends = ends - places[stretch] + rows.starts[stretch]
            within = ends <= rows.stops[stretch]  # else it took in what stands between them
            yield ends[within], which[within]

    def _scan(self, databases: list[tuple[Any, Ints]], data: Any) -> tuple[Ints, Ints]:
        found = []
        for database, names in databases:
            seen: list[int] = []
            push, count = seen.append, len(names)

            def event(pattern: int, _start: int, end: int, _flags: int, _context: object) -> None:
                push(end * count + pattern)  # noqa: B023 - called while the scan runs

            with self._lock:
                database.scan(data, event)
            ends, which = np.divmod(np.array(seen, dtype=np.int64), count)
            found.append((ends, names[which]))
        return np.concatenate([ends for ends, _ in found]), np.concatenate([which for _, which in found])


class _Stretches(NamedTuple):
    """Stretches of a buffer, in order: first byte and last byte + 1 of each."""

    starts: Ints
    stops: Ints

    def only(self, index: npt.NDArray[np.bool_] | Ints) -> _Stretches:
        return _Stretches(self.starts[index], self.stops[index])

    def joined(self, values: memoryview) -> tuple[Any, Ints]:
        """The stretches with `_BETWEEN` before each and behind the last, and where each of them begins."""
        sizes = self.stops - self.starts + len(_BETWEEN)
        places = np.cumsum(sizes) - sizes + len(_BETWEEN)
        # Of few it costs less to put them together one by one; pieces of a row that is longer than a block overlap.
        if len(self.starts) < _FEW or (self.starts[1:] < self.stops[:-1]).any():
            pairs = zip(self.starts.tolist(), self.stops.tolist(), strict=True)
            return b"".join([*(each for a, b in pairs for each in (_BETWEEN, values[a:b])), _BETWEEN]), places
        if (self.starts[1:] == self.stops[:-1]).all():
            offsets = np.append(self.starts, self.stops[-1])
            some = _binary(offsets, values)
        else:
            # Every second of these is a stretch; the others lie between two.
            offsets = np.column_stack((self.starts, self.stops)).ravel()
            some = _binary(offsets, values).take(pa.array(np.arange(0, len(offsets), 2)))
        empty = pa.array([b""], pa.large_binary())
        some = pa.concat_arrays([empty, some, empty])
        row = pa.LargeListArray.from_arrays(pa.array([0, len(some)], pa.int64()), some)
        return pc.binary_join(row, pa.scalar(_BETWEEN, pa.large_binary())).buffers()[2], places


def _binary(offsets: Ints, values: memoryview) -> pa.LargeBinaryArray:
    """The buffer cut at some places."""
    parts = [None, pa.py_buffer(offsets), pa.py_buffer(values)]
    return pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(offsets) - 1, parts)


def _blocks(edges: Ints) -> Iterator[_Stretches]:
    """Rows in blocks of `BLOCK_BYTES`; a longer row is cut, with an overlap that no needle is longer than."""
    from governance.recognisers.pattern import MAX_NEEDLE

    begin, count = 0, len(edges) - 1
    while begin < count:
        end = int(np.searchsorted(edges, edges[begin] + BLOCK_BYTES, side="right")) - 1
        if end > begin:
            yield _Stretches(edges[begin:end], edges[begin + 1 : end + 1])
        else:
            end = begin + 1
            first, last = int(edges[begin]), int(edges[end])
            for at in range(first, last, BLOCK_BYTES):
                yield _Stretches(np.array([max(first, at - MAX_NEEDLE)]), np.array([min(last, at + BLOCK_BYTES)]))
        begin = end


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


def _gaps(digits: Ints, counts: Ints) -> Ints:
    """The bytes from each digit to the next, a great many where that stands in another row; ``counts`` are the digits
    of each row."""
    gaps = np.diff(digits)
    edges = np.cumsum(counts[:-1])
    gaps[edges[(edges > 0) & (edges < len(digits))] - 1] = BLOCK_BYTES
    return gaps


def _stretches(where: Chain, digits: Ints, gaps: Ints, rows: _Stretches) -> _Stretches:
    """The stretches in which a number's needle may lie, each in one row."""
    if len(digits) < where.digits:
        return rows.only(np.zeros(0, dtype=np.int64))
    breaks = np.flatnonzero(gaps > where.gap + 1)
    first, last = np.append(0, breaks + 1), np.append(breaks, len(digits) - 1)
    long = np.flatnonzero(last - first >= where.digits - 1)
    first, last = digits[first[long]], digits[last[long]]
    row = np.searchsorted(rows.starts, first, side="right") - 1
    low = np.maximum(first - where.before, rows.starts[row])
    high = np.minimum(last + 1 + where.behind, rows.stops[row])
    apart = np.flatnonzero((low[1:] > high[:-1]) | (row[1:] != row[:-1]))
    if not len(low):
        return _Stretches(low, high)
    return _Stretches(low[np.append(0, apart + 1)], high[np.append(apart, len(high) - 1)])


def _facts(needle: str) -> tuple[int, int, list[Chain | None]]:
    """`digits_exactly` and `_digits` of a needle, and its chain of each kind."""
    return digits_exactly(needle), _digits(needle), [chain(needle, digits, gap) for digits, gap in _CHAINS]


def _digits(needle: str) -> int:
    """How many digits all that a needle matches holds at least."""
    from governance.recognisers.shape import least_digits

    return least_digits(_tree(needle))


def _tree(needle: str) -> Any:
    parser: Any = re._parser  # type: ignore[attr-defined]
    return parser.parse(needle.encode(), re.DOTALL)


@lru_cache(maxsize=1024)
def digits_exactly(needle: str) -> int:
    """How many digits all that a needle matches holds, from its first character behind a guard on; 0 if they are not
    always as many, or if it may begin with another character."""
    from governance.recognisers.shape import begins_with_digit, exact_digits

    tree = _tree(_GUARD.sub("", needle))
    return exact_digits(tree) if begins_with_digit(tree) else 0


def portions(needle: str) -> list[str]:
    """Expressions that together match what `needle` does, with no more than `_PORTION` words at the beginning of one."""
    flag = "(?i)" if needle.startswith("(?i)") else ""
    needle = _GUARD.sub(r"\1", needle)  # something stands beside every row
    out: list[str] = []
    for branch in _branches(needle.removeprefix(flag)):
        # Something stands before every row, so that the edge is a character.
        edge = "[^A-Za-z]" if branch.startswith(EDGE) else ""
        words, rest = _opening(branch.removeprefix(EDGE))
        for begin in range(0, len(words), _PORTION):
            some = words[begin : begin + _PORTION]
            out.append(f"{flag}{edge}{some[0] if len(some) == 1 else f'(?:{chr(124).join(some)})'}{rest}")
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


def _databases(needles: Sequence[str], part: list[int]) -> Iterator[tuple[Any, Ints]]:
    """Compiled databases of some needles, as few as Hyperscan takes, and the needles' numbers in each."""
    if not part:
        return
    import hyperscan

    try:
        yield database(tuple(needles[i] for i in part)), np.array(part, dtype=np.int64)
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
        used(file)
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
    leave(file, hyperscan.dumpb(made))
    return made
