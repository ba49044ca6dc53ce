"""Work done ahead in a thread, bounded by bytes. Nothing is started before the first item is asked for."""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")

_running: weakref.WeakSet[Ahead] = weakref.WeakSet()


class Ahead(Generic[Item]):
    """The items of an iterator, made in a thread of its own while at most ``limit`` bytes of them wait.

    One item may always wait, however large. An error of the iterator is raised where its item would have come. Close
    it, or use it in ``with``, to stop early; a program that ends stops it.
    """

    def __init__(self, make: Iterator[Item], limit: int, size: Callable[[Item], int]) -> None:
        self._make, self._limit, self._size = make, limit, size
        self._items: deque[tuple[Item, int]] = deque()
        self._waiting = 0
        self._error: BaseException | None = None
        self._done = self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="clearinghouse-reader", daemon=True)
        self._process = os.getpid()
        _running.add(self)
        self._thread.start()

    def __enter__(self) -> Ahead[Item]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Item]:
        while True:
            with self._changed:
                while not self._items and not self._done:
                    self._changed.wait()
                if not self._items:
                    break
                item, size = self._items.popleft()
                self._waiting -= size
                self._changed.notify_all()
            yield item
            del item
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Stop, and wait until the thread has done what it was about."""
        if self._process != os.getpid():
            return  # inherited over a fork: the thread is the parent's
        with self._changed:
            self._closed = True
            self._items.clear()
            self._changed.notify_all()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _work(self) -> None:
        try:
            for item in self._make:
                size = self._size(item)
                with self._changed:
                    while self._items and self._waiting + size > self._limit and not self._closed:
                        self._changed.wait()
                    if self._closed:
                        break
                    self._items.append((item, size))
                    self._waiting += size
                    self._changed.notify_all()
                del item
        except BaseException as error:  # it belongs to whoever reads
            self._error = error
        finally:
            close = getattr(self._make, "close", None)
            if close is not None:
                close()
            with self._changed:
                self._done = True
                self._changed.notify_all()


@atexit.register
def _stop() -> None:
    # A thread inside Arrow while the interpreter is taken apart could crash the program at its very end.
    for one in list(_running):
        one.close()
