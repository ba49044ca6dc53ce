"""Policies: the bundled one as a reviewer reads it, and what a policy may not say."""

from __future__ import annotations

import copy
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.contract import Policy, Sought
from schemas.errors import PolicyError
from schemas.plans import rows_digest
from schemas.policy_loader import load_policy, read_policy

BUNDLED: dict[str, Any] = yaml.safe_load(
    (resources.files("schemas") / "policies/default.policy.yaml").read_text("utf-8")
)

ENTITIES = {
    "EMAIL_ADDRESS", "PHONE_NUMBER", "CN_RESIDENT_ID", "BANK_CARD", "IP_ADDRESS", "MAC_ADDRESS", "ACCOUNT_URL",
    "PERSON", "ADDRESS", "USER_ID", "WAYBILL", "BIRTH_DATE", "LOCATION", "ORGANISATION", "NATIONAL_ID", "DEVICE_ID",
    "PLATE", "USERNAME", "SECRET",
}  # fmt: skip


def test_every_entity_has_a_decision_with_its_source(policy: Policy) -> None:
    for entity in ENTITIES:
        for where in ("column", "text"):
            rule = policy.action_for(entity, unit="commerce", where=where)
            assert rule.entity == entity, f"{entity} falls through to the last rule"
            assert rule.citation
            assert rule.verified_by


@pytest.mark.parametrize(
    ("entity", "column", "text"),
    [
        ("PHONE_NUMBER", "pseudonym", "placeholder"),
        ("USER_ID", "pseudonym", "placeholder"),
        ("BANK_CARD", "placeholder", "placeholder"),
        ("ADDRESS", "placeholder", "placeholder"),
        ("SECRET", "drop", "placeholder"),
        ("ORGANISATION", "keep", "keep"),
        ("NEVER_HEARD_OF", "placeholder", "placeholder"),
    ],
)
def test_columns_link_and_text_does_not(policy: Policy, entity: str, column: str, text: str) -> None:
    assert policy.action_for(entity, unit="commerce", where="column").action == column
    assert policy.action_for(entity, unit="commerce", where="text").action == text
    if column != "drop":
        assert policy.action_for(entity, unit="commerce").action == text, "who does not say where gets the safe answer"


def test_public_figures_are_kept_in_media_alone(policy: Policy) -> None:
    assert policy.action_for("PUBLIC_FIGURE", unit="media", where="column").action == "keep"
    assert policy.action_for("PUBLIC_FIGURE", unit="commerce", where="column").action == "pseudonym"


def test_nothing_found_in_text_is_kept_but_firms_and_public_figures(policy: Policy) -> None:
    kept = {r.entity for r in policy.rules if r.action == "keep" and r.where != "column"}
    assert kept == {"ORGANISATION", "PUBLIC_FIGURE"}


def test_legal_thresholds_say_who_verified_them(policy: Policy) -> None:
    gates = {gate.name: gate for gate in policy.gates}
    assert set(gates) == {
        "contract_complete", "purpose_allowed", "licence_present", "consent_recorded", "residency_kept",
        "drift_accepted", "quality_passed", "accounting_balanced", "source_rejection_rate", "unscanned_share",
        "k_anonymity",
    }  # fmt: skip
    rate = gates["source_rejection_rate"]
    assert (rate.comparison, rate.threshold) == ("<=", "0.05")
    assert "TC260-003 s. 5.1" in rate.citation
    assert "secondary source only" in rate.verified_by
    assert all(gate.citation and gate.verified_by for gate in policy.gates)
    assert gates["contract_complete"].threshold == "true"


