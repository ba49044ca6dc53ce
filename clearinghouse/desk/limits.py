"""How often something may be tried: counts in a window of time that moves along, in the server's memory."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

#: Keys that are kept; when there are more, those whose time is over are dropped, then the oldest.
_MOST = 10_000


@dataclass
class Window:
    """``most`` times in ``seconds``, for each key by itself. Safe for threads."""

    most: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _held: dict[str, deque[float]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def wait(self, key: str) -> int:
        """Whole seconds until the key may go on; 0 for now."""
        with self._lock:
            return self._wait(key, self.clock())

    def add(self, key: str) -> None:
        """Count one."""
        with self._lock:
            self._add(key, self.clock())

    def take(self, key: str) -> int:
        """Count one where it may go on: then 0, else as `wait`."""
        with self._lock:
            now = self.clock()
            found = self._wait(key, now)
            if not found:
                self._add(key, now)
            return found

    def _wait(self, key: str, now: float) -> int:
        times = self._held.get(key)
        while times and now - times[0] >= self.seconds:
            times.popleft()
        if not times:
            self._held.pop(key, None)
            return 0
        return max(1, round(self.seconds - (now - times[0]))) if len(times) >= self.most else 0

    def _add(self, key: str, now: float) -> None:
        if key not in self._held and len(self._held) >= _MOST:
            for old in [one for one, times in self._held.items() if now - times[-1] >= self.seconds]:
                del self._held[old]
            while len(self._held) >= _MOST:
                del self._held[next(iter(self._held))]
        self._held.setdefault(key, deque(maxlen=self.most)).append(now)
