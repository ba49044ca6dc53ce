"""Cuts decoded text into whole records at a row delimiter, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from infra.sources.encoding import BAD
from infra.sources.model import Reason, Reject, sample_of


@dataclass(frozen=True)
class Block:
    """Whole records as one text, each ended by the delimiter but for the last one of the stream.

    ``first`` is the number of the first record.
    """

    text: str
    first: int


def blocks(
    chunks: Iterator[str], delimiter: str, limit: int, truncated: Callable[[], bool], *, first: int = 1
) -> Iterator[Block | Reject]:
    """Blocks of about one chunk, and a reject for each record that is skipped as it streams by.

    A record of more than ``limit`` characters is skipped (one of fewer may still be too large in bytes; `trouble`
    tells). When the stream turns out to be ``truncated``, what follows the last delimiter is rejected: it may be half
    a record.
    """
    edge = len(delimiter) - 1
    pending: list[str] = []  # the beginning of a record whose end has not come
    held, tail, number, skipping, sample = 0, "", first, False, ""
    for chunk in chunks:
        # `tail` holds back what may be the first half of a delimiter.
        text, tail = tail + chunk, ""
        if skipping:
            end = text.find(delimiter)
            if end < 0:
                tail = text[max(0, len(text) - edge) :] if edge else ""
                continue
            yield Reject(number, "record_too_large", sample)
            text, number, skipping = text[end + len(delimiter) :], number + 1, False
        cut = text.rfind(delimiter)
        if cut >= 0:
            cut += len(delimiter)
            pending.append(text[:cut])
            whole = "".join(pending)
            yield Block(whole, number)
            number += whole.count(delimiter)
            pending, held, text = [], 0, text[cut:]
        if edge:
            at = max(0, len(text) - edge)
            text, tail = text[:at], text[at:]
        if text:
            pending.append(text)
            held += len(text)
        if held > limit:
            sample = sample_of("".join(pending))
            pending, held, skipping = [], 0, True
    rest = "".join(pending) + tail
    if truncated():
        yield Reject(number, "truncated", sample if skipping else sample_of(rest))
    elif skipping:
        yield Reject(number, "record_too_large", sample)
    elif rest:
        yield Block(rest, number)


def drop_rows(chunks: Iterator[str], delimiter: str, count: int) -> Iterator[str]:
    """The text after its first ``count`` delimiters."""
    tail = ""
    for chunk in chunks:
        text, tail = tail + chunk, ""
        while count:
            end = text.find(delimiter)
            if end < 0:
                tail = text[max(0, len(text) - len(delimiter) + 1) :] if len(delimiter) > 1 else ""
                text = ""
                break
            text, count = text[end + len(delimiter) :], count - 1
        if text:
            yield text


def split(text: str, delimiter: str) -> list[str]:
    """The records of a block, without delimiters; a carriage return before a line feed goes too."""
    rows = text.split(delimiter)
    if not rows[-1]:
        rows.pop()
    if delimiter == "\n" and "\r" in text:
        rows = [row[:-1] if row.endswith("\r") else row for row in rows]
    return rows


def may_trouble(text: str, limit: int) -> bool:
    """Whether any record of the text can have `trouble`: cheap, and never wrongly false."""
    return 4 * len(text) > limit or BAD in text or "\0" in text


def trouble(record: str, limit: int) -> Reason | None:
    """What makes a record unreadable whatever its format, if anything."""
    if 4 * len(record) > limit and (len(record) > limit or len(record.encode("utf-8", "surrogatepass")) > limit):
        return "record_too_large"
    if BAD in record:
        return "undecodable_bytes"
    if "\0" in record:
        return "nul_byte"
    return None
