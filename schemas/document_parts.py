"""The parts of a document's recipe: turns, calls of tools, conditions on rows. `schemas.contract_turns` builds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Role = Literal["system", "user", "assistant", "tool"]
Of = Literal["each", "first", "last", "all"]

ANY_LANGUAGE = "*"
"""The wording of a turn for rows of every language that has none of its own."""


@dataclass(frozen=True)
class Requirement:
    """What a field of a row must be; all that is stated must hold, and a null holds for nothing but ``present: false``.

    ``values`` are texts, one of which it must equal (numbers and times as templates write them); ``at_least`` and
    ``at_most`` bound a number; ``present`` asks whether there is a value at all.
    """

    field: str
    values: tuple[str, ...] = ()
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    present: bool | None = None


@dataclass(frozen=True)
class Call:
    """A tool that an assistant's turn calls. ``name`` and the ``arguments`` are templates.

    ``arguments``, pairs of name and template, become a JSON object: a template of one field alone keeps the field's type, and a null is
    left out. ``text`` in their place is a template that must come to a JSON object by itself.
    """

    name: str
    arguments: tuple[tuple[str, str], ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Turn:
    """One turn of a conversation, said by rows.

    ``of`` says by which rows of a group that meet ``when``: by the ``first`` or ``last`` of them, by ``each`` in order,
    or once by ``all`` together (their texts joined by ``join``, or their objects as one JSON list). ``wordings`` are
    templates by language (`ANY_LANGUAGE` for the rest), one of several chosen by the row's id; ``json`` in their place
    makes the content a JSON object of names and templates. A turn that is ``optional`` is left out where no row or nothing says it;
    without that the whole document is. ``train`` marks what a model is to learn.
    """

    role: Role
    wordings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    json: tuple[tuple[str, str], ...] = ()
    calls: tuple[Call, ...] = ()
    of: Of = "first"
    when: tuple[Requirement, ...] = ()
    join: str = "\n"
    optional: bool = False
    train: bool = False


@dataclass(frozen=True)
class Tool:
    """A tool that the conversations of a view may call; ``parameters`` is a JSON Schema as canonical JSON text."""

    name: str
    description: str
    parameters: str


@dataclass(frozen=True)
class Pairing:
    """Which answers are preferred to which.

    With ``answer``, a template: rows of a group that meet ``chosen`` are paired with those that meet ``rejected``.
    With ``better`` and ``worse``, templates: each row holds both, and they change sides where ``swap`` is met.
    """

    answer: str = ""
    chosen: tuple[Requirement, ...] = ()
    rejected: tuple[Requirement, ...] = ()
    better: str = ""
    worse: str = ""
    swap: tuple[Requirement, ...] = ()
    when: tuple[Requirement, ...] = ()
