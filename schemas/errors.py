"""The errors a user can meet, each with what happened, what state is left and what mends it.

No message may carry a raw value of a unit's data: name the file, the row, the field and the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a file that a person wrote.

    ``path`` is a JSONPath-like place inside the file (``$.schema[0].properties[2]``), ``line`` counts from 1.
    """

    file: str
    line: int
    path: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        tail = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{where}: {self.path}: {self.message}{tail}"

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


class ClearinghouseError(Exception):
    """Base of every error that is shown to a user without a traceback.

    ``state`` says what is left in the store, ``fix`` the command or edit that mends it, ``exit_code`` what the
    command line returns, and ``transient`` whether trying again unchanged can help (Airflow's retry policy reads it).
    """

    exit_code = 1
    transient = False

    def __init__(self, message: str, *, state: str = "", fix: str = "") -> None:
        super().__init__(message)
        self.message, self.state, self.fix = message, state, fix

    def __str__(self) -> str:
        parts = [self.message]
        if self.state:
            parts.append(f"state: {self.state}")
        if self.fix:
            parts.append(f"fix: {self.fix}")
        return "\n".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process boundaries; keyword-only arguments need help to be unpickled.
        return (_rebuild, (type(self), dict(self.__dict__)))


def _rebuild(kind: type[ClearinghouseError], attributes: dict[str, object]) -> ClearinghouseError:
    error = kind.__new__(kind)
    Exception.__init__(error, attributes.get("message", ""))
    error.__dict__.update(attributes)
    return error


class ProblemsError(ClearinghouseError):
    """Files that do not load; carries every problem, not the first."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem], *, what: str = "file") -> None:
        self.problems = tuple(sorted(problems))
        count = len(self.problems)
        lines = "\n".join(str(p) for p in self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} in {what}:\n{lines}")


class ContractError(ProblemsError):
    """A contract that does not load."""


class PolicyError(ProblemsError):
    """A policy that does not load."""


class MixError(ProblemsError):
    """A mix that does not load."""


class PeopleError(ProblemsError):
    """A people file that does not load."""


class KeyMissing(ClearinghouseError):
    """No key was given (for pseudonyms, for sealing, for signing), or the one given cannot be used."""

    exit_code = 2


class SourceUnavailable(ClearinghouseError):
    """A source that is missing, refuses, or stopped answering."""

    exit_code = 3
    transient = True


class SourceChanged(ClearinghouseError):
    """A source whose bytes are not those that the plan named."""

    exit_code = 3
    transient = True


class QualityBreach(ClearinghouseError):
    """A partition that broke its contract's quality rules; its evidence is published, its data is not."""

    exit_code = 4


class DriftBreach(QualityBreach):
    """A snapshot that is further from the last ones than its contract allows; its evidence is published."""


class AccountingError(ClearinghouseError):
    """Rows in are not rows kept + filtered + quarantined + duplicates: a bug, and never a warning."""

    exit_code = 5


class ReleaseRefused(ClearinghouseError):
    """A release that may not be built, signed or read."""

    exit_code = 6


class IntegrityError(ClearinghouseError):
    """Bytes in the store that are not those that the manifest names."""

    exit_code = 7


class StoreError(ClearinghouseError):
    """The store could not be read or written (full disk, no permission, no connection)."""

    exit_code = 8
    transient = True
