"""Check data against a JSON Schema (draft 2019-09) and say what is wrong as a person would.

The checks are `jsonschema`'s; this module turns its errors into `Problem`s: it names the unknown key and the nearest
known one, follows the one branch of an ``anyOf`` that fits, and leaves out errors that only follow from others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.names import UNDECIDED, did_you_mean
from schemas.yaml_lines import Place, YamlFile

if TYPE_CHECKING:
    from jsonschema import Draft201909Validator
    from jsonschema.exceptions import ValidationError

KeyHint = Callable[[Place, str], str]
"""A hint for an unknown key at a place, empty for none."""

_WORDS = {
    "string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
    "object": "keys and values", "array": "a list", "null": "empty",
}  # fmt: skip


@lru_cache(maxsize=8)
def own_schema(name: str) -> Mapping[str, Any]:
    """One of this package's JSON Schemas, by file name."""
    return json.loads((resources.files("schemas") / name).read_text("utf-8"))


@lru_cache(maxsize=1)
def odcs_schema() -> Mapping[str, Any]:
    """The JSON Schema of ODCS v3.2.0 (it takes v3.1.0 too) as its own package ships it.

    Two places that the standard leaves open are closed here, so that a misspelt key cannot pass: the keys of
    ``description`` and the ``logicalTypeOptions`` of booleans. The package is found, not imported: its models cost
    half a second and are not used.
    """
    spec = find_spec("open_data_contract_standard")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("open_data_contract_standard is not installed: pip install 'clearinghouse[pipeline]'")
    schema = json.loads((Path(spec.submodule_search_locations[0]) / "schema.json").read_text("utf-8"))
    schema["properties"]["description"]["additionalProperties"] = False
    schema["$defs"]["SchemaBaseProperty"]["allOf"].append(
        {
            "if": {"properties": {"logicalType": {"const": "boolean"}}, "required": ["logicalType"]},
            "then": {"properties": {"logicalTypeOptions": {"type": "object", "maxProperties": 0}}},
        }
    )
    return schema


def check_shape(
    found: YamlFile,
    data: Any,
    schema: Mapping[str, Any],
    *,
    root: Mapping[str, Any] | None = None,
    at: Callable[[Place], Place] = lambda place: place,
    key_hint: KeyHint | None = None,
    label: Callable[[Place], str] | None = None,
) -> None:
    """Report into ``found`` every way in which ``data`` does not fit ``schema``.

    ``root`` holds the ``$defs`` that ``schema`` refers to (``schema`` itself by default). ``at`` maps a place in
    ``data`` to the place in the file, and ``label`` gives a name that goes before the message.
    """
    from jsonschema import Draft201909Validator

    root = root if root is not None else schema
    whole = schema if root is schema else {"$defs": root.get("$defs", {}), **schema}
    teller = _Teller(found, Draft201909Validator(whole), whole, at, key_hint, label)
    teller.tell(Draft201909Validator(whole).iter_errors(data))


