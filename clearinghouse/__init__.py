"""The one lawful way for unit data into training sets. Training jobs need only `open_release`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clearinghouse.reader import Release, Stream, mix, open_release

__all__ = ["Release", "Stream", "mix", "open_release"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Imported on first use, so that the command line and the jobs do not pay for the reader.
    if name in __all__:
        from clearinghouse import reader

        return getattr(reader, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
