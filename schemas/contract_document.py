"""The document part of a contract: how scrubbed rows become text, conversations, pairs or pictures with captions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from schemas.contract import Contract, Document, Field
from schemas.contract_turns import (
    Reading,
    build_pairing,
    build_tools,
    build_turns,
    fields_of,
    template_fields,
)
from schemas.contract_turns import fields_said as turn_fields_said
from schemas.document_parts import Tool
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

#: Which keys a kind takes beside ``kind``, ``language``, ``profile`` and ``markup``.
_KEYS: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "chat": ("text", "group", "order", "role", "roles", "most"),
    "turns": ("turns", "tools"),
    "events": ("turns", "tools", "group", "order", "most"),
    "pairs": ("prompt", "group", "order", "answer", "chosen", "rejected", "swap", "when", "most"),
    "image": ("text", "image"),
}
_NEEDED: dict[str, dict[str, str]] = {
    "text": {"text": "a template over field names"},
    "chat": {"text": "a template over field names"},
    "turns": {"turns": "who says what, as a list of templates"},
    "events": {
        "turns": "who says what, as a list of templates",
        "group": "the field whose rows are one conversation",
    },
    "pairs": {"prompt": "what is answered, as a list of turns"},
    "image": {"text": "a template of the caption", "image": "the field that holds the picture or its URI"},
}
_PROFILES = {"chat": "chat", "turns": "chat", "events": "chat", "pairs": "chat", "image": "caption"}

KINDS_OF: dict[str, tuple[str, ...]] = {
    "text": ("text", "chat", "turns", "events", "image"),
    "messages": ("chat", "turns", "events"),
    "preference": ("pairs",),
    "image-text": ("image",),
}
"""Which kinds of documents a mix of each format takes."""

_MOST = {"chat": 10_000, "events": 10_000, "pairs": 1_000_000}
"""Rows of a group from which on it is left out, where the contract does not say."""


def build_documents(
    found: YamlFile,
    document: Any,
    views: Any,
    tools: Any,
    places: Mapping[str, Place],
    fields: Sequence[Field],
    plans: Mapping[str, FieldPlan],
) -> tuple[Document | None, dict[str, Document]]:
    """The contract's own document and its views by name, from the custom properties ``document``, ``documents`` and
    ``tools`` that stand at ``places``; ``plans`` say which fields survive redaction. Faults are reported."""
    place, views_place, tools_place = ((*places.get(name, ()), "value") for name in ("document", "documents", "tools"))
    known = build_tools(found, tools, tools_place)
    own = build_document(found, document, place, fields, plans, tools=known) if document is not None else None
    others = {}
    for name, raw in as_mapping(views).items():
        here = (*views_place, name)
        if not _VIEW.fullmatch(str(name)):
            found.report(here, f"{name!r} cannot name a view", "lower-case letters, digits, _ and -")
        made = build_document(found, raw, here, fields, plans, tools=known, view=str(name))
        if made is not None:
            others[str(name)] = made
    return own, others


def build_document(
    found: YamlFile,
    raw: Any,
    place: Place,
    fields: Sequence[Field],
    plans: Mapping[str, FieldPlan],
    *,
    tools: Sequence[Tool] = (),
    view: str = "",
) -> Document | None:
    """The `Document`; ``plans`` say which fields survive redaction, ``tools`` are the contract's. Faults are
    reported."""
    kind: Any = as_text(as_mapping(raw).get("kind"))
    if not isinstance(raw, dict) or kind not in _KEYS:
        return None
    reading = Reading(found, fields, plans)
    _keys(found, raw, kind, place)
    template = as_text(raw.get("text"))
    if template and "text" in _KEYS[kind]:
        reading.template(template, (*place, "text"))
    language = as_text(raw.get("language")) or "auto"
    _language(reading, language, (*place, "language"))
    if kind == "chat":
        _chat(reading, raw, place)
    else:
        _grouped(reading, raw, kind, place)
    tools = build_tools(found, raw.get("tools"), (*place, "tools"), tools)
    turns = build_turns(
        reading, raw.get("turns"), (*place, "turns"), group=kind == "events", language=language, tools=tools
    )
    prompt = build_turns(reading, raw.get("prompt"), (*place, "prompt"), group=False, language=language, prompt=True)
    if kind == "image" and as_text(raw.get("image")):
        _picture(reading, raw["image"], (*place, "image"))
    profile = as_text(raw.get("profile")) or _PROFILES.get(kind, "article")
    markup: Any = as_text(raw.get("markup")) or MARKUP.get(profile, "none")
    most = raw.get("most", _MOST.get(kind) if kind != "pairs" or "group" in raw else None)
    return Document(
        kind=kind,
        text=template,
        group=as_text(raw.get("group")) or None,
        order=as_text(raw.get("order")) or None,
        role=as_text(raw.get("role")) or None,
        roles={str(key): str(value) for key, value in as_mapping(raw.get("roles")).items()},
        language=language,
        profile=profile,
        markup=markup,
        view=view,
        turns=turns,
        tools=tools,
        prompt=prompt,
        pairing=build_pairing(reading, raw, place) if kind == "pairs" else None,
        image=as_text(raw.get("image")) or None,
        most=most if isinstance(most, int) else None,
    )


def fields_said(document: Document) -> frozenset[str]:
    """The fields whose values a document says, the picture among them; not those it only groups or chooses by."""
    names = {document.image} if document.image else set()
    templates = [document.text]
    if document.pairing is not None:
        templates += [document.pairing.answer, document.pairing.better, document.pairing.worse]
    for template in templates:
        names.update(template_fields(template))
    for turn in (*document.turns, *document.prompt):
        names.update(turn_fields_said(turn))
    return frozenset(names)


def fields_needed(document: Document) -> frozenset[str]:
    """Every field that a document is made of, or grouped, ordered or chosen by."""
    names = set(fields_said(document)) | set(fields_of((*document.turns, *document.prompt)))
    names.update(name for name in (document.group, document.order, document.role) if name)
    if document.language.startswith("field:"):
        names.add(document.language.removeprefix("field:"))
    pairing = document.pairing
    if pairing is not None:
        for condition in (*pairing.chosen, *pairing.rejected, *pairing.swap, *pairing.when):
            names.add(condition.field)
    return frozenset(names)


def documents_of(contract: Contract) -> tuple[Document, ...]:
    """A contract's own document and those of its views."""
    own = (contract.document,) if contract.document is not None else ()
    return (*own, *contract.documents.values())


