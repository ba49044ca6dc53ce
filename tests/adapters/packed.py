"""The small release packed by a tokenizer of whole words."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from clearinghouse.reader import Release
from clearinghouse.reader_packing import Packed
from tests.adapters.worlds import WORDS


def word_tokenizer() -> bytes:
    """A tokenizer.json of six words, each a token; 6 is unknown."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {word: number for number, word in enumerate((*WORDS, "?"))}
    made = Tokenizer(models.WordLevel(words, unk_token="?"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    return made.to_str().encode()


def packed(release: Release, *, length: int, batch: int, **changes: Any) -> Packed:
    """Packed to ``length``, as if the release had been counted with these words; 7 ends a document."""
    tokenizer = word_tokenizer()
    release.manifest.tokenizer["sha256"] = sha256(tokenizer).hexdigest()  # type: ignore[index]
    stream = release.stream(seed=1, batch=batch, columns=["id", "n_tokens", "text"], **changes)
    return stream.pack(length, tokenizer=tokenizer, end=7, block=64)
