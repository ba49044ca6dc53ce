"""Start Airflow on the demo units: ``python -m infra.airflow_demo``. On loopback, for one person, not for production.

The components are started one by one, not by ``airflow standalone``, because that one also starts log servers which
listen on every interface and cannot be told not to. On one machine the site reads task logs from the files anyway.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from schemas.errors import ClearinghouseError

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
#: In the order in which they start. No task of ours needs the triggerer, but without it the site shows a red light.
COMPONENTS: Mapping[str, tuple[str, ...]] = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}


class NotStarted(ClearinghouseError):
    """Airflow, or what it needs, could not be started."""

    exit_code = 10


def environment(home: Path, port: int, users: tuple[str, ...], units: tuple[str, ...]) -> dict[str, str]:
    """The environment of every component. ``CLEARINGHOUSE_*`` of the caller is kept."""
    return {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "infra" / "airflow_plugin"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # SQLite takes one writer at a time: with the default of 32 the scheduler dies of a locked database.
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{HOST}:{port}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(
            ["admin:admin", *(f"{user}:user" for user in users if user != "admin")]
        ),
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://{HOST}:{port}",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "15",
        "AIRFLOW__DAG_PROCESSOR__DAG_VERSION_INFLATION_CHECK_LEVEL": "error",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "CLEARINGHOUSE_POOLS": ",".join(("release", *units)),
    }


def pools(units: tuple[str, ...], slots: int = 2) -> dict[str, Any]:
    """What ``airflow pools import`` reads: a pool per unit, so that no unit starves another, and one for releases."""
    made = {unit: f"ingest of unit {unit}" for unit in units} | {"release": "building releases"}
    return {
        name: {"slots": 1 if name == "release" else slots, "description": text, "include_deferred": False}
        for name, text in sorted(made.items())
    }


@contextmanager
def components(env: Mapping[str, str], home: Path) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Run the components, each in a session of its own with its output in ``<home>/logs/<component>.log``.

    Ctrl-C then reaches this process alone, which asks the components to stop, and kills what has not stopped after
    30 seconds. Their output goes to files because the scheduler's console is not masked as task logs are.
    """
    logs = home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, arguments in COMPONENTS.items():
            with (logs / f"{name}.log").open("ab") as log:
                running[name] = subprocess.Popen(
                    [sys.executable, "-m", "airflow", *arguments],
                    env=dict(env),
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        yield running
    finally:
        # A second Ctrl-C must not leave components behind.
        for asked in (signal.SIGINT, signal.SIGTERM):
            signal.signal(asked, signal.SIG_IGN)
        print("stopping Airflow", flush=True)
        for process in reversed(running.values()):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        end = time.monotonic() + 30
        for process in running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, end - time.monotonic()))
            # What a component left behind (a forked worker) is still in its group.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Api:
    """The few calls of Airflow's public API that the start needs."""

    def __init__(self, port: int) -> None:
        self.base, self.token = f"http://{HOST}:{port}", ""

    def call(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        request = urllib.request.Request(  # noqa: S310  (always http on loopback)
            self.base + path,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        # Straight to loopback, whatever proxy the environment names.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as answer:
            return json.load(answer)

    def sign_in(self, user: str, password: str) -> None:
        self.token = self.call("/auth/token", {"username": user, "password": password})["access_token"]

    def healthy(self) -> bool:
        try:
            health = self.call("/api/v2/monitor/health")
        except (OSError, urllib.error.URLError, ValueError):
            return False
        return all(
            health[part]["status"] == "healthy" for part in ("metadatabase", "scheduler", "dag_processor", "triggerer")
        )


def wait(api: Api, running: Mapping[str, subprocess.Popen[bytes]], home: Path, wanted: int, seconds: int = 180) -> None:
    """Until the components are healthy and ``wanted`` DAGs are there. Raises `NotStarted` with what went wrong."""
    end = time.monotonic() + seconds
    signed_in = False
    while time.monotonic() < end:
        for name, process in running.items():
            if process.poll() is not None:
                log = home / "logs" / f"{name}.log"
                raise NotStarted(
                    f"Airflow's {name} stopped with exit code {process.returncode}:\n{_tail(log)}",
                    fix=f"read {log}; `rm -r {home}` starts afresh",
                )
        if api.healthy():
            if not signed_in:
                api.sign_in("admin", passwords(home)["admin"])
                signed_in = True
            broken = api.call("/api/v2/importErrors")["import_errors"]
            if broken:
                raise NotStarted("\n".join(f"{error['filename']}: {error['stack_trace']}" for error in broken))
            if api.call("/api/v2/dags?limit=1")["total_entries"] >= wanted:
                return
        time.sleep(1)
    raise NotStarted(f"Airflow was not ready after {seconds} s", fix=f"read the logs in {home}/logs")


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def passwords(home: Path) -> dict[str, str]:
    """The passwords that Airflow made up at its first start, by user."""
    found: dict[str, str] = json.loads((home / "simple_auth_manager_passwords.json.generated").read_text())
    return found


def prepare(env: Mapping[str, str], home: Path, units: tuple[str, ...]) -> None:
    """Make or bring up to date the database, then the pools. One after the other: the first command also writes
    ``airflow.cfg`` with the secrets that all components share."""
    file = home / "pools.json"
    file.write_text(json.dumps(pools(units)))
    for arguments in (("db", "migrate"), ("pools", "import", str(file))):
        done = subprocess.run(
            [sys.executable, "-m", "airflow", *arguments], env=dict(env), cwd=ROOT, capture_output=True, text=True
        )
        if done.returncode:
            told = (done.stdout + done.stderr)[-3000:]
            raise NotStarted(
                f"airflow {' '.join(arguments)} failed with exit code {done.returncode}:\n{told}",
                fix=f"`rm -r {home}` starts afresh",
            )


def surroundings(demo: Path, home: Path) -> dict[str, str]:
    """``CLEARINGHOUSE_*`` of the demo: its units and contracts, and a store of its own, in which every release has
    still to be made and approved. What the caller has set is kept."""
    ours = {
        "CLEARINGHOUSE_DEMO": str(demo),
        "CLEARINGHOUSE_STORE": str(home / "store"),
        "CLEARINGHOUSE_KEY_FILE": str(home / "key"),
        "CLEARINGHOUSE_CONTRACTS": str(ROOT / "schemas" / "contracts"),
        "CLEARINGHOUSE_MIXES": str(ROOT / "schemas" / "mixes"),
    }
    if os.environ.get("CLEARINGHOUSE_KEY"):
        del ours["CLEARINGHOUSE_KEY_FILE"]
    return {name: os.environ.get(name) or value for name, value in ours.items()}


def run(demo: Path, home: Path, port: int, ingest: bool = False) -> None:
    """Start everything, with ``ingest`` a run of every ingest too, say how to go on, and wait for Ctrl-C.

    Raises `NotStarted`, `ContractError` or `MixError`.
    """
    from schemas.contract_loader import load_contracts
    from schemas.mix_loader import load_mixes

    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            raise NotStarted(f"port {port} is taken", fix=f"python -m infra.airflow_demo --port {port + 1}")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.update(surroundings(demo, home))
    if not (demo / "units").is_dir() and os.environ["CLEARINGHOUSE_DEMO"] == str(demo):
        print(f"making the demo units in {demo}/units")
        from infra.simulators.make import make_units

        make_units(demo)
    key = Path(os.environ.get("CLEARINGHOUSE_KEY_FILE", ""))
    if "CLEARINGHOUSE_KEY_FILE" in os.environ and not key.exists():
        subprocess.run([Path(sys.executable).with_name("clearinghouse"), "key", "create", str(key)], check=True)
    contracts = load_contracts(os.environ["CLEARINGHOUSE_CONTRACTS"])
    mixes = load_mixes(os.environ["CLEARINGHOUSE_MIXES"], contracts)
    units = tuple(sorted({contract.unit for contract in contracts.values()}))
    reviewers = tuple(sorted({name for mix in mixes.values() for name in mix.reviewers}))
    env = environment(home, port, reviewers, units)
    print("preparing the database and the pools")
    prepare(env, home, units)
    print("starting", ", ".join(COMPONENTS))
    with components(env, home) as running:
        api = Api(port)
        wait(api, running, home, len(contracts) + len(mixes))
        for name in contracts if ingest else ():
            api.call(f"/api/v2/dags/ingest.{name}/dagRuns", {"logical_date": None})
        print(_welcome(home, port, reviewers))
        while all(process.poll() is None for process in running.values()):
            time.sleep(0.5)
        dead = next(name for name, process in running.items() if process.poll() is not None)
        raise NotStarted(f"Airflow's {dead} stopped:\n{_tail(home / 'logs' / f'{dead}.log')}")


def _welcome(home: Path, port: int, reviewers: tuple[str, ...]) -> str:
    known = passwords(home)
    people = "\n".join(f"    {user:16} {known[user]}" for user in ("admin", *reviewers) if user in known)
    settings = "\n".join(
        f"    export {name}={os.environ[name]}" for name in sorted(os.environ) if name.startswith("CLEARINGHOUSE_")
    )
    who = " or ".join(reviewers) or "admin"
    return f"""
Airflow is ready:  http://{HOST}:{port}

  sign in as (user, password)
{people}

  1. Dags: open one that begins with ingest. and press Trigger. Its commit wakes up the releases that draw on it.
  2. Once a release is built, sign in as {who}: Required Actions asks for Approve or Reject. Read the report first.
  3. See what was decided from another terminal, with
{settings}
    .venv/bin/clearinghouse ls

  Task logs and the database are in {home}.  Ctrl-C stops everything.
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.airflow_demo", description="Airflow on the demo units.")
    parser.add_argument("--demo", type=Path, default=ROOT / "demo", help="folder of the demo (default: demo)")
    parser.add_argument("--home", type=Path, default=ROOT / ".airflow", help="AIRFLOW_HOME (default: .airflow)")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--ingest", action="store_true", help="start a run of every ingest at once")
    arguments = parser.parse_args()
    os.umask(0o077)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    # Ctrl-C too: a shell that starts a job in the background has it ignore that one.
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, stop)
    try:
        run(arguments.demo.resolve(), arguments.home.resolve(), arguments.port, arguments.ingest)
    except KeyboardInterrupt:
        print("\nstopped")
    except ClearinghouseError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None


if __name__ == "__main__":
    main()