def leading(contract: Contract) -> Document | None:
    """The document that says how fields are read when they are scrubbed, their mark-up and language: the contract's own,
    else that of its first view."""
    return next(iter(documents_of(contract)), None)


def talk_of(contract: Contract) -> str | None:
    """The field whose rows are one conversation, in which what one row declares is looked for in all; that of the
    contract's own document."""
    document = contract.document
    return document.group if document is not None and document.kind in ("chat", "events") else None


def beyond_own(contract: Contract) -> list[str]:
    """Fields that views say beyond what the contract's own document says, sorted: these are brought to normal form too."""
    own = fields_said(contract.document) if contract.document is not None else frozenset()
    return sorted(frozenset[str]().union(*map(fields_said, contract.documents.values())) - own)


def images_of(contract: Contract) -> frozenset[str]:
    """The fields that hold pictures, or say where they are."""
    return frozenset(one.image for one in documents_of(contract) if one.image)


def misfit(contract: Contract, view: str, mix_format: str) -> tuple[str, str] | None:
    """Why a mix of a format cannot take a view of a contract (the empty name: its own document), and what mends it."""
    if view and view not in contract.documents:
        hint = did_you_mean(view, contract.documents, what="views") or f"name it under documents in {contract.file}"
        return f"the contract of {contract.key} has no view {view!r}", hint
    document = contract.seen(view).document
    if document is None:
        return (
            f"the contract of {contract.key} has no document, so its rows cannot become text",
            f"add the custom property document to {contract.file}",
        )
    if document.kind in KINDS_OF[mix_format]:
        return None
    others = [name for name, one in contract.documents.items() if one.kind in KINDS_OF[mix_format]]
    said = f"the documents of {contract.key} are of kind {document.kind}, which format {mix_format!r} does not take"
    if document.kind == "text":
        said = f"the documents of {contract.key} are text, which has no speakers to make {mix_format} of"
    kinds = ", ".join(KINDS_OF[mix_format])
    hint = f"view: {others[0]}" if others else f"another format, or a data set whose document is of kind {kinds}"
    return said, hint


