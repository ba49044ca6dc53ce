"""Short ways to read a source in tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from infra.sources import Drift, Reject, list_pieces, read_piece
from infra.sources.columns import Batcher
from infra.sources.context import Context
from infra.sources.encoding import Encoding
from infra.sources.reading import reader_of
from schemas.contract import Field, Source


@dataclass
class Read:
    """All that came out of a source."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    drift: set[Drift] = field(default_factory=set)
    sizes: list[int] = field(default_factory=list)

    @property
    def tuples(self) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.rows]

    @property
    def why(self) -> list[tuple[int, str]]:
        return [(reject.position, reject.reason) for reject in self.rejects]

    def take(self, batches: Iterable[Any]) -> Read:
        for batch in batches:
            assert batch.batch.num_rows == len(batch.positions)
            batch.batch.validate(full=True)
            self.rows += batch.batch.to_pylist()
            self.positions += batch.positions.to_pylist()
            self.rejects += batch.rejects
            self.drift |= set(batch.drift)
            self.sizes.append(batch.batch.num_rows)
        return self


def fields(*paths: str, **rules: Any) -> tuple[Field, ...]:
    """Fields of type string: ``"name"`` or ``"name=path"``."""
    out = []
    for text in paths:
        name, mark, path = text.partition("=")
        out.append(Field(name=name, path=path if mark else name, type="string", classification="none", **rules))
    return tuple(out)


def files(location: str | Path, format: str, **options: Any) -> Source:
    return Source(kind="files", location=str(location), format=format, **options)  # type: ignore[arg-type]


def read(source: Source, wanted: tuple[Field, ...], *, batch_rows: int = 8192, **listing: Any) -> Read:
    """Every piece of a source, in order."""
    out = Read()
    for piece in list_pieces(source, **listing):
        out.take(read_piece(source, piece, wanted, batch_rows=batch_rows))
    return out


def read_text(chunks: Iterable[str], source: Source, wanted: tuple[Field, ...]) -> Read:
    """What a format's reader makes of decoded text that comes in these chunks."""
    parts = list(chunks)
    context = Context(
        source=source,
        fields=wanted,
        label="text",
        specials={"$file": "file", "$member": None},
        encoding=Encoding("utf-8").codec,
        truncated=lambda: False,
        again=lambda: iter(parts),
    )
    batcher = Batcher(wanted, 8192)

    def batches() -> Iterator[Any]:
        for made in reader_of(source, "text")(iter(parts), context):
            if isinstance(made, Drift):
                batcher.drift([made])
            else:
                yield from batcher.add(made)
        yield from batcher.end()

    return Read().take(batches())


def cut(text: str, places: Iterable[int]) -> list[str]:
    """The text in parts, cut at these places (taken modulo its length)."""
    ends = sorted({place % (len(text) + 1) for place in places} | {0, len(text)})
    return [text[a:b] for a, b in pairwise(ends)]
