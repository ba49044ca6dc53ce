"""Turns, tools, conditions and pairs of a document, from YAML: what they name must be there and survive redaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from string import Formatter
from typing import Any

from schemas.canonical import canonical_json
from schemas.contract import Field
from schemas.document_parts import ANY_LANGUAGE, Call, Pairing, Requirement, Tool, Turn
from schemas.names import LANGUAGE, did_you_mean
from schemas.plans import FieldPlan
from schemas.raw import as_items, as_mapping, as_text, is_number
from schemas.yaml_lines import Place, YamlFile

_UNCHECKED = 10
"""Optional turns from which on their order is not tried in every way: their number of ways doubles with each."""


@dataclass(frozen=True)
class Reading:
    """A contract file being read, with its fields and what redaction does to them."""

    found: YamlFile
    fields: Sequence[Field]
    plans: Mapping[str, FieldPlan]

    @property
    def names(self) -> list[str]:
        return [field.name for field in self.fields]

    def template(self, template: str, place: Place, *, bare: bool = False) -> None:
        """Report what is wrong with a template; one without fields is a fault unless ``bare``."""
        try:
            used = template_fields(template)
        except ValueError as error:
            self.found.report(
                place, f"is not a template: {error}", "names of fields in braces; a brace itself is written twice"
            )
            return
        if not used and not bare:
            self.found.report(place, "names no field", "write a field's name in braces, such as {body}")
        for name in used:
            self.survives(name, place, "the template")

    def survives(self, name: str, place: Place, who: str) -> bool:
        """Whether a field is there and left by redaction; reported where not."""
        if name not in self.names:
            self.found.report(
                place, f"{who} names {name!r}, which is not a field", did_you_mean(name, self.names, what="fields")
            )
            return False
        if name in self.plans and self.plans[name].action == "drop":
            self.found.report(place, f"{who} names {name!r}, which is dropped by redaction", "leave it out")
            return False
        return True

    def kept(self, name: str, place: Place, who: str, actions: tuple[str, ...] = ("keep",)) -> None:
        """Report a field that no longer tells rows apart after its action."""
        if not self.survives(name, place, who):
            return
        plan = self.plans.get(name)
        if plan is not None and plan.action not in actions:
            self.found.report(
                place,
                f"the field {name!r} has the action {plan.action!r}, after which it no longer tells rows apart",
                f"{who.strip(chr(39))} needs a field whose action is {' or '.join(actions)}",
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


def build_turns(
    reading: Reading,
    raw: Any,
    place: Place,
    *,
    group: bool,
    language: str,
    tools: Sequence[Tool] = (),
    prompt: bool = False,
) -> tuple[Turn, ...]:
    """Turns; ``group`` tells whether rows of a group say them or one row does, ``prompt`` whether an answer follows.
    Faults are reported."""
    turns = []
    for number, item in enumerate(as_items(raw)):
        if isinstance(item, dict):
            turns.append(_turn(reading, item, (*place, number), group, language, tools))
    if turns and not reading.found.problems:
        fault = order_fault(turns, prompt=prompt)
        if fault:
            reading.found.report(place, f"the roles are out of order: {fault}", "system, then user, then assistant …")
    return tuple(turns)


def _turn(
    reading: Reading, raw: Mapping[str, Any], place: Place, group: bool, language: str, tools: Sequence[Tool]
) -> Turn:
    found = reading.found
    role: Any = as_text(raw.get("role"))
    said = [name for name in ("text", "json") if name in raw]
    if len(said) > 1:
        found.report((*place, "json"), "a turn has either `text` or `json`", "remove one")
    if not said and "calls" not in raw:
        found.report(place, "a turn that says nothing", "give it `text`, `json` or `calls`")
    if "calls" in raw and role != "assistant":
        found.report((*place, "calls"), f"a turn of {role!r} calls no tools", "role: assistant")
    if raw.get("train") is True and role != "assistant":
        found.report((*place, "train"), f"a turn of {role!r} is not learnt", "only an assistant's turns are")
    if not group:
        for name in ("of", "join"):
            if name in raw:
                found.report((*place, name), f"{name!r} is for groups of rows, and one row says this", "remove it")
    wordings = _wordings(reading, raw.get("text"), (*place, "text"), language)
    values = {str(key): as_text(value) for key, value in as_mapping(raw.get("json")).items()}
    for key, template in values.items():
        reading.template(template, (*place, "json", key), bare=True)
    calls = tuple(
        _call(reading, call, (*place, "calls", number), tools)
        for number, call in enumerate(as_items(raw.get("calls")))
        if isinstance(call, dict)
    )
    of: Any = as_text(raw.get("of")) or "first"
    if calls and of == "all":
        found.report((*place, "of"), "a call is made by one row, not by all together", "of: first, last or each")
    return Turn(
        role=role,
        wordings=wordings,
        json=tuple(values.items()),
        calls=calls,
        of=of,
        when=conditions(reading, raw.get("when"), (*place, "when")),
        join=raw["join"] if isinstance(raw.get("join"), str) else "\n",
        optional=raw.get("optional") is True,
        train=raw["train"] if isinstance(raw.get("train"), bool) else role == "assistant",
    )


def _wordings(reading: Reading, raw: Any, place: Place, language: str) -> dict[str, tuple[str, ...]]:
    if raw is None:
        return {}
    by_language = raw if isinstance(raw, dict) else {ANY_LANGUAGE: raw}
    if isinstance(raw, dict) and language == "auto":
        reading.found.report(
            place, "wordings by language need to know the rows' language", "language: field:<name>, or a BCP 47 tag"
        )
    found = {}
    for tag, item in by_language.items():
        here = (*place, tag) if isinstance(raw, dict) else place
        if tag != ANY_LANGUAGE and not LANGUAGE.fullmatch(str(tag)):
            reading.found.report(here, f"{tag!r} is not a language", f"a BCP 47 tag, or {ANY_LANGUAGE!r} for the rest")
        some = [item] if isinstance(item, str) else [as_text(one) for one in as_items(item)]
        for number, template in enumerate(some):
            reading.template(template, here if isinstance(item, str) else (*here, number), bare=True)
        found[str(tag)] = tuple(some)
    return found


def _call(reading: Reading, raw: Mapping[str, Any], place: Place, tools: Sequence[Tool]) -> Call:
    name, arguments = as_text(raw.get("name")), raw.get("arguments")
    reading.template(name, (*place, "name"), bare=True)
    by_name = {str(key): as_text(value) for key, value in as_mapping(arguments).items()}
    for key, template in by_name.items():
        reading.template(template, (*place, "arguments", key), bare=True)
    if isinstance(arguments, str):
        reading.template(arguments, (*place, "arguments"))
    if "{" not in name:
        _against_tool(reading.found, name, None if isinstance(arguments, str) else by_name, place, tools)
    return Call(name, tuple(by_name.items()), as_text(arguments))


def _against_tool(
    found: YamlFile, name: str, arguments: Mapping[str, str] | None, place: Place, tools: Sequence[Tool]
) -> None:
    import json

    known = {tool.name: tool for tool in tools}
    if name not in known:
        found.report(
            (*place, "name"),
            f"{name!r} is not declared among the tools",
            did_you_mean(name, known, what="tools") or "declare it under tools",
        )
        return
    schema = json.loads(known[name].parameters)
    there = as_mapping(schema.get("properties"))
    if arguments is None:
        return
    for key in arguments:
        if key not in there:
            found.report((*place, "arguments", key), f"{key!r} is not a parameter of {name}", did_you_mean(key, there))
    for key in as_items(schema.get("required")):
        if key not in arguments:
            found.report(place, f"{name} needs the argument {key!r}", "give it a template")


def build_tools(found: YamlFile, raw: Any, place: Place, known: Sequence[Tool] = ()) -> tuple[Tool, ...]:
    """Tools, each with its JSON Schema; a name alone is one of those ``known``. Faults are reported."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    tools: dict[str, Tool] = {}
    by_name = {tool.name: tool for tool in known}
    for number, item in enumerate(as_items(raw)):
        body, here = as_mapping(item), (*place, number)
        name = item if isinstance(item, str) else as_text(body.get("name"))
        if name in tools:
            found.report(here, f"the tool {name!r} is there twice", "keep one of them")
        elif isinstance(item, str):
            if name in by_name:
                tools[name] = by_name[name]
            else:
                hint = did_you_mean(name, by_name, what="tools") or "declare it in the custom property tools"
                found.report(here, f"there is no tool {name!r}", hint)
            continue
        schema = body.get("parameters", {"type": "object", "properties": {}})
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            found.report((*here, "parameters"), f"are not a JSON Schema: {error.message}", "see json-schema.org")
            continue
        if not isinstance(schema, dict) or schema.get("type") != "object":
            found.report((*here, "parameters"), "are not those of an object", "{type: object, properties: {…}}")
            continue
        tools[name] = Tool(name, as_text(body.get("description")), canonical_json(schema).decode())
    return tuple(tools.values())


