"""Release reports in Airflow's own site, for those who may see the release's DAG.

Airflow does not guard the pages of a plugin, so each of ours asks for the right to read the DAG ``release.<mix>``.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI

FILES = {
    "report.html": "text/html; charset=utf-8",
    "report.json": "application/json",
    "redactions.csv": "text/csv; charset=utf-8",
    "sources.csv": "text/csv; charset=utf-8",
    "rules.csv": "text/csv; charset=utf-8",
    "signed.html": "text/html; charset=utf-8",
}
HEADERS = {
    # A report holds no script and loads nothing; should a value ever get past its escaping, it still runs nothing.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+-]*")


def reports() -> FastAPI:
    """``/<dag>/<version>/<file>`` of the store that ``CLEARINGHOUSE_STORE`` names; nothing but the report."""
    from airflow.api_fastapi.core_api.security import requires_access_dag
    from fastapi import Depends, FastAPI, HTTPException, Response

    app = FastAPI(title="Clearinghouse reports", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/{dag_id}/{version}/{file}", dependencies=[Depends(requires_access_dag("GET"))])
    def report(dag_id: str, version: str, file: str) -> Any:
        from infra.store import NotFound, open_store

        shape, _, mix = dag_id.partition(".")
        if shape != "release" or file not in FILES or not _NAME.fullmatch(mix) or not _NAME.fullmatch(version):
            raise HTTPException(404, "no such report")
        try:
            body = open_store(os.environ.get("CLEARINGHOUSE_STORE") or "store").read(f"releases/{mix}/{version}/{file}")
        except NotFound:
            raise HTTPException(404, f"release {mix}@{version} has no {file}") from None
        return Response(body, media_type=FILES[file], headers=HEADERS)

    return app


class ReportsPlugin(AirflowPlugin):
    """Mounts the reports under ``/clearinghouse/reports``."""

    name = "clearinghouse_reports"

    @property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        # Made when the API server asks, so that no other process pays for FastAPI.
        return [{"app": reports(), "url_prefix": "/clearinghouse/reports", "name": "Clearinghouse reports"}]
