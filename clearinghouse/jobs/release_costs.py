"""What each step from documents to candidates costs: documents and tokens, by data set and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clearinghouse.jobs.release_choose import Candidates


@dataclass
class Cost:
    """Documents and tokens that went for one reason."""

    documents: int = 0
    tokens: int = 0


class Costs:
    """Told after each step what is left, it keeps what each cost.

    Begun with the candidates that filters left; what those cost stands in the candidates themselves.
    """

    def __init__(self, sources: Sequence[Candidates]) -> None:
        self._left = [(len(one), int(one.tokens.sum())) for one in sources]
        self.of: list[dict[str, Cost]] = [
            {reason: Cost(count, one.filtered_tokens.get(reason, 0)) for reason, count in sorted(one.filtered.items())}
            for one in sources
        ]

    def note(self, reason: str, sources: Sequence[Candidates]) -> None:
        """All that went since the last call went for this reason."""
        for number, one in enumerate(sources):
            documents, tokens = self._left[number]
            self._left[number] = (len(one), int(one.tokens.sum()))
            if (documents, tokens) != self._left[number]:
                cost = self.of[number].setdefault(reason, Cost())
                cost.documents += documents - self._left[number][0]
                cost.tokens += tokens - self._left[number][1]