def conditions(reading: Reading, raw: Any, place: Place) -> tuple[Requirement, ...]:
    """Conditions on the fields of a row. Faults are reported."""
    found = []
    for name, item in as_mapping(raw).items():
        here = (*place, name)
        reading.kept(str(name), here, "a condition")
        if isinstance(item, dict):
            low, high = (
                Decimal(repr(item[key])) if is_number(item.get(key)) else None for key in ("atLeast", "atMost")
            )
            field = next((one for one in reading.fields if one.name == name), None)
            if (low is not None or high is not None) and field and field.type not in ("number", "integer"):
                reading.found.report(
                    here, f"{name!r} is of type {field.type} and has no bounds", "list its values in place of them"
                )
            if low is not None and high is not None and low > high:
                reading.found.report(here, f"atLeast {low} is above atMost {high}")
            present = item.get("present")
            found.append(Requirement(str(name), (), low, high, present if isinstance(present, bool) else None))
            continue
        values = item if isinstance(item, list) else [item]
        found.append(Requirement(str(name), tuple(_said(value) for value in values)))
    return tuple(found)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def build_pairing(reading: Reading, raw: Mapping[str, Any], place: Place) -> Pairing:
    """Which answers are preferred to which. Faults are reported."""
    found = reading.found
    chosen, rejected = raw.get("chosen"), raw.get("rejected")
    whole = isinstance(chosen, str) or isinstance(rejected, str)
    for name, value in (("chosen", chosen), ("rejected", rejected)):
        if value is None:
            found.report(place, f"a pair needs {name!r}", "conditions on a row, or a template where a row holds both")
        elif isinstance(value, str) is not whole:
            found.report((*place, name), "chosen and rejected are both templates or both conditions")
    if whole:
        for name in ("chosen", "rejected"):
            reading.template(as_text(raw.get(name)), (*place, name))
        for name in ("answer", "group", "order", "most"):
            if name in raw:
                found.report((*place, name), f"{name!r} is for answers of several rows", "remove it")
    else:
        if "answer" not in raw:
            found.report(place, "pairs of rows need 'answer': what a row answers", "a template such as {body}")
        reading.template(as_text(raw.get("answer")) or "", (*place, "answer"), bare="answer" not in raw)
        if "group" not in raw:
            found.report(place, "pairs of rows need 'group': the field whose rows answer the same")
        if "swap" in raw:
            found.report((*place, "swap"), "is for rows that hold both answers", "remove it")
    return Pairing(
        answer=as_text(raw.get("answer")),
        chosen=() if whole else conditions(reading, chosen, (*place, "chosen")),
        rejected=() if whole else conditions(reading, rejected, (*place, "rejected")),
        better=as_text(chosen),
        worse=as_text(rejected),
        swap=conditions(reading, raw.get("swap"), (*place, "swap")),
        when=conditions(reading, raw.get("when"), (*place, "when")),
    )


