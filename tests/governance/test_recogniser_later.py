"""Expressions that are compiled late say what compiled ones say."""

from __future__ import annotations

import pickle
import re

import pytest

from governance.recognisers.later import Later, later
from governance.recognisers.library import patterns_for

TEXT = "Label No. 123, label no 45; LABEL ٣"


@pytest.mark.parametrize("flags", [0, re.IGNORECASE, re.ASCII, re.IGNORECASE | re.ASCII])
def test_it_is_the_compiled_expression(flags: int) -> None:
    source = r"(?P<label>label) (?:no\.? )?(?P<value>\d+)"
    late, made = later(source, flags), re.compile(source, flags)
    assert isinstance(late, Later)
    assert (late.pattern, late.flags, dict(late.groupindex)) == (made.pattern, made.flags, dict(made.groupindex))
    assert "_made" not in vars(late)
    assert [m.span("value") for m in late.finditer(TEXT)] == [m.span("value") for m in made.finditer(TEXT)]
    assert (late.search(TEXT) is None) == (made.search(TEXT) is None)
    assert late.sub("-", TEXT) == made.sub("-", TEXT)
    again = pickle.loads(pickle.dumps(late))
    assert (again.pattern, again.flags, again.groups) == (made.pattern, made.flags, made.groups)


def test_what_does_not_compile_says_so_when_it_is_used() -> None:
    late = later("(unclosed")
    with pytest.raises(re.error, match="missing"):
        late.search("")


def test_every_expression_of_the_library_compiles() -> None:
    """Those put off fail no test by being imported, so here each is made."""
    waiting = [one for one in patterns_for(("BR", "CN", "DE", "KR", "TH", "US")) if isinstance(one.verifier, Later)]
    assert len(waiting) > 20
    for one in waiting:
        assert one.verifier.groups >= 1
        assert set(one.verifier.groupindex) == set(
            re.compile(
                one.verifier.pattern,
                one.verifier.flags & ~re.UNICODE if one.verifier.flags & re.ASCII else one.verifier.flags,
            ).groupindex
        )
