"""Merkle trees: the numbers of Certificate Transparency, proofs that hold, and none that hold for anything else."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from schemas.merkle import file_leaf, included, proof, root

#: Leaves and roots of the tests of Google's Certificate Transparency code, as many implementations repeat them.
LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
}


def slow(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\1" + slow(leaves[:half]) + slow(leaves[half:])).digest()


def test_the_roots_of_certificate_transparency() -> None:
    assert {size: root(LEAVES[:size]) for size in ROOTS} == ROOTS
    assert root([]) == sha256().hexdigest()


@given(st.lists(st.binary(max_size=4), max_size=40))
def test_roots_are_those_of_the_standard(leaves: list[bytes]) -> None:
    assert root(leaves) == slow(leaves).hex()


@given(st.integers(1, 40), st.data())
def test_a_proof_holds_for_its_leaf_and_place_alone(size: int, data: st.DataObject) -> None:
    leaves = [bytes([n]) for n in range(size)]
    found = root(leaves)
    at = data.draw(st.integers(0, size - 1))
    path = proof(leaves, at)
    assert included(leaves[at], at, size, path, found)
    assert len(path) <= (size - 1).bit_length()
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != at or size == 1))
    if other != at:
        assert not included(leaves[other], at, size, path, found)
        assert not included(leaves[at], other, size, path, found)
    assert not included(b"forged", at, size, path, found)
    assert not included(leaves[at], at, size, [*path, "00" * 32], found)
    assert not included(leaves[at], size, size, path, found)
    assert not included(leaves[at], -1, size, path, found)
    for step in range(len(path)):
        flipped = f"{int(path[step][0], 16) ^ 1:x}{path[step][1:]}"
        assert not included(leaves[at], at, size, [*path[:step], flipped, *path[step + 1 :]], found)
        assert not included(leaves[at], at, size, [*path[:step], "no hex", *path[step + 1 :]], found)
        assert not included(leaves[at], at, size, path[:step] + path[step + 1 :], found)


def test_a_leaf_cannot_pass_for_a_node() -> None:
    inner = b"".join(sha256(b"\0" + leaf).digest() for leaf in (b"a", b"b"))
    assert root([inner]) != root([b"a", b"b"])
    assert file_leaf("a", "0" * 64) != file_leaf("a", "0" * 64, 0)
