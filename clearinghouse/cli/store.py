"""``clearinghouse ls``, ``show``, ``head`` and ``verify``: what a store holds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearinghouse.cli.output import JsonOption, StoreOption, emit

if TYPE_CHECKING:
    from clearinghouse.settings import Settings
    from infra.store import Store


def ls(
    what: Annotated[str | None, typer.Argument(metavar="[releases|snapshots]", help="Only these.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List releases with their status, and data sets with their newest snapshots."""
    from clearinghouse.cli.store_text import list_releases, list_snapshots, releases_table, snapshots_table

    if what not in (None, "releases", "snapshots"):
        raise typer.BadParameter(f"{what!r} is neither releases nor snapshots")
    settings, opened = _open(store)
    found: dict[str, Any] = {"store": settings.store}
    if what != "snapshots":
        found["releases"] = list_releases(opened)
    if what != "releases":
        found["snapshots"] = list_snapshots(opened)

    def text() -> str:
        parts = []
        if "releases" in found:
            parts.append(releases_table(found["releases"]) or "no release yet: clearinghouse release MIX")
        if "snapshots" in found:
            parts.append(snapshots_table(found["snapshots"]) or "no snapshot yet: clearinghouse ingest CONTRACT")
        return "\n\n".join(parts)

    emit(found, text, as_json=as_json)


def show(
    name: Annotated[str, typer.Argument(help="A release (mix@version, mix) or a data set (unit.name, unit.name@3).")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a release or a snapshot is made of and what was decided on it."""
    from clearinghouse import catalog
    from clearinghouse.cli import store_text

    _, opened = _open(store)
    if _is_dataset(name):
        snapshot = catalog.find_snapshot(opened, name)
        emit(store_text.snapshot_facts(snapshot), lambda: store_text.snapshot_text(snapshot), as_json=as_json)
    else:
        info = catalog.release(opened, catalog.resolve(opened, name))
        emit(store_text.release_facts(info), lambda: store_text.release_text(info, opened.uri), as_json=as_json)


def head(
    name: Annotated[str, typer.Argument(help="A release (mix@version, mix) or a data set (unit.name, unit.name@3).")],
    rows: Annotated[int, typer.Option("-n", "--rows", min=1, help="How many rows.")] = 5,
    columns: Annotated[str | None, typer.Option(help="Only these columns: a,b,c.")] = None,
    allow_unsigned: Annotated[bool, typer.Option("--allow-unsigned", help="Also what nobody has signed yet.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the first rows of a release, as a training job reads them, or of a data set, as its contract left them."""
    from clearinghouse.cli.store_text import plain, row_text

    names = [one.strip() for one in columns.split(",") if one.strip()] if columns else None
    if _is_dataset(name):
        found, taken, of = _dataset_rows(name, rows, names, store)
    else:
        found, taken, of = _release_rows(name, rows, names, store, allow_unsigned)
    value = {**found, "rows": [plain(row) for row in taken], "of": of}

    def text() -> str:
        blocks = [row_text(number, row) for number, row in enumerate(taken)]
        return "\n".join([*blocks, f"{len(taken):,} of {of:,} rows of {next(iter(found.values()))}"])

    emit(value, text, as_json=as_json)


def _release_rows(
    name: str, rows: int, columns: list[str] | None, store: str | None, allow_unsigned: bool
) -> tuple[dict[str, str], list[dict[str, Any]], int]:
    from itertools import islice

    from clearinghouse.catalog import parse_release
    from clearinghouse.reader import open_release
    from clearinghouse.settings import Settings

    mix, version = parse_release(name)
    opened = open_release(Settings.from_env(store=store).store, mix, version, allow_unsigned=allow_unsigned)
    # Long rows: no more of them are decoded at once than are shown.
    found = opened.batches(columns, batch_rows=min(rows, 1024))
    taken = list(islice((row for batch in found for row in batch.to_pylist()), rows))
    return {"release": f"{opened.mix}@{opened.version}"}, taken, len(opened)


def _dataset_rows(
    name: str, rows: int, columns: list[str] | None, store: str | None
) -> tuple[dict[str, str], list[dict[str, Any]], int]:
    from clearinghouse import catalog
    from clearinghouse.snapshot_rows import first_rows

    _settings, opened = _open(store)
    snapshot = catalog.find_snapshot(opened, name)
    found = {"snapshot": f"{snapshot.dataset}@{snapshot.ordinal}"}
    return found, first_rows(opened, snapshot, rows, columns), snapshot.counts.kept


def verify(
    what: Annotated[
        str, typer.Argument(metavar="[RELEASE|DATASET|all]", help="mix@version, unit.name, or all.")
    ] = "all",
    head: Annotated[str | None, typer.Option(help="Head of the ledger that was kept: <ordinal>:<digest>.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hash all files again and check that rows, decisions and ledger agree. Exits with 7 if anything differs."""
    from clearinghouse.verify import verify as check

    _, opened = _open(store)
    found = check(opened, what, head=_head(head))

    def text() -> str:
        looked = (
            f"{len(found.subjects)} manifest{_s(len(found.subjects))}, {found.files:,} file{_s(found.files)}, "
            f"{found.bytes:,} bytes; ledger head {found.ledger}"
        ) + "".join(
            f"\nno release of {mix} names {objects:,} shard{_s(objects)} of its pool, {size:,} bytes: "
            f"clearinghouse purge-shards {mix}"
            for mix, (objects, size) in sorted(found.unreferenced.items())
        )
        if not found.findings:
            return f"all as it should be: {looked}"
        lines = [str(finding) for finding in found.findings]
        return "\n".join([*lines, f"{len(lines)} problem{_s(len(lines))}: {looked}"])

    emit(found.as_dict(), text, as_json=as_json)
    if found.findings:
        raise typer.Exit(7)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (ls, show, head, verify):
        app.command(command.__name__)(command)


def _open(store: str | None) -> tuple[Settings, Store]:
    """The store that is meant, after a look whether it is there; what its owner should know goes to stderr."""
    from clearinghouse.settings import Settings
    from infra.store import open_store

    settings = Settings.from_env(store=store)
    opened = open_store(settings.store)
    for note in opened.check():
        print(f"note: {note}", file=sys.stderr)
    return settings, opened


def _head(text: str | None) -> Any:
    if text is None:
        return None
    from governance.ledger import Head

    try:
        return Head.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--head") from None


def _is_dataset(name: str) -> bool:
    # Names of mixes have no dots, keys of data sets have one.
    return "." in name.partition("@")[0]


def _s(count: int) -> str:
    return "" if count == 1 else "s"
