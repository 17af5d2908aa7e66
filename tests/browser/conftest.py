"""A house of its own for the browser: a database, one web process as in production, the cast.

Nothing here touches Django in this process: Playwright keeps an event loop running in it.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from huiyin.ground.throwaway import throwaway

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = os.environ.get("HUIYIN_CHROMIUM", "")
PASSWORD = "correct horse"
PATIENCE = 15_000  # milliseconds; a busy machine is slow, not wrong
SERVER_PATIENCE = 120  # seconds that a server may take to start beside other tests
# A line far away, an old office computer: each answer comes so many milliseconds later, each script
# runs so many times longer. To find faults of order; CI runs without.
FAR = int(os.environ.get("HUIYIN_BROWSER_LATENCY", "0"))
OLD = float(os.environ.get("HUIYIN_BROWSER_THROTTLE", "1"))
# A page was left while it asked for something: htmx tells that as an error, to nobody but the
# console. One that failed says `htmx:sendError` or a status besides.
LEFT = ("htmx:sendAbort", "htmx:afterRequest")
CAST = """
from huiyin.ground.people.models import Membership, Team, User
from huiyin.ground.people.words import Presence, Role
def person(username, name, *roles, team=""):
    user = User.objects.create_user(
        username, "correct horse", name=name, roles=roles, presence=Presence.PRESENT
    )
    if team:
        Membership.objects.create(user=user, team=Team.objects.get(code=team))
    return user
person("li", "李明", Role.AGENT, team="aftersales")
person("zhou", "周敏", Role.TRIAGER, team="desk")
chen = person("chen", "陈静", Role.SUPERVISOR, team="aftersales")
Team.objects.update(duty_supervisor=chen)
person("sun", "孙浩", Role.AGENT, team="logistics")
person("gao", "高远", Role.MANAGER)
person("he", "何晓芸", Role.VISITOR)
person("admin", "郑凯", Role.SYSADMIN)
person("du", "杜衡", Role.SUPERVISION)
person("fang", "方正", Role.LEGAL)
from huiyin.ground.people.models import Department
for code, name, who, called in (
    ("qc", "品控部", "jiang", "江涛"),
    ("stock", "仓储部", "cang", "柳仓"),
    ("shop", "城西店", "dian", "店长老周"),
):
    place = Department.objects.create(code=code, name=name, calendar_code="always")
    one = person(who, called, Role.DEPT_HANDLER, Role.DEPT_HEAD)
    one.department = place
    one.save()
    place.head = one
    place.save()
