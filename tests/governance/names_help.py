"""What tests of names ask of a text: what was found in it, and whether a value is covered whole."""

from __future__ import annotations

from governance.names.engine import NameEngine


def said(engine: NameEngine, text: str, entity: str = "PERSON") -> list[str]:
    """What was found of an entity, as it stands in the text."""
    return [text[s.start : s.end] for s in engine.scan([text]) if s.entity == entity]


def letters_left(engine: NameEngine, text: str, value: str, entity: str = "ADDRESS") -> set[int]:
    """Places of the letters and digits of the value that no find of the entity covers."""
    covered = {i for s in engine.scan([text]) if s.entity == entity for i in range(s.start, s.end)}
    start = text.index(value)
    return {i for i in range(start, start + len(value)) if text[i].isalnum()} - covered
