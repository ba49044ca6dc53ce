"""Policies from YAML: strict, every problem at once. The bundled one is ``schemas/policies/default.policy.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from schemas.actions import option_faults
from schemas.canonical import digest
from schemas.contract import External, Policy, Rule, Sought
from schemas.errors import PolicyError, Problem
from schemas.gate_rules import chosen_profiles, merged, read_gates, source_of
from schemas.names import SEMVER, did_you_mean
from schemas.raw import as_items, as_mapping, as_text
from schemas.shapes import check_shape, own_schema
from schemas.yaml_lines import Place, YamlFile, read_or_bundled

BUNDLED = "policies/default.policy.yaml"


def load_policy(path: Path | str | None = None) -> Policy:
    """The policy in a file, or the bundled one.

    Raises:
        PolicyError: with every problem, each with file, place, line and hint.
    """
    policy, problems = read_policy(path)
    if policy is None or problems:
        raise PolicyError(problems, what=str(path or BUNDLED))
    return policy


def read_policy(path: Path | str | None = None) -> tuple[Policy | None, list[Problem]]:
    """A policy as far as it can be built, and its problems. With problems, what is built must not be used."""
    found = read_or_bundled(path, BUNDLED)
    if found.data is None:
        return None, found.problems
    data = found.data
    check_shape(found, data, own_schema("policy.schema.json"))
    version = data.get("version")
    if isinstance(version, str) and not SEMVER.fullmatch(version):
        found.report(("version",), f"{version!r} is not a semantic version", "such as 1.0.0")
    sources = as_mapping(data.get("sources"))
    categories = as_mapping(data.get("categories"))
    rules = _rules(found, as_items(data.get("rules")), sources)
    gates = read_gates(found, as_items(data.get("gates")), sources)
    sought = _sought(found, data.get("lookFor"), categories, rules, sources)
    _every_category_has_a_rule(found, categories, rules)
    _none_unread(found, data, sources)
    profiles = chosen_profiles(found, data, Path(path).parent if path is not None else Path())
    try:
        gates = list(merged(gates, *(profile.gates for profile in profiles)))
    except PolicyError as error:
        found.report(("profile",), error.problems[0].message, error.problems[0].hint)
    if found.problems:
        return None, sorted(found.problems)
    policy = Policy(
        name=data["name"],
        version=data["version"],
        rules=tuple(rules),
        categories=dict(categories),
        gates=tuple(gates),
        file=found.name,
        digest="",
        recognisers=tuple(_recognisers(data)),
        sought=sought,
    )
    body = asdict(policy)
    del body["file"], body["digest"]
    # A policy that uses none of what came later keeps the digest that it had.
    if not body["recognisers"]:
        del body["recognisers"]
    if body["sought"] is None:
        del body["sought"]
    for rule in body["rules"]:
        if not rule["options"]:
            del rule["options"]
    for gate in body["gates"]:
        if gate["when"] == "build":
            del gate["when"]
        if not gate["options"]:
            del gate["options"]
    return replace(policy, digest=digest(body)), []


def _rules(found: YamlFile, raw: Any, sources: Mapping[str, Any]) -> list[Rule]:
    rules: list[Rule] = []
    for number, item in enumerate(raw):
        place: Place = ("rules", number)
        if not isinstance(item, dict):
            continue
        citation, verified_by = source_of(found, item, place, sources)
        if item.get("action") == "scan" and item.get("where") == "text":
            found.report(
                (*place, "action"),
                "a find inside free text cannot be scanned again",
                "use placeholder, pseudonym, mask or drop",
            )
        options = _options(found, item, place)
        for entity in as_items(item.get("entities")):
            try:
                rule = Rule(
                    entity=str(entity),
                    action=item.get("action", "drop"),
                    units=tuple(map(str, as_items(item.get("units")))),
                    fields=tuple(map(str, as_items(item.get("fields")))),
                    languages=tuple(map(str, as_items(item.get("languages")))),
                    citation=citation,
                    verified_by=verified_by,
                    scope=item.get("scope", "unit"),
                    where=item.get("where", ""),
                    options=options,
                )
            except TypeError:  # pragma: no cover - values of the wrong kind are reported by their shape
                continue
            hidden = next((earlier for earlier in rules if _covers(earlier, rule)), None)
            if hidden is not None:
                found.report(
                    place,
                    f"the rule for {entity} is never reached: an earlier one for {hidden.entity} fits first",
                    "remove it, or move it up",
                )
            rules.append(rule)
    return rules


def _options(found: YamlFile, item: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The options of a rule's action; an operator's name and parameters stand among them."""
    action = as_text(item.get("action"))
    options = dict(as_mapping(item.get("options")))
    if "asOf" in options:
        options["asOf"] = str(options["asOf"])
    for name, said, hint in option_faults(action, options):
        found.report((*place, "options", name) if name else (*place, "options") if options else place, said, hint)
    operator = item.get("operator")
    if (action == "operator") != (operator is not None):
        if operator is None:
            found.report(place, "the operator is not named", "add operator: {name: mask, params: {…}}")
        else:
            found.report((*place, "operator"), f"the action {action!r} runs no operator", "say action: operator")
    if isinstance(operator, dict):
        instead = {"encrypt": "use action: encrypt", "custom": "write it as a Presidio operator in Python"}
        if operator.get("name") in instead:
            found.report(
                (*place, "operator", "name"),
                f"the operator {operator['name']!r} cannot be run from a policy",
                instead[operator["name"]],
            )
        params = as_mapping(operator.get("params"))
        if operator.get("name") == "hash" and "salt" not in params:
            found.report(
                (*place, "operator"),
                "hash without a salt of its own draws one at random, so that no two runs agree",
                "add params: {salt: …} of 16 characters or more, or use action: pseudonym",
            )
        return {"name": as_text(operator.get("name")), "params": dict(params)}
    return options


