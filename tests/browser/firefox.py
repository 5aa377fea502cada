"""Firefox without a driver: the few commands of WebDriver BiDi (W3C, over a websocket) that the tests need."""

import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import websocket

from tests.browser.inspector import DRAW_TIMEOUT_MS, LOCAL_SCHEMES

NAMES = ("firefox-esr", "firefox")
START_SECONDS = 60
ANSWER_SECONDS = 120
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
# Nothing of Firefox's own goes out: every name and address is sent to a closed port of this machine
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "",
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "ui.prefersReducedMotion": 1,
}
CHARTS_DONE = "!document.querySelector('.plot') || document.documentElement.dataset.charts === 'done'"


class FirefoxError(Exception):
    """Raised when Firefox refuses a command, or a script in a page throws."""


class Firefox:
    """A headless Firefox with a profile of its own. Use as a context manager."""

    def __init__(self, executable: str, profile: Path) -> None:
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items())
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        self._log = (profile / "stderr.txt").open("w+", encoding="utf-8")
        command = [executable, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(profile)]
        self._process = subprocess.Popen([*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=self._log)
        self._count = 0
        self._events: list[dict[str, Any]] = []
        try:
            address = self._listening(Path(self._log.name))
            self._socket = websocket.create_connection(
                f"{address}/session", timeout=ANSWER_SECONDS, suppress_origin=True
            )
            self.version = self.call("session.new", capabilities={})["capabilities"]["browserVersion"]
            self.call("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
            self.tab = self.call("browsingContext.getTree")["contexts"][0]["context"]
        except BaseException:
            self._end()
            raise

    def _listening(self, log: Path) -> str:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            if found := LISTENING.search(log.read_text(encoding="utf-8", errors="replace")):
                return found[1]
            time.sleep(0.1)
        raise FirefoxError(f"Firefox did not start: {log.read_text(encoding='utf-8', errors='replace')[-500:]}")

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Send one command and return its result; events that come meanwhile are kept."""
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") != self._count:
                self._events.append(answer)
            elif answer["type"] == "success":
                return dict(answer["result"])
            else:
                raise FirefoxError(f"{method}: {answer['error']}: {answer['message']}")

    def open(self, page: Path, width: int) -> None:
        """Open a page in the tab at ``width`` px and wait until its charts are drawn; earlier events are forgotten."""
        self._events.clear()
        self.call("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": 900})
        self.call("browsingContext.navigate", context=self.tab, url=page.resolve().as_uri(), wait="complete")
        self.wait_for(CHARTS_DONE)

    def wait_for(self, condition: str) -> None:
        """Wait until a JavaScript expression is true in the page."""
        end = time.monotonic() + DRAW_TIMEOUT_MS / 1000
        while not self.evaluate(f"Boolean({condition})"):
            if time.monotonic() > end:
                raise FirefoxError(f"still not true: {condition}")
            time.sleep(0.1)

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression in the page, through JSON; a promise is waited for."""
        answer = self.call(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then(value => JSON.stringify(value ?? null))",
            target={"context": self.tab},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise FirefoxError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as a hand would (WebDriver's code points for those without a character)."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self.call("input.performActions", context=self.tab, actions=[source])

    def messages(self) -> list[str]:
        """What the console has said since the page was opened."""
        entries = (event["params"] for event in self._events if event.get("method") == "log.entryAdded")
        return [f"{entry['level']}: {entry['text']}" for entry in entries]

    def requests(self) -> list[str]:
        """Addresses outside the machine that were asked for since the page was opened."""
        sent = (event["params"] for event in self._events if event.get("method") == "network.beforeRequestSent")
        return [each["request"]["url"] for each in sent if not each["request"]["url"].startswith(LOCAL_SCHEMES)]

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def __enter__(self) -> "Firefox":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._end()


def find_firefox() -> str | None:
    """The path of an installed Firefox, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def demand_firefox(is_required: bool) -> str:
    """Return the path of an installed Firefox; skip the test without one, or fail it where one is required."""
    if found := find_firefox():
        return found
    reason = f"no Firefox on the path (looked for {', '.join(NAMES)})"
    if is_required:
        pytest.fail(reason)
    pytest.skip(reason)
