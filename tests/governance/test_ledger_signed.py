"""A governed ledger: who signed what, with which key, and every way in which that can be untrue."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.ledger import SIGNED, Head, Verifier, make_entry, payload, verify
from governance.ledger_files import main, numbers
from governance.signing import Signer
from schemas.canonical import canonical_json, digest
from schemas.merkle import included, proof, root
from schemas.registry import People, Person, PublicKey

Entries = list[tuple[int, bytes]]
DAYS = [f"2026-01-{day:02}T08:00:00Z" for day in range(1, 29)]


def signer(seed: int) -> Signer:
    return Signer(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


OFFICER, REVIEWER, ENGINEER, NEW, STRANGER = (signer(seed) for seed in range(1, 6))


def registry(*, rotated: bool = False) -> People:
    old = PublicKey(REVIEWER.public_text, None, DAYS[9] if rotated else None)
    keys = (PublicKey(NEW.public_text, DAYS[9]), old) if rotated else (old,)
    return People(
        (
            Person("ada", ("officer",), keys=(PublicKey(OFFICER.public_text),)),
            Person("eng", ("engineer",), keys=(PublicKey(ENGINEER.public_text),)),
            Person("wen", ("reviewer",), keys=keys),
        )
    )


class Chain:
    """A ledger that is written one entry a day."""

    def __init__(self) -> None:
        self.entries: Entries = []

    def add(self, kind: str, actor: str, who: Signer | None, at: str = "", **body: Any) -> Chain:
        number = len(self.entries) + 1
        previous = self.entries[-1][1] if self.entries else None
        sign = who.signature if who else None
        self.entries.append((number, make_entry(previous, number, kind, actor, at or DAYS[number - 1], body, sign)))
        return self

    def anchor(self, people: People, actor: str = "ada", who: Signer | None = OFFICER) -> Chain:
        return self.add("people", actor, who, registry=people.facts(), digest=people.digest)

    @property
    def found(self) -> list[tuple[int, str]]:
        return [(problem.ordinal, problem.kind) for problem in verify(self.entries)]

    @property
    def told(self) -> str:
        return "\n".join(problem.message for problem in verify(self.entries))


def governed() -> Chain:
    return Chain().anchor(registry()).add("decision", "wen", REVIEWER, verdict="approve", mix="demo", version="1.0.0")


def test_signed_entries_hold_without_anything_beside_them() -> None:
    chain = Chain().add("decision", "anybody", None, verdict="approve")
    chain.anchor(registry()).add("decision", "wen", REVIEWER).add("quarantine.purge", "retention", None)
    chain.add("erasure", "ada", OFFICER).add("decision", "nobody", None, verdict="reject")
    done = Verifier.over(chain.entries)
    assert done.problems == []
    assert (done.signed, done.remarks) == (3, [])
    assert done.people is not None
    assert done.people.digest == registry().digest


@pytest.mark.parametrize("kind", sorted(SIGNED))
def test_every_kind_that_must_be_signed_is(kind: str) -> None:
    assert governed().add(kind, "ada", None).found[0] == (3, "unsigned")


@pytest.mark.parametrize(
    ("kind", "actor", "who", "told"),
    [
        ("decision", "wen", STRANGER, "does not know"),
        ("decision", "wen", OFFICER, "the key is ada's"),
        ("decision", "eng", ENGINEER, "who is engineer; decision takes officer or reviewer"),
        ("waiver", "eng", ENGINEER, "who is engineer"),
        ("audit", "ada", OFFICER, "audit takes reviewer"),
        ("audit-draw", "eng", ENGINEER, "audit-draw takes officer or reviewer"),
        ("erasure", "wen", REVIEWER, "erasure takes officer"),
        ("people", "wen", REVIEWER, "people takes officer"),
        ("reveal", "somebody", ENGINEER, "the key is eng's"),
        ("quarantine.purge", "retention", STRANGER, "does not know"),
    ],
)
def test_a_signature_that_is_not_the_actors_own_is_told(kind: str, actor: str, who: Signer, told: str) -> None:
    chain = governed()
    people = registry()
    chain.add(kind, actor, who, registry=people.facts(), digest=people.digest)
    assert chain.found == [(3, "signature")]
    assert told in chain.told


def test_a_reject_for_want_of_an_answer_needs_no_key_and_an_approval_does() -> None:
    assert governed().add("decision", "nobody", None, verdict="reject").found == []
    assert governed().add("decision", "nobody", None, verdict="approve").found == [(3, "unsigned")]


def test_a_retired_key_signs_nothing_any_more_whatever_the_time_it_gives() -> None:
    chain = governed().add("decision", "wen", REVIEWER)
    chain.anchor(registry(rotated=True))
    for number in range(5, 11):
        chain.add("note", "x", None, at=DAYS[number - 1])
    assert chain.found == []
    # The eleventh day: the old key is retired since the tenth.
    late = Chain()
    late.entries = list(chain.entries)
    assert late.add("decision", "wen", NEW).found == []
    late.add("decision", "wen", REVIEWER)
    assert late.found == [(12, "signature")]
    assert f"was retired on {DAYS[9]}" in late.told
    # Dated back to when it was good: the ledger has seen later times.
    chain.add("note", "x", None).add("decision", "wen", REVIEWER, at=DAYS[3])
    assert chain.found == [(12, "signature")]


def test_a_key_that_is_not_yet_good_is_told() -> None:
    chain = governed().anchor(registry(rotated=True)).add("decision", "wen", NEW)
    assert chain.found == [(4, "signature")]
    assert f"is good from {DAYS[9]} on" in chain.told


def test_a_registry_is_anchored_by_an_officer_of_the_one_before() -> None:
    usurper = People((Person("eve", ("officer",), keys=(PublicKey(STRANGER.public_text),)),))
    assert Chain().anchor(usurper, "eve", STRANGER).found == []
    assert governed().anchor(usurper, "eve", STRANGER).found == [(3, "signature")]
    assert governed().anchor(usurper).found == []
    assert Chain().anchor(registry(), "wen", REVIEWER).found == [(1, "signature")]
    assert Chain().anchor(registry(), "ada", None).found == [(1, "unsigned")]
    assert Chain().add("people", "ada", OFFICER, registry=registry().facts(), digest="0" * 64).found[-1] == (
        1,
        "people",
    )
    assert governed().add("people", "ada", OFFICER, registry=[{"name": 3}], digest="0" * 64).found == [(3, "people")]


def test_a_signature_without_a_registry_proves_nothing() -> None:
    assert Chain().add("decision", "wen", REVIEWER).found == [(1, "signature")]


def test_a_clock_that_goes_back_is_told_and_is_no_fault() -> None:
    chain = governed().add("decision", "wen", REVIEWER, at=DAYS[0]).add("note", "x", None)
    done = Verifier.over(chain.entries)
    assert done.problems == []
    assert [(remark.ordinal, remark.kind) for remark in done.remarks] == [(3, "clock")]
    assert DAYS[1] in done.remarks[0].message
    fraction = governed().add("note", "x", None, at=DAYS[1][:-1] + ".5Z")
    assert Verifier.over(fraction.entries).remarks == []


def test_every_single_byte_of_a_signed_ledger_counts() -> None:
    """Exhaustive: each byte flipped, each byte removed; nothing but the entries is known, no head was kept."""
    chain = governed()
    for at, (number, whole) in enumerate(chain.entries):
        for place in range(len(whole)):
            for changed in (
                whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :],
                whole[:place] + whole[place + 1 :],
            ):
                broken = [*chain.entries[:at], (number, changed), *chain.entries[at + 1 :]]
                assert verify(broken), f"byte {place} of entry {number} was changed unseen"


LONG = (
    governed().add("erasure", "ada", OFFICER, n=1).add("decision", "wen", REVIEWER, n=2).add("reveal", "ada", OFFICER)
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_changes_removals_swaps_and_replays_are_found(data: st.DataObject) -> None:
    entries = list(LONG.entries)
    at = data.draw(st.integers(0, len(entries) - 1))
    number, whole = entries[at]
    kind = data.draw(st.sampled_from(("byte", "body", "resign", "remove", "swap", "replay", "again", "strip")))
    head = Head(len(entries), digest(entries[-1][1]))
    if kind == "byte":
        place, flip = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(1, 255))
        entries[at] = (number, whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
    elif kind == "body":
        entry = json.loads(whole)
        entries[at] = (number, canonical_json({**entry, "body": {**entry["body"], "more": 1}}))
    elif kind == "resign":
        entry = json.loads(whole)
        entries[at] = (number, canonical_json({**entry, "signature": STRANGER.signature(payload(entry))}))
    elif kind == "remove":
        del entries[at]
    elif kind == "swap":
        other = data.draw(st.integers(0, len(entries) - 1).filter(lambda n: n != at))
        entries[at], entries[other] = (number, entries[other][1]), (entries[other][0], whole)
    elif kind == "replay":
        entries.append((len(entries) + 1, whole))
    elif kind == "again":
        entry = json.loads(whole)
        link = {"ordinal": len(entries) + 1, "previous": digest(entries[-1][1])}
        entries.append((len(entries) + 1, canonical_json({**entry, **link})))
    else:
        entry = json.loads(whole)
        del entry["signature"]
        entries[at] = (number, canonical_json(entry))
    # Only a removed end needs the head that was kept.
    assert verify(entries, head) if (kind, at) == ("remove", len(LONG.entries) - 1) else verify(entries)


def test_one_entry_can_be_shown_to_be_in_the_ledger() -> None:
    leaves = [data for _, data in LONG.entries]
    done = Verifier.over(LONG.entries)
    assert done.root == root(leaves)
    assert included(leaves[2], 2, len(leaves), proof(leaves, 2), done.root)


def write(folder: Path, entries: Entries) -> Path:
    folder.mkdir(exist_ok=True)
    for number, data in entries:
        (folder / f"{number:08d}.json").write_bytes(data)
    return folder


#: Refuses every import of ours but the few modules that a check needs, and everything of others but `cryptography`.
ALONE = """
import sys
class Only:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top in ("cryptography", "_cffi_backend", "cffi") or name in (
            "governance", "governance.ledger", "governance.ledger_files", "governance.signing",
            "schemas", "schemas.canonical", "schemas.errors", "schemas.merkle", "schemas.registry",
        ):
            return None
        raise ImportError(name + " is not needed to check a ledger")
