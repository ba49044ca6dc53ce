"""A data set's page for people, derived from its contract and the policy. Markdown; nothing on it is written twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schemas.actions import SCOPED
from schemas.arrow_schema import arrow_type
from schemas.contract import Contract, Document, Field, Policy, QualityRule, Source
from schemas.document_parts import Turn
from schemas.plans import FieldPlan, redaction_plan

_BASES = {
    "consent": "consent",
    "contract": "performance of a contract",
    "legalObligation": "legal obligation",
    "vitalInterests": "vital interests",
    "publicTask": "public task",
    "legitimateInterests": "legitimate interests",
    "publicData": "data already public",
}
_DOES = {
    "keep": "kept",
    "scan": "scanned; each find by its own rule",
    "operator": "changed by a Presidio operator",
    "encrypt": "encrypted",
    "generalise": "generalised",
    "surrogate": "invented stand-in for",
    "pseudonym": "keyed pseudonym",
    "placeholder": "typed placeholder",
    "mask": "masked",
    "drop": "dropped",
}


def docs_page(contract: Contract, policy: Policy) -> str:
    """The page of one data set, ending in a newline. The same contract and policy give the same bytes."""
    plan = redaction_plan(contract, policy)
    parts = [
        f"# {_text(contract.key)}",
        _text(contract.description) if contract.description else "",
        _table(("", ""), _facts(contract)),
        f"**Limitations.** {_text(contract.limitations)}" if contract.limitations else "",
        "## Fields",
        _table(
            ("field", "type", "required", "classification", "what happens", "on whose word", "description"),
            [_field(field, plan[field.name]) for field in contract.fields],
        ),
        "## Source",
        _table(("", ""), _source(contract.source)),
        "## Document",
        _document(contract),
        "## Quality",
        _quality(contract),
        f"Derived from contract {contract.key} {contract.version} (`{contract.digest[:12]}`) "
        f"and policy {policy.name} {policy.version} (`{policy.digest[:12]}`).",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def index_page(contracts: Mapping[str, Contract]) -> str:
    """A list of all data sets, with links to pages at ``<unit>/<name>.md``."""
    rows = [
        (
            f"[{_text(key)}]({contract.unit}/{contract.name}.md)",
            contract.version,
            _BASES.get(contract.legal_basis, contract.legal_basis),
            contract.licence,
            ", ".join(contract.purposes),
            contract.residency,
            contract.owner,
        )
        for key, contract in sorted(contracts.items())
    ]
    heads = ("data set", "version", "legal basis", "licence", "purposes", "residency", "owner")
    return f"# Data sets\n\n{_table(heads, rows)}\n"


def _facts(contract: Contract) -> list[tuple[str, str]]:
    extra = contract.extra
    rows = [
        ("unit", contract.unit),
        ("version", f"{contract.version} ({extra.get('status', '')})"),
        ("title", contract.title),
        ("owner", contract.owner),
        ("legal basis", _BASES.get(contract.legal_basis, contract.legal_basis)),
        ("consent", contract.consent or ""),
        ("licence", contract.licence),
        ("purposes", ", ".join(contract.purposes)),
        ("residency", contract.residency),
        ("retention", contract.retention),
        ("schedule", contract.schedule or "by hand"),
        ("usage", str(extra.get("usage", ""))),
        ("service levels", ", ".join(f"{name} {value}" for name, value in sorted(extra.get("sla", {}).items()))),
        ("support", ", ".join(extra.get("support", ()))),
        ("tags", ", ".join(contract.tags)),
    ]
    return [(name, value) for name, value in rows if value]


def _field(field: Field, plan: FieldPlan) -> tuple[str, ...]:
    marks = [word for word, holds in (("key", field.primary_key), ("unique", field.unique)) if holds]
    does = _DOES[plan.action]
    if plan.action == "generalise":
        does += f" to {plan.options.get('to')}"
    if plan.entity and plan.action in ("pseudonym", "placeholder", "surrogate"):
        does += f" {plan.entity}"
    if plan.action in SCOPED:
        does += f", one per {plan.scope}"
    options = [f"{name} {value}" for name, value in sorted(field.options.items())]
    if field.enum:
        options.append("one of " + ", ".join(map(str, field.enum)))
    said = "; ".join(filter(None, [field.description, *options]))
    kind = str(arrow_type(field)).replace(
        "large_string", "text" if field.type == "string" else f"{field.type} as JSON text"
    )
    required = "yes" if field.required else "no"
    return (
        _code(field.name) if field.path == field.name else f"{_code(field.name)} from {_code(field.path)}",
        ", ".join([kind, *marks]),
        f"{required}; on drift {field.on_drift}",
        field.classification,
        does,
        f"{plan.citation} [{plan.verified_by}]" if plan.verified_by else plan.citation,
        said,
    )


def _source(source: Source) -> list[tuple[str, str]]:
    rows: list[tuple[str, Any]] = [("kind", source.kind), ("location", _code(source.location))]
    defaults = Source(kind=source.kind, location="")
    for name in Source.__dataclass_fields__:
        value = getattr(source, name)
        if name not in ("kind", "location") and value != getattr(defaults, name):
            shown = ", ".join(map(str, value)) if isinstance(value, tuple) else value
            rows.append((name.replace("_", " "), _code(shown)))
    return rows


def _document(contract: Contract) -> str:
    own, views = contract.document, contract.documents
    if own is None and not views:
        return "None: its rows cannot be in a mix."
    parts = [_one_document(own)] if own is not None else ["Only by its views."]
    parts += [f"View {_code(name)}. {_one_document(view)}" for name, view in sorted(views.items())]
    return "\n\n".join(parts)


_KINDS = {
    "text": "A text",
    "chat": "A conversation",
    "turns": "A conversation a row",
    "events": "A conversation of the rows of a group",
    "pairs": "A preferred and a rejected answer",
    "image": "A picture and its caption",
}


def _one_document(document: Document) -> str:
    lines = [f"{_KINDS[document.kind]} of profile {document.profile}, language {document.language}."]
    if document.kind == "chat":
        order = f", ordered by `{document.order}`" if document.order else ", in the source's order"
        lines.append(f"Rows of one `{document.group}` are one conversation{order}; `{document.role}` says who speaks.")
    elif document.group:
        order = f", ordered by `{document.order}`" if document.order else ", in the source's order"
        lines.append(f"Rows of one `{document.group}` belong together{order}.")
    if document.roles:
        lines.append("Roles: " + ", ".join(f"{_text(k)} is {v}" for k, v in sorted(document.roles.items())) + ".")
    if document.image:
        lines.append(f"The picture is in `{document.image}`.")
    if document.tools:
        lines.append("Tools: " + ", ".join(_code(tool.name) for tool in document.tools) + ".")
    lines += [_turn(turn) for turn in (*document.prompt, *document.turns)]
    pairing = document.pairing
    if pairing is not None:
        said = (pairing.answer,) if pairing.answer else (pairing.better, pairing.worse)
        lines.append("Answers: " + " and ".join(_code(one) for one in said) + ".")
    body = "\n".join(f"    {line}" for line in document.text.split("\n")) if document.text else ""
    return "\n".join(lines) + (f"\n\n{body}" if body else "")


def _turn(turn: Turn) -> str:
    """One turn as an item of a list: who, by which rows, and what."""
    said = [template for some in turn.wordings.values() for template in some]
    said += [f"{name}: {template}" for name, template in turn.json]
    said += [f"{call.name}({call.text or ', '.join(name for name, _ in call.arguments)})" for call in turn.calls]
    of = "" if turn.of == "first" else f" ({turn.of})"
    return f"- {turn.role}{of}: " + ", ".join(_code(one.replace("\n", " ↵ ")) for one in said)


def _quality(contract: Contract) -> str:
    rows = [("whole data set", *_rule(rule)) for rule in contract.quality]
    for field in contract.fields:
        rows += [(_code(field.name), *_rule(rule)) for rule in field.quality]
    if not rows:
        return "Types, required fields and keys alone; the contract adds no rule."
    return _table(("of", "rule", "limits", "least share", "when broken"), rows)


def _rule(rule: QualityRule) -> tuple[str, ...]:
    limits = ", ".join(f"{name} {value}" for name, value in sorted(rule.arguments.items()))
    return rule.name or rule.metric, limits, f"{rule.mostly:.12g}", rule.severity


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *[[_cell(value) for value in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: str) -> str:
    """Text that cannot leave its cell: bars and line breaks are escaped, and so is HTML outside code."""
    escaped = value if value.startswith("`") or value.startswith("[`") else _text(value)
    return " ".join(escaped.split()).replace("|", "\\|")


def _code(value: object) -> str:
    """A code span, which shows its text as it is; line breaks and tabs show as escapes."""
    said = str(value).encode("unicode_escape").decode("ascii") if not str(value).isprintable() else str(value)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", said)), default=0))
    pad = " " if said.startswith("`") or said.endswith("`") else ""
    return f"{fence}{pad}{said}{pad}{fence}"


def _text(value: str) -> str:
    return " ".join(str(value).replace("&", "&amp;").replace("<", "&lt;").split())