def _recognisers(data: Mapping[str, Any]) -> Iterator[External]:
    for item in as_items(data.get("recognisers")):
        yield External(
            engine=item["engine"],
            model=item["model"],
            languages=tuple(item["languages"]),
            labels=tuple(sorted(as_mapping(item.get("labels")).items())),
            threshold=round(100 * item.get("threshold", 0.5)),
        )


def _sought(
    found: YamlFile, item: Any, categories: Mapping[str, Any], rules: list[Rule], sources: Mapping[str, Any]
) -> Sought | None:
    """What alone free text is searched for. An entity that is misspelt would be looked for nowhere, so all are known."""
    if not isinstance(item, dict):
        return None
    known = {rule.entity for rule in rules} | {name for name in categories.values() if isinstance(name, str)}
    entities = sorted(map(str, as_items(item.get("entities"))))
    for entity in entities:
        if entity not in known - {"*"}:
            found.report(
                ("lookFor", "entities"),
                f"no category and no rule names {entity!r}",
                did_you_mean(entity, sorted(known - {"*"}), what="entities")
                or "add a rule that says what becomes of it",
            )
    return Sought(tuple(entities), *source_of(found, item, ("lookFor",), sources))


def _covers(earlier: Rule, later: Rule) -> bool:
    """Whether whoever fits the later rule always fits the earlier one."""
    return (
        earlier.entity in (later.entity, "*")
        and earlier.where in ("", later.where)
        and all(
            not wide or (narrow and set(narrow) <= set(wide))
            for wide, narrow in (
                (earlier.units, later.units),
                (earlier.fields, later.fields),
                (earlier.languages, later.languages),
            )
        )
    )


def _every_category_has_a_rule(found: YamlFile, categories: Mapping[str, Any], rules: list[Rule]) -> None:
    """An entity that a contract can classify a column as needs a decision of its own for whole columns."""
    decided = {
        rule.entity
        for rule in rules
        if rule.where in ("", "column") and not (rule.units or rule.fields or rule.languages)
    }
    for term, entity in categories.items():
        if isinstance(entity, str) and entity != "*" and entity not in decided:
            found.report(
                ("categories", term),
                f"{term!r} is {entity}, for which no rule decides in every unit",
                "add a rule for it without units, fields or languages",
            )


def _none_unread(found: YamlFile, data: Mapping[str, Any], sources: Mapping[str, Any]) -> None:
    used = {as_mapping(item).get("source") for key in ("rules", "gates") for item in as_items(data.get(key))}
    used.add(as_mapping(data.get("lookFor")).get("source"))
    for name in sources:
        if name not in used:
            found.report(("sources", name), f"nothing names the source {name!r}", "remove it")
