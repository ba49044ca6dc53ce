"""Erasure as rules: what a request asks by, when it is due, and what its certificate says. Pure; no I/O, no clock.

A request names people by values (`schemas.subject.KINDS`). Only keyed hashes of them leave this module: of each value
in the normal form of pseudonyms, and for telephones with and without the country's code, because records hold either.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from governance.known_values.folding import fold
from governance.known_values.numbers import national
from governance.pseudonyms import normal_form
from schemas.erasure_rules import ErasureRules
from schemas.errors import ClearinghouseError
from schemas.names import DURATION, did_you_mean
from schemas.subject import ALONE, KINDS

#: A hashed value: 16 bytes, the entity, the number of the subject.
Hashed = tuple[bytes, str, int]


class BadRequest(ClearinghouseError):
    """An erasure request that cannot be carried out as it stands; its message holds no value."""

    exit_code = 2


@dataclass(frozen=True)
class Person:
    """One data subject as asked for: (kind, value) pairs. Never shown: the values are personal data."""

    values: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return f"Person({', '.join(kind for kind, _ in self.values)})"


def forms(entity: str, value: str) -> set[str]:
    """The normal forms under which a value may stand in records."""
    plain = normal_form(entity, value)
    if entity != "PHONE_NUMBER":
        return {plain} - {""}
    code, number = national(fold(value).strip())
    found = {plain, normal_form(entity, number)}
    if number:
        found.add("0" + number)
    if code and number:
        found |= {code + number, "00" + code + number, code + "0" + number}
    return {one for one in found if len(one) >= 6}


def hashed(people: Iterable[Person], value_hash: Callable[[str, str], bytes]) -> list[Hashed]:
    """Keyed hashes of all values of all people. ``value_hash`` takes entity and value.

    Raises `BadRequest` naming lines (from 1) whose values cannot lead to one person, all at once.
    """
    found: list[Hashed] = []
    problems: list[str] = []
    for number, person in enumerate(people):
        kinds = set()
        for kind, value in person.values:
            if kind not in KINDS:
                problems.append(
                    f"subject {number + 1}: no kind {kind!r}; {did_you_mean(kind, list(KINDS), what='kinds')}"
                )
                continue
            some = {(entity, form) for entity in KINDS[kind] for form in forms(entity, value)}
            if not some:
                problems.append(f"subject {number + 1}: the {kind} is empty or too short")
                continue
            kinds.add(kind)
            found += [(value_hash(entity, form), entity, number) for entity, form in some]
        if kinds and not any(set(KINDS[kind]) & ALONE for kind in kinds) and len(kinds) < 2:
            problems.append(
                f"subject {number + 1}: a {next(iter(kinds))} alone is shared by many; add a second value of the person"
            )
        elif not kinds and not any(said.startswith(f"subject {number + 1}:") for said in problems):
            problems.append(f"subject {number + 1}: no value")
    if problems:
        more = f"\n  and {len(problems) - 20} more" if len(problems) > 20 else ""
        raise BadRequest(
            f"{len(problems)} problem{'s' * (len(problems) != 1)} in the subjects:\n  "
            + "\n  ".join(problems[:20])
            + more,
            state="nothing was written",
            fix=f"kinds are {', '.join(KINDS)}",
        )
    return found


def due(received: str, duration: str) -> str:
    """The last day of a period that begins when a request was received: ISO 8601 dates. Months end on their last day
    where the day is missing (Regulation 1182/71 art. 3(2)(c))."""
    found = DURATION.fullmatch(duration)
    if found is None:
        raise ValueError(f"{duration!r} is not an ISO 8601 duration")
    count = {part[-1]: int(part[:-1]) for part in found.groups()[:4] if part}
    start = date.fromisoformat(received)
    months = start.year * 12 + start.month - 1 + 12 * count.get("Y", 0) + count.get("M", 0)
    year, month = divmod(months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return str(date(year, month + 1, day) + timedelta(weeks=count.get("W", 0), days=count.get("D", 0)))


def deadlines(rules: ErasureRules, trigger: str, received: str) -> dict[str, Any]:
    """Law, clause and last days for a request. Raises `BadRequest` for a trigger or date that is none."""
    if trigger not in rules.triggers:
        raise BadRequest(
            f"no trigger {trigger!r}; {did_you_mean(trigger, list(rules.triggers), what='triggers')}",
            state="nothing was written",
            fix=f"one of {', '.join(rules.triggers)}",
        )
    try:
        date.fromisoformat(received)
    except ValueError:
        raise BadRequest(
            f"{received!r} is not a date", state="nothing was written", fix="write it as 2026-01-31"
        ) from None
    why = rules.triggers[trigger]
    law = rules.laws[why.law]
    return {
        "trigger": trigger,
        "clause": why.clause,
        "why": why.text,
        "law": law.name,
        "law_title": law.title,
        "due": due(received, law.deadline),
        "extended": due(received, law.extended) if law.extended else None,
        "citation": law.citation,
        "verified_by": law.verified_by,
    }


def standing(request: Mapping[str, Any], done_at: str | None, today: str) -> str:
    """``met``, ``late`` (done after the last day), ``open`` or ``overdue``."""
    if done_at is not None:
        return "met" if done_at[:10] <= request["due"] else "late"
    return "open" if today[:10] <= request["due"] else "overdue"


REMAINS = (
    "The ledger keeps digests, counts and keyed hashes; an append-only record of what was done is kept on purpose.",
    "Models that were trained on an earlier release are not changed by this; their owners are to be told which "
    "versions held the subject's records.",
    "Copies that training jobs made of earlier releases, their caches and their check-points, lie outside the store.",
    "Sources in the units' own systems are the units' to erase; what comes from them again is filtered.",
    "Rejected rows are kept as masked shapes and places, which no value leads to; they go when their period is over.",
)
"""What an erasure here does not reach, as every certificate says."""


def page(certificate: Mapping[str, Any]) -> str:
    """The certificate as Markdown that a person reads: every fact of the JSON twin, no value."""
    found, releases = certificate["found"], certificate["releases"]
    lines = [
        f"# Certificate of erasure {certificate['erasure']}",
        "",
        f"**{_said(certificate)}**",
        "",
        *_table(
            ("", ""),
            [
                ("Law", f"{certificate['law_title']} ({certificate['clause']})"),
                ("Why", certificate["why"]),
                ("Reason given", certificate["reason"]),
                ("Received", certificate["received"]),
                ("Due", f"{certificate['due']} ({certificate['deadline']})"),
                ("Source of the time limit", f"{certificate['citation']}; {certificate['verified_by']}"),
                ("Recorded by", certificate["by"]),
                ("Subjects asked for", certificate["subjects"]),
                ("Subjects found", found["subjects"]),
                ("Rows found", found["rows"]),
                ("Held back from readers", certificate["frozen_at"] or "nothing to hold back"),
                ("Rewritten", certificate["rewritten_at"] or "not yet"),
                ("Old objects", certificate["purge"]),
            ],
        ),
        "",
        "## Releases",
        "",
        *(
            _table(
                ("mix", "held the subjects' records", "first clean release", "signed by", "at"),
                [
                    (
                        mix,
                        ", ".join(one["affected"]),
                        one["clean"] or _none_yet(one),
                        one["signed_by"] or "–",
                        one["signed_at"] or "–",
                    )
                    for mix, one in sorted(releases.items())
                ],
            )
            if releases
            else ["No release held a record of the subjects."]
        ),
        "",
        "## Data sets",
        "",
        *(
            _table(
                ("data set", "rows erased", "clean since snapshot"),
                [(key, one["rows"], one["snapshot"] or "–") for key, one in sorted(certificate["datasets"].items())],
            )
            if certificate["datasets"]
            else ["No data set held a record of the subjects."]
        ),
        "",
        "## Checked",
        "",
        *[f"- {said}" for said in certificate["verification"]["said"]],
        "",
        "## What this does not reach",
        "",
        *[f"- {said}" for said in certificate["remains"]],
    ]
    return "\n".join(lines) + "\n"


def _said(certificate: Mapping[str, Any]) -> str:
    state = certificate["state"]
    if state == "nothing found":
        return "Nothing was found of the subjects. What arrives of them later is filtered."
    if state == "complete":
        clean = [f"{mix}@{one['clean']}" for mix, one in sorted(certificate["releases"].items()) if one["clean"]]
        said = ", ".join(clean) or "all snapshots; no release that was open to training held the records"
        return f"The erasure is complete. First clean: {said}."
    return f"The erasure is not complete: {state}."


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    made = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return made + ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]


def _none_yet(one: Mapping[str, Any]) -> str:
    if one.get("refused"):
        return "none needed: every release that held them was rejected"
    return f"none signed yet ({one['candidate'] or 'not built'})"


def _cell(value: Any) -> str:
    """A cell that stays one, whatever a person wrote into a reason."""
    text = f"{value:,}" if isinstance(value, int) else str(value)
    for sign, instead in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), (">", "&gt;"), ("\n", " "), ("\r", " ")):
        text = text.replace(sign, instead)
    return text