from huiyin.ground.people.models import ApiToken
print(ApiToken.issue(User.objects.get(username="zhou"), "browser tests")[1])
"""

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                reason = "没有 Chromium：请安装，或在 HUIYIN_CHROMIUM 里写明它在哪里"
                item.add_marker(pytest.mark.skip(reason=reason))


@dataclass
class Person:
    """Somebody at a desk of his own."""

    page: Page
    house: House

    def open(self, path: str) -> Page:
        self.page.goto(self.house.url + path)
        return self.page


@dataclass
class House:
    url: str
    token: str
    browser: Browser
    env: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    kept: dict[str, list[Any]] = field(default_factory=dict)

    def forgive(self, *statuses: int) -> None:
        """Refusals that the test asked for: the browser tells each of them as an error."""
        told = [
            f"{of} {status}" for status in statuses for of in ("status of", "Status Error Code")
        ]
        self.faults[:] = [one for one in self.faults if not any(code in one for code in told)]

    def call(self, method: str, path: str, body: dict | None = None, **headers: str) -> dict:
        """The API, as 周敏."""
        web = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        web.request(method, path, json.dumps(body) if body is not None else None, sent | headers)
        answer = web.getresponse()
        text = answer.read().decode()
        assert answer.status < 300, (answer.status, text)
        return json.loads(text) if text else {}

    def do(self, code: str) -> str:
        """What only the worker or time itself does, in a process of its own."""
        return _manage(self.env, "shell", "-v0", "-c", code)

    def complaint(self, text: str, name: str = "王芳", **more: object) -> str:
        """The number of a fresh one."""
        phone = f"139{secrets.randbelow(10**8):08d}"
        body = {"channel": "phone", "contact": {"name": name, "phone": phone}, "text": text}
        return self.call("POST", "/api/v1/complaints", {**body, **more})["number"]

    def desk(self, **how: Any) -> BrowserContext:
        """A browser of its own that reports every fault on any of its pages."""
        context = self.browser.new_context(
            viewport={"width": 1366, "height": 768}, locale="zh-CN", **how
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.on("request", self._asked)
        if FAR or OLD > 1:
            context.on("page", _far_and_old)
        return context

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(LEFT):
            self.faults.append(message.text)

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            self.faults.append(f"a request left the house: {request.url}")

    def enter(self, who: str, **how: Any) -> Person:
        """Sign in; the second time the cookie is remembered."""
        context = self.desk(**how)
        page = context.new_page()
        if who in self.kept:
            context.add_cookies(self.kept[who])
            return Person(page, self)
        page.goto(f"{self.url}/sign-in/")
        page.fill("[name=username]", who)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        self.kept[who] = list(context.cookies())
        return Person(page, self)


@pytest.fixture(scope="package")
def _playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def _address() -> Iterator[str]:
    template = os.environ.get("HUIYIN_TEST_TEMPLATE", "template1")
    with throwaway(os.environ["DATABASE_URL"], "browser", template) as address:
        yield address


@pytest.fixture(scope="package")
def _house(
    _playwright: Playwright, _address: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    env = {
        **os.environ,
        "DATABASE_URL": _address,
        "HUIYIN_DATA": str(folder),
        "HUIYIN_LOG_LEVEL": "WARNING",
        "HUIYIN_ALLOWED_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "huiyin.settings",
        "PYTHONPATH": str(ROOT),
    }
    if "HUIYIN_TEST_TEMPLATE" not in os.environ:
        _manage(env, "migrate", "-v0")
        _manage(env, "load_reference", "-v0")
    token = _manage(env, "shell", "-v0", "-c", CAST).split()[-1]
    port = _free_port()
    serve = ["-m", "granian", "tests.browser.web:application", "--interface", "asginl", "--no-ws"]
    log = (folder / "web.log").open("wb")
    argv = [sys.executable, *serve, "--port", str(port), "--log-level", "warning"]
    web = subprocess.Popen(argv, env=env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    browser = _playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=["--no-sandbox", "--disable-quic", "--disable-background-networking"],
    )
    try:
        _wait_for(port)
        yield House(f"http://127.0.0.1:{port}", token, browser, env)
    finally:
        browser.close()
        _end(web)
        log.close()
        print((folder / "web.log").read_text()[-4000:])


@pytest.fixture
def house(_house: House) -> Iterator[House]:
    """After each test: no error in any console, no request to anywhere else."""
    _house.faults.clear()
    yield _house
    faults = list(_house.faults)
    for context in _house.browser.contexts:
        context.close()
    assert faults == []


def _far_and_old(page: Page) -> None:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    speed = {"latency": FAR, "downloadThroughput": -1, "uploadThroughput": -1, "offline": False}
    line.send("Network.emulateNetworkConditions", speed)
    line.send("Emulation.setCPUThrottlingRate", {"rate": OLD})


def _manage(env: dict[str, str], *arguments: str) -> str:
    argv = [sys.executable, "-m", "django", *arguments]
    done = subprocess.run(argv, env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end(web: subprocess.Popen[bytes]) -> None:
    """Ask, then kill with its worker: one asked while it starts may not hear."""
    web.terminate()
    try:
        web.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(web.pid, signal.SIGKILL)
        web.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + SERVER_PATIENCE
    while time.monotonic() < until:
        try:
            web = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            web.request("GET", "/readyz")
            if web.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("the web process does not answer")