def order_fault(turns: Sequence[Turn], *, prompt: bool = False) -> str:
    """Why no conversation of these turns could have its roles in order, empty where one could.

    Optional turns may be there or not. A ``prompt`` ends before the assistant answers.
    """
    optional = [place for place, turn in enumerate(turns) if turn.optional or (turn.of == "each" and turn.when)]
    if len(optional) > _UNCHECKED:
        return ""
    for there in product((True, False), repeat=len(optional)):
        gone = {place for place, stays in zip(optional, there, strict=True) if not stays}
        if not _fault([turn for place, turn in enumerate(turns) if place not in gone], prompt):
            return ""
    return _fault(turns, prompt)


def _fault(turns: Sequence[Turn], prompt: bool) -> str:
    before, open_calls, train = "", 0, False
    for turn in turns:
        if turn.role == "system":
            if before not in ("", "system"):
                return "a system's turn comes after others"
        elif turn.role == "tool":
            if not open_calls:
                return "a tool answers that nobody called"
            open_calls -= 1
        elif open_calls:
            return f"{turn.role} speaks before the tools have answered"
        elif before in ("", "system") and turn.role == "assistant":
            return "assistant speaks first"
        elif turn.role == before and turn.of != "each":
            return f"{turn.role} speaks twice in a row"
        open_calls += len(turn.calls)
        train = train or turn.train
        before = turn.role
    if prompt:
        return "" if before in ("user", "tool") else "a prompt ends with the user's turn, or a tool's"
    return "" if train else "no turn of the assistant's is learnt"


def fields_of(turns: Sequence[Turn]) -> Iterator[str]:
    """The fields that turns name, in templates and conditions; some of them twice."""
    for turn in turns:
        for one in turn.when:
            yield one.field
        yield from fields_said(turn)


def fields_said(turn: Turn) -> Iterator[str]:
    """The fields whose values a turn says."""
    templates = [template for some in turn.wordings.values() for template in some]
    templates += [
        *(template for _, template in turn.json),
        *(call.name for call in turn.calls),
        *(call.text for call in turn.calls),
    ]
    templates += [template for call in turn.calls for _, template in call.arguments]
    for template in templates:
        yield from template_fields(template)
