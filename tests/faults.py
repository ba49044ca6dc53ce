"""An HTTP proxy on loopback that spoils answers: what stands between a reader and its object store on a bad day.

``proxy.rule`` is asked about every request and names a `Fault`, or ``None`` to pass the answer on as it is.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import urlsplit

Fault = Literal["stall", "throttle", "half", "short", "flip", "reset", "forbid"]

THROTTLED = b"""<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message><RequestId>x</RequestId></Error>"""
FORBIDDEN = THROTTLED.replace(b"SlowDown", b"AccessDenied").replace(
    b"Please reduce your request rate.", b"Access Denied"
)


@dataclass
class Asked:
    """One request: method, path and the bytes that it asked for."""

    method: str
    path: str
    range: str


@dataclass
class Proxy:
    """A proxy that runs. ``log`` holds what was asked for; ``ended`` lets answers that stall go."""

    url: str
    rule: Callable[[Asked], Fault | None] = lambda _: None
    log: list[Asked] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def shards(self) -> list[Asked]:
        """Requests for the bytes of shards."""
        return [asked for asked in self.log if asked.method == "GET" and asked.path.endswith(".parquet")]


def times(count: int, fault: Fault, where: Callable[[Asked], bool]) -> Callable[[Asked], Fault | None]:
    """A rule: the first ``count`` requests for which ``where`` holds come to harm."""
    left, lock = [count], threading.Lock()

    def rule(asked: Asked) -> Fault | None:
        with lock:
            if left[0] and where(asked):
                left[0] -= 1
                return fault
        return None

    return rule


@contextmanager
def faulty(url: str) -> Iterator[Proxy]:
    """A `Proxy` in front of the server at ``url``."""
    target = urlsplit(url)
    proxy = Proxy("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None: ...

        def handle_any(self) -> None:
            asked = Asked(self.command, self.path.split("?")[0], self.headers.get("Range", ""))
            proxy.log.append(asked)
            fault = proxy.rule(asked)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if fault in ("throttle", "forbid"):
                self.answer(503 if fault == "throttle" else 403, {}, THROTTLED if fault == "throttle" else FORBIDDEN)
                return
            if fault == "reset":
                self.close_connection = True
                return
            upstream = http.client.HTTPConnection(target.hostname or "", target.port, timeout=30)
            upstream.request(self.command, self.path, body, dict(self.headers))
            found = upstream.getresponse()
            data = found.read()
            headers = {
                name: value
                for name, value in found.getheaders()
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server")
            }
            upstream.close()
            if self.command == "HEAD":
                headers["Content-Length"] = found.getheader("Content-Length") or "0"
            if fault == "flip":
                middle = len(data) // 2
                data = data[:middle] + bytes([data[middle] ^ 16]) + data[middle + 1 :]
            if fault == "short":
                data = data[: len(data) // 2]
                headers.pop("Content-Range", None)
            self.answer(found.status, headers, data, broken=fault if fault in ("half", "stall") else None)

        def answer(self, status: int, headers: dict[str, str], data: bytes, broken: str | None = None) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if self.command == "HEAD":
                self.end_headers()
                return
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(data[: len(data) // 2] if broken else data)
                self.wfile.flush()
            if broken:
                if broken == "stall":
                    proxy.ended.wait(60)
                self.close_connection = True

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
