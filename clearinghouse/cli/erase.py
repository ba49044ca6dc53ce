"""``clearinghouse erase``: forget people. Values come from a file, standard input or a prompt, never by the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from clearinghouse.cli.output import (
    ContractsOption,
    JsonOption,
    KeyOption,
    MixesOption,
    PolicyOption,
    StoreOption,
    emit,
    table,
)

if TYPE_CHECKING:
    from clearinghouse.settings import Settings
    from governance.erasure import Hashed, Person

RulesOption = Annotated[
    Path | None, typer.Option("--rules", help="File of erasure rules.", envvar="CLEARINGHOUSE_ERASURE_RULES")
]
ErasureArgument = Annotated[str, typer.Argument(metavar="ID", help="An erasure, as `clearinghouse erase ls` names it.")]


def erase(
    context: typer.Context,
    subject: Annotated[
        list[str] | None,
        typer.Option(help="A kind of value, such as phone; its value is asked for. May be given several times."),
    ] = None,
    subjects: Annotated[
        str | None, typer.Option(help="CSV of people: a column a kind, or subject,kind,value; - for standard input.")
    ] = None,
    subject_hash: Annotated[
        list[str] | None, typer.Option(help="ENTITY:HEX, a hash made with the store's key; one subject.")
    ] = None,
    trigger: Annotated[str, typer.Option(help="Why, such as pipl-47-consent or gdpr-17-b.")] = "",
    received: Annotated[str, typer.Option(help="When the request came, such as 2026-01-31.")] = "",
    reason: Annotated[str, typer.Option(help="Goes into the certificate and the ledger: no personal data.")] = "",
    by: Annotated[str, typer.Option(help="Who records it.")] = "",
    from_argv: Annotated[
        bool,
        typer.Option("--from-argv", help="Take KIND=VALUE from --subject; other users may see it in process lists."),
    ] = False,
    only_record: Annotated[
        bool, typer.Option("--only-record", help="Record and filter from now on; `erase run ID` does the rest.")
    ] = False,
    replaces: Annotated[str | None, typer.Option(help="A request under another key that this one takes over.")] = None,
    rules: RulesOption = None,
    store: StoreOption = None,
    contracts: ContractsOption = None,
    mixes: MixesOption = None,
    policy: PolicyOption = None,
    key_file: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Erase people: hold their records back at once, rewrite what has them, keep them out, certify it."""
    if context.invoked_subcommand is not None:
        return
    if not (subject or subjects or subject_hash):
        print(context.get_help())
        raise typer.Exit(2)
    for name, value in (("--trigger", trigger), ("--received", received), ("--reason", reason), ("--by", by)):
        if not value:
            raise typer.BadParameter("is needed to erase", param_hint=name)
    from clearinghouse.jobs.erase import Why, request, run

    settings = _settings(store, contracts, mixes, policy, key_file)
    people = _people(subject or (), subjects, from_argv=from_argv)
    why = Why(trigger, received, reason, by)
    asked = request(settings, people, why, ready=_ready(subject_hash or ()), rules=rules, replaces=replaces)
    if only_record:
        emit(
            asked,
            lambda: f"recorded as {asked['id']}, due {asked['due']}: clearinghouse erase run {asked['id']}",
            as_json=as_json,
        )
        return
    found = run(settings, asked["id"])
    emit(found, lambda: _text(found), as_json=as_json)


def _settings(
    store: str | None, contracts: str | None, mixes: str | None, policy: str | None, key_file: str | None
) -> Settings:
    from clearinghouse.settings import Settings

    return Settings.from_env(store=store, contracts=contracts, mixes=mixes, policy=policy, key_file=key_file)


