"""What every answer of the desk carries, and what every request has to pass before a page is asked."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request

MOST_BYTES = 512 << 10
"""Bytes of a form at most."""

PAGE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-src 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
#: A report holds no script and loads nothing; should a value ever get past its escaping, it still runs nothing, and
#: what it would do is done from nowhere.
REPORT = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-downloads; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
#: Data Docs: as little as a report, but the two pages of them lead to each other, which a sandbox's stranger may not.
DOCS = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def headers(*, framed: bool, https: bool) -> dict[str, str]:
    """Headers of a page. ``framed``: it stands in a frame of the site that it is part of (Airflow's)."""
    found = {**HEADERS, "Content-Security-Policy": PAGE.format(ancestors="'self'" if framed else "'none'")}
    found["X-Frame-Options"] = "SAMEORIGIN" if framed else "DENY"
    if https:
        found["Strict-Transport-Security"] = "max-age=31536000"
    return found


def foreign(request: Request) -> bool:
    """Whether another site sent a form here, as far as the browser says (Fetch Metadata, Origin)."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")


def from_elsewhere(request: Request) -> bool:
    """Whether a link on another site led here: then the browser holds back the session's cookie (SameSite=Strict)."""
    return request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site"


def known_host(request: Request, hosts: frozenset[str]) -> bool:
    """Whether the request names this desk. A page elsewhere whose name was pointed at this address does not."""
    host = request.headers.get("host", "")
    return not hosts or (urlsplit(f"//{host}").hostname or "") in hosts


async def body(request: Request) -> bytes | None:
    """What was sent; ``None`` where it is more than `MOST_BYTES`."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > MOST_BYTES:
            return None
    return bytes(found)


def local_path(given: str) -> str:
    """A path within the desk that a form may lead back to; ``/`` for anything else."""
    parts = urlsplit(given)
    plain = given.startswith("/") and not given.startswith("//") and "\\" not in given and given.isprintable()
    return parts.path if plain and not parts.scheme and not parts.netloc else "/"
