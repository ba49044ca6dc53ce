"""The demo: simulated units through the whole pipeline, and an honest account of what came out.

Nothing in it is special: units are made by `infra.simulators`, then the same jobs run that the command line and the
DAGs call, on a store and a key in one folder. What survives of the planted values is counted by `clearinghouse.leaks`.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clearinghouse.settings import Settings
from schemas.errors import ClearinghouseError

if TYPE_CHECKING:
    from infra.simulators.make import Made
    from infra.store import Store

ENVIRONMENT = "CLEARINGHOUSE_DEMO"
"""The variable by which the demo contracts find the folder of the units."""
REVIEWER = "demo-reviewer"
REASON = "Signed by the demo itself on invented data: no person has reviewed this release."
SIGNED = "pretrain"
"""The mix whose release the demo signs; the others are left for the reader to approve or reject."""
#: What the demo makes in its folder, and so may remove there.
_OURS = ("units", "units.partial", "truth", "store", "key")
_ROOT = Path(__file__).resolve().parents[1]
_DONE = {"approve": "approved", "reject": "rejected"}
_LARGE = 64 * 1024 * 1024

Say = Callable[[str], None]


class DemoFolder(ClearinghouseError):
    """A folder that the demo will not write into."""

    exit_code = 2


@dataclass(frozen=True)
class Place:
    """The demo's folder: units and their truth, store and key."""

    folder: Path

    @property
    def units(self) -> Path:
        return self.folder / "units"

    @property
    def truth(self) -> Path:
        return self.folder / "truth"

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def key(self) -> Path:
        return self.folder / "key"


def run(folder: Path, *, seed: int, scale: float, keep: bool, settings: Settings, say: Say) -> dict[str, Any]:
    """Make the units, ingest every contract, release every mix but those by hand, sign one, and scan for survivors.

    ``settings`` gives contracts, mixes, policy, workers and executor; store and key are the folder's own. With
    ``keep`` the units are taken as they lie there. A second run with the same arguments redoes nothing.
    Returns one JSON-able dictionary of figures. Raises `ClearinghouseError`.
    """
    begun = time.process_time()
    place = Place(folder)
    made = _units(place, seed, scale, keep, say)
    _key(place.key)
    settings = _settings(place, settings, made)
    with _environment(ENVIRONMENT, str(folder)):
        ingested = list(_ingest(settings, say))
        released = list(_release(settings, say))
    from infra.store import open_store

    store = open_store(settings.store)
    say("looking for every planted value in everything that was written")
    return {
        "folder": str(folder),
        "units": {
            "seed": made.seed,
            "bytes": made.size,
            "files": len(made.files),
            "planted": made.planted,
            "as_they_were": made.again,
        },
        "datasets": [_dataset(store, result, released) for result in ingested],
        "releases": released,
        "survivors": _survivors(store, place),
        "faults": {name: dict(found) for name, found in made.faults.items()},
        "no_op": all(result["no_op"] for result in (*ingested, *released)),
        "cpu_seconds": round(time.process_time() - begun, 1),
    }


def _units(place: Place, seed: int, scale: float, keep: bool, say: Say) -> Made:
    """The units as asked for. Units that are made anew begin a new store: its histories tell of other units."""
    from infra.simulators.make import make_units, read_made

    there = read_made(place.folder)
    if place.folder.exists() and there is None and any(place.folder.iterdir()):
        strangers = sorted(path.name for path in place.folder.iterdir() if path.name not in _OURS)
        if strangers:
            raise DemoFolder(
                f"{place.folder} holds other things ({', '.join(strangers[:5])}): the demo does not write there",
                state="nothing was changed",
                fix="clearinghouse demo --dir ANOTHER",
            )
    if keep and there is None:
        raise DemoFolder(f"--keep, but {place.folder} has no units yet", fix="leave out --keep on the first run")
    if keep and there is not None:
        say(f"units kept as they lie in {place.units}")
        return replace(there, again=True)
    try:
        made = make_units(place.folder, seed=seed, scale=scale)
    except ValueError as error:
        raise DemoFolder(str(error)) from None
    if made.again:
        say(f"units as they were: seed {seed}, {len(made.files)} files in {place.units}")
    else:
        shutil.rmtree(place.store, ignore_errors=True)
        say(f"made units: seed {seed}, {len(made.files)} files, {made.size / 1e6:.1f} MB in {place.units}")
    return made


def _key(path: Path) -> None:
    from governance.pseudonyms import Key

    if not path.exists():
        Key.create(path)


def _settings(place: Place, settings: Settings, made: Made) -> Settings:
    """The folder's store and key; contracts and mixes as told, else those that come with the program."""
    found: dict[str, Any] = {}
    for name in ("contracts", "mixes"):
        told = getattr(settings, name)
        if told == getattr(Settings(), name) and not Path(told).is_dir():
            found[name] = str(_ROOT / told)
    if made.size < _LARGE and settings.executor == Settings().executor and not settings.workers:
        # A second interpreter with all its libraries takes longer to start than this little data to read.
        found["executor"] = "inline"
    return replace(settings, store=str(place.store), key_file=str(place.key), **found)