def _people(asked: Iterable[str], file: str | None, *, from_argv: bool) -> Iterator[Person]:
    """One person from ``--subject`` and its prompts, and one a line of the file."""
    from governance.erasure import BadRequest, Person

    values = []
    for one in asked:
        kind, given, value = one.partition("=")
        if given and not from_argv:
            raise BadRequest(
                f"the value of {kind[:20]!r} stands on the command line, where other users of the machine can read it",
                state="nothing was written",
                fix=f"--subject {kind[:20]} asks for it; or --subjects FILE; or --from-argv, if that is what you want",
            )
        values.append((kind, value if given else typer.prompt(f"{kind} of the subject", hide_input=True)))
    if values:
        yield Person(tuple(values))
    if file == "-":
        import sys

        yield from read_people(sys.stdin)
    elif file is not None:
        try:
            with Path(file).open(encoding="utf-8-sig", newline="") as lines:
                yield from read_people(lines)
        except (OSError, UnicodeDecodeError) as error:
            said = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise BadRequest(f"cannot read {file}: {said}", state="nothing was written") from None


def read_people(lines: TextIO) -> Iterator[Person]:
    """People from CSV: columns named by kinds, one person a line; or the columns subject, kind and value, where lines
    of one subject stand together. Empty cells say nothing."""
    import csv

    from governance.erasure import BadRequest, Person

    found = csv.DictReader(lines)
    heads = [head.strip() for head in found.fieldnames or ()]
    found.fieldnames = heads
    if not heads:
        raise BadRequest("the file of subjects is empty", state="nothing was written")
    if {"kind", "value"} <= set(heads):
        name, held = None, list[tuple[str, str]]()
        for row in found:
            if held and row.get("subject") != name:
                yield Person(tuple(held))
                held = []
            name = row.get("subject")
            held.append(((row["kind"] or "").strip(), row["value"] or ""))
        if held:
            yield Person(tuple(held))
        return
    for row in found:
        values = tuple(
            (kind, value) for kind, value in row.items() if kind and isinstance(value, str) and value.strip()
        )
        if values:
            yield Person(values)


def _ready(given: Iterable[str]) -> list[Hashed]:
    from governance.erasure import BadRequest
    from schemas.subject import ALONE, TOGETHER

    made = []
    for one in given:
        entity, _, text = one.partition(":")
        try:
            value = bytes.fromhex(text)
        except ValueError:
            value = b""
        if entity not in ALONE | TOGETHER or len(value) != 16:
            raise BadRequest(
                "a --subject-hash is ENTITY:HEX with 32 hex digits",
                state="nothing was written",
                fix=f"entities are {', '.join(sorted(ALONE | TOGETHER))}",
            )
        made.append((value, entity, 0))
    return made


def run(
    erasure: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One erasure; all that are not certified if left out.")
    ] = None,
    store: StoreOption = None,
    contracts: ContractsOption = None,
    mixes: MixesOption = None,
    policy: PolicyOption = None,
    key_file: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Carry out what was recorded, or go on where it stopped."""
    from clearinghouse.jobs.erase import run as job
    from clearinghouse.jobs.erase import still_open

    settings = _settings(store, contracts, mixes, policy, key_file)
    if erasure is not None:
        found = job(settings, erasure)
        emit(found, lambda: _text(found), as_json=as_json)
        return
    every = [job(settings, one) for one in still_open(settings)]
    emit({"erasures": every}, lambda: "\n\n".join(map(_text, every)) or "no erasure is open", as_json=as_json)


def ls(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List erasures: when received, when due, what came of them."""
    from clearinghouse.jobs.erase_certificate import listing
    from clearinghouse.settings import Settings

    found = listing(Settings.from_env(store=store))

    def text() -> str:
        rows = [
            (
                one["erasure"],
                one["received"],
                one["due"],
                one["standing"],
                one["subjects"],
                one["found"]["rows"],
                one["state"],
            )
            for one in found
        ]
        heads = ("erasure", "received", "due", "deadline", "subjects", "rows found", "state")
        return table(heads, rows) if rows else "no erasure was asked for"

    emit({"erasures": found}, text, as_json=as_json)


