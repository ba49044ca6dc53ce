"""What the gates of a release come to, on releases that are built for it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from clearinghouse.jobs.decide import decide
from clearinghouse.jobs.release import build
from clearinghouse.jobs.signing_gates import evaluate
from schemas.errors import ReleaseRefused
from tests.release_builders import CHAT_FIELDS, TEXT_FIELDS, ReleaseWorld, notes, row_id, talks

GATES = """\
name: every
version: 1.0.0
sources: {{house: {{citation: house policy, verifiedBy: us}}}}
gates:
{lines}
"""
TRUE = (
    "contract_complete purpose_allowed licence_present consent_recorded consent_for_personal residency_kept export_recorded "
    "quality_passed accounting_balanced snapshots_current drift_accepted decontaminated synthetic_declared"
).split()
NUMBERS = {
    "drift_warnings": ("<=", 0), "source_rejection_rate": ("<=", 0.05), "unscanned_share": ("<=", 0.001),
    "duplicate_share": ("<=", 0.5), "k_anonymity": (">=", 5), "sources_per_language": (">=", 2),
    "sources_per_type": (">=", 2), "synthetic_share": ("<=", 0.2),
}  # fmt: skip
AGE = TEXT_FIELDS + "\n      - {name: age, classification: quasi.identifier}"
SAYS_AGE = 'text: "{note} {age}"'


@pytest.fixture
def world(tmp_path: Path) -> ReleaseWorld:
    made = ReleaseWorld.make(tmp_path)
    lines = [f"  - {{name: {name}, comparison: ==, threshold: true, source: house}}" for name in TRUE]
    lines += [
        f'  - {{name: {name}, comparison: "{how}", threshold: {value}, source: house}}'
        for name, (how, value) in NUMBERS.items()
    ]
    (tmp_path / "mixes/every.gates.yaml").write_text(GATES.format(lines="\n".join(lines)))
    return made


def gates(world: ReleaseWorld, sources: list[str], **mix: Any) -> dict[str, dict[str, Any]]:
    result = build(world.settings, world.mix(sources, **{"profile": "every.gates.yaml", **mix}))
    manifest = world.manifest("house-mix", result["version"])
    rows = {row["name"]: row for row in manifest.gates}
    assert set(rows) >= set(TRUE) | set(NUMBERS)
    assert "gates" not in manifest.recipe or all(row["when"] == "build" for row in manifest.recipe["gates"])
    return rows


def aged(count: int, ages: list[str]) -> list[dict[str, Any]]:
    return [{**row, "age": ages[n % len(ages)]} for n, row in enumerate(notes(0, count))]


def test_a_release_with_everything_in_order(world: ReleaseWorld) -> None:
    more = {"value: CN}": "value: [CN, SG]}\n  - {property: synthetic, value: none}"}
    for key in ("shop.reviews", "media.notes"):
        one = world.contract(key, **more, **{TEXT_FIELDS: AGE, 'text: "{note}"': SAYS_AGE})
        world.snapshot(one, [aged(40, ["20-29", "30-39"])] if key == "shop.reviews" else [aged(80, ["20-29"])[40:]])
    (world.root / "mixes/items.jsonl").write_text(
        '{"q": "something that is nowhere in any of the documents of this test"}\n'
    )
    rows = gates(
        world,
        ["dataset: shop.reviews, weight: 1", "dataset: media.notes, weight: 1"],
        destination="SG",
        decontaminate="{benchmarks: [{name: items, path: items.jsonl}]}",
    )
    failed = {name: (row["value"], row["detail"]) for name, row in rows.items() if not row["passed"]}
    assert failed == {}
    assert rows["k_anonymity"]["value"] == "20"
    assert "age in 40 rows of shop.reviews" in rows["k_anonymity"]["detail"]
    assert rows["sources_per_language"]["value"] == "2"
    assert rows["export_recorded"]["detail"].startswith("nothing leaves")


def test_a_release_with_everything_missing(world: ReleaseWorld) -> None:
    one = world.contract(
        "shop.reviews",
        **{
            TEXT_FIELDS: AGE
            + "\n      - {name: who, classification: person.name}\n      - {name: ill, classification: person.sensitive}",
            'text: "{note}"': SAYS_AGE,
            "value: CN}": "value: EU}\n  - {property: synthetic, value: all}",
        },
    )
    rows = aged(41, ["20-29"])
    rows[7]["age"] = "90-99"
    world.snapshot(one, [rows])
    other = world.contract("media.notes")
    world.snapshot(other, [notes(100, 4, lang="en")])
    found = gates(world, ["dataset: shop.reviews, weight: 1", "dataset: media.notes, weight: 0.01"])
    failed = {name for name, row in found.items() if not row["passed"]}
    assert failed == {
        "consent_recorded", "consent_for_personal", "residency_kept", "export_recorded", "decontaminated",
        "k_anonymity", "sources_per_language", "synthetic_declared", "synthetic_share",
    }  # fmt: skip
    assert found["k_anonymity"]["value"] == "1"
    assert "90-99" not in str(found), "a gate tells a value"
    assert "sensitive data" in found["consent_recorded"]["detail"]
    assert "no country" in found["residency_kept"]["detail"]
    assert found["sources_per_type"]["passed"]
    assert "media.notes" in found["synthetic_share"]["detail"]
    with pytest.raises(ReleaseRefused, match="k_anonymity"):
        decide(world.settings, "house-mix@1.0.0", "approve", "dee", "fine")


@pytest.mark.parametrize(
    ("residency", "mix", "kept", "recorded"),
    [
        ("[CN, SG]", {}, True, False),
        ("GLOBAL", {"destination": "US"}, True, True),
        ("ASEAN", {"destination": "SG"}, True, True),
        ("CN", {"destination": "SG"}, False, False),
        ("CN", {"destination": "SG", "transfer": "{mechanism: contract, reference: no. 12}"}, True, True),
    ],
)
def test_where_a_release_may_go(
    world: ReleaseWorld, residency: str, mix: dict[str, str], kept: bool, recorded: bool
) -> None:
    one = world.contract("shop.reviews", **{"value: CN}": f"value: {residency}}}"})
    world.snapshot(one, [notes(0, 12)])
    rows = gates(world, ["dataset: shop.reviews, weight: 1"], **mix)
    assert (rows["residency_kept"]["passed"], rows["export_recorded"]["passed"]) == (kept, recorded)


def test_quasi_identifiers_of_conversations_are_counted_by_their_rows(world: ReleaseWorld) -> None:
    one = world.contract(
        "shop.chats",
        chat=True,
        **{
            CHAT_FIELDS: CHAT_FIELDS + "\n      - {name: age, classification: quasi.identifier}",
            'text: "{note}"': SAYS_AGE,
        },
    )
    said = [{**row, "age": "90-99" if n in (1, 14, 27) else "20-29"} for n, row in enumerate(talks(0, 12))]
    world.snapshot(one, [said])
    row = gates(world, ["dataset: shop.chats, weight: 1"])["k_anonymity"]
    age = {row_id("shop.chats", row["key"]): row["age"] for row in said}
    taken = Counter(age[own] for row in world.rows("house-mix", "1.0.0") for own in row["provenance"]["row_ids"])
    assert taken["90-99"] == min(taken.values()) > 0
    assert (row["value"], row["passed"]) == (str(taken["90-99"]), False)
    assert f"smallest of 2 classes of age in {taken.total()} rows of shop.chats" in row["detail"]


def test_without_a_quasi_identifier_there_is_nothing_to_count(world: ReleaseWorld) -> None:
    world.snapshot(world.contract("shop.reviews"), [notes(0, 12)])
    row = gates(world, ["dataset: shop.reviews, weight: 1"])["k_anonymity"]
    assert (row["value"], row["passed"]) == ("nothing to measure", True)


def test_gates_of_signing_go_into_the_manifest_and_wait_for_the_audit(world: ReleaseWorld) -> None:
    world.snapshot(world.contract("shop.reviews"), [notes(0, 12)])
    result = build(world.settings, world.mix(["dataset: shop.reviews, weight: 1"], profile="sg", destination="CN"))
    manifest = world.manifest("house-mix", result["version"])
    assert result["gates_passed"]
    assert [gate["name"] for gate in result["signing_gates"]] == ["audit_closed", "pii_residual_bound"]
    assert not {"audit_closed", "pii_residual_bound"} & {row["name"] for row in manifest.gates}
    rows = evaluate(world.settings, world.store, manifest)
    assert [(row["name"], row["passed"]) for row in rows] == [("audit_closed", False), ("pii_residual_bound", False)]
    with pytest.raises(ReleaseRefused, match="pii_residual_bound"):
        decide(world.settings, "house-mix@1.0.0", "approve", "dee", "fine")
    assert build(world.settings, "house-mix")["no_op"] is True
