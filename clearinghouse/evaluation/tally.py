"""Counting: what was labelled, what was found, what was covered that nobody labelled; and intervals."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from clearinghouse.evaluation.labels import IGNORE

ALL = "all"
Gold = tuple[int, int, str, str]
"""Start, end, entity (`IGNORE` for don't-care), group of the label."""
Find = tuple[int, int, str, bool]
"""Start, end, entity, whether it stays as it is (a service line)."""
Key = tuple[str, str, str]
"""Group, language, entity."""


@dataclass
class Counts:
    """``labels``: values; ``full`` all letters and digits covered, ``any`` touched, ``typed`` covered by spans of the
    entity itself. ``said``: spans outside don't-care regions, ``right`` those that touch a label of their entity.
    ``over``: letters and digits covered outside labels."""

    labels: int = 0
    full: int = 0
    any: int = 0
    typed: int = 0
    said: int = 0
    right: int = 0
    over: int = 0

    def add(self, other: Counts) -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Tally:
    """Counts by group, language and entity; letters and texts by group and language."""

    counts: dict[Key, Counts] = field(default_factory=dict)
    letters: dict[tuple[str, str], int] = field(default_factory=dict)
    texts: dict[tuple[str, str], int] = field(default_factory=dict)

    def at(self, *key: str) -> Counts:
        return self.counts.setdefault((key[0], key[1], key[2]), Counts())

    def text(self, group: str, language: str, letters: int) -> None:
        """Count one text of so many letters and digits."""
        self.letters[group, language] = self.letters.get((group, language), 0) + letters
        self.texts[group, language] = self.texts.get((group, language), 0) + 1

    def record(self, group: str, language: str, text: str, gold: Sequence[Gold], finds: Sequence[Find]) -> list[Gold]:
        """Count one text's labels and finds. Returns the labels that are not covered in full."""
        starts, ends = [f[0] for f in finds], [f[1] for f in finds]
        touched: list[list[Gold]] = [[] for _ in finds]
        missed: list[Gold] = []
        for label in gold:
            start, end, entity, own = label
            # Finds are sorted and disjoint, so those that touch a label are a run of them.
            first, last = bisect_right(ends, start), bisect_left(starts, end)
            for i in range(first, last):
                touched[i].append(label)
            if entity == IGNORE:
                continue
            counts = self.at(own or group, language, entity)
            counts.labels += 1
            # A find that stays as it is hides nothing, except where that kind of thing is what was asked for.
            here = [f for f in finds[first:last] if not f[3] or f[2] == entity]
            counts.any += bool(here)
            counts.typed += _covered(text, start, end, [f for f in here if f[2] == entity])
            if _covered(text, start, end, here):
                counts.full += 1
            else:
                missed.append(label)
        for (start, end, entity, keep), labels in zip(finds, touched, strict=True):
            names = {label[2] for label in labels}
            counts = self.at(group, language, entity)
            if entity in names:
                counts.right += 1
                counts.said += 1
            elif IGNORE not in names and not keep:
                counts.said += 1
            if not keep:
                counts.over += outside(text, start, end, labels)
        return missed

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row a group, language and entity, then totals: of each language, of all."""
        languages = sorted({key[1] for key in self.counts} | {key[1] for key in self.letters})
        groups = sorted({key[0] for key in self.counts} | {key[0] for key in self.letters})
        for group in groups:
            total = Counts()
            shown = 0
            for language in languages:
                part = {e: c for (g, la, e), c in sorted(self.counts.items()) if (g, la) == (group, language)}
                letters, texts = self.letters.get((group, language), 0), self.texts.get((group, language), 0)
                if not part and not texts:
                    continue
                for entity, counts in part.items():
                    yield _row(group, language, entity, counts, letters, texts)
                whole = _sum(part.values())
                yield _row(group, language, ALL, whole, letters, texts)
                total.add(whole)
                shown += 1
            if shown > 1:
                yield _row(
                    group,
                    ALL,
                    ALL,
                    total,
                    *(sum(n for (g, _), n in d.items() if g == group) for d in (self.letters, self.texts)),
                )
        if len(groups) > 1:
            yield _row(ALL, ALL, ALL, _sum(self.counts.values()), sum(self.letters.values()), sum(self.texts.values()))


def _sum(parts: Iterable[Counts]) -> Counts:
    """A total. Of a kind that the set does not label, only what it covers counts: its finds may well be right."""
    whole = Counts()
    for part in parts:
        whole.add(part if part.labels else Counts(over=part.over))
    return whole


def _row(group: str, language: str, entity: str, c: Counts, letters: int, texts: int) -> dict[str, Any]:
    # Where a set labels none of a kind, its finds may well be right: no precision is claimed.
    said = c.said if c.labels else 0
    return {
        "group": group,
        "language": language,
        "entity": entity,
        "labels": c.labels,
        "full": _share(c.full, c.labels),
        "full_interval": wilson(c.full, c.labels),
        "any": _share(c.any, c.labels),
        "typed": _share(c.typed, c.labels),
        "finds": c.said,
        "precision": _share(c.right, said),
        "precision_interval": wilson(c.right, said),
        "over_per_1000": round(1000 * c.over / letters, 3) if letters else None,
        "texts": texts,
        "letters": letters,
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def wilson(hits: int, total: int) -> list[float] | None:
    """95 % interval of a share, Wilson (1927); ``None`` of nothing."""
    if not total:
        return None
    z, p = 1.959964, hits / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return [round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)]


def _covered(text: str, start: int, end: int, finds: Sequence[Find]) -> bool:
    """Whether every letter and digit of the value lies in one of the finds; of one without any, whether one touches."""
    rest = list(text[start:end])
    for a, b, _, _ in finds:
        a, b = max(a, start) - start, min(b, end) - start
        rest[a:b] = " " * (b - a)
    return bool(finds) and not any(c.isalnum() for c in rest)


def outside(text: str, start: int, end: int, gold: Sequence[Gold]) -> int:
    """Letters and digits of a span that lie in no label, don't-care ones included."""
    rest = list(text[start:end])
    for a, b, _, _ in gold:
        if a < end and start < b:
            a, b = max(a, start) - start, min(b, end) - start
            rest[a:b] = " " * (b - a)
    return sum(c.isalnum() for c in rest)
