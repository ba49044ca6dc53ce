"""YAML documents, one after another; each is read whole, and a record path leads to the rows inside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from infra.sources.columns import Part
from infra.sources.context import Context
from infra.sources.model import Drift, Reject, SourceUnreadable, sample_of
from infra.sources.nested import Collector, Marked
from infra.sources.paths import Malformed, Place, record_path, walk
from infra.sources.records import blocks, split, trouble

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_GROWTH = 20
"""Values that aliases may make of one character, on average; a document that grows more is a trap."""
_START = re.compile(r"---(?:\s|$)")
_END = re.compile(r"\.\.\.(?:\s|$)")


class _Texts(_Loader):  # type: ignore[misc]
    """Reads every plain scalar but null as it is written: `01234` is a post code, not an octal number."""


_Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def read(chunks: Iterator[str], context: Context) -> Iterator[Part | Drift]:
    """The records of a stream of YAML 1.1 documents. Without a record path each document is one, or each element of
    its top list.

    A line that begins with ``---`` always starts a document (YAML 1.1, 9.1), so a document that is malformed or too
    large costs no other.
    """
    limit = context.source.max_record_bytes
    path = record_path(context.source.record) if context.source.record else None
    collector, marked = Collector(context), Marked()
    position = found = 0
    for document in _documents(chunks, limit, context.truncated):
        if isinstance(document, Reject):
            position += 1
            collector.reject(position, document.reason, document.sample)
            continue
        wrong = trouble(document, limit)
        if wrong == "record_too_large":
            position += 1
            collector.reject(position, wrong, document)
            continue
        try:
            value = _value(marked(document))
        except ValueError:
            position += 1
            collector.reject(position, wrong or "malformed", document)
            continue
        if value is None:
            continue
        steps = path.steps if path is not None else ("[]",) if isinstance(value, list) else ()
        try:
            for record, place in walk(value, steps, Place()):
                found, position = found + 1, position + 1
                collector.add(record, place, position)
        except Malformed:
            position += 1
            collector.reject(position, "malformed", document)
        if path is not None and steps and not found and not _has(value, steps):
            raise SourceUnreadable(
                f"{context.label}: record path {path.text!r} leads to nothing in the document",
                fix="correct `record` in the contract, or have the unit restore the document's shape",
            )
        if collector.full:
            yield collector.part(marked=marked.found)
    yield collector.part(marked=marked.found)
    yield from collector.drift()


def documents(text: str) -> Iterator[Any]:
    """The values of the documents of a text, scalars as they are written. Raises ``ValueError`` for a document that
    does not read, without a word of it."""
    for document in _documents(iter([text]), len(text) + 1, lambda: False):
        if isinstance(document, Reject):
            raise ValueError(document.reason)
        value = _value(document)
        if value is not None:
            yield value


def _value(document: str) -> Any:
    """What a document says. Raises ``ValueError``, without a word of it, where it does not read or is a trap."""
    try:
        value = yaml.load(document, Loader=_Texts)  # noqa: S506 - a subclass of the safe loader
        grown = "*" in document and _written_out(value, {}) > _MOST_GROWTH * len(document) + 1000
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(type(error).__name__) from None
    if grown:
        raise ValueError("aliases")
    return value


def _written_out(value: Any, known: dict[int, int]) -> int:
    """How many values a document holds once each alias is written out. A value inside itself is a `ValueError`."""
    if not isinstance(value, (dict, list)):
        return 1
    if id(value) not in known:
        known[id(value)] = -1
        items = [*value, *value.values()] if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_written_out(item, known) for item in items)
    if known[id(value)] < 0:
        raise ValueError("a value inside itself")
    return known[id(value)]


def _has(value: Any, steps: tuple[str, ...]) -> bool:
    """Whether the names before the outermost container are there."""
    for step in steps:
        if step in ("[]", "{}"):
            return True
        if not isinstance(value, dict) or step not in value:
            return False
        value = value[step]
    return True


def _before_a_document(line: str) -> bool:
    """Whether a line is blank, a comment or a directive, and so belongs to the document after it."""
    return not line.strip() or line.startswith(("%", "#"))


def _documents(chunks: Iterator[str], limit: int, truncated: Callable[[], bool]) -> Iterator[str | Reject]:
    """The text of each document, in memory one at a time; a document beyond the limit is skipped."""
    lines: list[str] = []
    held, dropped, sample = 0, False, ""
    cut: Reject | None = None

    def done() -> Iterator[str | Reject]:
        if dropped:
            yield Reject(0, "record_too_large", sample)
        elif lines:
            yield "\n".join(lines) + "\n"

    for block in blocks(chunks, "\n", limit, truncated):
        if isinstance(block, Reject):
            if block.reason == "truncated":
                cut = block
            else:
                sample, dropped, lines = sample or block.sample, True, []
            continue
        for line in split(block.text, "\n"):
            starts = bool(_START.match(line)) and (dropped or not all(map(_before_a_document, lines)))
            if starts or _END.match(line):
                yield from done()
                lines, held, dropped, sample = [], 0, False, ""
            if _END.match(line):
                continue
            held += len(line) + 1
            if held > limit and not dropped:
                sample, dropped, lines = sample_of("\n".join(lines)), True, []
            if not dropped:
                lines.append(line)
    if cut is not None:
        yield Reject(0, "truncated", sample_of("\n".join([*lines, cut.sample])))
    else:
        yield from done()
