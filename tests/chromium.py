"""A headless Chromium, driven over its DevTools protocol: what a person does with keyboard and mouse, and what it shows."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


class Tab:
    """One page. Methods wait until what they start has happened."""

    def __init__(self, socket: Any) -> None:
        self._socket, self._number = socket, 0
        self.errors: list[str] = []
        for domain in ("Page", "Runtime", "DOM", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **params: Any) -> Any:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        end = time.monotonic() + 60
        while time.monotonic() < end:
            found = json.loads(self._socket.recv(timeout=60))
            if found.get("id") == self._number:
                if "error" in found:
                    raise RuntimeError(f"{method}: {found['error']['message']}")
                return found["result"]
            self._note(found)
        raise TimeoutError(method)

    def _note(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            self.errors.append(params["exceptionDetails"]["text"])
        if event.get("method") == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")

    def run(self, script: str) -> Any:
        """The value of an expression on the page."""
        found = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"].get("exception", {}).get("description", script))
        return found["result"].get("value")

    def until(self, script: str) -> None:
        """Wait until an expression holds."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(RuntimeError):
                if self.run(script):
                    return
            time.sleep(0.05)
        raise TimeoutError(f"{script} did not come to hold:\n{self.text()[:2000]}")

    def open(self, url: str) -> None:
        self.ask("Page.navigate", url=url)
        self.until(f"location.href.startsWith({json.dumps(url.split('?')[0])}) && document.readyState === 'complete'")

    def text(self) -> str:
        return str(self.run("document.body.innerText"))

    def fill(self, name: str, value: str) -> None:
        """Type into a field, as a person would."""
        self.run(f"document.querySelector('[name=\"{name}\"]').focus()")
        self.ask("Input.insertText", text=value)

    def click(self, selector: str) -> None:
        self.leave(f"document.querySelector({json.dumps(selector)}).click()")

    def leave(self, script: str) -> None:
        """Do what leads to another page, and wait for that."""
        self.run("window.left = false")
        self.run(script)
        self.until("window.left === undefined && document.readyState === 'complete'")

    def key(self, letter: str, *, leaves: bool = True) -> None:
        """Press a key; ``leaves`` says that another page follows."""
        self.run("window.left = false")
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=letter, text=letter)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=letter)
        if leaves:
            self.until("window.left === undefined && document.readyState === 'complete'")

    def size(self, width: int, height: int) -> None:
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))

    def labels(self) -> list[str]:
        """Fields and buttons that a screen reader could not name, by the accessibility tree."""
        nodes = self.ask("Accessibility.getFullAXTree")["nodes"]
        asked = {"textbox", "button", "link", "checkbox", "radio", "combobox", "spinbutton", "Date", "Iframe"}
        return [
            node["role"]["value"]
            for node in nodes
            if not node.get("ignored")
            and node.get("role", {}).get("value") in asked
            and not node.get("name", {}).get("value", "").strip()
        ]


@contextmanager
def chromium(folder: Path) -> Iterator[Tab]:
    """A tab of a Chromium with a profile of its own in ``folder``. Skips where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium is installed")
    websocket = pytest.importorskip("websockets.sync.client")
    arguments = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's own sandbox does not start as root
    with (folder / "chromium.log").open("w+") as log:
        process = subprocess.Popen(
            [program, *arguments, f"--user-data-dir={folder / 'profile'}", "--remote-debugging-port=0", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            with websocket.connect(_tab(folder, process), max_size=None, proxy=None) as socket:
                yield Tab(socket)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _tab(folder: Path, process: subprocess.Popen[bytes]) -> str:
    """The address of the browser's first tab."""
    import urllib.request

    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"DevTools listening on ws://([^/]+)/", (folder / "chromium.log").read_text())
        if found:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(f"http://{found[1]}/json", timeout=10) as answer:
                pages = [one for one in json.load(answer) if one["type"] == "page"]
            if pages:
                return str(pages[0]["webSocketDebuggerUrl"])
        time.sleep(0.1)
    raise RuntimeError("Chromium did not start")
