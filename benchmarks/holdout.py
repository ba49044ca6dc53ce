"""Recall on the self-written hold-out, by entity: ``make bench NAME=holdout``. Totals only: its misses are not looked at.

Say *self-written* wherever a figure of it is quoted; ``tests/holdout/README.md`` says how it was made.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import report, say
from clearinghouse.evaluation import Evaluation, evaluate
from clearinghouse.evaluation.labels import LabelMap, load_map
from clearinghouse.evaluation.records import Reading
from clearinghouse.evaluation.run import Question

FOLDER = Path(__file__).resolve().parents[1] / "tests/holdout"


def score(name: str) -> Evaluation:
    """The default recognisers on ``dev.jsonl`` or ``heldout.jsonl``."""
    return evaluate([FOLDER / name], Question(Reading(), LabelMap(load_map(FOLDER / "labels.yaml"))))


def main() -> None:
    figures: dict[str, object] = {}
    for name in ("dev.jsonl", "heldout.jsonl"):
        half = name.partition(".")[0]
        for row in score(name).tally.rows():
            if not row["labels"]:
                continue
            key = f"{half}_{row['language']}_{row['entity']}"
            figures[key] = {
                k: row[k] for k in ("labels", "full", "full_interval", "typed", "precision", "over_per_1000")
            }
            say(f"{half:<8} {row['language']:<8} {row['entity']:<15} {row['labels']:>6,} {row['full']:>8.3f}")
    report("holdout", {}, figures)


if __name__ == "__main__":
    main()
