"""A ledger as a folder of files, and its check without anything else: ``python -m governance.ledger_files FOLDER``.

For a copy of a store's ``ledger/``: no store, no credentials, no configuration; the standard library and
`cryptography`. Memory does not grow with the number of entries.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from governance.ledger import Head, LedgerProblem, Verifier
from schemas.errors import StoreError

_NAME = re.compile(r"([0-9]{8})\.json")


def numbers(folder: str | Path) -> Iterator[int]:
    """The numbers of the entries in a folder, ascending; other names are passed over. One bit is held for each."""
    there = bytearray()
    try:
        with os.scandir(folder) as found:
            for item in found:
                if match := _NAME.fullmatch(item.name):
                    place, bit = divmod(int(match[1]), 8)
                    if place >= len(there):
                        there.extend(bytes(place + 1 - len(there)))
                    there[place] |= 1 << bit
    except OSError as error:
        raise StoreError(f"cannot list {folder}: {error.strerror}", state="nothing was changed") from None
    for place, byte in enumerate(there):
        for bit in range(8) if byte else ():
            if byte >> bit & 1:
                yield place * 8 + bit


def entries(folder: str | Path) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of the entries in a folder, one read at a time. Raises `StoreError`."""
    for number in numbers(folder):
        path = Path(folder, f"{number:08d}.json")
        try:
            data = path.read_bytes()
        except OSError as error:
            raise StoreError(f"cannot read {path}: {error.strerror}", state="nothing was changed") from None
        yield number, data


def facts(done: Verifier, problems: Sequence[LedgerProblem]) -> dict[str, Any]:
    """What a check found, as JSON."""
    return {
        "ok": not done.told,
        "head": str(done.head),
        "root": done.root,
        "signed": done.signed,
        "governed": done.people is not None,
        "registry": done.people.digest if done.people else None,
        "problems": [problem.as_dict() for problem in problems],
        "remarks": [remark.as_dict() for remark in done.remarks],
        "backwards": done.backwards,
    }


def summary(done: Verifier) -> str:
    """What a check found, for people: after the problems, which were told one by one."""
    lines = [remark.message for remark in done.remarks]
    if done.backwards > len(done.remarks):
        lines.append(
            f"… and {done.backwards - len(done.remarks):,} more entries with an earlier time than the one before"
        )
    if done.told:
        return "\n".join([*lines, f"the ledger is broken: {done.told:,} problem{'s' * (done.told != 1)}"])
    count = done.head.ordinal
    who = (
        f"{done.signed:,} signed, by a registry of {len(done.people.people)} people" if done.people else "not governed"
    )
    lines.append(f"the ledger holds: {count:,} entr{'y' if count == 1 else 'ies'} ({who}), head {done.head}")
    if done.people is None:
        lines.append("names are taken on trust: clearinghouse people anchor makes signatures count")
    lines.append("keep the head elsewhere, and check it with --head later")
    return "\n".join(lines)


def check(
    found: Iterator[tuple[int, bytes]], head: Head | None, tell: Callable[[LedgerProblem], None] | None = None
) -> Verifier:
    """Verify entries; ``tell`` gets the problems as they are met, else they are kept."""
    done = Verifier(head, tell=tell)
    for number, data in found:
        done.add(number, data)
    done.close()
    return done


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 0 for a ledger that holds, 7 for a broken one, 8 for one that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m governance.ledger_files", description="Check a copied ledger.")
    parser.add_argument("folder", help="the folder with 00000001.json and the entries after it")
    parser.add_argument("--head", type=Head.parse, help="a head that was kept earlier: <ordinal>:<digest>")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    given = parser.parse_args(arguments)
    try:
        done = check(entries(given.folder), given.head, None if given.json else lambda problem: print(problem.message))
    except StoreError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(json.dumps(facts(done, done.problems), ensure_ascii=False, sort_keys=True) if given.json else summary(done))
    return 7 if done.told else 0


if __name__ == "__main__":
    sys.exit(main())
