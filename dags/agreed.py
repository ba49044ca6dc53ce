"""What every DAG agrees on: retries, pools, assets. Nothing here depends on a clock or on chance."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import Asset, RetryDecision, RetryPolicy

from clearinghouse.settings import Settings
from schemas.errors import ClearinghouseError, SourceChanged

#: Most mapped tasks of one run. Units of work beyond it share a task, because the scheduler pays per task.
MAPS = 64
#: Hours that a reviewer has; a release that nobody answered for by then counts as rejected.
REVIEW_HOURS = float(os.environ.get("CLEARINGHOUSE_REVIEW_HOURS") or 72)
#: Pools that exist. A task in a pool that does not would wait for ever, so other units use the default pool.
POOLS = frozenset(name.strip() for name in os.environ.get("CLEARINGHOUSE_POOLS", "").split(",") if name.strip())
#: Where reviewers open reports: the plugin's pages, or a site that serves the store's folder `releases`.
REPORTS = (os.environ.get("CLEARINGHOUSE_REPORTS_URL") or "/clearinghouse/reports").rstrip("/")
#: Where reviewers find the desk: the plugin's pages, or the address of `clearinghouse desk`.
DESK = (os.environ.get("CLEARINGHOUSE_DESK_URL") or "/clearinghouse/desk").rstrip("/")


class RetryTransient(RetryPolicy):
    """Our own errors know whether trying again unchanged can help. A worker that dies or a network that fails in
    another way follows the usual retries, because every step may safely run twice."""

    def evaluate(self, exception: BaseException, *_: Any, **__: Any) -> RetryDecision:
        if not isinstance(exception, ClearinghouseError):
            return RetryDecision.default()
        if isinstance(exception, SourceChanged):
            return RetryDecision.fail(reason="the plan no longer fits: run the DAG again, which plans anew")
        if exception.transient:
            return RetryDecision.retry(reason="the source or the store may answer again")
        return RetryDecision.fail(reason="trying again unchanged cannot help")


def defaults(owner: str, pool: str) -> dict[str, Any]:
    """Arguments of every task of a DAG."""
    return {
        "owner": owner,
        "pool": pool if pool in POOLS else "default_pool",
        "retries": 3,
        "retry_delay": timedelta(minutes=2),
        "retry_policy": RetryTransient(),
    }


def asset(name: str, *place: str) -> Asset:
    """The asset called ``name``, which stands at ``place`` in the store."""
    store = Settings.from_env().store.partition("?")[0]
    root = store if "://" in store else Path(store).absolute().as_uri()
    return Asset(name=name, uri="/".join((root.rstrip("/"), *place)), group="clearinghouse")
