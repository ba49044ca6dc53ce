"""``clearinghouse approve`` and ``reject``: a reviewer's decision on a release."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from clearinghouse.cli.output import JsonOption, StoreOption, emit
from clearinghouse.cli.people import PassphraseOption, PeopleOption, SigningKeyOption, ask_passphrase, signing_settings

ReviewerOption = Annotated[
    str | None,
    typer.Option(
        "--reviewer",
        help="Who decides; one whom the mix names, if it names any. Left out: CLEARINGHOUSE_ACTOR.",
        envvar="CLEARINGHOUSE_ACTOR",
    ),
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why. Goes into the ledger.")]
ReleaseArgument = Annotated[str, typer.Argument(metavar="MIX@VERSION", help="The release.")]


def approve(
    release: ReleaseArgument,
    reason: ReasonOption,
    reviewer: ReviewerOption = None,
    signing_key: SigningKeyOption = None,
    passphrase: PassphraseOption = None,
    people: PeopleOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign a release after hashing all of it again, and move `latest` to it.

    A mix of high risk takes two: a reviewer and an officer.
    """
    _decide("approve", release, reviewer, reason, (signing_key, passphrase, people, store), as_json)


def reject(
    release: ReleaseArgument,
    reason: ReasonOption,
    reviewer: ReviewerOption = None,
    signing_key: SigningKeyOption = None,
    passphrase: PassphraseOption = None,
    people: PeopleOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Refuse a release for good. Training jobs cannot open it."""
    _decide("reject", release, reviewer, reason, (signing_key, passphrase, people, store), as_json)


def _decide(
    verdict: str,
    release: str,
    reviewer: str | None,
    reason: str,
    given: tuple[str | None, str | None, str | None, str | None],
    as_json: bool,
) -> None:
    from clearinghouse.cli.store import _open
    from clearinghouse.jobs.decide import NOBODY, decide

    if reviewer is None:
        # A name on trust is not guessed; where keys count, the key says who it is.
        raise typer.BadParameter("say who decides", param_hint="--reviewer")
    if reviewer.strip() == NOBODY:
        # Kept for answers that never came: a person who decides has a name.
        raise typer.BadParameter(f"{NOBODY} is no reviewer", param_hint="--reviewer")
    signing_key, passphrase, people, store = given
    _open(store)
    settings = signing_settings(store, people, signing_key, passphrase, actor=reviewer)
    done = decide(settings, release, verdict, reviewer, reason, ask=ask_passphrase)
    for remark in done["remarks"]:
        print(f"note: {remark}", file=sys.stderr)

    def text() -> str:
        name = f"{done['mix']}@{done['version']}"
        if done["waits_for"]:
            said = f"{name} signed by {done['reviewer']} on {done['at']}, ledger entry {done['ledger']}"
            return f"{said}\nnot approved yet; it waits for: {', '.join(done['waits_for'])}"
        verb = "approved" if verdict == "approve" else "rejected"
        said = f"{name} {verb} by {done['reviewer']} on {done['at']}, ledger entry {done['ledger']}"
        if done["repeated"]:
            said += f" (decided before, for the reason: {done['reason']})"
        if verdict == "approve":
            said += f"\n{name} is the latest" if done["latest"] else "\na later version is and stays the latest"
        return said

    emit(done, text, as_json=as_json)


def register(app: typer.Typer) -> None:
    app.command("approve")(approve)
    app.command("reject")(reject)
