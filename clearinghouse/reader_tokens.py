"""Tokens of a block of samples: from a column of a release, or made on the fly by the tokenizer that it names."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from clearinghouse.reader_course import BadSetting, Course
from schemas.errors import ClearinghouseError, IntegrityError

if TYPE_CHECKING:
    from clearinghouse.reader_release import Release

MASK = "loss_mask"
"""A column of a release that says of each of its tokens whether it is to be learnt."""


class WrongTokenizer(ClearinghouseError, ValueError):
    """A tokenizer that is not the one that a release was counted with."""

    exit_code = 2


class Tokens(Protocol):
    """The documents of a block. ``ids`` are theirs in the release, ``lengths`` their tokens."""

    ids: Sequence[str]
    lengths: Sequence[int]

    def make(self, documents: Iterable[int]) -> None:
        """Get ready what `tokens` will be asked for."""

    def tokens(self, document: int, start: int, length: int) -> tuple[Any, bytes]:
        """Token ids (a buffer of int32), and a byte 1 for each that is to be learnt."""


class Source(Protocol):
    """Where tokens come from."""

    def of(self, batch: pa.RecordBatch) -> Tokens:
        """Of the samples of a batch."""

    def facts(self) -> dict[str, Any]:
        """What a state must say for its sequences to be the same."""


def tokens_of(course: Course, column: str, tokenizer: object, begin: int | None, end: int | None) -> Source:
    """The column, or with ``tokenizer`` what that makes of ``text`` or ``messages``. ``begin`` and ``end`` are token ids
    that each document gets around it. Raises `BadSetting` or `WrongTokenizer`."""
    names = course.schema.names
    known = {release.manifest.tokenizer.get("sha256", ""): release for release in course.releases}
    if len(known) > 1:
        told = ", ".join(f"{one.mix}@{one.version}: {one.manifest.tokenizer.get('name')}" for one in known.values())
        raise WrongTokenizer(
            f"the releases of this mix were made with different tokenizers: {told}",
            fix="mix releases of one tokenizer, or release them again with it",
        )
    (digest, release), *_ = known.items()
    if tokenizer is None:
        if missing := [name for name in ("id", column) if name not in names]:
            there = column in release.schema.names
            raise BadSetting(
                f"packing needs the column{'s' * (len(missing) > 1)} {', '.join(missing)} in the stream"
                + ("" if there else f"; {release.mix}@{release.version} has no column {column}"),
                fix=f'columns=["id", "{column}"]' if there else "give tokenizer= and columns=[id, n_tokens, text]",
            )
        return Stored(column, MASK if MASK in names else None, begin, end, digest)
    content = "messages" if "messages" in names else "text"
    if missing := [name for name in ("id", "n_tokens", content) if name not in names]:
        raise BadSetting(
            f"to tokenise on the fly, the stream needs the columns {', '.join(missing)}",
            fix=f'columns=["id", "n_tokens", "{content}"]',
        )
    return Made(content, _definition(tokenizer, digest, release), begin, end, digest)


def _definition(tokenizer: object, digest: str, release: Release) -> bytes:
    """The bytes of a tokenizer.json, given by path or as they are, if they are those that the manifest names."""
    if isinstance(tokenizer, bytes):
        data = tokenizer
    elif isinstance(tokenizer, str | os.PathLike):
        try:
            data = Path(tokenizer).read_bytes()
        except OSError as error:
            raise WrongTokenizer(
                f"the tokenizer {os.fspath(tokenizer)} cannot be read: {error.strerror}", fix="give its tokenizer.json"
            ) from None
    else:
        raise BadSetting(
            "a tokenizer is given by the path or the bytes of its tokenizer.json",
            fix="what the release was counted with must be known byte for byte",
        )
    if (found := sha256(data).hexdigest()) != digest:
        name = release.manifest.tokenizer.get("name")
        raise WrongTokenizer(
            f"this is not the tokenizer {name!r} that {release.mix}@{release.version} was counted with: expected sha256 "
            f"{digest}, found {found}",
            state="nothing was read",
            fix=f"give the tokenizer.json of {name!r}; for another one, release {release.mix} again with it",
        )
    return data


class Stored:
    """Tokens that stand in the release."""

    def __init__(self, column: str, mask: str | None, begin: int | None, end: int | None, digest: str) -> None:
        self.column, self.mask, self.begin, self.end, self.digest = column, mask, begin, end, digest

    def facts(self) -> dict[str, Any]:
        return {"column": self.column, "begin": self.begin, "end": self.end}

    def of(self, batch: pa.RecordBatch) -> Tokens:
        return _Stored(self, batch)


class _Around:
    """Puts ``begin`` and ``end`` around what a document has."""

    def __init__(self, begin: int | None, end: int | None) -> None:
        self.before = array("i", [] if begin is None else [begin])
        self.after = array("i", [] if end is None else [end])

    def __len__(self) -> int:
        return len(self.before) + len(self.after)

    def cut(self, ids: Any, learnt: bytes, start: int, length: int) -> tuple[Any, bytes]:
        if not len(self):
            return ids[start : start + length], learnt[start : start + length]
        whole = self.before + array("i", ids) + self.after
        # What ends a document is learnt where its last token is: a turn of somebody else's ends nothing.
        mask = b"\0" * len(self.before) + learnt + (learnt[-1:] or b"\1") * len(self.after)
        return memoryview(whole)[start : start + length], mask[start : start + length]


class _Stored:
    def __init__(self, source: Stored, batch: pa.RecordBatch) -> None:
        lists = batch.column(source.column)
        self._around = _Around(source.begin, source.end)
        self.ids = batch.column("id").to_pylist()
        self._ends = lists.offsets.to_pylist()
        self._values = _numbers(lists.values)
        self._mask = None
        if source.mask is not None:
            mask = batch.column(source.mask)
            if mask.offsets.to_pylist() != self._ends:
                at = mask.offsets[0].as_py() - self._ends[0]
                if [end - at for end in mask.offsets.to_pylist()] != self._ends:
                    raise IntegrityError(
                        f"{source.mask} has other lengths than {source.column}",
                        fix="report it: the release is not sound",
                    )
            self._mask = bytes(mask.values.cast(pa.uint8()).to_pylist())
            self._shift = mask.offsets[0].as_py() - self._ends[0]
        self.lengths: Sequence[int] = [
            high - low + len(self._around) if high > low else 0
            for low, high in zip(self._ends, self._ends[1:], strict=False)
        ]

    def make(self, documents: Iterable[int]) -> None:
        pass  # they stand there

    def tokens(self, document: int, start: int, length: int) -> tuple[Any, bytes]:
        low, high = self._ends[document], self._ends[document + 1]
        ids = self._values[low:high]
        learnt = b"\1" * (high - low) if self._mask is None else self._mask[low + self._shift : high + self._shift]
        return self._around.cut(ids, learnt, start, length)


def _numbers(values: pa.Array) -> memoryview:
    """Integers as int32, without a copy where they are."""
    if values.type != pa.int32():
        values = values.cast(pa.int32())
    buffer = values.buffers()[1]
    if buffer is None:
        return memoryview(array("i"))
    return memoryview(buffer).cast("B")[4 * values.offset : 4 * (values.offset + len(values))].cast("i")


class Made:
    """Tokens made of text on the fly. Lengths are those that the release states, so only what is given out is encoded."""

    def __init__(self, content: str, definition: bytes, begin: int | None, end: int | None, digest: str) -> None:
        self.content, self._definition, self.begin, self.end, self.digest = content, definition, begin, end, digest
        self._tokenizer: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_tokenizer": None}

    def facts(self) -> dict[str, Any]:
        return {"tokenizer": self.digest[:16], "begin": self.begin, "end": self.end}

    def of(self, batch: pa.RecordBatch) -> Tokens:
        return _Made(self, batch)

    def encode(self, texts: list[str]) -> list[list[int]]:
        """Token ids of each text, without special tokens, truncation or padding."""
        if self._tokenizer is None:
            try:
                from tokenizers import Tokenizer
            except ImportError:
                raise BadSetting(
                    "to tokenise on the fly, the package `tokenizers` is needed", fix="pip install tokenizers"
                ) from None
            self._tokenizer = Tokenizer.from_buffer(self._definition)
            self._tokenizer.no_truncation()
            self._tokenizer.no_padding()
        return [one.ids for one in self._tokenizer.encode_batch(texts, add_special_tokens=False)]


class _Made:
    def __init__(self, source: Made, batch: pa.RecordBatch) -> None:
        self._source, self._content = source, batch.column(source.content)
        self._around = _Around(source.begin, source.end)
        self.ids = batch.column("id").to_pylist()
        self._stated = batch.column("n_tokens").to_pylist()
        self.lengths: Sequence[int] = [count + len(self._around) if count else 0 for count in self._stated]
        self._made: dict[int, tuple[array[int], bytes]] = {}

    def make(self, documents: Iterable[int]) -> None:
        wanted = [document for document in dict.fromkeys(documents) if document not in self._made]
        texts: list[str] = []
        turns: list[tuple[int, int]] = []  # document, whether it is learnt
        for document in wanted:
            value = self._content[document].as_py()
            if isinstance(value, str):
                texts.append(value)
                turns.append((document, 1))
            for turn in value if isinstance(value, list) else ():
                texts.append(turn["content"] or "")
                turns.append((document, int(bool(turn["train"]))))
        ids = {document: array("i") for document in wanted}
        learnt = {document: bytearray() for document in wanted}
        for (document, train), found in zip(turns, self._source.encode(texts), strict=True):
            ids[document].extend(found)
            learnt[document] += bytes(repeat(train, len(found)))
        for document in wanted:
            if len(ids[document]) != self._stated[document]:
                raise IntegrityError(
                    f"document {self.ids[document]} has {len(ids[document])} tokens, its release says "
                    f"{self._stated[document]}",
                    fix="use the version of `tokenizers` that the release was counted with, or release it again",
                )
            self._made[document] = (ids[document], bytes(learnt[document]))

    def tokens(self, document: int, start: int, length: int) -> tuple[Any, bytes]:
        ids, learnt = self._made[document]
        return self._around.cut(ids, learnt, start, length)
