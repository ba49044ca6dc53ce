"""Sign-in and sign-out."""

from __future__ import annotations

import logging
import secrets
import threading

from starlette.requests import Request
from starlette.responses import Response

from clearinghouse.desk import guard
from clearinghouse.desk.people import mark
from clearinghouse.desk.sessions import LONGEST, token
from clearinghouse.desk.visit import Visit

log = logging.getLogger("clearinghouse.desk")

VISITOR = "desk-visitor"
"""Cookie of somebody who has not signed in: binds the sign-in form to a browser."""
#: A password is checked in 32 MiB of memory and a tenth of a second: not more than two at once.
_AT_ONCE = threading.Semaphore(2)
#: Longer than anybody types, short enough to hash.
_MOST = 1024


def cookie_name(request: Request) -> str:
    """Of a session. Over HTTPS with a prefix that binds the cookie to this host (RFC 6265bis)."""
    return "__Host-desk" if request.url.scheme == "https" else "desk"


def form(visit: Visit) -> Response:
    if visit.desk.framed or visit.caller is not None:
        return visit.go("/")
    return _form(visit, guard.local_path(visit.request.query_params.get("next", "/")))


def _form(visit: Visit, following: str, status: int = 200, fault: str = "") -> Response:
    visitor = visit.request.cookies.get(VISITOR, "")
    fresh = not visitor
    if fresh:
        visitor = secrets.token_urlsafe(24)
        visit.csrf = token(visit.desk.secret, "visitor", visitor)
    answer = visit.page("sign_in", status, following=following, wrong=fault)
    if fresh:
        _set(visit, answer, VISITOR, visitor, 3600)
    return answer


def sign_in(visit: Visit) -> Response:
    """Check a password. An unknown name, a person without a password and a wrong password are told alike."""
    from governance.passwords import check_password

    desk = visit.desk
    name, password = visit.form.get("name", "").strip()[:200], visit.form.get("password", "")
    following = guard.local_path(visit.form.get("next", "/"))
    tries = [
        (desk.failures, f"{name}\0{visit.address}"),
        (desk.failures_of_name, name),
        (desk.failures_of_address, visit.address),
    ]
    wait = max(window.wait(key) for window, key in tries)
    if wait:
        answer = _form(visit, following, 429, visit.say("Too many wrong tries. Wait {seconds} seconds.", seconds=wait))
        answer.headers["Retry-After"] = str(wait)
        return answer
    known = desk.register.file().get(name)
    with _AT_ONCE:
        right = check_password(password[:_MOST], known.password if known else None) and len(password) <= _MOST
    if not right or known is None or desk.register.person(name) is None:
        for window, key in tries:
            window.add(key)
        # The name may be anything that was typed by mistake, a password too: it is not logged.
        log.warning("a sign-in failed from %s", visit.address)
        return _form(visit, following, 403, visit.say("Name and password do not fit."))
    old = visit.request.cookies.get(cookie_name(visit.request))
    if old:
        desk.sessions.end(old)
    answer = visit.go(following)
    _set(visit, answer, cookie_name(visit.request), desk.sessions.start(name, mark(known)), LONGEST)
    answer.delete_cookie(VISITOR, path="/")
    log.info("%s signed in", name)
    return answer


def sign_out(visit: Visit) -> Response:
    if visit.desk.framed:
        return visit.go("/")
    name = cookie_name(visit.request)
    visit.desk.sessions.end(visit.request.cookies.get(name, ""))
    answer = visit.go("/sign-in")
    answer.delete_cookie(name, path="/", secure=visit.request.url.scheme == "https", httponly=True, samesite="strict")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _set(visit: Visit, answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=visit.request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
