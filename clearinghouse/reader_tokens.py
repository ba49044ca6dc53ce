"""Tokens of a block of samples: from a column of a release, or made on the fly by the tokenizer that it names."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from clearinghouse.adapters.missing import need
from clearinghouse.reader_course import BadSetting, Course
from clearinghouse.reader_sequences import Laid
from schemas.errors import ClearinghouseError, IntegrityError

if TYPE_CHECKING:
    from clearinghouse.reader_release import Release

#: Numbers that tokens are laid end to end as, without a copy.
_KINDS = (pa.uint16(), pa.uint32(), pa.int32())
MASK = "loss_mask"
"""A column of a release that says of each of its tokens whether it is to be learnt."""


class WrongTokenizer(ClearinghouseError, ValueError):
    """A tokenizer that is not the one that a release was counted with."""

    exit_code = 2


class Tokens(Protocol):
    """The documents of a block. ``ids`` are theirs in the release (``None`` where the stream has no such column)."""

    ids: pa.Array | None

    @property
    def lengths(self) -> Any:
        """Tokens of each document (int64)."""

    @property
    def total(self) -> int:
        """Tokens of all of them."""

    def laid(self, _wanted: Callable[[], Any], /) -> Laid:
        """The tokens of those documents at least that an array of booleans, made when it is asked for, marks."""


class Source(Protocol):
    """Where tokens come from."""

    def of(self, batch: pa.RecordBatch) -> Tokens:
        """Of the samples of a batch."""

    def facts(self) -> dict[str, Any]:
        """What a state must say for its sequences to be the same."""

    @property
    def kind(self) -> pa.DataType:
        """The numbers that the tokens are."""

    @property
    def whole(self) -> bool:
        """Whether all documents of a block are laid, whichever are wanted: there is nothing to save."""


def tokens_of(
    course: Course, column: str, tokenizer: object, begin: int | None, end: int | None, *, ids: bool = True
) -> Source:
    """The column, or with ``tokenizer`` what that makes of ``text`` or ``messages``. ``begin`` and ``end`` are token ids
    that each document gets around it; ``ids`` says whether documents are to be named. Raises `BadSetting` or
    `WrongTokenizer`."""
    names = course.schema.names
    known = {release.manifest.tokenizer.get("sha256", ""): release for release in course.releases}
    if len(known) > 1:
        told = ", ".join(f"{one.mix}@{one.version}: {one.manifest.tokenizer.get('name')}" for one in known.values())
        raise WrongTokenizer(
            f"the releases of this mix were made with different tokenizers: {told}",
            fix="mix releases of one tokenizer, or release them again with it",
        )
    (digest, release), *_ = known.items()
    named = ("id",) * ids
    if tokenizer is None:
        if missing := [name for name in (*named, column) if name not in names]:
            there = column in release.schema.names
            raise BadSetting(
                f"packing needs the column{'s' * (len(missing) > 1)} {', '.join(missing)} in the stream"
                + ("" if there else f"; {release.mix}@{release.version} has no column {column}"),
                fix=f"columns={_told([*named, column])}"
                if there
                else "give tokenizer= and columns=[id, n_tokens, text]",
            )
        return Stored(
            column, MASK if MASK in names else None, begin, end, digest, _kind(course.schema.field(column).type)
        )
    content = "messages" if "messages" in names else "text"
    if missing := [name for name in (*named, "n_tokens", content) if name not in names]:
        raise BadSetting(
            f"to tokenise on the fly, the stream needs the columns {', '.join(missing)}",
            fix=f"columns={_told([*named, 'n_tokens', content])}",
        )
    return Made(content, _definition(tokenizer, digest, release), begin, end, digest)


def _told(names: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


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


def _kind(column: pa.DataType) -> pa.DataType:
    """The numbers of a column of tokens that are laid end to end as they are; any others as int32."""
    kind = column.value_type if pa.types.is_list(column) else None
    return kind if kind in _KINDS else pa.int32()


class Stored:
    """Tokens that stand in the release."""

    whole = True

    def __init__(
        self, column: str, mask: str | None, begin: int | None, end: int | None, digest: str, lies: pa.DataType
    ) -> None:
        self.column, self.mask, self.begin, self.end, self.digest = column, mask, begin, end, digest
        self.lies = lies

    @property
    def kind(self) -> pa.DataType:
        return pa.int32() if self.around else self.lies

    @property
    def around(self) -> int:
        """Tokens that each document gets around it."""
        return (self.begin is not None) + (self.end is not None)

    def facts(self) -> dict[str, Any]:
        return {"column": self.column, "begin": self.begin, "end": self.end}

    def of(self, batch: pa.RecordBatch) -> Tokens:
        return _Stored(self, batch)


class _Stored:
    def __init__(self, source: Stored, batch: pa.RecordBatch) -> None:
        np = need("numpy")
        lists = batch.column(source.column)
        ends = _ends(np, lists)
        self._source, self._ends = source, ends
        self.ids = batch.column("id") if "id" in batch.schema.names else None
        self._ids = _integers(np, lists.values, source.lies)[ends[0] : ends[-1]]
        self._learnt = None
        if source.mask is not None:
            mask = batch.column(source.mask)
            marks = _ends(np, mask)
            if not np.array_equal(np.diff(marks), self._counts):
                raise IntegrityError(
                    f"{source.mask} has other lengths than {source.column}",
                    fix="report it: the release is not sound",
                )
            self._learnt = _integers(np, mask.values.slice(marks[0], marks[-1] - marks[0]), pa.uint8())

    @cached_property
    def _counts(self) -> Any:
        return need("numpy").diff(self._ends)

    @cached_property
    def lengths(self) -> Any:
        around = self._source.around
        return need("numpy").where(self._counts > 0, self._counts + around, 0) if around else self._counts

    @property
    def total(self) -> int:
        return int(self.lengths.sum()) if self._source.around else len(self._ids)

    def laid(self, _wanted: Callable[[], Any], /) -> Laid:
        if not self._source.around:
            return Laid(self._ids, self._learnt, None)
        ids = self._ids.astype(need("numpy").int32)
        return Laid(*_around(ids, self._learnt, self._counts, self._source.begin, self._source.end), None)


def _ends(np: Any, lists: pa.Array) -> Any:
    """The offsets of a list array, as int64."""
    offsets = lists.offsets
    return np.frombuffer(offsets.buffers()[1], np.int32)[offsets.offset : offsets.offset + len(offsets)].astype(
        np.int64
    )


def _integers(np: Any, values: pa.Array, kind: pa.DataType) -> Any:
    """Whole numbers (or marks) as an array of ``kind``, without a copy where they are that."""
    if values.type != kind:
        values = values.cast(kind)
    buffer = values.buffers()[1]
    if buffer is None:
        return np.empty(0, str(kind))
    return np.frombuffer(buffer, str(kind))[values.offset : values.offset + len(values)]


def _around(ids: Any, learnt: Any, counts: Any, begin: int | None, end: int | None) -> tuple[Any, Any]:
    """Tokens with ``begin`` before and ``end`` after each document that has any."""
    np = need("numpy")
    there = counts > 0
    ends = np.cumsum(counts)
    first, last = (ends - counts)[there], ends[there]
    # Where the added tokens go, as places of the tokens that they come before.
    places = [places for places, token in ((first, begin), (last, end)) if token is not None]
    # A document's end comes before the next one's beginning, which has the same place.
    at = np.stack([places[-1], np.append(places[0][1:], 0)], 1).reshape(-1)[:-1] if len(places) == 2 else places[0]
    tokens = [token for token in (end, begin) if token is not None]
    added = np.resize(np.array(tokens, np.int32), len(at))
    if len(places) == 2 and len(first):
        at, added = np.concatenate((first[:1], at)), np.concatenate((np.array([begin], np.int32), added))
    if learnt is not None:
        # What ends a document is learnt where its last token is: a turn of somebody else's ends nothing.
        marks = np.zeros(len(at), np.uint8)
        if end is not None and len(last):
            marks[1 if begin is not None else 0 :: len(tokens)] = learnt[last - 1]
        learnt = np.insert(learnt, at, marks)
    elif begin is not None:
        learnt = np.ones(len(ids) + len(at), np.uint8)
        learnt[first + np.arange(len(first)) * len(tokens)] = 0
    return np.insert(ids, at, added), learnt


class Made:
    """Tokens made of text on the fly. Lengths are those that the release states, so only what is given out is encoded."""

    whole = False

    def __init__(self, content: str, definition: bytes, begin: int | None, end: int | None, digest: str) -> None:
        self.content, self._definition, self.begin, self.end, self.digest = content, definition, begin, end, digest
        self._tokenizer: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_tokenizer": None}

    @property
    def kind(self) -> pa.DataType:
        return pa.int32()

    @property
    def around(self) -> int:
        """Tokens that each document gets around it."""
        return (self.begin is not None) + (self.end is not None)

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
        np = need("numpy")
        self._source, self._content = source, batch.column(source.content)
        self.ids = batch.column("id") if "id" in batch.schema.names else None
        self._stated = _integers(np, batch.column("n_tokens"), pa.int64())
        self.lengths = np.where(self._stated > 0, self._stated + source.around, 0)

    @property
    def total(self) -> int:
        return int(self.lengths.sum())

    def laid(self, wanted: Callable[[], Any], /) -> Laid:
        np = need("numpy")
        there = np.asarray(wanted())
        documents = np.flatnonzero(there).tolist()
        texts: list[str] = []
        turns: list[tuple[int, int]] = []  # number among the documents, whether it is learnt
        for number, document in enumerate(documents):
            value = self._content[document].as_py()
            if isinstance(value, str):
                texts.append(value)
                turns.append((number, 1))
            for turn in value if isinstance(value, list) else ():
                texts.append(turn["content"] or "")
                turns.append((number, int(bool(turn["train"]))))
        found = self._source.encode(texts)
        sizes = np.array([len(one) for one in found], np.int64)
        numbers = np.array([number for number, _ in turns], np.int64)
        counts = np.bincount(numbers, sizes, len(documents)).astype(np.int64)
        stated = self._stated[documents]
        for place in np.flatnonzero(counts != stated)[:1].tolist():
            named = f"document {self.ids[documents[place]]}" if self.ids is not None else "a document"
            raise IntegrityError(
                f"{named} has {counts[place]} tokens, its release says {stated[place]}",
                fix="use the version of `tokenizers` that the release was counted with, or release it again",
            )
        ids = np.fromiter(chain.from_iterable(found), np.int32, int(sizes.sum()))
        learnt = np.repeat(np.array([train for _, train in turns], np.uint8), sizes)
        if self._source.around:
            ids, learnt = _around(ids, learnt, counts, self._source.begin, self._source.end)
        return Laid(ids, learnt, there)
