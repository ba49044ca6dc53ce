"""The review desk over a governed store, for tests: people with passwords, a client, and forms filled in as a browser
would."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from starlette.testclient import TestClient

from clearinghouse.desk.app import make_app
from clearinghouse.desk.limits import Window
from clearinghouse.desk.sessions import Sessions
from clearinghouse.desk.visit import Desk
from tests.governed import PEOPLE, PHRASE, World

PASSWORD = "a word for the desk"
HOST = "testserver"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@lru_cache
def hashed(password: str = PASSWORD) -> str:
    """Of one password, as cheap to check as a people file may have it."""
    salt = b"0123456789abcdef"
    made = hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
    return f"scrypt$16384$8$1${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"


def with_passwords(world: World) -> World:
    """Everybody in the people file with one password."""
    text = world.people.read_text()
    for name in PEOPLE:
        text = text.replace(f"  - name: {name}\n", f"  - name: {name}\n    password: {hashed()}\n")
    world.people.write_text(text)
    return world


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Browser:
    """One visitor with their cookies."""

    client: TestClient
    base: str = ""

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(self.base + path, **more)

    def csrf(self, page: str) -> str:
        found = CSRF.search(self.get(page).text)
        assert found, page
        return found[1]

    def post(self, path: str, page: str | None = None, files: Any = None, **form: Any) -> Any:
        """Send a form that stands on ``page``, with its token and everything hidden in it."""
        shown = self.get(page or path).text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', shown))
        return self.client.post(self.base + path, data={**hidden, **form}, files=files)

    def sign_in(self, name: str, password: str = PASSWORD) -> Any:
        return self.post("/sign-in", name=name, password=password)

    def decide(self, place: str, verdict: str = "approve", reason: str = "read it", **more: Any) -> Any:
        form = {"verdict": verdict, "reason": reason, "read": "yes", "passphrase": PHRASE, **more}
        return self.post(f"{place}/decision", place, **form)


@dataclass
class Site:
    """The desk and what surrounds it."""

    world: World
    desk: Desk
    clock: Clock

    @classmethod
    def of(cls, world: World, **settings: Any) -> Site:
        clock = Clock()
        desk = Desk(
            replace(world.settings, **settings),
            world.store,
            b"s" * 32,
            frozenset({HOST}),
            sessions=Sessions(clock=clock),
        )
        desk.failures = Window(3, 900, clock)
        desk.posts = Window(40, 60, clock)
        return cls(world, desk, clock)

    def browser(self, name: str | None = None, *, https: bool = False) -> Browser:
        client = TestClient(make_app(self.desk), base_url=f"http{'s' if https else ''}://{HOST}", follow_redirects=True)
        made = Browser(client)
        if name is not None:
            assert made.sign_in(name).status_code == 200
        return made
