"""``clearinghouse audit``: draw a sample of a release, read it, and say what is left in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from clearinghouse.cli.output import JsonOption, PolicyOption, StoreOption, emit, table
from clearinghouse.cli.people import PassphraseOption, PeopleOption, SigningKeyOption, open_key, signing_settings

Release = Annotated[str, typer.Argument(metavar="MIX@VERSION", help="Such as pretrain@1.0.0.")]
Reader = Annotated[str, typer.Option("--reader", help="Who reads.")]


def draw(
    release: Release,
    size: Annotated[int, typer.Option("--size", min=1, help="Rows to read.")] = 400,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Instead of the mix's own.")] = None,
    twice: Annotated[float, typer.Option("--twice", min=0, max=1, help="Share that two readers read.")] = 1.0,
    actor: Annotated[str | None, typer.Option("--actor", help="Who draws it; CLEARINGHOUSE_ACTOR, else you.")] = None,
    signing_key: SigningKeyOption = None,
    passphrase: PassphraseOption = None,
    people: PeopleOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw the sample: by unit, language and entity, redacted and un-redacted rows apart. Once a release, recorded in the
    ledger."""
    from clearinghouse.jobs.audit_sample import DRAWN
    from clearinghouse.jobs.audit_sample import draw as job

    settings = signing_settings(store, people, signing_key, passphrase, actor=actor)
    signer = open_key(settings, DRAWN, settings.who)
    found = job(settings, release, size=size, seed=seed, twice=twice, signer=signer)
    emit(found, lambda: _drawn(found), as_json=as_json)


def _drawn(found: Mapping[str, Any]) -> str:
    rows = [
        (
            one["unit"],
            one["language"],
            one["entity"] or "(none)",
            one["side"],
            one["score"],
            one["rows"],
            one["sampled"],
        )
        for one in found["strata"]
    ]
    head = (
        f"{found['release']}: {found['size']:,} of {found['rows']:,} rows, {found['twice']:,} of them for two readers"
    )
    return "\n".join(
        [
            table(("unit", "language", "entity", "side", "score", "rows", "sampled"), rows, head),
            "",
            "the sample was drawn before" if found["repeated"] else "next:",
            f"  clearinghouse audit review {found['release']} --reader NAME",
            f"  clearinghouse audit export {found['release']} --reader NAME --out sample.csv",
        ]
    )


def review(
    release: Release,
    reader: Reader,
    store: StoreOption = None,
) -> None:
    """Read the sample here, document by document: c clean, l leak, o over-redacted, u unsure, h harmful, s later, q end."""
    from clearinghouse.jobs.audit import Audit
    from clearinghouse.settings import Settings

    audit = Audit.open(Settings.from_env(store=store), release)
    queue = audit.queue(reader)
    done = 0
    for number, item in enumerate(queue, 1):
        (document,) = audit.documents([item.row], reader, "terminal")
        typer.echo(f"\n── {number:,} of {len(queue):,} · row {document.row} · {document.source} · {document.language}")
        _show(document)
        verdict = _ask(document, reader)
        if verdict is None:
            break
        if verdict:
            audit.add(verdict)
            done += 1
    typer.echo(f"{done:,} verdicts written; {len(audit.queue(reader)):,} rows left for {reader}")


def _show(document: Any) -> None:
    for place, part in enumerate(document.parts):
        typer.echo(f"[{place}{f' {part.role}' if part.role else ''}] {plain(part.text)}")


