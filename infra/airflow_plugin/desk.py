"""The review desk in Airflow's own site: who Airflow says somebody is, with the roles that the registry of people gives.

Airflow does not guard the pages of a plugin, so every one of ours asks Airflow's dependency for the user first. A
release is shown to those who may read its DAG ``release.<mix>``.
"""

# Without postponed annotations: FastAPI reads those of a function, whose names are imported beside it.
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI

#: Seconds after which a page's forms are of the past; those of the period before are still taken.
_PERIOD = 4 * 3600


def desk() -> "FastAPI":
    """The pages of `clearinghouse.desk`, without a sign-in of their own, over the store of the environment."""
    from airflow.api_fastapi.core_api.security import GetUserDep
    from airflow.configuration import conf
    from fastapi import FastAPI, Request
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from clearinghouse.desk.app import CALLER, make_app
    from clearinghouse.desk.people import Caller
    from clearinghouse.desk.sessions import token
    from clearinghouse.desk.visit import Desk
    from clearinghouse.settings import Settings
    from infra.store import open_store

    app = FastAPI(title="Clearinghouse desk", docs_url=None, redoc_url=None, openapi_url=None)
    # All workers of the API server share Airflow's secret, so a form may come back to another worker.
    secret = token(conf.get_mandatory_value("api", "secret_key").encode(), "clearinghouse desk").encode()

    @cache
    def opened(settings: Settings) -> tuple[Desk, Any]:
        made = Desk(settings, open_store(settings.store), secret, framed=True)
        return made, make_app(made)

    def inner() -> tuple[Desk, Any]:
        # At the first request: a store that is not there yet does not keep Airflow from starting.
        return opened(Settings.from_env())

    class Handed(Response):
        """Hands the request on to the desk as it came."""

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await inner()[1](scope, receive, send)

    # `def`: the registry is read from the store, which must not hold up Airflow's event loop.
    def page(request: Request, user: GetUserDep) -> Response:
        name = str(user.get_name())
        person = inner()[0].register.person(name)
        if person is not None:
            period = int(time.time()) // _PERIOD
            request.scope[CALLER] = Caller(
                person.name,
                person.roles,
                person.units,
                token(secret, "form", name, str(period)),
                token(secret, "form", name, str(period - 1)),
                lambda mix: _may_read(user, mix),
            )
        return Handed()

    app.add_api_route("/{path:path}", page, methods=["GET", "POST"], include_in_schema=False, response_model=None)
    return app


def _may_read(user: Any, mix: str) -> bool:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagDetails
    from airflow.models.dag import DagModel

    dag = f"release.{mix}"
    details = DagDetails(id=dag, team_name=DagModel.get_team_name(dag))
    return get_auth_manager().is_authorized_dag(method="GET", details=details, user=user)


class DeskPlugin(AirflowPlugin):
    """Mounts the desk under ``/clearinghouse/desk`` and names it in Airflow's menu."""

    name = "clearinghouse_desk"
    external_views = [  # noqa: RUF012 - Airflow reads it so
        {
            "name": "Review desk",
            "href": "/clearinghouse/desk/",
            "url_route": "clearinghouse-desk",
            "destination": "nav",
            "category": "browse",
        }
    ]

    @property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        # Made when the API server asks, so that no other process pays for it.
        return [{"app": desk(), "url_prefix": "/clearinghouse/desk", "name": "Clearinghouse desk"}]
