"""What a record says of itself: values of its personal columns, looked for in free text that belongs to it.

A contract declares that a column holds the courier's name; then that name is known for this record, and it is found in
the record's message whatever its width, case, separators or polite form, by comparison and not by a guess. Values of a
conversation are looked for in each of its messages, and those of linked records (`Declared`) in the rows they belong
to. Values live in memory for one batch and are never written.
"""

from governance.known_values.folding import fold, squeeze
from governance.known_values.search import FULL, PARTIAL, SEARCHED, Declared, KnownValues

__all__ = ["FULL", "PARTIAL", "SEARCHED", "Declared", "KnownValues", "fold", "squeeze"]
