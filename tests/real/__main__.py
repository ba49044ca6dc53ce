"""``make real``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from clearinghouse.cli.output import table
from schemas.errors import ClearinghouseError
from tests.real.run import HEADERS, MIXES, feeds, ingest_all, settings_in, shared


def main() -> int:
    as_json = "--json" in sys.argv
    if not (shared() / "data").is_dir():
        print(f"no feeds at {shared() / 'data'}: set CLEARINGHOUSE_SHARED", file=sys.stderr)
        return 3
    from clearinghouse.jobs.release import build

    settings = settings_in(Path("real"))
    try:
        done = ingest_all(settings, feeds())
        if not as_json:
            print(table(HEADERS, [feed.row() for feed in done]), end="\n\n", flush=True)
        releases = [build(settings, mix) for mix in MIXES]
    except ClearinghouseError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    if as_json:
        print(json.dumps({"feeds": {f.key: f.result for f in done}, "releases": releases}, sort_keys=True))
    else:
        columns = ("mix", "version", "rows", "tokens", "gates_passed", "report")
        print(table(columns, [tuple(release[c] for c in columns) for release in releases]))
    return 0 if all(feed.result["counts"]["balanced"] for feed in done) else 5


if __name__ == "__main__":
    raise SystemExit(main())
