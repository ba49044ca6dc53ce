"""Who is signed in: sessions in the server's memory, and tokens that show that a form is one of ours.

A session ends some time after the last request and at the latest some hours after sign-in; a restart of the desk ends
all. Only the SHA-256 of a session's id is kept, so that a dump of the memory signs nobody in. Figures after OWASP's
Session Management Cheat Sheet (idle 15 to 30 minutes; read as a secondary source).
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

IDLE = 30 * 60
"""Seconds without a request after which a session has ended."""
LONGEST = 10 * 3600
"""Seconds after which a session has ended in any case."""
MOST = 1000
"""Sessions at once; the one that was unused for longest makes room."""


@dataclass
class Session:
    """``mark`` is of the password that let the person in: another password ends the session. Times are of `Sessions`'
    clock."""

    name: str
    mark: str
    made: float
    seen: float
    csrf: str = field(repr=False)


class Sessions:
    """All sessions of one process. Safe for threads."""

    def __init__(
        self, *, idle: float = IDLE, longest: float = LONGEST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.idle, self.longest, self._clock = idle, longest, clock
        self._held: dict[str, Session] = {}
        self._lock = threading.Lock()

    def start(self, name: str, mark: str) -> str:
        """The id of a new session: 256 random bits. Never one that a visitor brought."""
        made, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._held = {key: one for key, one in self._held.items() if self._good(one, now)}
            while len(self._held) >= MOST:
                del self._held[min(self._held, key=lambda key: self._held[key].seen)]
            self._held[_key(made)] = Session(name, mark, now, now, secrets.token_urlsafe(32))
        return made

    def find(self, identity: str) -> Session | None:
        """The session of an id, from now on used a moment ago; ``None`` for one that has ended or never was."""
        with self._lock:
            found, now = self._held.get(_key(identity)), self._clock()
            if found is None:
                return None
            if not self._good(found, now):
                del self._held[_key(identity)]
                return None
            found.seen = now
            return found

    def end(self, identity: str) -> None:
        with self._lock:
            self._held.pop(_key(identity), None)

    def _good(self, one: Session, now: float) -> bool:
        return now - one.seen < self.idle and now - one.made < self.longest


def _key(identity: str) -> str:
    return sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()


def token(secret: bytes, *parts: str) -> str:
    """A token that only this desk can make of these words."""
    return hmac.new(secret, "\0".join(parts).encode("utf-8", "surrogatepass"), "sha256").hexdigest()


def same(given: str, wanted: str) -> bool:
    """Whether two tokens are one, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())