def plain(text: str) -> str:
    """Text that a terminal shows and does not obey: control and format characters but line breaks and tabs as ``□``."""
    return "".join("□" if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\t" else c for c in text)


def _ask(document: Any, reader: str) -> Any:
    """A verdict, False for later, None for the end."""
    from clearinghouse.jobs.audit import Verdict
    from clearinghouse.jobs.audit_csv import parse_leaks

    names = {"c": "clean", "l": "leak", "o": "over-redacted", "u": "unsure"}
    harmful = False
    while True:
        key = typer.prompt("c l o u h s q", prompt_suffix=" > ").strip().lower()
        if key == "q":
            return None
        if key == "s":
            return False
        if key == "h":
            harmful = not harmful
            typer.echo("harmful" if harmful else "not harmful")
            continue
        if key not in names:
            continue
        spans: tuple[Any, ...] = ()
        if key == "l":
            said = []
            while line := typer.prompt("ENTITY: text as it stands (empty: no more)", default="", show_default=False):
                said.append(line)
            try:
                spans = tuple(sorted(set(parse_leaks("\n".join(said), document))))
            except ValueError as error:
                typer.echo(str(error))
                continue
            if not spans:
                continue
        return Verdict(document.row, reader, names[key], spans, harmful)  # type: ignore[arg-type]


def export(
    release: Release,
    reader: Reader,
    out: Annotated[Path, typer.Option("--out", help="A file that is not there yet.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write what a reader has yet to read as CSV; fill in verdict, leaks and harmful, then import it."""
    from clearinghouse.jobs.audit_csv import export as job
    from clearinghouse.settings import Settings

    found = job(Settings.from_env(store=store), release, reader, out)
    emit(found, f"{found['rows']:,} rows to {found['path']}: scrubbed text, keep it to yourself", as_json=as_json)


def load(
    release: Release,
    file: Annotated[Path, typer.Argument(help="The CSV file, filled in.")],
    reader: Reader,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read verdicts from CSV. All faults are told at once, and with one nothing is written."""
    from clearinghouse.jobs.audit_csv import load as job
    from clearinghouse.settings import Settings

    found = job(Settings.from_env(store=store), release, reader, file)
    emit(
        found,
        f"{found['written']:,} verdicts written, {found['repeated']:,} were there, {found['empty']:,} rows without one",
        as_json=as_json,
    )


def settle(
    release: Release,
    reader: Annotated[str, typer.Option("--reader", help="A third person.")],
    store: StoreOption = None,
) -> None:
    """Settle rows on which readers differ, or where the second detector found what nobody marked."""
    from clearinghouse.jobs.audit import Audit
    from clearinghouse.settings import Settings

    audit = Audit.open(Settings.from_env(store=store), release)
    finds = audit.second_finds()
    given = audit.verdicts()
    rows = audit.disagreements()
    for row in rows:
        if any(one.row == row and one.reader == reader for one in given):
            continue
        (document,) = audit.documents([row], reader, "terminal")
        typer.echo(f"\n── row {row} · {document.source} · {document.language}")
        _show(document)
        for one in given:
            if one.row == row:
                marks = ", ".join(f"{s.entity} {s.part}:{s.start}-{s.end}" for s in one.spans)
                typer.echo(f"one reader: {one.verdict}{' harmful' if one.harmful else ''} {marks}")
        for span in finds.get(row, ()):
            typer.echo(f"second detector: {span.entity} {span.part}:{span.start}-{span.end}")
        verdict = _ask(document, reader)
        if verdict is None:
            break
        if verdict:
            audit.adjudicate(verdict)
    typer.echo(f"{len(audit.disagreements()):,} rows wait to be settled")


def rescan(
    release: Release,
    share: Annotated[float, typer.Option("--share", min=0, max=1, help="Share of all rows to look at too.")] = 0.1,
    store: StoreOption = None,
    policy: PolicyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a second detector look at the sample, and at a share of all rows for the technical check."""
    from clearinghouse.jobs.audit_rescan import rescan as job
    from clearinghouse.settings import Settings

    found = job(Settings.from_env(store=store, policy=policy), release, share=share)
    technical, sample = found["technical"], found["sample"]
    text = (
        f"{found['release']}: finds in {sample['with_finds']:,} of {sample['rows']:,} rows of the sample; "
        f"in {technical['with_finds']:,} of {technical['rows']:,} rows of all {technical['of']:,}"
    )
    emit(found, text, as_json=as_json)


def views(release: Release, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List who was shown which rows of the sample, when and by what."""
    from clearinghouse.jobs.audit import Audit
    from clearinghouse.settings import Settings

    found = list(Audit.open(Settings.from_env(store=store), release).views())
    rows = [(one["number"], one["at"], one["reader"], one["via"], len(one["rows"])) for one in found]
    emit(found, lambda: table(("view", "at", "who", "by", "rows"), rows, release), as_json=as_json)


def result(release: Release, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Say what the audit comes to so far: leaks and their bounds by stratum and in all, kappa, recapture."""
    from clearinghouse.jobs.audit_result import result as job
    from clearinghouse.settings import Settings

    found = job(Settings.from_env(store=store), release)
    emit(found, lambda: _result(found), as_json=as_json)


def _result(found: Mapping[str, Any]) -> str:
    def line(one: Mapping[str, Any], *names: str) -> tuple[Any, ...]:
        most = "" if one["upper"] is None else f"{100 * float(one['upper']):.3g} %"
        return (*names, one["population_rows"], one["read"], one["leaks"], one["over"], most, one["extrapolated"])

    rows = [
        line(one, one["unit"], one["language"], one["entity"] or "(none)", one["side"], one["score"])
        for one in found["strata"]
    ]
    rows.append(line(found["total"], "all", "", "", "", ""))
    heads = ("unit", "language", "entity", "side", "score", "rows", "read", "leaks", "over", "at most", "estimated")
    said = found["kappa"]
    lines = [table(heads, rows, f"audit of {found['release']}: {found['state']}"), ""]
    lines.append("at most: 95 % upper bound of the share of rows with a leak; estimated: rows with a leak, of all")
    if said["both_read"]:
        lines.append(
            f"{said['both_read']:,} rows read by two: agreement {said['agreement']}, kappa {said['value'] or 'not defined'}"
        )
    one = found["capture"]
    if one:
        lines.append(
            f"{one['detectors'][0]} found {one['first']:,}, {one['detectors'][1]} {one['second']:,}, both {one['both']:,}: "
            f"about {one['missed']} missed by both"
        )
    lines += [f"to do: {what}" for what in found.get("missing", ())]
    if found["state"] == "open" and not found["missing"]:
        lines.append(f"nothing is left to do: clearinghouse audit close {found['release']} --actor NAME")
    return "\n".join(lines)


def close(
    release: Release,
    actor: Annotated[str, typer.Option("--actor", help="Who closes it.")],
    signing_key: SigningKeyOption = None,
    passphrase: PassphraseOption = None,
    people: PeopleOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Close the audit: audit.json is written once and recorded in the ledger. Then the release can be signed."""
    from clearinghouse.jobs.audit_result import CLOSED
    from clearinghouse.jobs.audit_result import close as job

    settings = signing_settings(store, people, signing_key, passphrase, actor=actor)
    found = job(settings, release, actor, signer=open_key(settings, CLOSED, actor))
    total = found["total"]
    text = (
        f"audit of {found['release']} closed, ledger entry {found['ledger']}: {total['leaks']:,} leaks in "
        f"{total['read']:,} rows read, at most {100 * float(total['upper']):.3g} % of all rows"
    )
    emit(found, text, as_json=as_json)


def register(app: typer.Typer) -> None:
    commands = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        help="What is left in a release: draw a sample, review, export, import, settle, rescan, views, result, close.",
    )
    for name, command in (
        ("draw", draw),
        ("review", review),
        ("export", export),
        ("import", load),
        ("settle", settle),
        ("rescan", rescan),
        ("views", views),
        ("result", result),
        ("close", close),
    ):
        commands.command(name)(command)
    app.add_typer(commands, name="audit")
