"""Token counts by the tokenizer that the mix names.

Counts are of the text alone: special tokens that a trainer adds (begin, end, chat templates) are not in them,
and truncation and padding that a tokenizer file may switch on are switched off.

Tokenizers that cut text at the space between two words before they look further give a word the same tokens wherever it
stands. For those the different words of a batch are encoded once each and their tokens added up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.errors import ClearinghouseError

#: Text that is encoded together: enough to keep the encoder busy, little enough to bound its memory.
_BATCH_CHARS = 1 << 20
_BATCH_TEXTS = 1024
#: Words whose tokens are remembered from one batch to the next, at about 150 bytes each, and the length of the longest.
_WORDS, _SHORT = 1 << 16, 32


#: Patterns that cut before a space between an ASCII letter or stop and a letter, whatever is around: those of the house's own
#: tokenizer, of GPT-4 and Llama 3 and of Qwen 2.
_CUTTING = (
    r"[^\r\n\p{L}\p{N}\p{M}]?(?:(?!\p{Han})[\p{L}\p{M}])+|\p{Han}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|"
    r"\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
)
#: Longer texts are counted in pieces of about so many characters, where the tokenizer cuts in any case: memory for the
#: tokens of a text is a hundred times its own.
_LONG, _PIECE = 1 << 18, 1 << 16
#: Behind a letter or digit and before a space or a stop every one of those patterns cuts, and that of GPT-2; normalisation
#: joins nothing across it.
_END = re.compile(r"[^\W_](?=[ \n,.!?;:，。！？；：、])")
_BETWEEN, _CUT = "([A-Za-z.,!?;:]) ([A-Za-z])", "\x1f"


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
        self._by_word = _cuts_at_spaces(made)
        tokens = [one["content"] for one in made.get("added_tokens") or ()]
        self._by_piece = self._by_word and not any(map(_END.search, tokens))
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
        found = np.zeros(len(texts), np.int64)
        batch: list[str] = []
        places: list[int] = []
        chars = 0
        for place, scalar in enumerate(texts):
            text = scalar.as_py()
            if not text:
                continue
            for piece in self._pieces(text):
                batch.append(piece)
                places.append(place)
                chars += len(piece)
                if chars >= _BATCH_CHARS or len(batch) >= _BATCH_TEXTS:
                    np.add.at(found, places, self._lengths(batch))
                    batch, places, chars = [], [], 0
        if batch:
            np.add.at(found, places, self._lengths(batch))
        return found

    def _pieces(self, text: str) -> Iterator[str]:
        """The text in pieces whose tokens are those of the whole; in one piece where it is short or nothing tells."""
        start = 0
        while self._by_piece and len(text) - start > _LONG:
            end = _END.search(text, start + _PIECE)
            if end is None:
                break
            yield text[start : end.end()]
            start = end.end()
        yield text[start:] if start else text

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

    def _lengths(self, batch: Sequence[str]) -> NDArray[np.int64]:
        if not self._by_word or any(_CUT in text for text in batch):
            return self._whole(batch)
        parts = pl.Series(batch, dtype=pl.String).str.replace_all(_BETWEEN, f"${{1}}{_CUT} ${{2}}").str.split(_CUT)
        count = parts.list.len().to_numpy().astype(np.int64)
        coded = pc.dictionary_encode(parts.explode().to_arrow().cast(pa.large_string()))
        each = self._words(coded.dictionary.to_pylist())[coded.indices.to_numpy()]
        return np.add.reduceat(each, np.cumsum(count) - count)

    def _words(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Tokens of words that all differ. Most words of a batch stood in those before it."""
        known = self._known
        new = [word for word in words if word not in known]
        counts = dict(zip(new, self._whole(new).tolist(), strict=True))
        found = [counts[word] if (count := known.get(word)) is None else count for word in words]
        if len(known) + len(new) > _WORDS:
            known.clear()
        known.update((word, count) for word, count in counts.items() if len(word) <= _SHORT)
        return np.array(found, np.int64)

    def _whole(self, texts: Sequence[str]) -> NDArray[np.int64]:
        return np.array([len(found) for found in self._encode(list(texts), add_special_tokens=False)], np.int64)


def _sums(values: NDArray[np.int64], lists: pa.Array) -> NDArray[np.int64]:
    """The sum of the values of each list; ``values`` are those of the flattened lists."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    ends = np.cumsum(lengths, dtype=np.int64)
    total = np.concatenate(([0], np.cumsum(values)))
    return total[ends] - total[ends - lengths]


def _cuts_at_spaces(made: dict[str, Any]) -> bool:
    """Whether words may be encoded for themselves: byte-level BPE behind a pattern of `_CUTTING` or that of GPT-2, and
    no added token that has such a space in it or takes spaces beside it."""
    model = made.get("model") or {}
    if (
        model.get("type") != "BPE"
        or model.get("dropout")
        or (made.get("normalizer") or {"type": "NFC"}) != {"type": "NFC"}
    ):
        return False
    for token in made.get("added_tokens") or ():
        if token.get("lstrip") or token.get("rstrip") or re.search(_BETWEEN, token["content"]):
            return False
    first = made.get("pre_tokenizer") or {}
    steps = first.get("pretokenizers", []) if first.get("type") == "Sequence" else [first]
    if steps and steps[-1].get("type") == "ByteLevel" and not steps[-1].get("add_prefix_space"):
        if len(steps) == 1:
            return bool(steps[0].get("use_regex", True))
        split = steps[0]
        return (
            len(steps) == 2
            and not steps[1].get("use_regex", True)
            and split.get("type") == "Split"
            and (split.get("pattern") or {}).get("Regex") in _CUTTING
            and (split.get("behavior"), split.get("invert")) == ("Isolated", False)
        )
    return False


@lru_cache(maxsize=2)
def counter(definition: bytes) -> TokenCounter:
    """The counter of the bytes of a ``tokenizer.json``, made once a process. Raises `TokenizerError`."""
    return TokenCounter(definition)