sys.meta_path.insert(0, Only())
from governance.ledger_files import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_copied_folder_is_checked_with_the_standard_library_and_cryptography(tmp_path: Path) -> None:
    folder = write(tmp_path / "copy", LONG.entries)
    (folder / "README").write_text("not an entry")

    def run(*arguments: str) -> tuple[int, str]:
        found = subprocess.run(
            [sys.executable, "-c", ALONE, str(folder), *arguments],
            cwd=Path(__file__).resolve().parents[2],
            capture_output=True,
            text=True,
            check=False,
            env={"PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert not found.stderr, found.stderr
        return found.returncode, found.stdout

    code, said = run("--json")
    facts = json.loads(said)
    assert (code, facts["ok"], facts["signed"], facts["governed"]) == (0, True, 5, True)
    head = facts["head"]
    (folder / "00000005.json").unlink()
    assert run()[0] == 0
    code, said = run("--head", head)
    assert code == 7
    assert "entry 5 is missing" in said
    (folder / "00000003.json").unlink()
    code, said = run()
    assert code == 7
    assert "entries before it are missing: 3" in said


def test_the_command_tells_what_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")]) == 8
    assert "cannot list" in capsys.readouterr().err
    (tmp_path / "00000001.json").mkdir()
    assert main([str(tmp_path)]) == 8
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main([str(empty)]) == 0
    assert "0 entries" in capsys.readouterr().out
    assert main([str(empty), "--head", "1:" + "0" * 64]) == 7


def test_numbers_are_listed_in_order(tmp_path: Path) -> None:
    wanted = [1, 2, 7, 8, 9, 63, 64, 1000, 12345]
    for number in reversed(wanted):
        (tmp_path / f"{number:08d}.json").touch()
    for other in ("1.json", "00000003.json.bak", "x0000003.json", "000000003.json"):
        (tmp_path / other).touch()
    assert list(numbers(tmp_path)) == wanted


def test_memory_does_not_grow_with_the_ledger(tmp_path: Path) -> None:
    """20,000 entries, every hundredth signed, of which every thousandth wrongly: told one by one, nothing is held."""

    def stream() -> Iterator[tuple[int, bytes]]:
        previous = LONG.entries[0][1]
        yield 1, previous
        for number in range(2, 20_001):
            sign = None if number % 100 else (STRANGER if number % 1000 == 0 else REVIEWER).signature
            previous = make_entry(previous, number, "decision" if sign else "note", "wen", DAYS[1], {"n": number}, sign)
            yield number, previous

    told = 0

    def tell(_: object) -> None:
        nonlocal told
        told += 1

    tracemalloc.start()
    done = Verifier(tell=tell)
    for number, data in stream():
        done.add(number, data)
        if number == 1000:
            early = tracemalloc.get_traced_memory()[1]
            tracemalloc.reset_peak()
    late = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (done.told, told, done.problems) == (20, 20, [])
    assert done.signed == 1 + 180
    assert late < early + 200_000, f"{early} bytes after 1,000 entries, {late} after 20,000"


def test_base64_of_a_signature_has_one_spelling() -> None:
    number, whole = LONG.entries[-1]
    entry = json.loads(whole)
    value = entry["signature"]["value"]
    for other in (value + "\n", value[:-2], value.replace("=", ""), base64.urlsafe_b64encode(b"\xff" * 64).decode()):
        changed = canonical_json({**entry, "signature": {**entry["signature"], "value": other}})
        assert verify([*LONG.entries[:-1], (number, changed)])
