"""Token counts by the tokenizer that the mix names.

Counts are of the text alone: special tokens that a trainer adds (begin, end, chat templates) are not in them,
and truncation and padding that a tokenizer file may switch on are switched off.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.errors import ClearinghouseError

#: Text that is encoded together: enough to keep the encoder busy, little enough to bound its memory.
_BATCH_CHARS = 1 << 20
_BATCH_TEXTS = 1024


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

    @property
    def vocabulary(self) -> int:
        """How many tokens there are, added ones included."""
        return int(self._tokenizer.get_vocab_size())

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
            batch.append(text)
            places.append(place)
            chars += len(text)
            if chars >= _BATCH_CHARS or len(batch) >= _BATCH_TEXTS:
                found[places] = self._lengths(batch)
                batch, places, chars = [], [], 0
        if batch:
            found[places] = self._lengths(batch)
        return found

    def count_messages(self, messages: pa.Array | pa.ChunkedArray) -> NDArray[np.int64]:
        """Tokens of the contents of each row's messages together; roles and templates are the trainer's."""
        array = messages.combine_chunks() if isinstance(messages, pa.ChunkedArray) else messages
        each = self.count(pc.struct_field(array.flatten(), "content"))
        lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False)
        ends = np.cumsum(lengths, dtype=np.int64)
        total = np.concatenate(([0], np.cumsum(each)))
        return total[ends] - total[ends - lengths]

    def _lengths(self, batch: Sequence[str]) -> list[int]:
        return [len(encoding) for encoding in self._encode(list(batch), add_special_tokens=False)]


@lru_cache(maxsize=2)
def counter(definition: bytes) -> TokenCounter:
    """The counter of the bytes of a ``tokenizer.json``, made once a process. Raises `TokenizerError`."""
    return TokenCounter(definition)
