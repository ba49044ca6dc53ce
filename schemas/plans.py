"""What happens to each field of a data set: the contract's classification met with the policy's rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from dataclasses import field as default
from decimal import Decimal
from typing import Any

from schemas.actions import NEEDS_ENTITY, STRICTER, STRICTNESS, as_strict, option_faults, stricter_options
from schemas.canonical import digest
from schemas.contract import Action, Contract, Field, Policy, Rule
from schemas.errors import ContractError, Problem
from schemas.names import UNDECIDED, did_you_mean

SCOPES = ("document", "dataset", "unit", "group")
"""From the narrowest reach of one pseudonym to the widest. A contract may narrow it only."""

FREE_TEXT = "*"
SCANNABLE = ("string", "object", "array")


@dataclass(frozen=True)
class FieldPlan:
    """What happens to one field, and who says so.

    ``entity`` is what the whole cell is, ``None`` for data that is not personal and ``"*"`` for free text, whose
    finds each get the policy's action for their own entity. ``scope`` is how far one pseudonym reaches; ``options``
    set the action (`schemas.actions`).
    """

    field: str
    classification: str
    entity: str | None
    action: Action
    scope: str = "unit"
    citation: str = ""
    verified_by: str = ""
    region: str | None = None
    language: str | None = None
    options: Mapping[str, Any] = default(default_factory=dict)

    @property
    def whole_cell(self) -> bool:
        """Whether the cell is replaced or dropped without a look inside."""
        return self.action not in ("keep", "scan")


@dataclass(frozen=True)
class RedactionPlan:
    """The plans of all fields of one data set, in the contract's order."""

    dataset: str
    fields: tuple[FieldPlan, ...]

    def __getitem__(self, name: str) -> FieldPlan:
        for plan in self.fields:
            if plan.field == name:
                return plan
        raise KeyError(name)

    def __iter__(self) -> Iterator[FieldPlan]:
        return iter(self.fields)

    def doing(self, *actions: Action) -> tuple[FieldPlan, ...]:
        """The plans of the fields whose action is one of ``actions``."""
        return tuple(plan for plan in self.fields if plan.action in actions)

    @property
    def digest(self) -> str:
        return digest([asdict(plan) for plan in self.fields])


def redaction_plan(contract: Contract, policy: Policy) -> RedactionPlan:
    """The plan of every field.

    Raises:
        ContractError: a classification that the policy does not know, or an action or scope looser than it allows.
    """
    plans, problems = [], []
    for number, field in enumerate(contract.fields):
        plan, faults = plan_field(field, contract.unit, policy)
        plans.append(plan)
        place = f"$.schema[0].properties[{number}]"
        problems += [
            Problem(contract.file, field.line, place, f"field {field.name!r}: {said}", hint) for said, hint in faults
        ]
    if problems:
        raise ContractError(problems, what=contract.file or contract.key)
    return RedactionPlan(contract.key, tuple(plans))


def plan_field(field: Field, unit: str, policy: Policy) -> tuple[FieldPlan, list[tuple[str, str]]]:
    """One field's plan, and its faults as (message, hint). With a fault, the plan is the strictest: drop."""
    faults: list[tuple[str, str]] = []
    denied = FieldPlan(field.name, field.classification, None, "drop")
    if field.classification.upper().startswith(UNDECIDED):
        guess = field.classification[len(UNDECIDED) :].strip(" :")
        hint = f"{guess!r} was guessed; " if guess else ""
        return denied, [("the classification is not decided yet", f"{hint}a person who knows the data decides")]
    if field.classification not in policy.categories:
        said = f"the classification {field.classification!r} is not a term of policy {policy.name!r}"
        return denied, [(said, did_you_mean(field.classification, policy.categories, what="terms"))]
    category = policy.categories[field.classification]
    entities = known_entities(policy)
    if field.entity is not None and field.entity not in entities:
        faults.append(
            (
                f"the entity {field.entity!r} is not known to policy {policy.name!r}",
                did_you_mean(field.entity, entities),
            )
        )
        return denied, faults

    entity = field.entity if field.entity is not None and category != FREE_TEXT else category
    rule = _policy_says(field, unit, policy, entity)
    base, citation = rule.action, rule.citation
    if entity != category:
        usual = _policy_says(field, unit, policy, category)
        if not as_strict(base, rule.options, usual.action, usual.options):
            faults.append(
                (
                    f"the entity {entity} would loosen {field.classification!r} from {usual.action} to {base}",
                    "classify the field as what it is, or leave `entity` out",
                )
            )
    action = field.action or base
    options = rule.options if action == base and not field.action_options else field.action_options
    wrong = [(said, hint) for _, said, hint in option_faults(action, options)] if options is not rule.options else []
    if action == "generalise" and not options:
        wrong = [(said, hint) for _, said, hint in option_faults(action, {})]
    faults += wrong
    if not wrong and (action, options) != (base, rule.options):
        faults += _looser(field, action, options, rule)
    if field.scope is not None and SCOPES.index(field.scope) > SCOPES.index(rule.scope):
        faults.append(
            (f"the scope {field.scope!r} is wider than the policy's {rule.scope!r}", "leave `scope` out, or narrow it")
        )
    faults += _misfits(field, category, entity, action)
    if category == FREE_TEXT and action != "scan":
        entity = field.entity
    if faults:
        return denied, faults
    return (
        FieldPlan(
            field=field.name,
            classification=field.classification,
            entity=entity,
            action=action,
            scope=field.scope or rule.scope,
            citation=citation
            if (action, options) == (base, rule.options)
            else "; ".join(filter(None, (citation, "stricter by contract"))),
            verified_by=rule.verified_by,
            region=field.region,
            language=field.language,
            options=options,
        ),
        [],
    )


