"""The drift part of a contract and how long rejects are kept."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from schemas.contract import Contract, Drift, Levels
from schemas.contract_loader import load_contract
from schemas.errors import ContractError
from tests.ingest_world import make_world


def load(root: Path, *properties: str) -> Contract:
    world = make_world(root)
    lines = "".join(f"  - {{property: {text}}}\n" for text in properties)
    return load_contract(world.contract(**{"replace:  - property: document": f"{lines}  - property: document"}))


def test_what_is_left_out_has_its_default_and_leaves_the_digest_alone(tmp_path: Path) -> None:
    plain = load(tmp_path / "1")
    assert plain.drift == Drift()
    assert plain.quarantine_retention == ""
    assert load(tmp_path / "1b").digest != load(tmp_path / "2", "quarantineRetention, value: P30D").digest
    limits = Drift()
    assert [getattr(limits, name).hold for name in ("volume", "nulls", "psi", "redactions")] == [None] * 4


def test_limits_are_read_exactly(tmp_path: Path) -> None:
    found = load(tmp_path, "drift, value: {window: 3, volume: {warn: 0.2, hold: 0.5, fail: 0.9}, psi: {}}").drift
    assert found.window == 3
    assert found.volume == Levels(Decimal("0.2"), Decimal("0.5"), Decimal("0.9"))
    assert found.psi == Levels()
    assert found.nulls == Drift().nulls


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("drift, value: {volume: {warn: 0.5, hold: 0.2}}", "'hold' comes before 'warn'"),
        ("drift, value: {volume: {warn: 2}}", "must be at most 1"),
        ("drift, value: {volum: {warn: 0.2}}", "did you mean 'volume'"),
        ("drift, value: {psi: {wran: 0.2}}", "did you mean 'warn'"),
        ("drift, value: {window: 0}", "must be at least 1"),
        ("quarantineRetention, value: 30 days", "ISO 8601 duration"),
    ],
)
def test_faults_are_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ContractError) as caught:
        load(tmp_path, text)
    assert said in str(caught.value)