def plain_document(body: dict[str, Any]) -> dict[str, Any]:
    """A document as values without what it leaves out, so that a digest outlives new keys."""
    return {
        name: value
        for name, value in body.items()
        if name not in _NEWER or (value and (name != "most" or value != _MOST.get(body["kind"])))
    }


_NEWER = ("view", "turns", "tools", "prompt", "pairing", "image", "most")
_VIEW = re.compile(r"[a-z][a-z0-9_-]{0,63}")


def _keys(found: YamlFile, raw: Mapping[str, Any], kind: str, place: Place) -> None:
    every = {key for keys in _KEYS.values() for key in keys}
    for name in raw:
        if name in every and name not in _KEYS[kind]:
            of = [other for other, keys in _KEYS.items() if name in keys]
            what = "chats" if of == ["chat"] else f"kind {', '.join(of)}"
            found.report(
                (*place, name),
                f"{name!r} is for {what}, and this document is of kind {kind}",
                f"remove it, or say kind: {of[0]}",
            )
    for name, what in _NEEDED[kind].items():
        if name not in raw:
            found.report(place, f"{name!r} is missing: {what}", f"a document of kind {kind} needs it")


def _picture(reading: Reading, name: str, place: Place) -> None:
    """The field of a picture holds it and is kept, or says where it is and is scanned: ids of people stand in paths."""
    field = next((one for one in reading.fields if one.name == name), None)
    if field is not None and field.type != "string":
        reading.found.report(place, f"{name!r} is of type {field.type} and holds no picture", "logicalType: string")
    inside = field is not None and field.options.get("format") in ("byte", "binary")
    if not reading.survives(name, place, "'image'") or name not in reading.plans:
        return
    action = reading.plans[name].action
    if inside and action != "keep":
        reading.found.report(
            place, f"{name!r} holds pictures in base64, of which {action!r} leaves none", "classification: none"
        )
    elif not inside and action != "scan":
        reading.found.report(
            place,
            f"{name!r} says where pictures are, and nothing looks for personal data in it",
            "classification: text.free; or, where it holds pictures in base64, logicalTypeOptions: {format: byte}",
        )


def _grouped(reading: Reading, raw: Mapping[str, Any], kind: str, place: Place) -> None:
    allowed: dict[str, tuple[str, ...]] = {"group": ("keep", "pseudonym"), "order": ("keep",)}
    for key, actions in allowed.items():
        if as_text(raw.get(key)) and key in _KEYS[kind]:
            reading.kept(raw[key], (*place, key), f"{key!r}", actions)


def _chat(reading: Reading, raw: Mapping[str, Any], place: Place) -> None:
    found = reading.found
    for key, why in (("group", "whose rows are one conversation"), ("role", "who speaks")):
        if not as_text(raw.get(key)):
            found.report(place, f"a chat needs {key!r}: the field that says {why}")
    allowed: dict[str, tuple[str, ...]] = {"group": ("keep", "pseudonym"), "order": ("keep",), "role": ("keep",)}
    for key, actions in allowed.items():
        name = as_text(raw.get(key))
        if name:
            reading.kept(name, (*place, key), f"{key!r}", actions)
    role = next((field for field in reading.fields if field.name == raw.get("role")), None)
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


def _language(reading: Reading, language: str, place: Place) -> None:
    if language == "auto" or LANGUAGE.fullmatch(language):
        return
    if language.startswith("field:"):
        reading.survives(language.removeprefix("field:"), place, "the language")
        return
    reading.found.report(
        place, f"{language!r} is not a language", "auto, field:<name>, or a BCP 47 tag such as zh or pt-BR"
    )
