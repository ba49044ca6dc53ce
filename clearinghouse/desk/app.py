"""The desk as an ASGI application: one gate through which every request goes, and the table of pages."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from clearinghouse.desk import audits, entrance, erasures, exceptions, guard, history, quality, releases
from clearinghouse.desk.people import Caller, mark
from clearinghouse.desk.sessions import same, token
from clearinghouse.desk.visit import FOLDER, Desk, Handler, Visit
from clearinghouse.desk.words import LANGUAGES, preferred
from clearinghouse.jobs.audit_sample import AuditError
from clearinghouse.jobs.context import NotFoundByName
from governance.erasure import BadRequest
from schemas.errors import ClearinghouseError, IntegrityError, KeyMissing, ReleaseRefused, StoreError

log = logging.getLogger("clearinghouse.desk")

STATIC = {"desk.css": "text/css; charset=utf-8", "desk.js": "text/javascript; charset=utf-8"}
#: A person of the site that the desk is part of: it puts them there, the desk believes it.
CALLER = "clearinghouse.caller"
_ANYBODY: frozenset[str] = frozenset()
_READERS = frozenset(("reviewer", "officer"))
#: Whose signature the ledger takes under a closed audit.
_CLOSERS = frozenset(("reviewer",))
_OFFICERS = frozenset(("officer",))
_STATUS: tuple[tuple[type[ClearinghouseError], int], ...] = (
    (NotFoundByName, 404),
    (KeyMissing, 400),
    (BadRequest, 400),
    (AuditError, 409),
    (ReleaseRefused, 409),
    (IntegrityError, 409),
    (StoreError, 503),
)


@dataclass(frozen=True)
class Page:
    """A page: whose roles may ask for it (none named: any person), and whether it is there without sign-in."""

    path: str
    method: str
    handler: Handler
    roles: frozenset[str] = _ANYBODY
    outside: bool = False


PAGES = (
    Page("/sign-in", "GET", entrance.form, outside=True),
    Page("/sign-in", "POST", entrance.sign_in, outside=True),
    Page("/sign-out", "POST", entrance.sign_out),
    Page("/", "GET", releases.listing),
    Page("/releases/{mix}/{version}", "GET", releases.show),
    Page("/releases/{mix}/{version}/report", "GET", releases.report),
    Page("/releases/{mix}/{version}/files/{file}", "GET", releases.file),
    Page("/releases/{mix}/{version}/quality/{dataset}/{page}", "GET", quality.page),
    Page("/releases/{mix}/{version}/views", "GET", releases.views, _READERS),
    Page("/releases/{mix}/{version}/decision", "POST", releases.decide, _READERS),
    Page("/releases/{mix}/{version}/exception", "POST", exceptions.enter, _READERS),
    Page("/releases/{mix}/{version}/audit", "GET", audits.progress),
    Page("/releases/{mix}/{version}/audit/draw", "POST", audits.draw, _READERS),
    Page("/releases/{mix}/{version}/audit/read", "GET", audits.read, _READERS),
    Page("/releases/{mix}/{version}/audit/read", "POST", audits.verdict, _READERS),
    Page("/releases/{mix}/{version}/audit/settle", "GET", audits.unsettled, _READERS),
    Page("/releases/{mix}/{version}/audit/settle", "POST", audits.settle, _READERS),
    Page("/releases/{mix}/{version}/audit/close", "POST", audits.close, _CLOSERS),
    Page("/exceptions", "GET", exceptions.listing),
    Page("/erasures", "GET", erasures.listing),
    Page("/erasures", "POST", erasures.request, _OFFICERS),
    Page("/erasures/new", "GET", erasures.form, _OFFICERS),
    Page("/erasures/{erasure}", "GET", erasures.show),
    Page("/ledger", "GET", history.show),
    Page("/ledger", "POST", history.check),
)


def make_app(desk: Desk) -> Starlette:
    """The desk as an application, to be served or to be mounted below any path."""
    routes = [Route(page.path, _endpoint(desk, page), methods=[page.method]) for page in PAGES]
    routes.append(Route("/static/{file}", _static, methods=["GET"]))

    async def missing(request: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", 500)
        visit = _visit(desk, request, None)
        text = {404: "There is no such page.", 405: "This page is not asked for in this way."}
        return _finish(desk, request, visit.fault(status, visit.say(text.get(status, "That did not work."))))

    app = Starlette(routes=routes, exception_handlers={404: missing, 405: missing})
    # A path with a slash at its end is not there, rather than there under a second name.
    app.router.redirect_slashes = False
    return app


def _endpoint(desk: Desk, page: Page) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        return _finish(desk, request, await _answer(desk, page, request))

    return endpoint


async def _answer(desk: Desk, page: Page, request: Request) -> Response:
    if not guard.known_host(request, desk.hosts):
        return HTMLResponse("This desk has another name.", 421)
    if request.method != "POST" and (wanted := request.query_params.get("lang")) in LANGUAGES:
        answer = RedirectResponse(str(request.url.path), 303)
        answer.set_cookie(
            "desk-language",
            str(wanted),
            max_age=31536000,
            path=_base(request) or "/",
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer
    try:
        caller = await run_in_threadpool(_caller, desk, request)
    except ClearinghouseError as error:
        return _told(_visit(desk, request, None), error)
    visit = _visit(desk, request, caller)
    if caller is None and not page.outside:
        if desk.framed:
            return visit.fault(403, visit.say("You are not in the registry of people."))
        if request.method == "POST":
            return visit.fault(401, visit.say("Your session has ended. Sign in again; nothing was written."))
        if guard.from_elsewhere(request):
            # The cookie stays behind on the way from another site. The page asks for itself once more, from here.
            return visit.page("again")
        return visit.go(f"/sign-in?next={request.url.path.removeprefix(visit.base)}")
    if request.method == "POST":
        refused = await _form(visit)
        if refused is not None:
            return refused
    if caller is not None and page.roles and not page.roles & set(caller.roles):
        return visit.fault(403, visit.say("Your role does not let you do this."))
    return await run_in_threadpool(_handled, page.handler, visit)


async def _form(visit: Visit) -> Response | None:
    """Read what was sent; what to answer where it is refused."""
    desk, request = visit.desk, visit.request
    wait = desk.posts.take(visit.caller.name if visit.caller else f"@{visit.address}")
    if wait:
        answer = visit.fault(429, visit.say("Too many requests. Wait {seconds} seconds.", seconds=wait))
        answer.headers["Retry-After"] = str(wait)
        return answer
    if guard.foreign(request):
        return visit.fault(403, visit.say("This form was sent by another site. Nothing was written."))
    data = await guard.body(request)
    if data is None:
        return visit.fault(413, visit.say("That is too much to be sent at once. Nothing was written."))
    request._body = data  # read already, within bounds: this is where Starlette keeps it
    try:
        found = await request.form(max_files=1, max_fields=60)
    except (MultiPartException, ValueError, AssertionError) as error:
        log.info("a form could not be read: %s", type(error).__name__)
        return visit.fault(400, visit.say("The form could not be read. Nothing was written."))
    form, files = dict[str, str](), dict[str, bytes]()
    for name, value in found.multi_items():
        if isinstance(value, UploadFile):
            files[name] = await value.read()
        else:
            form[name] = value
    visit.form, visit.files = form, files
    given = form.get("csrf", "")
    if not any(wanted and same(given, wanted) for wanted in (visit.csrf, visit.caller and visit.caller.csrf_before)):
        return visit.fault(403, visit.say("The form is not of this session. Load the page again; nothing was written."))
    return None


def _handled(handler: Handler, visit: Visit) -> Response:
    try:
        return handler(visit)
    except ClearinghouseError as error:
        return _told(visit, error)
    except Exception as error:
        # What an unforeseen error says may hold anything; where it happened does not.
        last = traceback.extract_tb(error.__traceback__)[-1]
        log.error("%s in %s, line %s", type(error).__name__, last.name, last.lineno)
        return visit.fault(500, visit.say("That did not work."), fix="see the log of the desk")


def _told(visit: Visit, error: ClearinghouseError) -> Response:
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    return visit.fault(status, error.message, error.state, error.fix)


def _visit(desk: Desk, request: Request, caller: Caller | None) -> Visit:
    language = request.cookies.get("desk-language", "")
    if language not in LANGUAGES:
        language = preferred(request.headers.get("accept-language", ""))
    visitor = request.cookies.get(entrance.VISITOR, "")
    csrf = caller.csrf if caller else token(desk.secret, "visitor", visitor) if visitor else ""
    return Visit(desk, request, language, _base(request), caller, csrf)


def _base(request: Request) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/")


def _caller(desk: Desk, request: Request) -> Caller | None:
    """Who asks. Raises `PeopleError` or `IntegrityError` where that cannot be known."""
    if desk.framed:
        found = request.scope.get(CALLER)
        return found if isinstance(found, Caller) else None
    identity = request.cookies.get(entrance.cookie_name(request), "")
    session = desk.sessions.find(identity) if identity else None
    if session is None:
        return None
    known, person = desk.register.file().get(session.name), desk.register.person(session.name)
    if known is None or person is None or mark(known) != session.mark:
        desk.sessions.end(identity)
        return None
    return Caller(person.name, person.roles, person.units, session.csrf)


def _finish(desk: Desk, request: Request, answer: Response) -> Response:
    for name, value in guard.headers(framed=desk.framed, https=request.url.scheme == "https").items():
        answer.headers.setdefault(name, value)
    return answer


async def _static(request: Request) -> Response:
    name = request.path_params["file"]
    if name not in STATIC:
        return Response(status_code=404)
    answer = Response((FOLDER / "static" / name).read_bytes(), media_type=STATIC[name])
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def new_secret() -> bytes:
    return secrets.token_bytes(32)
