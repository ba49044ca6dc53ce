"""Token counts by the tokenizer that the mix names.

Counts are of the text alone: special tokens that a trainer adds (begin, end, chat templates) are not in them,
and truncation and padding that a tokenizer file may switch on are switched off.

Text is cut where that changes no token (`transforms.tokens_cut`): the different pieces of a stretch of text are encoded
once each and their tokens added up. Where nothing is known of a tokenizer's cuts, texts are encoded whole. A tokenizer
that makes a token of every byte (the bundled ``bytes``) is not asked at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.errors import ClearinghouseError
from transforms.tokens_cut import cutter_of, one_a_byte

#: Text that is encoded together where it is not cut: enough to keep the encoder busy, little enough to bound its memory.
_BATCH_CHARS = 1 << 20
_BATCH_TEXTS = 1024
#: Bytes of text that are cut together: memory follows them, and not the longest text.
_WINDOW = 1 << 20
#: Pieces whose tokens are remembered from one stretch to the next, at about 150 bytes each, and the length of the longest.
_PIECES, _SHORT = 1 << 17, 32
#: Fewer pieces than these are encoded one by one.
_FEW = 64
_DIGIT = np.isin(np.arange(256), list(b"0123456789"))


class TokenizerError(ClearinghouseError):
    """A tokenizer file that does not load."""

    exit_code = 2


class TokenCounter:
    """Counts tokens. Make it by `counter`, which keeps one a process: loading a vocabulary costs up to a second."""

    def __init__(self, definition: bytes) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer: Any = Tokenizer.from_buffer(definition)
        except Exception as error:  # the binding raises bare Exception
            raise TokenizerError(
                f"not a tokenizer.json that `tokenizers` reads: {error}",
                fix="save it with `tokenizer.save(path)` or name another in the mix",
            ) from None
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        # The fast variant leaves out the character offsets, which nobody asks for here.
        self._encode = getattr(self._tokenizer, "encode_batch_fast", self._tokenizer.encode_batch)
        made = json.loads(definition)
        self._cutter = cutter_of(made)
        self._bytes = one_a_byte(made)
        self._sizes = _bytes_of(made) if self._cutter is not None else np.empty(0, np.int64)
        self._known: dict[str, int] = {}
        self._special = tuple(one["content"] for one in made.get("added_tokens") or () if one.get("special"))

    @property
    def vocabulary(self) -> int:
        """How many tokens there are, added ones included."""
        return int(self._tokenizer.get_vocab_size())

    @property
    def ids(self) -> int:
        """The least number that is above every token's id: the vocabulary's size, more where it has gaps."""
        return max(self._tokenizer.get_vocab().values(), default=-1) + 1

    def count(self, texts: pa.Array | pa.ChunkedArray) -> NDArray[np.int64]:
        """Tokens of each text, shape (n,); a null has none."""
        chunks = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
        if self._bytes:
            sizes = (pc.fill_null(pc.cast(pc.binary_length(chunk), pa.int64()), 0).to_numpy() for chunk in chunks)
            return np.concatenate([np.empty(0, np.int64), *sizes])
        count = self._by_text if self._cutter is None else self._by_piece
        return np.concatenate([np.empty(0, np.int64), *(count(chunk) for chunk in chunks if len(chunk))])

    def _by_text(self, texts: pa.Array) -> NDArray[np.int64]:
        found = np.zeros(len(texts), np.int64)
        batch: list[str] = []
        places: list[int] = []
        chars = 0
        for place, scalar in enumerate(texts):
            text = scalar.as_py()
            if not text:
                continue
            batch.append(text)
            places.append(place)
            chars += len(text)
            if chars >= _BATCH_CHARS or len(batch) >= _BATCH_TEXTS:
                found[places] = self._whole(batch)
                batch, places, chars = [], [], 0
        if batch:
            found[places] = self._whole(batch)
        return found

    def _by_piece(self, texts: pa.Array) -> NDArray[np.int64]:
        if texts.null_count:
            texts = pc.fill_null(texts, "")
        texts = texts.cast(pa.large_string())
        _, offsets, values = texts.buffers()
        bounds = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
        data = np.frombuffer(values, np.uint8) if values is not None else np.empty(0, np.uint8)
        # Tokens before each bound.
        before = np.zeros(len(bounds), np.int64)
        start, total = int(bounds[0]), 0
        while start < bounds[-1]:
            starts, end = self._stretch(data, bounds, start)
            ends = np.append(np.cumsum(self._tokens(data[start:end], starts)), 0)
            inside = slice(np.searchsorted(bounds, start, "right"), np.searchsorted(bounds, end, "right"))
            before[inside] = total + ends[np.searchsorted(starts, bounds[inside] - start) - 1]
            total += int(ends[len(starts) - 1])
            start = end
        return np.diff(before)

    def _stretch(self, data: NDArray[np.uint8], bounds: NDArray[np.int64], start: int) -> tuple[NDArray[np.int64], int]:
        """Where the pieces of the next stretch of text begin, counted from ``start``, and its end: a cut."""
        assert self._cutter is not None
        size, last = _WINDOW, int(bounds[-1])
        while True:
            end = min(last, start + size)
            inside = bounds[np.searchsorted(bounds, start, "right") : np.searchsorted(bounds, end, "left")] - start
            marks = self._cutter.marks(data[start:end], inside)
            marks[0] = True
            marks[inside] = True
            starts = np.flatnonzero(marks).astype(np.int64)
            if end == last:
                return starts, end
            if len(starts) > 1:
                return starts[:-1], start + int(starts[-1])
            size *= 2

    def _tokens(self, data: NDArray[np.uint8], starts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Tokens of each piece of a stretch."""
        ends = pa.py_buffer(np.append(starts, len(data)))
        pieces = pa.Array.from_buffers(pa.large_string(), len(starts), [None, ends, pa.py_buffer(data)])
        coded = pc.dictionary_encode(pieces)
        return self._words(coded.dictionary.to_pylist())[coded.indices.to_numpy()]

    @property
    def special(self) -> tuple[str, ...]:
        """The special tokens as they are spelt."""
        return self._special

    def encode(self, texts: Sequence[str], *, offsets: bool = False) -> list[Any]:
        """Encodings of texts, with ``ids`` and, if asked for, ``offsets`` in characters; no token is added."""
        encode = self._tokenizer.encode_batch if offsets else self._encode
        return list(encode(list(texts), add_special_tokens=False))

    def count_messages(self, messages: pa.Array | pa.ChunkedArray) -> NDArray[np.int64]:
        """Tokens of the contents of each row's messages together, and of the names and arguments of their calls;
        roles and templates are the trainer's. A null row has none."""
        array = messages.combine_chunks() if isinstance(messages, pa.ChunkedArray) else messages
        turns = array.flatten()
        each = self.count(pc.struct_field(turns, "content"))
        if any(field.name == "tool_calls" for field in turns.type):
            made = pc.struct_field(turns, "tool_calls")
            calls = made.flatten()
            named = [self.count(pc.struct_field(calls, name)) for name in ("name", "arguments")]
            each = each + _sums(np.sum(named, axis=0), made)
        return _sums(each, array)

    def _words(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Tokens of pieces that all differ. Most of a stretch stood in those before it."""
        known = self._known
        found = list(map(known.get, words))
        places = [place for place, count in enumerate(found) if count is None]
        if places:
            new = [words[place] for place in places]
            counts = self._joined(new).tolist()
            for place, count in zip(places, counts, strict=True):
                found[place] = count
            if len(known) + len(new) > _PIECES:
                known.clear()
            known.update((word, count) for word, count in zip(new, counts, strict=True) if len(word) <= _SHORT)
        return np.array(found, np.int64)

    def _joined(self, pieces: Sequence[str]) -> NDArray[np.int64]:
        """Tokens of pieces, of which none is empty. To encode one costs more than its few letters do, so they are encoded
        behind one another wherever that is a cut again, and the bytes that each token stands for say whose it is."""
        if self._cutter is None or len(pieces) < _FEW or sum(map(len, pieces)) > _WINDOW:
            return self._whole(pieces)
        data = [piece.encode() for piece in pieces]
        length = np.fromiter(map(len, data), np.int64, len(data))
        # A text begins at each piece that could not be cut from the one before it, and between two digits: within a number
        # cuts are counted from where it begins.
        joined, starts = np.frombuffer(b"".join(data), np.uint8), np.cumsum(length) - length
        fresh = ~self._cutter.marks(joined)[starts] | (_DIGIT[joined[starts]] & _DIGIT[joined[starts - 1]])
        first = np.flatnonzero(fresh)
        texts = ["".join(pieces[low:high]) for low, high in pairwise([*first.tolist(), len(pieces)])]
        ids = [found.ids for found in self._encode(texts, add_special_tokens=False)]
        many = np.fromiter(map(len, ids), np.int64, len(ids))
        sizes = self._sizes[np.fromiter(chain.from_iterable(ids), np.int64, int(many.sum()))]
        # What normalisation changes has other bytes: such a text is left to be encoded piece by piece.
        whole = np.append(0, np.cumsum(sizes))
        ends = np.cumsum(many)
        good = whole[ends] - whole[ends - many] == np.add.reduceat(length, first)
        sizes, apart = sizes[np.repeat(good, many)], ~good[np.cumsum(fresh) - 1]
        bounds = np.cumsum(length[~apart])
        reach = np.append(0, np.cumsum(sizes))
        upto = np.searchsorted(reach, bounds)
        if len(bounds) and (reach[np.minimum(upto, len(reach) - 1)] != bounds).any():
            return self._whole(pieces)
        found = np.zeros(len(pieces), np.int64)
        found[~apart] = np.diff(upto, prepend=0)
        if apart.any():
            found[apart] = self._whole([pieces[place] for place in np.flatnonzero(apart).tolist()])
        return found

    def _whole(self, texts: Sequence[str]) -> NDArray[np.int64]:
        return np.array([len(found) for found in self._encode(list(texts), add_special_tokens=False)], np.int64)


def _bytes_of(definition: Mapping[str, Any]) -> NDArray[np.int64]:
    """How many bytes the token of each id stands for: in a byte-level vocabulary each sign of an entry is a byte, and
    added tokens are spelt as they are. Where there is no token, -1."""
    vocabulary = definition["model"].get("vocab") or {}
    added = {one["id"]: len(one["content"].encode()) for one in definition.get("added_tokens") or ()}
    sizes = np.full(max([*vocabulary.values(), *added], default=-1) + 1, -1, np.int64)
    sizes[np.fromiter(vocabulary.values(), np.int64, len(vocabulary))] = np.fromiter(map(len, vocabulary), np.int64)
    for token, size in added.items():
        sizes[token] = size
    return sizes


def _sums(values: NDArray[np.int64], lists: pa.Array) -> NDArray[np.int64]:
    """The sum of the values of each list; ``values`` are those of the flattened lists."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    ends = np.cumsum(lengths, dtype=np.int64)
    total = np.concatenate(([0], np.cumsum(values)))
    return total[ends] - total[ends - lengths]


@lru_cache(maxsize=2)
def counter(definition: bytes) -> TokenCounter:
    """The counter of the bytes of a ``tokenizer.json``, made once a process. Raises `TokenizerError`."""
    return TokenCounter(definition)
