"""Changes to a people file that leave the rest of it, comments and all, as a person wrote it.

Each function takes the file's text and returns it changed. What comes out is read again, and must be exactly what was
asked for: a file in a form that these edits do not know is left alone, and the message says what to write by hand.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from schemas.errors import ClearinghouseError, PeopleError
from schemas.people import read_people
from schemas.registry import People, Person, PublicKey
from schemas.yaml_lines import YamlFile, parse_yaml


class NotEdited(ClearinghouseError):
    """A people file that could not be changed as asked."""

    exit_code = 2


def add(path: Path, person: Person) -> People:
    """Put a new person at the end of the file, which is made where it is missing. Returns what it holds now."""
    text = path.read_text("utf-8") if path.exists() else "people:\n"
    before = _read(path, text) if path.exists() else People(())
    if before.get(person.name) is not None:
        raise NotEdited(
            f"{person.name} is in {path} already",
            state="nothing was changed",
            fix=f"clearinghouse people rotate {person.name}, or edit the file",
        )
    lines = [f"- name: {_quoted(person.name)}", f"  roles: [{', '.join(person.roles)}]"]
    if person.units:
        lines.append(f"  units: [{', '.join(person.units)}]")
    if person.key is not None:
        lines += [f"  {line}" for line in _key_lines(person.key)]
    if person.password:
        lines.append(f"  password: {person.password}")
    indent = _indent(text)
    ending = "" if text.endswith("\n") else "\n"
    made = text + ending + "".join(f"{indent}{line}\n" for line in lines)
    return _write(path, made, before, [*before.people, person])


def rotate(path: Path, name: str, key: PublicKey) -> People:
    """Give a person a new key from ``key.since`` on; the one in use is retired at that time."""
    text, before, person, number = _find(path, name)
    lines = text.splitlines(keepends=True)
    old = person.key
    keys = (key, *(replace(one, until=key.since) if one is old else one for one in person.keys))
    found = _lines(path, text)
    top = ("people", number)
    indent = _column(lines, found, number)
    fresh = "".join(f"{indent}{line}\n" for line in _key_lines(key))
    retired = found.lines.get((*top, "retired"))
    if old is not None:
        since = f"since: {old.since}, " if old.since else ""
        item = f"- {{publicKey: {old.value}, {since}until: {key.since}}}\n"
        if retired is None:
            fresh += f"{indent}retired:\n{indent}  {item}"
        else:
            first = lines[found.lines[(*top, "retired", 0)] - 1]
            lines[retired - 1] += first[: len(first) - len(first.lstrip())] + item
    # Where the key stood, or behind the roles; a line's number stays its own, whatever is put beside it.
    places = sorted(found.lines[place] for place in ((*top, "publicKey"), (*top, "since")) if place in found.lines)
    if places:
        for place in places:
            lines[place - 1] = ""
        lines[places[0] - 1] = fresh
    else:
        lines[found.lines[(*top, "roles")] - 1] += fresh
    changed = replace(person, keys=keys)
    return _write(path, "".join(lines), before, [changed if one.name == name else one for one in before.people])


def set_password(path: Path, name: str, hashed: str) -> People:
    """Write the hash of a person's password."""
    text, before, person, number = _find(path, name)
    lines = text.splitlines(keepends=True)
    found = _lines(path, text)
    line = f"{_column(lines, found, number)}password: {hashed}\n"
    stands = found.lines.get(("people", number, "password"))
    if stands is not None:
        lines[stands - 1] = line
    else:
        at = found.lines[("people", number, "roles")]
        lines[at:at] = [line]
    changed = replace(person, password=hashed)
    return _write(path, "".join(lines), before, [changed if one.name == name else one for one in before.people])


def _find(path: Path, name: str) -> tuple[str, People, Person, int]:
    text = path.read_text("utf-8") if path.exists() else ""
    before = _read(path, text)
    person = before.get(name)
    if person is None:
        known = ", ".join(one.name for one in before.people)
        raise NotEdited(
            f"{name} is not in {path}; there are {known}",
            state="nothing was changed",
            fix=f"clearinghouse people add {name} --role ROLE",
        )
    data = _lines(path, text).data
    number = next(place for place, item in enumerate(data["people"]) if item["name"] == name)
    if not text.endswith("\n"):
        text += "\n"
    return text, before, person, number


def _read(path: Path, text: str) -> People:
    people, problems = read_people(path, text.encode())
    if people is None:
        raise PeopleError(problems, what=str(path))
    return people


def _lines(path: Path, text: str) -> YamlFile:
    found = YamlFile(path.as_posix())
    parse_yaml(text.encode(), found)
    return found


def _write(path: Path, text: str, before: People, wanted: Sequence[Person]) -> People:
    """Put the file in place in one step, if it says what it should."""
    made, problems = read_people(path, text.encode())
    if made is None or made.people != tuple(sorted(wanted, key=lambda person: person.name)):
        changed = [person for person in wanted if person not in before.people]
        facts = [person.facts() for person in changed]
        raise NotEdited(
            f"{path} is written in a form that this command does not change"
            + (f" ({problems[0].message})" if problems else ""),
            state="the file is as it was",
            fix=f"write one key a line, indented by two spaces, or make the change by hand: {facts}",
        )
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    try:
        with temporary.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise NotEdited(f"cannot write {path}: {error.strerror}", state="the file is as it was") from None
    return made


def _key_lines(key: PublicKey) -> list[str]:
    return [f"publicKey: {key.value}", *([f"since: {key.since}"] if key.since else [])]


def _indent(text: str) -> str:
    """What stands before the ``-`` of the file's last person; two spaces in a new file."""
    found = [line for line in text.splitlines() if line.lstrip().startswith("- name:")]
    return found[-1][: len(found[-1]) - len(found[-1].lstrip())] if found else "  "


def _column(lines: Sequence[str], found: YamlFile, number: int) -> str:
    """What stands before a person's keys."""
    line = lines[found.lines[("people", number, "roles")] - 1]
    return " " * (len(line) - len(line.lstrip(" -")))


def _quoted(name: str) -> str:
    """A name as YAML takes it for text: digits alone would be a number."""
    plain = name.replace(".", "").replace("-", "").replace("_", "")
    return name if plain[:1].isalpha() and name.lower() not in ("null", "true", "false", "yes", "no") else f'"{name}"'
