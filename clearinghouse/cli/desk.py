"""``clearinghouse desk``: the review desk, served from here."""

from __future__ import annotations

import ipaddress
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearinghouse.cli.output import JsonOption, KeyOption, StoreOption, emit
from clearinghouse.cli.people import PeopleOption
from schemas.errors import ClearinghouseError

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from clearinghouse.settings import Settings


class NotServed(ClearinghouseError):
    """A desk that cannot be started as asked."""

    exit_code = 2


def desk(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 8470,
    name: Annotated[
        list[str] | None, typer.Option("--name", help="A name by which browsers call the desk; may be repeated.")
    ] = None,
    certificate: Annotated[Path | None, typer.Option("--certificate", help="PEM file, for HTTPS.")] = None,
    certificate_key: Annotated[Path | None, typer.Option("--certificate-key", help="PEM file of its key.")] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy on this machine ends HTTPS and says so.")
    ] = False,
    signing_key: Annotated[
        str | None,
        typer.Option(
            "--signing-key",
            help="Files of people's keys, such as /keys/{name}.pem. Left out, each sends their own.",
            envvar="CLEARINGHOUSE_SIGNING_KEY",
        ),
    ] = None,
    people: PeopleOption = None,
    store: StoreOption = None,
    key_file: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Serve the review desk: reports, audit queue, signing, erasures and the ledger, in a browser.

    People sign in with the passwords of the people file (`clearinghouse people password NAME`). On loopback unless told
    otherwise.
    """
    import socket

    from clearinghouse.settings import Settings

    if (certificate is None) != (certificate_key is None):
        raise NotServed("HTTPS takes --certificate and --certificate-key", fix="name both, or neither")
    settings = Settings.from_env(store=store, people=people, signing_key=signing_key, key_file=key_file)
    app = application(settings, host, name or ())
    secure = certificate is not None or behind_proxy
    if not _loopback(host) and not secure:
        print(
            f"warning: {host} is reached from other machines, and without HTTPS passwords and passphrases travel in the "
            "clear; give --certificate and --certificate-key, or listen on 127.0.0.1",
            file=sys.stderr,
        )
    import uvicorn

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise NotServed(
            f"cannot listen on {host}, port {port}: {error.strerror}",
            fix="clearinghouse desk --port 0 takes a free one",
        ) from None
    number = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    url = f"http{'s' if certificate else ''}://{shown}:{number}/"
    emit({"url": url}, f"the review desk is at {url} (Ctrl-C ends it)", as_json=as_json)
    sys.stdout.flush()
    uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="info",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=behind_proxy,
            ssl_certfile=certificate,
            ssl_keyfile=certificate_key,
            timeout_graceful_shutdown=5,
        )
    ).run(sockets=[listening])


def application(settings: Settings, host: str, names: tuple[str, ...] | list[str]) -> Starlette:
    """The desk with sign-in of its own. Raises `PeopleError`, `NotServed` or `StoreError`."""
    try:
        import python_multipart  # noqa: F401
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise NotServed(f"the desk needs {error.name}", fix="pip install 'clearinghouse[pipeline,desk]'") from None
    from clearinghouse.desk.app import make_app, new_secret
    from clearinghouse.desk.visit import Desk
    from infra.store import open_store

    if not settings.people:
        raise NotServed(
            "the desk lets in whom a people file names, and none was given",
            fix="clearinghouse people add NAME, then name the file by --people or CLEARINGHOUSE_PEOPLE",
        )
    # Whatever the name that a browser calls loopback by, a page of another name is not this desk's.
    hosts = {host.lower(), *(one.lower() for one in names)}
    if _loopback(host):
        hosts |= {"localhost", "127.0.0.1", "::1"}
    elif host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        hosts = hosts if names else set()
    made = Desk(settings, open_store(settings.store), new_secret(), frozenset(hosts))
    if not any(person.password for person in made.register.file().people):
        print(
            "warning: nobody in the people file has a password: clearinghouse people password NAME sets one",
            file=sys.stderr,
        )
    return make_app(made)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def register(app: typer.Typer) -> None:
    app.command("desk")(desk)
