"""Data Docs of a release's sources: what their quality suites found, as the store holds it, values masked."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import Response

from clearinghouse.catalog import ReleaseInfo
from clearinghouse.desk import guard, releases
from clearinghouse.desk.visit import Visit
from clearinghouse.jobs.audit import log_view
from clearinghouse.jobs.context import NotFoundByName

PAGES = ("index.html", "suite.html")
_KEY = re.compile(r"quality/[a-z][a-z0-9_-]*/[a-z][a-z0-9_-]*/[0-9a-f]{32}")


def of_sources(visit: Visit, info: ReleaseInfo) -> dict[str, str]:
    """The folder of Data Docs of each data set, as the report names it. Raises `IntegrityError`."""
    from clearinghouse.jobs import signed_report

    facts = signed_report.built(visit.desk.store, info.ref, info.manifest)
    found: dict[str, str] = {}
    for source in facts["sources"]:
        key = str(dict[str, Any](source.get("quality") or {}).get("key", ""))
        if _KEY.fullmatch(key):
            found[str(source["dataset"])] = f"{key}/data_docs"
    return found


def page(visit: Visit) -> Response:
    """One page of Data Docs. That it was looked at is written down before it is sent."""
    from infra.store import NotFound

    info = releases.found(visit)
    dataset, name = (str(visit.request.path_params[part]) for part in ("dataset", "page"))
    folder = of_sources(visit, info).get(dataset)
    if folder is None or name not in PAGES:
        raise NotFoundByName("There is no such page of quality.", fix="choose one from the report of the release")
    try:
        body = visit.desk.store.read(f"{folder}/{name}")
    except NotFound:
        raise NotFoundByName(f"{folder}/{name} is not in the store.", fix="clearinghouse verify") from None
    if visit.request.method != "HEAD":
        log_view(visit.desk.store, info.ref, visit.who.name, (), f"desk quality {dataset} {name}")
    answer = Response(body, media_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = guard.DOCS
    return answer