def test_the_digest_is_of_the_meaning(policy: Policy, tmp_path: Path) -> None:
    path = tmp_path / "own.policy.yaml"
    path.write_text("# mine\n" + yaml.safe_dump(BUNDLED, allow_unicode=True))
    again = load_policy(path)
    assert again.digest == policy.digest
    assert again.file != policy.file
    changed = copy.deepcopy(BUNDLED)
    changed["gates"][-1]["threshold"] = 0.002
    path.write_text(yaml.safe_dump(changed, allow_unicode=True))
    assert load_policy(path).digest != policy.digest


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: p.pop("gates"), "'gates' is missing"),
        (lambda p: p.update(rulez=[]), "did you mean 'rules'?"),
        (lambda p: p.update(version="1"), "is not a semantic version"),
        (lambda p: p["rules"][0].update(action="delete"), "'delete' is not known here"),
        (lambda p: p["rules"][0].update(source="pipl"), "there is no source 'pipl'"),
        (lambda p: p["rules"][0].pop("source"), "'source' is missing"),
        (lambda p: p["rules"][0].update(entities=[]), "is empty"),
        (lambda p: p["rules"][0].update(entity="SECRET"), "did you mean 'entities'?"),
        (lambda p: p["rules"].append({**p["rules"][0], "entities": ["PERSON"], "action": "keep"}), "is never reached"),
        (lambda p: p["rules"].append(p["rules"][-1]), "is never reached"),
        (lambda p: p["categories"].update({"person.shoe": "SHOE_SIZE"}), "for which no rule decides in every unit"),
        (lambda p: p["categories"].update({"person.shoe": "shoe"}), "is not of the right form"),
        (lambda p: p["sources"]["house"].pop("verifiedBy"), "'verifiedBy' is missing"),
        (lambda p: p["sources"].update(gdpr=p["sources"]["house"]), "nothing names the source 'gdpr'"),
        (lambda p: p["gates"].append({**p["gates"][0]}), "the gate 'contract_complete' is there twice"),
        (lambda p: p["gates"][8].update(threshold="five"), "'five' is not a threshold"),
        (lambda p: p["gates"][8].update(when="sign"), "is measured when a release is built"),
        (lambda p: p["gates"][8].update(name="pii_residual_bound"), "is measured when a release is signed"),
        (lambda p: p["gates"][8].update(options={"minimumShare": 0.1}), "has no options"),
        (lambda p: p.update(profile="nc"), "there is no profile 'nc'"),
        (lambda p: p.update(profile=["cn", "no.gates.yaml"]), "there is no profile 'no.gates.yaml'"),
        (lambda p: p["gates"][0].update(comparison="<="), "true cannot be compared by '<='"),
        (lambda p: p["gates"][0].update(name="contract_compleet"), "did you mean 'contract_complete'?"),
        (lambda p: p["rules"][1].update(where="text", action="scan"), "cannot be scanned again"),
        (lambda p: p["rules"][1].update(action="mask", options={"keepLast": 9}), "keepLast"),
        (lambda p: p["rules"][1].update(action="mask", options={"keep": 2}), "has no option 'keep'"),
        (lambda p: p["rules"][1].update(options={"keepLast": 2}), "'placeholder' has no option 'keepLast'"),
        (lambda p: p["rules"][1].update(action="generalise"), "does not say to what"),
        (lambda p: p["rules"][1].update(action="generalise", options={"to": "weeks"}), "'weeks'"),
        (lambda p: p["rules"][1].update(action="generalise", options={"to": "year", "v4": 24}), "has no option 'v4'"),
        (lambda p: p["rules"][1].update(action="generalise", options={"to": "ageBand"}), "needs a day"),
        (lambda p: p["rules"][1].update(action="generalise", options={"to": "ageBand", "asOf": "soon"}), "is not a day"),
        (lambda p: p["rules"][1].update(action="generalise", options={"to": "band"}), "either width or edges"),
        (lambda p: p["rules"][1].update(action="generalise", options={"to": "band", "edges": [5, 1]}), "do not rise"),
        (lambda p: p["rules"][1].update(action="operator"), "the operator is not named"),
        (lambda p: p["rules"][1].update(operator={"name": "mask"}), "runs no operator"),
        (lambda p: p["rules"][1].update(action="operator", operator={"name": "hash"}), "hash without a salt"),
        (lambda p: p["rules"][1].update(action="operator", operator={"name": "encrypt"}), "use action: encrypt"),
        (lambda p: p.update(recognisers=[{"engine": "bert", "model": "m", "languages": ["zh"]}]), "'bert'"),
        (lambda p: p.update(lookFor={"entities": ["PERSONN"], "source": "house"}), "did you mean 'PERSON'?"),
        (lambda p: p.update(lookFor={"entities": ["CRYPTO_WALLET"], "source": "house"}), "no category and no rule names"),
        (lambda p: p.update(lookFor={"entities": ["PERSON"], "source": "home"}), "there is no source 'home'"),
        (lambda p: p.update(lookFor={"entities": ["PERSON"]}), "'source' is missing"),
        (lambda p: p.update(lookFor={"entities": [], "source": "house"}), "lookFor"),
        (lambda p: p.update(recognisers=[{"engine": "spacy", "languages": ["zh"]}]), "'model' is missing"),
    ],
)  # fmt: skip
def test_each_fault_is_told(tmp_path: Path, change: Callable[[dict[str, Any]], Any], words: str) -> None:
    body = copy.deepcopy(BUNDLED)
    change(body)
    path = tmp_path / "own.policy.yaml"
    path.write_text(yaml.dump(body, Dumper=Plain, allow_unicode=True, sort_keys=False))
    policy, problems = read_policy(path)
    assert policy is None
    assert words in "\n".join(map(str, problems))
    assert all(p.line >= 1 for p in problems)
    with pytest.raises(PolicyError):
        load_policy(path)


