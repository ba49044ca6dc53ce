"""Sources that cannot be read: all of them told in one error, with what is left and how to go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from clearinghouse.settings import Settings
from schemas.errors import SourceUnavailable

if TYPE_CHECKING:
    from infra.sources import SourceUnreadable


@contextmanager
def told(contract: str) -> Iterator[None]:
    """Complete the errors of a source by the state of the store and the command that goes on."""
    try:
        yield
    except SourceUnavailable as error:
        error.state = error.state or "nothing was committed; units of work that are done are kept"
        if "clearinghouse " not in error.fix:
            again = f"clearinghouse ingest {contract}"
            error.fix = f"{error.fix}, then run: {again}" if error.fix else again
        raise


class Unread:
    """Collects what of a plan's units does not fit the contract, while the others are carried on with."""

    def __init__(self) -> None:
        self._errors: list[SourceUnreadable] = []

    def add(self, found: dict[str, Any]) -> None:
        """Take note of what `run_or_tell` returned."""
        if "unreadable" in found:
            self._errors.append(found["unreadable"])

    def raise_any(self) -> None:
        """Raise one `SourceUnreadable` that tells all of them, in the same order whatever the workers' was."""
        from infra.sources import together

        if self._errors:
            raise together(sorted(self._errors, key=lambda error: error.message))


def run_or_tell(settings: Settings, plan: str, unit: str) -> dict[str, Any]:
    """`run_unit`, but a source that does not fit its contract is returned (``unreadable``): others are tried too."""
    from clearinghouse.jobs.ingest import run_unit
    from infra.sources import SourceUnreadable

    try:
        return run_unit(settings, plan, unit)
    except SourceUnreadable as error:
        return {"partition": "", "unreadable": error}