def _ingest(settings: Settings, say: Say) -> Iterator[dict[str, Any]]:
    from clearinghouse.jobs.ingest import ingest
    from schemas.contract_loader import load_contracts

    for key in load_contracts(settings.contracts_path):
        result = ingest(settings, key)
        total = result["total"]
        did = "nothing new" if result["no_op"] else f"snapshot {result['snapshot']}"
        say(f"ingest {key}: {total['rows_in']:,} rows in, {total['kept']:,} kept; {did}")
        yield result


def _release(settings: Settings, say: Say) -> Iterator[dict[str, Any]]:
    from clearinghouse.jobs.release import build
    from schemas.contract_loader import load_contracts
    from schemas.mix_loader import MANUAL, load_mixes

    found = load_mixes(Path(settings.mixes), load_contracts(settings.contracts_path))
    # The recipes of the house are there to be planned and released by hand.
    for mix in (name for name, one in found.items() if one.schedule != MANUAL):
        result = build(settings, mix)
        did = "nothing new" if result["no_op"] else f"{result['shards']} shards"
        name = f"{mix}@{result['version']}"
        say(f"release {name}: {result['rows']:,} rows, {result['tokens']:,} tokens; {did}")
        verdict, new = _sign(settings, mix, result)
        say(f"release {name}: {verdict}")
        yield {**result, "no_op": result["no_op"] and not new, "verdict": verdict}


def _sign(settings: Settings, mix: str, result: Mapping[str, Any]) -> tuple[str, bool]:
    """What is decided on a release, and whether that was done now. Nobody's decision but the demo's is made here."""
    from clearinghouse.catalog import ReleaseRef, decision_of
    from clearinghouse.jobs.decide import decide
    from infra.store import open_store

    ref = ReleaseRef(mix, result["version"])
    stands = decision_of(open_store(settings.store), ref)
    if stands is not None and stands.reviewer != REVIEWER:
        return f"{_DONE[stands.verdict]} by {stands.reviewer}", False
    if mix != SIGNED or (stands is None and not result["gates_passed"]):
        return "unsigned", False
    # Repeating the demo's own approval finishes one that was stopped half-way, and else does nothing.
    made = decide(settings, str(ref), "approve", REVIEWER, REASON)
    return f"{_DONE[made['verdict']]} by {REVIEWER}", not made["repeated"]


def _dataset(store: Store, result: Mapping[str, Any], released: list[dict[str, Any]]) -> dict[str, Any]:
    """A data set's figures: rows from its snapshot, documents from the signed mix's release."""
    from clearinghouse.catalog import find_snapshot

    key = str(result["contract"])
    redacted = sum(
        count
        for receipt in find_snapshot(store, key).receipts
        for name, count in receipt.redactions.items()
        if name.split("|")[2] != "keep"
    )
    total = result["total"]
    found = {
        "dataset": key,
        "unit": key.split(".")[0],
        "rows_in": total["rows_in"],
        "kept": total["kept"],
        "quarantined": sum(total["quarantined"].values()),
        "reasons": total["quarantined"],
        "redacted": redacted,
        "filtered": sum(total["filtered"].values()),
        "duplicates": total["duplicates"],
        "not_drawn": 0,
        "documents": 0,
        "tokens": 0,
    }
    for release in released:
        for source in release["sources"]:
            if release["mix"] == SIGNED and source["dataset"] == key:
                _add_release(found, source)
    return found


def _add_release(found: dict[str, Any], source: Mapping[str, Any]) -> None:
    filtered = dict(source["filtered"])
    found["not_drawn"] += filtered.pop("not_sampled", 0)
    found["filtered"] += sum(filtered.values()) + sum(source["rows_left_out"].values())
    found["duplicates"] += source["duplicates"]
    found["documents"] += source["taken"]
    found["tokens"] += source["tokens"]


def _survivors(store: Store, place: Place) -> list[dict[str, Any]]:
    """What the scan found. ``covered`` tells whether anything claims to find this kind there: the contract finds whole
    columns, recognisers find kinds in text."""
    from clearinghouse.leaks import read_truth, scan_store
    from clearinghouse.scrub import default_engine

    found = [line.as_dict() for line in scan_store(store, read_truth(place.truth))]
    sought = set(default_engine(("CN",)).supported_entities())
    return [{**line, "covered": line["place"] == "column" or line["kind"] in sought} for line in found]


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def tree(place: Place, deepest: int = 3) -> list[str]:
    """The folder as lines of a tree: files of one folder and ending are one line, with their number and bytes."""
    lines = [f"{place.folder}/"]

    def walk(folder: Path, depth: int) -> None:
        files: dict[str, list[int]] = {}
        for path in sorted(folder.iterdir()):
            if path.is_dir():
                size, count = _size(path)
                lines.append(f"{'  ' * depth}{path.name}/  ({count} files, {_human(size)})")
                if depth < deepest:
                    walk(path, depth + 1)
            else:
                name = path.name if depth < deepest and len(list(folder.iterdir())) < 12 else f"*{path.suffix}"
                files.setdefault(name, []).append(path.stat().st_size)
        for name, sizes in files.items():
            many = f"{len(sizes)} × " if len(sizes) > 1 else ""
            lines.append(f"{'  ' * depth}{many}{name}  ({_human(sum(sizes))})")

    walk(place.folder, 1)
    return lines


def _size(folder: Path) -> tuple[int, int]:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return sum(sizes), len(sizes)


def _human(size: float) -> str:
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