class Plain(yaml.SafeDumper):
    """YAML without anchors, which the loader refuses."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def test_a_missing_policy_is_a_problem() -> None:
    with pytest.raises(PolicyError, match="there is no such file"):
        load_policy(Path("no-such.policy.yaml"))


def test_the_second_policy_uses_every_sort_of_action() -> None:
    bundled = str(resources.files("schemas") / "policies/surrogates.policy.yaml")
    policy = load_policy(bundled)
    assert {rule.action for rule in policy.rules} == {
        "drop", "placeholder", "pseudonym", "encrypt", "keep", "generalise", "mask", "surrogate",
    }  # fmt: skip
    assert policy.action_for("BIRTH_DATE", where="column").options == {"to": "year"}


def test_options_operators_and_engines_are_read(tmp_path: Path) -> None:
    body = copy.deepcopy(BUNDLED)
    body["rules"][1].update(action="operator", operator={"name": "mask", "params": {"masking_char": "x"}})
    body["rules"].insert(0, {
        "entities": ["BIRTH_DATE"], "action": "generalise", "options": {"to": "ageBand", "asOf": "2026-01-01"},
        "source": "house", "units": ["media"],
    })  # fmt: skip
    body["recognisers"] = [
        {"engine": "spacy", "model": "/models/zh", "languages": ["zh"], "labels": {"GPE": "ADDRESS"}, "threshold": 0.6}
    ]
    path = tmp_path / "own.policy.yaml"
    path.write_text(yaml.dump(body, Dumper=Plain, allow_unicode=True, sort_keys=False))
    policy = load_policy(path)
    assert policy.rules[0].options == {"to": "ageBand", "asOf": "2026-01-01"}
    assert policy.rules[3].options == {"name": "mask", "params": {"masking_char": "x"}}
    (engine,) = policy.recognisers
    assert (engine.engine, engine.labels, engine.threshold) == ("spacy", (("GPE", "ADDRESS"),), 60)
    body["recognisers"][0]["threshold"] = 0.7
    path.write_text(yaml.dump(body, Dumper=Plain, allow_unicode=True, sort_keys=False))
    assert load_policy(path).digest != policy.digest


def test_what_alone_is_looked_for_is_read_and_decides_rows(tmp_path: Path) -> None:
    from tests.clearinghouse.test_scrub import contract, field

    made = contract(field("card", "person.bank_card"))
    body = copy.deepcopy(BUNDLED)
    body["lookFor"] = {"entities": ["PHONE_NUMBER", "EMAIL_ADDRESS"], "source": "house", "note": "a benchmark"}
    path = tmp_path / "own.policy.yaml"
    path.write_text(yaml.dump(body, Dumper=Plain, allow_unicode=True, sort_keys=False))
    policy, whole = load_policy(path), load_policy()
    assert policy.sought == Sought(
        ("EMAIL_ADDRESS", "PHONE_NUMBER"), "house policy", "house policy, no external source"
    )
    assert whole.looked_for is None
    assert policy.digest != whole.digest
    assert rows_digest(made, policy) != rows_digest(made, whole)