def status(
    erasure: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One erasure; all that are open if left out.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how an erasure stands: deadlines, what was found, what is held back, the first clean release."""
    from clearinghouse.jobs.erase_certificate import listing
    from clearinghouse.jobs.erase_certificate import status as job
    from clearinghouse.settings import Settings

    settings = Settings.from_env(store=store)
    if erasure is not None:
        found = job(settings, erasure)
        emit(found, lambda: _text(found), as_json=as_json)
        return
    some = [one for one in listing(settings) if not one["certified"]]
    emit({"erasures": some}, lambda: "\n\n".join(map(_text, some)) or "no erasure is open", as_json=as_json)


def certify(erasure: ErasureArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Check again that nothing is left, and write the certificate once the clean releases are signed."""
    from clearinghouse.jobs.erase_certificate import certify as job
    from clearinghouse.settings import Settings

    found = job(Settings.from_env(store=store), erasure)
    emit(found, lambda: _text(found), as_json=as_json)


def purge(
    erasure: Annotated[str | None, typer.Argument(metavar="[ID]", help="Only this erasure.")] = None,
    grace: Annotated[str | None, typer.Option(help="ISO 8601 duration in place of the rules', such as P0D.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would go, and delete nothing.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Delete the old objects that held erased people, when readers have had their time to move."""
    from clearinghouse.jobs.erase_purge import purge as job
    from clearinghouse.settings import Settings
    from schemas.names import DURATION

    if grace is not None and not DURATION.fullmatch(grace):
        raise typer.BadParameter(f"{grace!r} is not an ISO 8601 duration such as P30D", param_hint="--grace")
    found = job(Settings.from_env(store=store), erasure, grace=grace, dry_run=dry_run)

    def text() -> str:
        rows = [(one["erasure"], len(one["files"]), one["bytes"], one["waits"] or "–") for one in found["erasures"]]
        lines = [table(("erasure", "files", "bytes", "waits for"), rows) if rows else "no erasure was asked for"]
        lines += [f"{one['file'] or 'note'}: {one['said']}" for each in found["erasures"] for one in each["in_the_way"]]
        if rows and dry_run:
            lines += [f"  {name}" for one in found["erasures"] for name in one["files"]]
            lines.append("nothing was deleted: --dry-run")
        return "\n".join(lines)

    emit(found, text, as_json=as_json)


def defer(
    erasure: ErasureArgument,
    reason: Annotated[str, typer.Option(help="Why deletion is technically hard.")],
    by: Annotated[str, typer.Option(help="Who decides it.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep old objects frozen, stored and protected only, because to delete them is technically hard."""
    from clearinghouse.jobs.erase_purge import defer as job
    from clearinghouse.settings import Settings

    found = job(Settings.from_env(store=store), erasure, reason, by)
    emit(found, f"{erasure}: kept frozen ({found['citation']}; {found['verified_by']})", as_json=as_json)


def _text(one: dict[str, Any]) -> str:
    rows = [
        ("state", one["state"]),
        ("law", f"{one['law_title']} ({one['clause']})"),
        ("received", one["received"]),
        ("due", f"{one['due']} ({one['standing']})"),
        ("after", f"{one['citation']}; {one['verified_by']}"),
        ("subjects", f"{one['subjects']:,} asked for, {one['found']['subjects']:,} found"),
        ("rows found", one["found"]["rows"]),
        ("held back since", one["frozen_at"] or "–"),
        ("old objects", one["purge"]),
        ("certificate", f"erasures/{one['erasure']}/certificate.md" if one["certified"] else "–"),
    ]
    lines = [table(("", ""), rows, f"erasure {one['erasure']}")]
    if one["releases"]:
        heads = ("mix", "held them", "to be signed", "first clean, signed")
        lines.append(
            table(
                heads,
                [
                    (mix, ", ".join(each["affected"]), each["candidate"] or each["how"], each["clean"] or "–")
                    for mix, each in sorted(one["releases"].items())
                ],
            )
        )
    waits = [
        f"  clearinghouse approve {each['candidate']} --reviewer NAME --reason TEXT"
        for _, each in sorted(one["releases"].items())
        if each["candidate"] and not each["clean"] and not each["refused"]
    ]
    if waits:
        lines.append("\n".join(["what is left to do:", *waits, f"  clearinghouse erase certify {one['erasure']}"]))
    return "\n\n".join(lines)


def register(app: typer.Typer) -> None:
    commands = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
    commands.callback()(erase)
    for command in (run, status, ls, certify, purge, defer):
        commands.command()(command)
    app.add_typer(commands, name="erase", help="Forget people: find, hold back, rewrite, keep out, certify.")
