"""The document part of a contract: how scrubbed rows become text or conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any, Literal

from schemas.contract import Document, Field
from schemas.names import LANGUAGE, did_you_mean
from schemas.plans import FieldPlan
from schemas.raw import as_mapping, as_text
from schemas.yaml_lines import Place, YamlFile

MARKUP: dict[str, Literal["html", "subtitle", "chat"]] = {
    "chat": "chat",
    "comment": "html",
    "product": "html",
    "review": "html",
    "subtitle": "subtitle",
    "transcript": "subtitle",
}
"""The mark-up that a profile's text has where its contract does not say; every other has none."""
SPEAKERS = ("user", "assistant", "system", "tool")
_CHAT_ONLY = ("group", "order", "role", "roles")


def build_document(
    found: YamlFile, raw: Any, place: Place, fields: Sequence[Field], plans: Mapping[str, FieldPlan]
) -> Document | None:
    """The `Document`; ``plans`` say which fields survive redaction. Faults are reported."""
    if not isinstance(raw, dict):
        return None
    names = [field.name for field in fields]
    template = as_text(raw.get("text"))
    if template:
        _template(found, template, (*place, "text"), names, plans)
    kind = as_text(raw.get("kind"))
    if kind == "text":
        for name in _CHAT_ONLY:
            if name in raw:
                found.report(
                    (*place, name),
                    f"{name!r} is for chats, and this document is of kind text",
                    "remove it, or say kind: chat",
                )
    elif kind == "chat":
        _chat(found, raw, place, fields, plans)
    language = as_text(raw.get("language")) or "auto"
    _language(found, language, (*place, "language"), names, plans)
    if kind not in ("text", "chat"):
        return None
    profile = as_text(raw.get("profile")) or ("chat" if kind == "chat" else "article")
    markup: Any = as_text(raw.get("markup")) or MARKUP.get(profile, "none")
    return Document(
        kind="chat" if kind == "chat" else "text",
        text=template,
        group=as_text(raw.get("group")) or None,
        order=as_text(raw.get("order")) or None,
        role=as_text(raw.get("role")) or None,
        roles={str(key): str(value) for key, value in as_mapping(raw.get("roles")).items()},
        language=language,
        profile=profile,
        markup=markup,
    )


def template_fields(template: str) -> list[str]:
    """The names in a template, in order. Raises ValueError for a brace that is left open, a format or an attribute."""
    out = []
    for _, name, spec, conversion in Formatter().parse(template):
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ValueError(f"{{{name}}} is not a plain field name")
        out.append(name)
    return out


def _template(
    found: YamlFile, template: str, place: Place, names: Sequence[str], plans: Mapping[str, FieldPlan]
) -> None:
    try:
        used = template_fields(template)
    except ValueError as error:
        found.report(place, f"is not a template: {error}", "names of fields in braces; a brace itself is written twice")
        return
    if not used:
        found.report(place, "names no field", "write a field's name in braces, such as {body}")
    for name in used:
        _survives(found, name, place, names, plans, "the template")


def _survives(
    found: YamlFile, name: str, place: Place, names: Sequence[str], plans: Mapping[str, FieldPlan], who: str
) -> bool:
    if name not in names:
        found.report(place, f"{who} names {name!r}, which is not a field", did_you_mean(name, names, what="fields"))
        return False
    if name in plans and plans[name].action == "drop":
        found.report(place, f"{who} names {name!r}, which is dropped by redaction", "leave it out")
        return False
    return True


def _chat(
    found: YamlFile, raw: Mapping[str, Any], place: Place, fields: Sequence[Field], plans: Mapping[str, FieldPlan]
) -> None:
    names = [field.name for field in fields]
    for key, why in (("group", "whose rows are one conversation"), ("role", "who speaks")):
        if not as_text(raw.get(key)):
            found.report(place, f"a chat needs {key!r}: the field that says {why}")
    allowed: dict[str, tuple[str, ...]] = {"group": ("keep", "pseudonym"), "order": ("keep",), "role": ("keep",)}
    for key, actions in allowed.items():
        name = as_text(raw.get(key))
        if not name or not _survives(found, name, (*place, key), names, plans, f"{key!r}"):
            continue
        plan = plans.get(name)
        if plan is not None and plan.action not in actions:
            found.report(
                (*place, key),
                f"the field {name!r} has the action {plan.action!r}, after which it no longer tells rows apart",
                f"{key} needs a field whose action is {' or '.join(actions)}",
            )
    role = next((field for field in fields if field.name == raw.get("role")), None)
    if role is None:
        return
    roles = as_mapping(raw.get("roles"))
    for value in role.enum:
        if str(value) not in (roles or SPEAKERS):
            found.report(
                (*place, "roles" if roles else "role"),
                f"the role value {value!r} has no speaker",
                f"map it in roles to one of {', '.join(SPEAKERS)}",
            )
    if role.enum:
        for key in roles:
            if key not in map(str, role.enum):
                found.report(
                    (*place, "roles", key),
                    f"{key!r} is not among the values of {role.name!r}",
                    did_you_mean(key, map(str, role.enum)),
                )


def _language(
    found: YamlFile, language: str, place: Place, names: Sequence[str], plans: Mapping[str, FieldPlan]
) -> None:
    if language == "auto" or LANGUAGE.fullmatch(language):
        return
    if language.startswith("field:"):
        _survives(found, language.removeprefix("field:"), place, names, plans, "the language")
        return
    found.report(place, f"{language!r} is not a language", "auto, field:<name>, or a BCP 47 tag such as zh or pt-BR")
