"""XML elements as records, read by expat as they stream by; entities of the document's own are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from infra.sources.columns import Part
from infra.sources.context import Context
from infra.sources.model import Drift, SourceUnreadable
from infra.sources.nested import Collector, Marked
from infra.sources.paths import Place

_ENCODING = re.compile(r"\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


def declared_encoding(head: bytes) -> str | None:
    """What the XML declaration says, where it can be read as ASCII."""
    match = _ENCODING.match(head[:200].decode("ascii", "replace"))
    return match[1] if match else None


def read(chunks: Iterator[str], context: Context) -> Iterator[Part | Drift]:
    """The elements that ``record`` names, each as an object: attributes under ``@name``, child elements under their
    names (a list where one repeats), text under ``#text`` where there is anything beside it.

    ``record`` is a tag or the last tags of a path (``row``, ``orders/order``, ``.//review``), at any depth; a tag
    without ``{namespace}`` fits any. A record inside a record belongs to the outer one.

    Raises:
        SourceUnreadable: The document declares entities, or has elements but none of that name.
    """
    target = _Target(context.source.record or "", context.source.max_record_bytes)
    if not target.path:
        raise SourceUnreadable(
            f"{context.label}: an XML source needs `record`, the tag of one row", fix="add it to the contract"
        )
    parser = _parser(target)
    collector, marked = Collector(context, defaults=True), Marked()
    position, broken = 0, False
    for chunk in chunks:
        if broken:
            continue  # read on, so that the digest of the whole is known
        try:
            parser.feed(marked(chunk))
        except ParseError:
            broken = True
        except DefusedXmlException:
            raise SourceUnreadable(
                f"{context.label} declares entities of its own, which is refused: they can hide or blow up text",
                fix="have the unit deliver it with the entities resolved",
            ) from None
        for record in target.take():
            position += 1
            if record is None:
                collector.reject(position, "record_too_large")
            else:
                collector.add(record, Place(position - 1), position)
        if collector.full:
            yield collector.part(marked=marked.found)
    if not broken and target.seen:
        try:
            parser.close()
        except ParseError:
            broken = True
    if context.truncated() or broken:
        position += 1
        collector.reject(position, "truncated" if context.truncated() else "malformed")
    elif not position and target.seen > 1:
        raise SourceUnreadable(
            f"{context.label}: no element is named {context.source.record!r}",
            fix="correct `record` in the contract, or have the unit restore the document's shape",
        )
    yield collector.part(marked=marked.found)
    yield from collector.drift()


def records(text: str, record: str) -> list[Any]:
    """The elements of a text, whole or cut, that ``record`` names, as `read` has them."""
    target = _Target(record, len(text))
    _feed(target, text)
    return [one for one in target.take() if one is not None]


def element_paths(text: str, depth: int) -> dict[tuple[str, ...], tuple[int, bool]]:
    """The paths of tags down to ``depth`` in a text, whole or cut: how often each comes, and whether it holds attributes
    or elements."""
    target = _Paths(depth)
    _feed(target, text)
    return target.found


def _parser(target: Any) -> Any:
    return defusedxml.ElementTree.DefusedXMLParser(target=target, forbid_dtd=False, forbid_entities=True)


def _feed(target: Any, text: str) -> None:
    """Raises ``ValueError`` for entities of the document's own, or text that is no XML from its first element on."""
    try:
        _parser(target).feed(text)
    except ParseError:
        if not target.seen:
            raise ValueError("no XML") from None
    except DefusedXmlException:
        raise ValueError("entities") from None


class _Paths:
    """Counts what lies where, and keeps no text."""

    def __init__(self, depth: int) -> None:
        self.found: dict[tuple[str, ...], tuple[int, bool]] = {}
        self.seen = 0
        self._depth = depth
        self._tags: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.seen += 1
        outer = tuple(self._tags)
        self._tags.append(local(tag))
        if outer in self.found:
            self.found[outer] = (self.found[outer][0], True)
        path = tuple(self._tags)
        if len(path) <= self._depth:
            times, holds = self.found.get(path, (0, False))
            self.found[path] = (times + 1, holds or bool(attributes))

    def end(self, tag: str) -> None:  # noqa: ARG002 - what the parser calls
        self._tags.pop()

    def data(self, text: str) -> None:
        """Nothing of a text is kept."""

    def close(self) -> None:
        """The document has ended."""


class _Node:
    """An element while it is being read."""

    __slots__ = ("attributes", "children", "own", "texts")

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.children: dict[str, list[Any]] = {}
        self.texts: list[str] = []
        self.own = False  # whether it has text of its own, beside that of its children

    def value(self) -> Any:
        text = "".join(self.texts)
        if not self.children and not self.attributes:
            return text
        out: dict[str, Any] = {f"@{local(name)}": value for name, value in self.attributes.items()}
        for name, values in self.children.items():
            out[name] = values[0] if len(values) == 1 else values
        if self.own:
            out["#text"] = text  # <p>so <b>it</b> goes</p> is also one text
        return out


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


class _Target:
    """What expat's events build: records, and nothing of what lies outside them."""

    def __init__(self, record: str, limit: int) -> None:
        self.path = [step for step in re.split(r"/+(?![^{]*\})", record.removeprefix(".")) if step]
        self._limit = limit
        self._tags: list[str] = []
        self._nodes: list[_Node] = []
        self._size = 0
        self._done: list[Any] = []
        self.seen = 0

    def take(self) -> list[Any]:
        """The records that have ended since; ``None`` for one that was too large."""
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.seen += 1
        self._tags.append(tag)
        if not self._nodes and not self._fits():
            return
        if not self._nodes:
            self._size = 0
        self._size += len(tag) + sum(len(name) + len(value) for name, value in attributes.items())
        self._nodes.append(_Node(attributes if self._size <= self._limit else {}))

    def data(self, text: str) -> None:
        if self._nodes:
            self._size += len(text)
            if self._size <= self._limit:
                self._nodes[-1].texts.append(text)
                self._nodes[-1].own = self._nodes[-1].own or bool(text.strip())

    def end(self, tag: str) -> None:
        self._tags.pop()
        if not self._nodes:
            return
        node = self._nodes.pop()
        if self._nodes:
            if self._size <= self._limit:
                outer = self._nodes[-1]
                outer.children.setdefault(local(tag), []).append(node.value())
                outer.texts += node.texts
        else:
            self._done.append(node.value() if self._size <= self._limit else None)

    def close(self) -> None:
        """The document has ended."""

    def _fits(self) -> bool:
        if len(self._tags) < len(self.path):
            return False
        pairs = zip(reversed(self.path), reversed(self._tags), strict=False)
        return all(tag == want or local(tag) == want for want, tag in pairs)
