"""Which entities the recognisers of some regions look for, without loading them where that is known already.

Loading them takes two CPU seconds, which a release would spend to say what it did not look for. The answer follows from
the code alone and is kept beside the compiled automata under the code's digest; a folder that cannot be read or written
costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from clearinghouse.code import code_version
from schemas.caches import cache_folder
from schemas.canonical import digest


def entities_sought(regions: Iterable[str], only: tuple[str, ...] | None = None) -> frozenset[str]:
    """Every entity that running text is searched for where values of these regions (ISO 3166-1) are expected; with
    ``only``, under a policy that has these alone looked for (`Policy.looked_for`)."""
    return _sought(tuple(sorted(set(regions))), only)


@lru_cache(maxsize=64)
def _sought(regions: tuple[str, ...], only: tuple[str, ...] | None) -> frozenset[str]:
    what = ["entities", code_version(), list(regions), *([] if only is None else [list(only)])]
    file = cache_folder() / f"{digest(what)}.json"
    try:
        known = json.loads(file.read_bytes())
        if isinstance(known, list) and known and all(isinstance(name, str) for name in known):
            return frozenset(known)
    except (OSError, ValueError):
        pass
    from clearinghouse.scrub import default_engine

    found = frozenset(default_engine(regions, entities=only).supported_entities())
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as temporary:
            json.dump(sorted(found), temporary)
        Path(temporary.name).replace(file)
    return found
