"""A first draft of a contract from a sample of the data. It does not load until a person has decided what is what.

Names, paths and types are inferred; what each field holds is guessed and marked ``TODO``, with what the recognisers
found in it, and so are the legal basis, licence, purposes, residency, retention and owner. No value of the sample gets
into the draft.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from clearinghouse.draft_guesses import guess, logical_type, look
from clearinghouse.draft_samples import Column, NoDraft, Sample, is_database, read_sample, read_table
from schemas.contract import Policy
from schemas.names import UNDECIDED
from schemas.policy_loader import load_policy

__all__ = ["NoDraft", "draft_contract"]


def draft_contract(
    unit: str, name: str, sample: Path | str, policy: Policy | None = None, *, table: str | None = None
) -> str:
    """The YAML of a drafted contract for the files that ``sample`` is one of, or for a ``table`` of the database at that
    URI, in the terms of ``policy`` (the default one, if none is given).

    Raises:
        NoDraft: the file is missing, empty, of no known format, or its bytes do not read as such; the URI comes without
            a table, or with a password.
        SourceUnreadable, SourceUnavailable: the database does not answer, or has no such table.
    """
    sql = isinstance(sample, str) and is_database(sample)
    dump = not sql and ".sql" in Path(sample).suffixes
    if (sql and not table) or (table and not sql and not dump):
        what = f"{sample} is no database" if table else "which table of the database"
        raise NoDraft(
            what,
            fix="--table goes with --from sqlite:///…, postgresql://… or a dump (.sql), and databases with --table",
        )
    found = read_table(str(sample), str(table)) if sql else read_sample(Path(sample), table)
    if not found.columns:
        raise NoDraft(f"{sample} has no columns", fix="give a file that holds at least a header or one record")
    lines = [
        "# Drafted from a sample. It does not load until every TODO is decided by someone who knows the data and",
        "# the terms under which it was collected. `clearinghouse contract check` names what is left.",
        "apiVersion: v3.1.0",
        "kind: DataContract",
        f"id: {unit}.{name}",
        f"name: {name}",
        "version: 1.0.0",
        f"status: draft  # {UNDECIDED}: active, once it is agreed",
        f"domain: {unit}",
        f"description: {{purpose: {UNDECIDED}, limitations: {UNDECIDED}}}",
        "team: {members: []}  # TODO: [{username: <who answers for the data>, role: owner}]",
        "servers:",
        *_server(str(sample) if sql else Path(sample).as_posix(), found),
    ]
    if found.options:
        lines.append("    customProperties:")
        lines += [f"      - {{property: {key}, value: {_quoted(value)}}}" for key, value in found.options.items()]
    lines += [f"{' ' * 6 if sql else ' ' * 4}# {remark}" for remark in found.remarks]
    names: dict[str, int] = {}
    named = [(column, _name(column.path, number, names)) for number, column in enumerate(found.columns, 1)]
    finds = look(found.columns)
    policy = policy or load_policy()
    terms = [guess(column, seen, policy) for column, seen in zip(found.columns, finds, strict=True)]
    told = [name for (_, name), term in zip(named, terms, strict=True) if term == "text.free"]
    lines += [
        "customProperties:",
        f"  - {{property: legalBasis, value: {UNDECIDED}}}",
        f"  - {{property: licence, value: {UNDECIDED}}}",
        f"  - {{property: purposes, value: [{UNDECIDED}]}}",
        f"  - {{property: residency, value: {UNDECIDED}}}",
        f"  - {{property: retention, value: {UNDECIDED}}}",
        "  # To be in a mix, rows become text by a template over the fields (docs/contracts.md, Documents), such as:",
        f'  # - {{property: document, value: {{kind: text, text: "{{{(told or [named[0][1]])[0]}}}", '
        "language: auto, profile: comment}}",
        "schema:",
        f"  - name: {name}",
        "    properties:  # mark the key with primaryKey: true",
    ]
    for (column, name), term, seen in zip(named, terms, finds, strict=True):
        lines.append(f"      - {{{_field(column, name, term)}}}" + (f"  # {seen}" if seen else ""))
        if found.format in ("json", "jsonl", "yaml") and _holds_records(column) and "." not in column.path:
            record = f"{found.options.get('record', '')}.{column.path}[]".removeprefix(".")
            lines.append(
                f'        # a row of each entry: record: "{record}"; fields of the entry by name, those of what holds '
                "them by $parent.<name>"
            )
    return "\n".join(lines) + "\n"


def _server(place: str, found: Sample) -> list[str]:
    if found.format == "sql":
        return ["  - server: database", "    type: custom", f"    location: {_quoted(place)}"]
    return [
        "  - server: files",
        "    type: local",
        f"    path: {_quoted(place)}  # a glob takes many files: folder/*.csv",
        f"    format: {found.format}",
    ]


def _field(column: Column, name: str, term: str) -> str:
    kind = logical_type(column, term)
    parts = [f"name: {name}"]
    if column.path != name:
        parts.append(f"physicalName: {_quoted(column.path)}")
    if kind != "string":
        parts.append(f"logicalType: {kind}")
    parts.append(f"classification: {UNDECIDED} {term}")
    return ", ".join(parts)


def _name(path: str, number: int, taken: dict[str, int]) -> str:
    """A field name near the source's own: snake case, no leading digit or underscore, unique."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", path)
    name = re.sub(r"\W+", "_", words).strip("_").lower()
    if not name or not name.isidentifier():
        name = f"field_{number}" if not name else f"field_{name}"
    if not name.isidentifier():
        name = f"field_{number}"
    taken[name] = taken.get(name, 0) + 1
    return name if taken[name] == 1 else f"{name}_{taken[name]}"


def _holds_records(column: Column) -> bool:
    lists = [value for value in column.values if isinstance(value, list) and value]
    return bool(lists) and all(isinstance(one, dict) for value in lists for one in value)


def _quoted(value: Any) -> str:
    """A YAML scalar: plain where that cannot be misread, else in double quotes as JSON has them."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text if re.fullmatch(r"[A-Za-z_][\w./-]*", text, re.ASCII) else json.dumps(text, ensure_ascii=False)
