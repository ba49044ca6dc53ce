"""Text in which what earlier scrubbing left is blotted out, so that recognisers look at the rest alone.

Placeholders need no help: every recogniser folds them away. Surrogates and generalised networks look like data, and are
searched for only where the policy makes any.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from governance.recognisers.engine import Spans
from governance.recognisers.normalise import FILLER, splice

_NETWORK_GATE = "[0-9a-fA-F:.]/[0-9]"


class Blotter:
    """Blots out surrogates (``surrogates``) and networks (``networks``), and brings spans back to the text as it was."""

    def __init__(self, *, surrogates: bool, networks: bool) -> None:
        self.surrogates, self.networks = surrogates, networks
        gates = []
        # Few policies ask for either, and their tables take a while to build.
        if surrogates:
            from governance.actions.surrogates import gate, pieces

            self._surrogates = pieces
            gates.append(gate())
        if networks:
            from governance.actions.generalise import NETWORK_PATTERN

            self._networks = re.compile(NETWORK_PATTERN, re.IGNORECASE)
            gates.append(_NETWORK_GATE)
        self._gate = "|".join(gates)

    def __bool__(self) -> bool:
        return bool(self._gate)

    def __call__(self, texts: pa.Array) -> tuple[pa.Array, dict[int, list[int]]]:
        """`texts` with a filler for each piece, and by row the place in the text of each code point that is left."""
        mask = pc.fill_null(pc.match_substring_regex(texts, pattern=self._gate), False).to_numpy(zero_copy_only=False)
        rows = np.flatnonzero(mask)
        lines: list[str] = []
        origins: dict[int, list[int]] = {}
        for row, text in zip(rows.tolist(), texts.take(pa.array(rows)).to_pylist(), strict=True):
            gone = self._pieces(text)
            if not gone:
                mask[row] = False
                continue
            line, origins[row] = splice(text, [(start, end, FILLER) for start, end in gone])
            lines.append(line)
        if not lines:
            return texts, {}
        return pc.replace_with_mask(texts, pa.array(mask), pa.array(lines, texts.type)), origins

    def _pieces(self, text: str) -> list[tuple[int, int]]:
        found = self._surrogates(text) if self.surrogates else []
        if self.networks:
            nets = (match.span() for match in self._networks.finditer(text))
            found = sorted([*found, *(net for net in nets if all(net[1] <= a or b <= net[0] for a, b in found))])
        return found


def back(spans: Spans, origins: dict[int, list[int]]) -> Spans:
    """Spans of blotted text at their places in the text before."""
    if not origins or not len(spans):
        return spans
    start, end = spans.start.copy(), spans.end.copy()
    for i in np.flatnonzero(np.isin(spans.row, np.fromiter(origins, dtype=np.int64))).tolist():
        origin: Sequence[int] = origins[int(spans.row[i])]
        start[i], end[i] = origin[int(start[i])], origin[int(end[i]) - 1] + 1
    return replace(spans, start=start, end=end)
