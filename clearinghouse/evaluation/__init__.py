"""Score the recognisers on labelled files: readers, label names, tallies, and the table of the result."""

from __future__ import annotations

from clearinghouse.evaluation.run import Evaluation, evaluate

__all__ = ["Evaluation", "evaluate"]
