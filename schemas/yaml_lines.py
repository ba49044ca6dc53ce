"""YAML as people write it into contracts, mixes and policies: plain data, with the line of every key.

The subset is YAML 1.2's core schema without what configuration has no need of: no anchors, aliases, merge keys,
tags, several documents or keys that are not text. So ``NO`` is a country and not a boolean, dates stay text, and
no small file can grow into a large value. Everything that is wrong is collected, not raised at the first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from schemas.errors import Problem

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64

Place = tuple[str | int, ...]
"""A place in a file: the keys and list positions that lead to it from the top."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*|[1-9][0-9]{0,2}(_[0-9]{3})+)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_MISSING = object()


def json_path(place: Place) -> str:
    """``('schema', 0, 'name')`` as ``$.schema[0].name``; keys that are not plain words are quoted."""
    out = ["$"]
    for step in place:
        if isinstance(step, int):
            out.append(f"[{step}]")
        else:
            out.append(f".{step}" if _PLAIN_KEY.fullmatch(step) else f"[{step!r}]")
    return "".join(out)


@dataclass
class YamlFile:
    """One file as read: its data (``None`` where it cannot be read), lines by place, and problems found so far."""

    name: str
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _seen: set[tuple[str, int, str]] = field(default_factory=set, repr=False)

    def line(self, place: Place) -> int:
        """The line of a key or list item; for what is not there, of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def report(self, place: Place, message: str, hint: str = "") -> None:
        """Add a problem at a place. A second one with the same words at the same place is left out."""
        found = Problem(self.name, self.line(place), json_path(place), message, hint)
        known = (found.path, found.line, found.message)
        if known not in self._seen:
            self._seen.add(known)
            self.problems.append(found)

    def _at(self, line: int, message: str, hint: str = "", place: Place = ()) -> None:
        self.problems.append(Problem(self.name, line, json_path(place), message, hint))


def read_yaml(path: Path | str, *, name: str | None = None) -> YamlFile:
    """Read one file into a `YamlFile`. Never raises for what the file holds; a missing file is a problem too.

    ``name`` is how problems call the file; the path as given where it is left out.
    """
    path = Path(path)
    found = YamlFile(name if name is not None else path.as_posix())
    try:
        with path.open("rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
    except FileNotFoundError:
        found._at(0, "there is no such file")
        return found
    except OSError as error:
        found._at(0, f"cannot be read: {error.strerror or type(error).__name__}")
        return found
    parse_yaml(raw, found)
    return found


def read_or_bundled(path: Path | str | None, bundled: str) -> YamlFile:
    """A person's file, or, where there is no ``path``, the one of this name that ships in ``schemas/``."""
    if path is not None:
        return read_yaml(path)
    found = YamlFile(f"schemas/{bundled}")
    parse_yaml((resources.files("schemas") / bundled).read_bytes(), found)
    return found


def parse_yaml(raw: bytes, found: YamlFile) -> None:
    """Parse bytes into ``found``: its data, lines and problems."""
    if len(raw) > MAX_BYTES:
        found._at(0, f"is larger than {MAX_BYTES:,} bytes", "such a file is written by hand; is this one data?")
        return
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found._at(line, f"is not UTF-8: byte {error.start} cannot be decoded", "save the file as UTF-8")
        return
    try:
        data = _build(text, found)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found._at(line, "holds a control character that YAML does not allow", "remove it")
        return
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        found._at(line, *_syntax(error, text, line))
        return
    if data is _MISSING or data is None:
        found._at(1, "is empty", "write at least the required keys")
    elif not isinstance(data, dict):
        kind = "a list" if isinstance(data, list) else "a single value"
        found._at(found.line(()), f"holds {kind} at the top where keys and values belong")
    else:
        found.data = data


def _syntax(error: yaml.MarkedYAMLError, text: str, line: int) -> tuple[str, str]:
    source = text.splitlines()[line - 1 : line]
    if "\t" in (source[0][: len(source[0]) - len(source[0].lstrip())] if source else ""):
        return "a tab indents this line", "YAML indents with spaces only"
    said = " ".join(part for part in (error.context, error.problem) if part)
    hint = (
        "quote the value if it holds ': ' or starts with one of * & ! % @ ` { ["
        if "mapping" in said or "token" in said
        else ""
    )
    return f"is not YAML: {said}", hint


