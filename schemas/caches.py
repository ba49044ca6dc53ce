"""Where a user's machine keeps what can always be made again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """``clearinghouse`` in ``$CLEARINGHOUSE_CACHE``, else in the user's cache folder: compiled automata, templates, tables of
    names, models unpacked. It need not be there."""
    told = os.environ.get("CLEARINGHOUSE_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return Path(told or Path("~/.cache").expanduser()) / "clearinghouse"
