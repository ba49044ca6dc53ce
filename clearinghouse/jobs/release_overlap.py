"""Benchmark overlap of a release's documents: benchmark files read, documents marked, matches counted.

What a task's documents overlap with depends on them and on the benchmarks' files, and is kept beside their index.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from clearinghouse.code import code_version
from clearinghouse.jobs.release_choose import Candidates
from clearinghouse.jobs.release_tasks import DamagedIndex, Task
from schemas.canonical import digest
from schemas.contract import Decontaminate, Mix
from schemas.errors import ReleaseRefused
from transforms.overlap import Marking, Runs, runs_of

if TYPE_CHECKING:
    from infra.store import Store

_MOST = 20
"""Faults of benchmark files that are told one by one."""


@dataclass(frozen=True)
class Overlap:
    """Marks documents that overlap with benchmarks (`release_tasks.OfWords`)."""

    rule: Decontaminate
    runs: Runs

    @classmethod
    def of(cls, mix: Mix) -> Overlap:
        """Read the benchmarks that the mix names. Raises `ReleaseRefused` with every line that cannot be used."""
        assert mix.decontaminate is not None
        rule, folder = mix.decontaminate, Path(mix.file).parent
        faults: list[str] = []
        texts = {one.name: list(_items(folder / one.path, one.fields, faults)) for one in rule.benchmarks}
        if faults:
            more = f"\n  and {len(faults) - _MOST} more" if len(faults) > _MOST else ""
            raise ReleaseRefused(
                f"{mix.name}: its benchmarks cannot be read:\n"
                + "\n".join(f"  {one}" for one in faults[:_MOST])
                + more,
                state="nothing was written",
                fix="each line is one JSON object (or string) with text in the fields that the mix names",
            )
        return cls(rule, runs_of(texts, rule.words, rule.characters))

    @cached_property
    def _name(self) -> str:
        benchmarks = [[one.name, one.sha256, list(one.fields)] for one in self.rule.benchmarks]
        return digest([benchmarks, self.rule.words, self.rule.characters, code_version()])[:16]

    def key(self, task: Task) -> str:
        return task.key.removesuffix(".parquet") + f".overlap-{self._name}.parquet"

    def begin(self, table: pa.Table) -> _Making:
        return _Making(table, self.runs)

    def read(self, store: Store, task: Task) -> pa.ChunkedArray:
        """The bits of each of a task's documents. Raises `DamagedIndex`."""
        key = self.key(task)
        try:
            return pq.read_table(pa.BufferReader(store.read(key)), page_checksum_verification=True).column("overlap")
        except (pa.ArrowException, OSError, KeyError) as error:
            raise DamagedIndex(f"{key} cannot be read", fix="delete it; it is made again") from error

    def account(self, sources: Sequence[Candidates]) -> list[dict[str, Any]]:
        """Of each benchmark: its items, those too short to look for, and how many documents of each source overlap.

        No document at all is worth a second look, and says so: a wrong field or language is the usual reason.
        """
        found = []
        for number, one in enumerate(self.rule.benchmarks):
            documents = {
                source.dataset: sum(count for bits, count in source.overlaps.items() if bits >> number & 1)
                for source in sources
            }
            total, items = sum(documents.values()), self.runs.items[number]
            found.append(
                {
                    "name": one.name,
                    "sha256": one.sha256,
                    "items": items,
                    "too_short": self.runs.short[number],
                    "documents": {name: count for name, count in documents.items() if count},
                    "warning": "" if total or not items else "no document overlaps with it: are its fields right?",
                }
            )
        return found


class _Making:
    def __init__(self, table: pa.Table, sought: Runs) -> None:
        self.marking = Marking(len(table), sought)
        self.add = self.marking.add

    def made(self) -> bytes:
        sink = pa.BufferOutputStream()
        found = pa.table({"overlap": pa.array(self.marking.found)})
        pq.write_table(found, sink, compression="zstd", write_page_checksum=True)
        return bytes(sink.getvalue())


def _items(path: Path, fields: Sequence[str], faults: list[str]) -> Iterator[str]:
    """The texts of a benchmark, one a field and line; what is wrong is added to ``faults``. No text is told."""
    lines = texts = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                lines += 1
                try:
                    item = json.loads(line)
                except ValueError:
                    faults.append(f"{path}:{number}: not JSON")
                    continue
                missing = [name for name in fields if not isinstance(item, Mapping) or name not in item]
                if missing:
                    faults.append(f"{path}:{number}: has no {', '.join(missing)}")
                    continue
                for text in _texts([item[name] for name in fields] if fields else item):
                    texts += 1
                    yield text
    except (OSError, EOFError) as error:
        faults.append(f"{path}: {getattr(error, 'strerror', None) or type(error).__name__}")
        return
    if lines and not texts and not faults:
        faults.append(f"{path}: {lines:,} lines and no text in them")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


__all__ = ["Overlap"]