@dataclass
class _Open:
    """A list or mapping that is being read."""

    value: dict[str, Any] | list[Any]
    place: Place
    key: str | None = None
    # A value whose key was refused is read on, so that its own problems show, and then dropped.
    dropped: bool = False


def _build(text: str, found: YamlFile) -> Any:
    top: Any = _MISSING
    stack: list[_Open] = []
    documents = skip = 0
    for event in _events(text):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents == 2:
                found._at(line, "holds more than one document", "one file, one contract, mix or policy: split at '---'")
                return top
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            if skip:
                skip -= 1
            else:
                stack.pop()
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        opens = isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent))
        if skip:
            skip += opens
            continue
        holder = stack[-1] if stack else None
        if holder is not None and isinstance(holder.value, dict) and holder.key is None:
            skip += _key(event, holder, found, line)
            continue
        place = _place(holder)
        found.lines.setdefault(place, line)
        value: Any
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            mark = f"*{event.anchor}" if isinstance(event, yaml.AliasEvent) else f"&{event.anchor}"
            found._at(line, f"uses the anchor or alias {mark}", "write the value out; anchors are not used here", place)
        if tag not in (None, "!"):
            found._at(line, f"uses the tag {tag}", "tags are not used here: write plain values", place)
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event, found, line, place)
        elif isinstance(event, yaml.AliasEvent):
            value = None
        else:
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
            if len(stack) >= MAX_DEPTH:
                found._at(line, f"is nested more than {MAX_DEPTH} levels deep", "", place[:4])
                return top
        dropped = holder.dropped if holder is not None else False
        if holder is None:
            top = value
        elif isinstance(holder.value, list):
            holder.value.append(value)
        elif holder.key is not None:
            if holder.key in holder.value:
                dropped = True
            else:
                holder.value[holder.key] = value
            holder.key = None
        if opens:
            stack.append(_Open(value, place, dropped=dropped))
    return top


def _events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=_LOADER))


def _place(holder: _Open | None) -> Place:
    if holder is None:
        return ()
    if isinstance(holder.value, list):
        return (*holder.place, len(holder.value))
    return (*holder.place, holder.key or "")


def _key(event: Any, holder: _Open, found: YamlFile, line: int) -> int:
    """Take a mapping's key. Returns 1 where the key opens a list or mapping, which is then skipped."""
    assert isinstance(holder.value, dict)
    if not isinstance(event, yaml.ScalarEvent):
        what = "an alias" if isinstance(event, yaml.AliasEvent) else "a list or mapping"
        found._at(line, f"has {what} as a key", "keys are plain words", holder.place)
        holder.key = f"<key of line {line}>"
        return int(not isinstance(event, yaml.AliasEvent))
    key = event.value
    place = (*holder.place, key)
    if key == "<<" and event.implicit[0]:
        found._at(line, "uses the merge key '<<'", "write the values out; merge keys are not used here", place)
    if event.anchor is not None or event.tag not in (None, "!"):
        found._at(line, f"has an anchor or a tag on the key {key!r}", "keys are plain words", place)
    if key in holder.value:
        first = found.lines.get(place, 0)
        if not holder.dropped:
            found._at(line, f"the key {key!r} is there twice; the first is on line {first}", "keep one of them", place)
    else:
        found.lines.setdefault(place, line)
    holder.key = key
    return 0


def _scalar(event: Any, found: YamlFile, line: int, place: Place) -> Any:
    text: str = event.value
    if not event.implicit[0] or event.style not in (None, ""):  # quoted, block or tagged
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _NOT_FINITE.fullmatch(text):
        found._at(line, f"{text} is not a number that can be used", "write a finite number", place)
        return 0
    if _BASED.fullmatch(text) and len(text) <= 40:
        return int(text, 0)
    if _INT.fullmatch(text):
        if len(text) > 40:
            found._at(line, "is a whole number of more than 40 digits", "quote it if it is text", place)
            return 0
        return int(text.replace("_", ""))
    if _FLOAT.fullmatch(text):
        value = float(text)
        if not math.isfinite(value):
            found._at(line, f"{text[:40]} is not a number that can be used", "write a finite number", place)
            return 0
        return value
    return text
