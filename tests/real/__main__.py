"""``make real``: ingest the public feeds, release the mixes, show what became of each."""

from __future__ import annotations

import argparse
import json
import resource
import sys
from pathlib import Path

from clearinghouse.cli.output import table
from schemas.errors import ClearinghouseError
from tests.real.run import (
    HEADERS,
    MIXES,
    RELEASE_HEADERS,
    counted_again,
    feeds,
    ingest_all,
    release_all,
    settings_in,
    shared,
)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.real", description=__doc__)
    parser.add_argument("--dir", default="real", help="where store and key lie (default: real)")
    parser.add_argument(
        "--feed", action="append", metavar="KEY", help="only this feed, such as media.films; repeatable"
    )
    parser.add_argument("--mix", action="append", metavar="NAME", help="only this mix; repeatable; none: --mix ''")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    given = parser.parse_args(argv)
    if not (shared() / "data").is_dir():
        print(f"no feeds at {shared() / 'data'}: set CLEARINGHOUSE_SHARED", file=sys.stderr)
        return 3
    settings = settings_in(Path(given.dir))
    try:
        done = ingest_all(settings, given.feed or feeds())
    except ClearinghouseError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    if not given.json:
        print(table(HEADERS, [feed.row() for feed in done]), end="\n\n", flush=True)
    releases = release_all(settings, [mix for mix in given.mix or MIXES if mix])
    numbers: dict[str, int] = {}
    wrong: list[str] = []
    for one in releases:
        if "error" not in one.result:
            try:
                numbers[one.mix] = counted_again(settings, one)
            except AssertionError as error:
                wrong.append(f"{one.mix}: {error}")
    if given.json:
        said = {"feeds": {f.key: f.result for f in done}, "releases": {r.mix: r.result for r in releases}}
        said |= {"numbers_counted_again": numbers, "numbers_wrong": wrong}
        print(json.dumps(said, sort_keys=True))
    else:
        print(table(RELEASE_HEADERS, [one.row() for one in releases]))
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        print(f"\nlargest process: {peak // 1024:,} MiB")
        print(f"numbers of reports counted again from the files: {sum(numbers.values()):,} in {len(numbers)} releases")
    refused = [one for one in releases if "error" in one.result]
    for one in refused:
        print(f"error: {one.result['error']}", file=sys.stderr)
    for said_of in wrong:
        print(f"error: {said_of}", file=sys.stderr)
    if wrong or not all(feed.result["counts"]["balanced"] for feed in done):
        return 5
    return int(refused[0].result["exit_code"]) if refused else 0


if __name__ == "__main__":
    raise SystemExit(main())
