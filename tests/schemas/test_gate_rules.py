"""Profiles of gates, and what comes of two that speak of the same gate."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from schemas.contract import Gate
from schemas.errors import PolicyError
from schemas.gate_rules import SIGNING, merged, profile_names, profile_path, read_profile
from schemas.mix_loader import read_mix
from schemas.policy_loader import load_policy, read_policy
from schemas.regions import together, within


@pytest.mark.parametrize("name", profile_names())
def test_a_bundled_profile_loads_and_says_who_verified_its_figures(name: str) -> None:
    path = profile_path(name, Path())
    assert path is not None
    profile, problems = read_profile(path)
    assert problems == []
    assert profile is not None
    assert profile.name == name
    assert all(gate.citation and gate.verified_by for gate in profile.gates)
    assert any(gate.when == "sign" for gate in profile.gates), "a profile asks for an audit"
    merged(load_policy().gates, profile.gates)


def test_there_are_profiles_of_three_laws_and_all_go_together() -> None:
    assert {"cn", "eu", "sg", "strict"} <= set(profile_names())
    every = [read_profile(profile_path(name, Path()))[0] for name in profile_names()]  # type: ignore[arg-type]
    gates = {gate.name: gate for gate in merged(*(profile.gates for profile in every if profile))}
    assert gates["pii_residual_bound"].threshold == "0.001"
    assert gates["reader_kappa"].threshold == "0.8"


def test_figures_of_china_are_those_of_the_sources_and_the_unread_ones_say_so() -> None:
    profile, _ = read_profile(profile_path("cn", Path()))  # type: ignore[arg-type]
    assert profile is not None
    gates = {gate.name: gate for gate in profile.gates}
    assert gates["manual_sample_items"].threshold == "4000"
    assert gates["source_harmful_rate"].threshold == "0.05"
    for name, threshold in {
        "manual_pass_rate": "0.96",
        "technical_sample_share": "0.1",
        "technical_pass_rate": "0.98",
    }.items():
        assert (gates[name].threshold, gates[name].verified_by) == (threshold, "not verified")


def test_of_two_gates_the_stricter_one_counts() -> None:
    loose, tight = Gate("a", "0.05", "<="), Gate("a", "0.01", "<=", "law")
    low, high = Gate("k", "3", ">="), Gate("k", "10", ">=")
    assert merged([loose, low], [tight, high]) == (tight, high)
    assert merged([tight, high], [loose, low]) == (tight, high)
    with pytest.raises(PolicyError, match="the gate 'a' is asked to be"):
        merged([loose], [Gate("a", "0.01", ">=")])
    with pytest.raises(PolicyError, match="the gate 'b' is asked to be"):
        merged([Gate("b", "true", "==")], [Gate("b", "false", "==")])


def test_a_policy_takes_in_a_profile(tmp_path: Path) -> None:
    from importlib import resources

    body = yaml.safe_load((resources.files("schemas") / "policies/default.policy.yaml").read_text("utf-8"))
    file = tmp_path / "own.policy.yaml"
    file.write_text(yaml.safe_dump({**body, "profile": "cn"}, allow_unicode=True))
    policy = load_policy(file)
    assert set(SIGNING) - {gate.name for gate in policy.gates} == {"reader_kappa"}
    assert policy.digest != load_policy().digest
    plain = [gate.name for gate in load_policy().gates]
    assert [gate.name for gate in policy.gates][: len(plain)] == plain


PROFILE = """\
name: own
version: 1.0.0
sources: {house: {citation: house policy, verifiedBy: us}}
gates: [{name: duplicate_share, comparison: <=, threshold: 0.1, source: house}]
"""
MIX = """\
name: own
version: 1.0.0
purpose: pretrain
format: text
audience: us
tokenizer: house
sources: [{dataset: media.notes, weight: 1}]
"""


def test_a_mix_takes_in_profiles_by_name_and_by_file(tmp_path: Path) -> None:
    (tmp_path / "own.gates.yaml").write_text(PROFILE)
    file = tmp_path / "own.mix.yaml"
    file.write_text(MIX)
    bare, problems = read_mix(file)
    assert not problems
    assert bare is not None
    assert (bare.gates, bare.destination) == ((), "")
    file.write_text(
        MIX + "profile: [sg, own.gates.yaml]\ndestination: SG\ntransfer: {mechanism: contract, reference: no. 12}\n"
    )
    mix, problems = read_mix(file)
    assert not problems
    assert mix is not None
    assert [one["name"] for one in mix.profiles] == ["sg", "own"]
    assert "duplicate_share" in {gate.name for gate in mix.gates}
    assert (mix.destination, mix.transfer["mechanism"]) == ("SG", "contract")
    before = mix.digest
    (tmp_path / "own.gates.yaml").write_text(PROFILE.replace("0.1", "0.2"))
    again, _ = read_mix(file)
    assert again is not None
    assert again.digest != before, "a profile that changes makes another mix"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("profile: sgx", "there is no profile 'sgx'"),
        ("profile: [sg, sg]", "twice"),
        ("profile: [sg, other.gates.yaml]", "the gate 'k_anonymity' is asked to be"),
        ("destination: Singapore", "is not of the right form"),
        ("transfer: {mechanism: hope, reference: x}", "'hope' is not known here"),
        ("transfer: {mechanism: contract}", "'reference' is missing"),
    ],
)
def test_faults_of_a_mix_are_told(tmp_path: Path, lines: str, told: str) -> None:
    file = tmp_path / "own.mix.yaml"
    file.write_text(f"{MIX}{lines}\n")
    other = PROFILE.replace("duplicate_share", "k_anonymity").replace("name: own", "name: other")
    (tmp_path / "other.gates.yaml").write_text(other)
    _, problems = read_mix(file)
    assert told in "\n".join(map(str, problems))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("duplicate_share", "duplicate_shore"), "did you mean 'duplicate_share'?"),
        (("0.1", "lots"), "'lots' is not a threshold"),
        (("source: house", "source: mouse"), "there is no source 'mouse'"),
        (("1.0.0", "one"), "is not a semantic version"),
        (("gates:", "rules: []\ngates:"), "rules"),
        (("duplicate_share", "audit_closed"), "is measured when a release is signed"),
    ],
)
def test_faults_of_a_profile_are_told_with_its_file(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    file = tmp_path / "own.gates.yaml"
    file.write_text(PROFILE.replace(*change))
    profile, problems = read_profile(file)
    assert profile is None
    assert told in "\n".join(map(str, problems))
    assert all(problem.file == str(file) for problem in problems)
    (tmp_path / "own.mix.yaml").write_text(MIX + "profile: own.gates.yaml\n")
    mix, told_by_mix = read_mix(tmp_path / "own.mix.yaml")
    assert mix is None
    assert set(problems) <= set(told_by_mix)


def test_a_policy_that_contradicts_its_profile_does_not_load(tmp_path: Path) -> None:
    from importlib import resources

    (tmp_path / "own.gates.yaml").write_text(
        PROFILE.replace("duplicate_share", "unscanned_share").replace("<=", "'>='")
    )
    body = yaml.safe_load((resources.files("schemas") / "policies/default.policy.yaml").read_text("utf-8"))
    file = tmp_path / "own.policy.yaml"
    file.write_text(yaml.safe_dump({**body, "profile": "own.gates.yaml"}, allow_unicode=True))
    policy, problems = read_policy(file)
    assert policy is None
    assert "the gate 'unscanned_share' is asked to be" in problems[0].message


def test_what_lies_in_which_region() -> None:
    assert within("DE", ["EU"])
    assert within("EU", ["EEA"])
    assert not within("EEA", ["EU"])
    assert not within("CN", ["EU", "SG"])
    assert within("SG", ["CN", "ASEAN"])
    assert within("CN", ["GLOBAL"])
    assert together([["GLOBAL"], ["GLOBAL"]]) is None
    assert together([["CN"], ["GLOBAL"], ["CN", "SG"]]) == {"CN"}
    assert together([["CN"], ["EU"]]) == frozenset()