class _Teller:
    def __init__(
        self,
        found: YamlFile,
        validator: Draft201909Validator,
        root: Mapping[str, Any],
        at: Callable[[Place], Place],
        key_hint: KeyHint | None,
        label: Callable[[Place], str] | None,
    ) -> None:
        self.found, self.validator, self.root = found, validator, root
        self.at, self.key_hint, self.label = at, key_hint, label

    def tell(self, errors: Iterable[ValidationError]) -> None:
        follow_ups = []
        before = len(self.found.problems)
        for error in errors:
            if error.validator in ("unevaluatedProperties", "additionalProperties"):
                if not self._unknown(error):
                    follow_ups.append(error)
            else:
                self._one(error)
        # A known key is called unevaluated because of a fault beside it; alone, it would be a fault itself.
        if follow_ups and len(self.found.problems) == before:
            for error in follow_ups:
                self._report(error, "has a key that does not belong here")

    def _report(self, error: ValidationError, message: str, hint: str = "") -> None:
        place = tuple(error.absolute_path)
        name = self.label(place) if self.label else ""
        self.found.report(self.at(place), f"{name} {message}".strip(), hint)

    def _unknown(self, error: ValidationError) -> bool:
        if not isinstance(error.instance, dict):
            return False
        known = known_keys(self.validator, self.root, error.schema, error.instance)
        place = tuple(error.absolute_path)
        unknown = [key for key in error.instance if key not in known]
        for key in unknown:
            hint = (self.key_hint(place, key) if self.key_hint else "") or did_you_mean(key, known)
            self.found.report(self.at((*place, key)), f"the key {key!r} is not known here", hint)
        return bool(unknown)

    def _one(self, error: ValidationError) -> None:
        value, wanted = error.instance, error.validator_value
        if isinstance(value, str) and value.upper().startswith(UNDECIDED) and error.validator in ("enum", "pattern"):
            options = wanted if error.validator == "enum" and len(wanted) <= 30 else ()
            hint = f"one of: {', '.join(map(str, options))}" if options else _described(error.schema, "")
            self._report(error, "is not decided yet", hint)
        elif error.validator == "required":
            missing = re.match(r"'(.*)' is a required property", error.message)
            name = missing[1] if missing else ", ".join(wanted)
            self._report(error, f"{name!r} is missing", _described(error.schema, name))
        elif error.validator == "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            said = " or ".join(_WORDS.get(kind, kind) for kind in kinds)
            hint = "quote it" if "string" in kinds and isinstance(value, (int, float, bool)) else ""
            self._report(error, f"must be {said}, not {_kind(value)}", hint)
        elif error.validator in ("enum", "const"):
            options = [wanted] if error.validator == "const" else wanted
            said = f"{value!r} is not known here" if isinstance(value, str) else f"{_kind(value)} is not allowed here"
            hint = did_you_mean(value, options, what="one of") or _described(error.schema, "")
            self._report(error, said, hint)
        elif error.validator in ("oneOf", "anyOf"):
            self._branches(error)
        elif error.validator == "pattern":
            self._report(
                error, f"{value!r} is not of the right form", _described(error.schema, "") or f"pattern: {wanted}"
            )
        elif error.validator in ("minItems", "minLength", "minProperties"):
            self._report(error, "is empty" if wanted == 1 else f"needs at least {wanted}", _described(error.schema, ""))
        elif error.validator in ("maxItems", "maxProperties"):
            self._report(error, f"has {len(value)} where {wanted} is the most", _described(error.schema, ""))
        elif error.validator == "uniqueItems":
            self._report(error, "holds the same value twice", "keep one of them")
        elif error.validator in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"):
            side = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most"}
            self._report(error, f"{value} must be {side.get(str(error.validator), 'less than')} {wanted}")
        elif error.validator == "not" and isinstance(wanted, dict) and "required" in wanted:
            self._report(error, f"must not have {' and '.join(map(repr, wanted['required']))} here")
        else:
            self._report(error, "is not of the form that the standard asks for", f"rule: {error.validator}")

    def _branches(self, error: ValidationError) -> None:
        branches: dict[int, list[ValidationError]] = {}
        for inner in error.context or ():
            branches.setdefault(int(inner.schema_path[0]), []).append(inner)
        if not branches:  # more than one branch of a oneOf fits
            keys = _alternatives(error.validator_value)
            both = [key for key in keys if isinstance(error.instance, dict) and key in error.instance]
            self._report(error, f"has {' and '.join(both) or 'several forms at once'}, of which only one can hold")
            return
        fitting = [
            errors for errors in branches.values() if not any(e.validator == "type" and not e.path for e in errors)
        ]
        if len(fitting) == 1:
            self.tell(fitting[0])
            return
        keys = _alternatives(error.validator_value)
        if keys:
            present = [errors for key, errors in zip(keys, branches.values(), strict=False) if key in error.instance]
            if len(present) == 1:
                self.tell(present[0])
            else:
                self._report(error, f"needs exactly one of {', '.join(keys)}")
            return
        kinds = [
            str(b["type"]) for b in error.validator_value if isinstance(b, dict) and isinstance(b.get("type"), str)
        ]
        if not fitting and len(kinds) == len(error.validator_value):
            self._report(error, f"must be {' or '.join(_WORDS[k] for k in kinds)}, not {_kind(error.instance)}")
            return
        self.tell(sorted(branches.values(), key=_count)[0])


def known_keys(
    validator: Draft201909Validator, root: Mapping[str, Any], schema: Any, instance: Mapping[str, Any]
) -> set[str]:
    """The keys that a schema knows for an object, through ``$ref``, ``allOf``, ``if``/``then`` and alternatives."""
    known: set[str] = set()
    if not isinstance(schema, dict):
        return known
    known.update(schema.get("properties", ()))
    if "$ref" in schema:
        target: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        known |= known_keys(validator, root, target, instance)
    for word in ("allOf", "anyOf", "oneOf"):
        for branch in schema.get(word, ()):
            known |= known_keys(validator, root, branch, instance)
    if "if" in schema:
        holds = validator.evolve(schema=schema["if"]).is_valid(instance)
        known |= known_keys(validator, root, schema.get("then" if holds else "else", {}), instance)
    return known


def _count(errors: list[ValidationError]) -> int:
    return len(errors)


def _alternatives(branches: Any) -> list[str]:
    """The one required key of each branch, where every branch is just that."""
    keys = [b["required"][0] for b in branches if isinstance(b, dict) and len(b.get("required", ())) == 1]
    return keys if len(keys) == len(branches) else []


def _described(schema: Any, name: str) -> str:
    """Our own schemas describe what belongs where; a description that starts with ``hint:`` is shown to people."""
    part = schema.get("properties", {}).get(name, {}) if name and isinstance(schema, dict) else schema
    said = part.get("description", "") if isinstance(part, dict) else ""
    return said.removeprefix("hint: ") if said.startswith("hint: ") else ""


def _kind(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    for type_, word in ((str, "text"), (int, "a whole number"), (float, "a number"), (list, "a list")):
        if isinstance(value, type_):
            return word
    return "keys and values"
