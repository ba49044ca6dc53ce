"""What every reader of a piece's format needs to know about the piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from schemas.contract import Field, Source


@dataclass(frozen=True)
class Context:
    """``label`` names the piece in messages; ``specials`` gives ``$file`` and ``$member``.

    ``truncated`` tells, once the text has been read to its end, whether a compressed stream was cut short.
    ``again`` opens the same text a second time. A piece that is a ``later`` part of a file has no lines to skip and no
    header of its own: ``header`` is then the file's.
    """

    source: Source
    fields: tuple[Field, ...]
    label: str
    specials: Mapping[str, str | None]
    encoding: str
    truncated: Callable[[], bool]
    again: Callable[[], Iterator[str]]
    later: bool = False
    header: str | None = None

    @property
    def nulls(self) -> tuple[str, ...]:
        """What a contract that says so itself calls null, for formats that have a null of their own."""
        return self.source.null_values if self.source.null_values != ("",) else ()
