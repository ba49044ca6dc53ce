"""The little language that says where records and values stand inside JSON, YAML and XML.

A *record path* names what is one row: ``[]`` goes through a list, ``{}`` through an object's values, names go down:
``{}.messages[]``, ``annotations[]``, ``[]``. A *value path* names a field in a record: dotted keys and list indexes,
``|json`` after a step to parse a string on the way, ``.`` for the record itself, or a special name (`SPECIALS`,
``$parent.<path>``). A key without an index on a list is taken from each of its objects. A backslash before a dot keeps
it in the name.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from infra.sources.model import SourceUnreadable

SPECIALS = frozenset({"$file", "$member", "$line", "$index", "$parent_index", "$key"})
_DOT = re.compile(r"(?<!\\)\.")


class Number(str):
    """A JSON number as it was written, so that no digit of an amount is lost."""

    __slots__ = ()


class Malformed(Exception):
    """A record that is not what its path says."""


@dataclass(frozen=True)
class Place:
    """Where a record was met: its index in the innermost container, the container's own index in the one around it,
    the key of the nearest ``{}``, and the object that holds the innermost container."""

    index: int | None = None
    parent_index: int | None = None
    key: str | None = None
    parent: Any = None


@dataclass(frozen=True)
class RecordPath:
    """``steps`` are names and the marks ``[]`` and ``{}``, outermost first."""

    steps: tuple[str, ...]
    text: str

    @property
    def stream(self) -> tuple[tuple[str, ...], str | None, tuple[str, ...]]:
        """The names above the outermost container, its mark, and the steps inside one of its elements."""
        for i, step in enumerate(self.steps):
            if step in ("[]", "{}"):
                return self.steps[:i], step, self.steps[i + 1 :]
        return self.steps, None, ()


def record_path(text: str) -> RecordPath:
    """Parse a record path.

    Raises:
        SourceUnreadable: It has an empty step.
    """
    steps: list[str] = []
    if text.strip() == ".":
        return RecordPath((), text)
    for part in _DOT.split(text.strip()):
        name = part
        marks: list[str] = []
        while name.endswith(("[]", "{}")):
            marks.insert(0, name[-2:])
            name = name[:-2]
        if name:
            steps.append(name.replace("\\.", "."))
        elif not marks:
            raise SourceUnreadable(
                f"record path {text!r} has an empty step", fix="write it as in `{}.messages[]` or `annotations[]`"
            )
        steps.extend(marks)
    return RecordPath(tuple(steps), text)


def walk(value: Any, steps: tuple[str, ...], place: Place) -> Iterator[tuple[Any, Place]]:
    """The records below ``value`` with their places. A container that is absent or null holds none.

    Raises:
        Malformed: A list or object was expected and something else was found.
    """
    if not steps:
        yield value, place
        return
    step, rest = steps[0], steps[1:]
    if value is None:
        return
    if step == "[]":
        if not isinstance(value, list):
            raise Malformed
        for i, item in enumerate(value):
            yield from walk(item, rest, Place(i, place.index, place.key, place.parent))
    elif step == "{}":
        if not isinstance(value, dict):
            raise Malformed
        for i, (key, item) in enumerate(value.items()):
            yield from walk(item, rest, Place(i, place.index, str(key), place.parent))
    else:
        if not isinstance(value, dict):
            raise Malformed
        yield from walk(value.get(step), rest, Place(place.index, place.parent_index, place.key, value))


Getter = Callable[[Any], Any]


def plain_key(path: str) -> str | None:
    """The key that a path of one step names, or ``None`` for any other path."""
    if path == "." or path.startswith("$") or "|json" in path or _DOT.search(path):
        return None
    return path.replace("\\.", ".")


def getter(path: str) -> Getter:
    """A function from a record to the value at ``path``; ``None`` where there is nothing."""
    if path == ".":
        return lambda record: record
    steps: list[tuple[str, int | None, bool]] = []
    for part in _DOT.split(path):
        parse = False
        while part.endswith("|json"):
            part, parse = part[: -len("|json")], True
        name = part.replace("\\.", ".")
        index = int(name) if re.fullmatch(r"-?\d{1,9}", name) else None
        steps.append((name, index, parse))
    if len(steps) == 1 and not steps[0][2]:
        name, index, _ = steps[0]
        return lambda record: record.get(name) if type(record) is dict else _step(record, name, index)

    def get(record: Any) -> Any:
        if type(record) is dict and path in record:
            return record[path]
        for name, index, parse in steps:
            if name:
                record = _step(record, name, index)
            if parse and isinstance(record, (str, bytes)):
                try:
                    record = loads(record)
                except ValueError:
                    return None
            if record is None:
                return None
        return record

    return get


def _step(value: Any, name: str, index: int | None) -> Any:
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        if index is not None:
            return value[index] if -len(value) <= index < len(value) else None
        found = [item.get(name) for item in value if isinstance(item, dict)]
        return found or None
    return None


_scan: Callable[[str, int], tuple[Any, int]]
_scan = json.JSONDecoder(parse_float=Number, parse_constant=Number).scan_once  # type: ignore[attr-defined]


def loads(text: str | bytes) -> Any:
    """JSON by RFC 8259 with numbers kept exact: integers of any size, fractions as `Number`.

    Raises:
        ValueError: It is not JSON, or nested too deeply.
    """
    if not isinstance(text, str):
        text = text.decode("utf-8")
    text = text.strip(" \t\r\n")
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        raise ValueError("no JSON value") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if end != len(text):
        raise ValueError("more than one JSON value")
    return value


def to_text(value: Any, limit: int = 1 << 24) -> str | None:
    """A value as the text that a column of strings holds: scalars plainly, lists and objects as compact JSON.

    Raises:
        Malformed: The JSON would be longer than ``limit`` characters, as that of a YAML document of nested aliases
            can be.
    """
    if value is None or isinstance(value, str):
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, (int, Decimal)):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    out: list[str] = []
    try:
        _write(value, out, [limit])
    except RecursionError:
        raise Malformed from None
    return "".join(out)


def _write(value: Any, out: list[str], left: list[int]) -> None:
    if isinstance(value, Number):
        text = str(value)
    elif isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, Mapping):
        out.append("{")
        for i, (key, item) in enumerate(value.items()):
            out.append((", " if i else "") + json.dumps(to_text(key) or "", ensure_ascii=False) + ": ")
            left[0] -= len(out[-1])
            _write(item, out, left)
        out.append("}")
        return
    elif isinstance(value, (list, tuple, set)):
        out.append("[")
        for i, item in enumerate(value):
            if i:
                out.append(", ")
            _write(item, out, left)
        text = "]"
    elif value is None:
        text = "null"
    elif isinstance(value, (bool, int, float, Decimal)):
        text = to_text(value) or ""
    else:
        text = json.dumps(to_text(value), ensure_ascii=False)
    left[0] -= len(text)
    if left[0] < 0:
        raise Malformed
    out.append(text)
