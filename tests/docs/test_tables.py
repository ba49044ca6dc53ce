"""Tables that repeat the bundled policy, and YAML that people copy: held against the program, so that no page goes
stale."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schemas.contract import Field, Policy
from schemas.contract_loader import read_contract
from schemas.plans import plan_field
from schemas.policy_loader import load_policy

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


def table(page: str, name: str) -> list[list[str]]:
    """Cells of the rows of the table between ``<!-- name: … -->`` and ``<!-- /name -->``."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name}:.*?-->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
    assert found, f"{page} has no table {name}"
    lines = [line for line in found[1].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def what_happens(term: str, policy: Policy) -> str:
    """The action on a cell in any unit, and in the units of which a rule says otherwise."""

    def action(unit: str) -> str:
        plan, faults = plan_field(Field("f", "f", "string", term), unit, policy)
        assert not faults
        return f"{plan.action}, one a {plan.scope}" if plan.action == "pseudonym" else plan.action

    usual = action("")
    other = {unit: action(unit) for rule in policy.rules for unit in rule.units}
    return "; ".join([usual, *(f"in {unit}: {does}" for unit, does in sorted(other.items()) if does != usual)])


def test_classification_terms_are_the_policys(policy: Policy) -> None:
    entity = {None: "–", "*": "whatever is found"}
    wanted = [
        [f"`{term}`", entity.get(what) or f"`{what}`", what_happens(term, policy)]
        for term, what in policy.categories.items()
    ]
    assert table("contracts.md", "classification") == wanted


def test_the_contract_shown_has_the_problems_shown(tmp_path: Path, policy: Policy) -> None:
    page = (DOCS / "contracts.md").read_text(encoding="utf-8")
    contract = re.search(r"```yaml\n(apiVersion:.*?)```", page, re.DOTALL)
    assert contract
    file = tmp_path / "returns.odcs.yaml"
    file.write_text(contract[1], encoding="utf-8")
    _, problems = read_contract(file, policy=policy)
    told = [f":{problem.line}: {problem.path}: {problem.message}\n    hint: {problem.hint}" for problem in problems]
    assert len(told) == 4
    for said in told:
        assert said in page


def test_the_mix_shown_loads(tmp_path: Path) -> None:
    from schemas.mix_loader import load_mix

    page = (DOCS / "mixes.md").read_text(encoding="utf-8")
    mix = re.search(r"```yaml\n(name:.*?)```", page, re.DOTALL)
    assert mix
    file = tmp_path / "service-pretrain.mix.yaml"
    file.write_text(mix[1], encoding="utf-8")
    assert load_mix(file).budget == 2_000_000


def test_gates_are_the_policys(policy: Policy) -> None:
    wanted = [
        [f"`{gate.name}`", f"{gate.comparison} {gate.threshold}", gate.citation, gate.verified_by]
        for gate in policy.gates
    ]
    assert table("reviewing.md", "gates") == wanted


def test_every_gate_and_profile_is_explained() -> None:
    from schemas.gate_rules import profile_names
    from schemas.shapes import own_schema

    page = (DOCS / "reviewing.md").read_text(encoding="utf-8")
    names = own_schema("policy.schema.json")["properties"]["gates"]["items"]["properties"]["name"]["enum"]
    explained = "\n".join(line for line in page.splitlines() if line.startswith("| `") and line.count("|") == 3)
    assert [name for name in names if f"`{name}`" not in explained] == []
    assert [name for name in profile_names() if f"\n| `{name}` |" not in page] == []


def test_parts_of_the_report_are_its_headings() -> None:
    """The page explains the report part by part; a new part needs a line here."""
    pages = sorted((DOCS.parent / "governance/report").glob("*.html"))
    template = "".join(page.read_text(encoding="utf-8") for page in pages)
    page = (DOCS / "reviewing.md").read_text(encoding="utf-8")
    headings = re.findall(r'title\("\w+", "([^"]+?)(?:, all accounted for)?"', template)
    assert len(headings) >= 20
    for heading in headings:
        assert f"\n| {heading.removesuffix(' ')} " in page, heading
