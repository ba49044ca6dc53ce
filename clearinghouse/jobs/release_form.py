"""The form that a mix gives to documents: which columns a release has of them, and how many tokens that is.

Tokens are counted once, when documents are indexed, and made when they are laid out; both come from here, so that what
was planned is what is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.contract import Mix
from schemas.mix_template import ChatTemplate, load_template
from schemas.shard_numbers import width_for
from transforms import chat_template, shards
from transforms.chat_template import Refused
from transforms.tokens import TokenCounter, counter
from transforms.tokens_columns import as_bytes, input_ids, learnt_ids, special

Format = Literal["text", "messages", "preference", "image-text"]

#: Bytes that a token takes with its mark, before compression.
_TOKEN_BYTES = 5


@dataclass(frozen=True)
class Form:
    """What a release has of each document. ``tokenizer`` is the path of the mix's ``tokenizer.json`` here. Picklable."""

    sample_format: Format
    tokenizer: str
    template: ChatTemplate | None = None
    tokenise: bool | Literal["bytes"] = False

    @classmethod
    def of(cls, mix: Mix, tokenizer: str) -> Form:
        """The form that a mix asks for. Raises `ChatTemplateError` where its template does not parse."""
        template = load_template(mix.template, Path(mix.file).parent) if mix.template else None
        if template is not None:
            chat_template.check(template)
        return cls(mix.format, tokenizer, template, mix.tokenise)

    @property
    def name(self) -> list[Any]:
        """What of it decides counts and reasons, for a digest."""
        found: list[Any] = [self.sample_format]
        return [*found, self.template.digest if self.template else "", self.tokenise] if self._stored else found

    @property
    def _stored(self) -> bool:
        return self.template is not None or bool(self.tokenise)

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns of the release (`transforms.shards.schema`)."""
        tokens = self.numbers if self.tokenise == "bytes" else self.tokenise
        return shards.schema(self.sample_format, template=self.template is not None, tokenise=tokens)

    @cached_property
    def numbers(self) -> str:
        """Which numbers hold a token where tokens are stored as bytes: one of `schemas.shard_numbers.WIDTHS`."""
        return width_for(self._counter.ids)

    @property
    def _counter(self) -> TokenCounter:
        return counter(Path(self.tokenizer).read_bytes())

    def judged(self, table: pa.Table) -> pa.Table:
        """The documents with reasons of the form's own: ``special_token`` for one that spells a special token,
        ``template_refused`` for one that the chat template does not take."""
        if not self._stored:
            return table
        reasons = table.column("reason").to_pylist()
        spelt = special(self._counter, table.column("text").to_pylist())
        for place, found in enumerate(spelt):
            if found and reasons[place] is None:
                reasons[place] = "special_token"
        if self.template is not None:
            usable = [reason is None for reason in reasons]
            for place, text in enumerate(self._rendered(table, usable)):
                if usable[place] and text is None:
                    reasons[place] = "template_refused"
        at = table.schema.get_field_index("reason")
        return table.set_column(at, "reason", pa.array(reasons, pa.string()))

    def count(self, table: pa.Table, text: pa.Array | pa.ChunkedArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Tokens and bytes of each document, whose texts are ``text``; one that may not be used has no tokens."""
        usable = np.array(pc.is_null(table.column("reason")).to_pylist(), bool)
        size = _lengths(table.column("text"))
        if self.sample_format == "messages" and self.template is not None:
            rendered = pa.array(self._rendered(table, usable.tolist()), pa.large_string())
            tokens = self._counter.count(rendered)
            size = size + _lengths(rendered)
        elif self.sample_format == "messages":
            tokens = self._counter.count_messages(table.column("messages"))
        elif self.sample_format == "preference":
            parts = (self._counter.count_messages(table.column(name)) for name in ("prompt", "chosen", "rejected"))
            tokens = np.sum(list(parts), axis=0)
        else:
            tokens = self._counter.count(text)
        tokens = tokens * usable
        if self.sample_format == "image-text":
            size = size + _lengths(pc.struct_field(table.column("image"), "bytes"))
        return tokens, size + (tokens * _TOKEN_BYTES if self.tokenise else 0)

    def columns(self, table: pa.Table) -> dict[str, pa.Array | pa.ChunkedArray]:
        """The documents' content as the release has it, by column."""
        found = {name: table.column(name) for name in _CONTENT[self.sample_format]}
        if self.template is not None:
            return found | self._from_template(table)
        if self.tokenise:
            found["input_ids"] = input_ids(self._counter, table.column("text").to_pylist())
        return found

    def stored(self, content: pa.Table) -> pa.Table:
        """What `columns` made, with tokens and marks as the release has them."""
        if self.tokenise != "bytes":
            return content
        for name, numbers in (("input_ids", self.numbers), ("loss_mask", "uint8")):
            place = content.schema.get_field_index(name)
            if place >= 0:
                content = content.set_column(place, name, as_bytes(content.column(name), numbers))
        return content

    def _from_template(self, table: pa.Table) -> dict[str, pa.Array | pa.ChunkedArray]:
        assert self.template is not None
        if not self.tokenise:
            return {"text": pa.array(self._rendered(table, [True] * len(table)), pa.large_string())}
        pairs = zip(table.column("messages").to_pylist(), table.column("tools").to_pylist(), strict=True)
        made = [chat_template.learnt(self.template, messages, tools) for messages, tools in pairs]
        texts = [one.text for one in made]
        ids, mask = learnt_ids(self._counter, texts, [one.learnt for one in made])
        return {"text": pa.array(texts, pa.large_string()), "input_ids": ids, "loss_mask": mask}

    def _rendered(self, table: pa.Table, usable: list[bool]) -> list[str | None]:
        """Each conversation as its template gives it; null where it may not be used or the template refuses it."""
        assert self.template is not None
        found: list[str | None] = []
        seen = False
        for there, messages, tools in zip(
            usable, table.column("messages").to_pylist(), table.column("tools").to_pylist(), strict=True
        ):
            try:
                found.append(chat_template.render(self.template, messages, tools) if there else None)
                if there and self.tokenise and not seen:
                    # A template that cannot say what is learnt is told here, before anything is chosen.
                    chat_template.learnt(self.template, messages, tools)
                    seen = True
            except Refused:
                found.append(None)
        return found


_CONTENT: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "messages": ("messages", "tools"),
    "preference": ("prompt", "chosen", "rejected"),
    "image-text": ("image", "text"),
}


def _lengths(column: pa.Array | pa.ChunkedArray) -> NDArray[np.int64]:
    return np.array(pc.fill_null(pc.cast(pc.binary_length(column), pa.int64()), 0).to_pylist(), np.int64)


__all__ = ["Form", "Format"]
