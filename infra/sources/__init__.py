"""Reads the units' own data: files on disk or S3 in many formats, and SQL databases.

`list_pieces` says what there is to read, by content; `read_piece` reads one piece in bounded memory. Every row of a
source comes out exactly once, as a row of a batch or as a reject with its position and reason.
"""

from infra.sources.model import Drift, Piece, Reject, SourceBatch, SourceUnreadable, together
from infra.sources.plan import PIECE_BYTES, list_pieces
from infra.sources.reading import read_piece

__all__ = [
    "PIECE_BYTES",
    "Drift",
    "Piece",
    "Reject",
    "SourceBatch",
    "SourceUnreadable",
    "list_pieces",
    "read_piece",
    "together",
]