def _looser(field: Field, action: Action, options: Mapping[str, Any], rule: Rule) -> Iterator[tuple[str, str]]:
    """The fault of an action that gives away more than the policy's."""
    if as_strict(action, options, rule.action, rule.options):
        return
    source = f" ({rule.citation})" if rule.citation else ""
    if action == rule.action:
        said = f"the options of {action!r} show more than the policy's for {field.classification!r}{source}"
        yield said, f"leave `actionOptions` out, or show less than {dict(rule.options)}"
        return
    asked = dict.fromkeys((*STRICTER[rule.action], *stricter_options(rule.options)))
    yield (
        f"the action {action!r} is looser than the policy's {rule.action!r} for {field.classification!r}{source}",
        f"leave `action` out, or ask for one of {', '.join(name for name in STRICTNESS if name in asked)}",
    )


def _policy_says(field: Field, unit: str, policy: Policy, entity: str | None) -> Rule:
    if entity is None:
        return Rule("", "keep")
    if entity == FREE_TEXT:
        return Rule(FREE_TEXT, "scan")
    return policy.action_for(entity, unit=unit, field=field.name, language=field.language or "", where="column")


def _misfits(field: Field, category: str | None, entity: str | None, action: Action) -> list[tuple[str, str]]:
    """Actions that cannot be carried out on such a field."""
    out = []
    if action == "scan" and field.type not in SCANNABLE:
        out.append(
            (
                f"a field of type {field.type} cannot be scanned as free text",
                "say logicalType: string, or classify it as what it is",
            )
        )
    named = field.entity if category == FREE_TEXT else entity
    if action in NEEDS_ENTITY and named is None:
        out.append(
            (
                f"the action {action!r} needs to know what the field is",
                "add the custom property `entity`, for example USER_ID, or classify the field as personal",
            )
        )
    if category == FREE_TEXT and field.entity is not None and action == "scan":
        out.append(("free text is scanned for every entity, so `entity` says nothing", "leave `entity` out"))
    return out


def known_entities(policy: Policy) -> set[str]:
    """Every entity that the policy names in a category or a rule."""
    named = {rule.entity for rule in policy.rules} | {entity for entity in policy.categories.values() if entity}
    return named - {FREE_TEXT}


def rows_digest(contract: Contract, policy: Policy) -> str:
    """Digest of all in contract and policy that decides the bytes of scrubbed rows.

    Units of work are named by it. It leaves out what decides nothing there (prose, owners, purposes, document
    templates, quality rules, gates), so that to mend a description does not mean to pull a year of data again.
    The grouping of documents is in it: known values are searched within a conversation.
    """
    fields = []
    for field in contract.fields:
        row = asdict(field)
        for name in ("line", "description", "quality"):
            del row[name]
        if not row["action_options"]:
            del row["action_options"]
        if row["subject"] is None:
            del row["subject"]
        fields.append(row)
    return digest(
        exact(
            {
                "dataset": contract.key,
                "fields": fields,
                "source": asdict(contract.source),
                "group": contract.document.group if contract.document else None,
                **_views(contract),
                "categories": {
                    field.classification: policy.categories.get(field.classification) for field in contract.fields
                },
                "rules": [
                    [
                        r.entity,
                        r.action,
                        r.units,
                        r.fields,
                        r.languages,
                        r.scope,
                        r.where,
                        *([r.options] if r.options else []),
                    ]
                    for r in policy.rules
                ],
                **({"links": [[link.dataset, link.fields] for link in contract.links]} if contract.links else {}),
                **({"recognisers": [asdict(engine) for engine in policy.recognisers]} if policy.recognisers else {}),
                **({"sought": list(policy.sought.entities)} if policy.sought is not None else {}),
            }
        )
    )


def _views(contract: Contract) -> dict[str, list[str]]:
    """What views add to the fields that are brought to normal form, and the pictures that are cleaned."""
    from schemas.contract_document import beyond_own, images_of

    found = {"said": beyond_own(contract), "images": sorted(images_of(contract))}
    return {name: value for name, value in found.items() if value}


def exact(value: Any) -> Any:
    """A value fit for canonical JSON: floats and decimals as their shortest exact text, mappings and lists plain."""
    if isinstance(value, (float, Decimal)):
        return f"{Decimal(repr(value)) if isinstance(value, float) else value:f}"
    if hasattr(value, "items"):
        return {str(key): exact(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [exact(item) for item in (sorted(value, key=str) if isinstance(value, (set, frozenset)) else value)]
    return value
