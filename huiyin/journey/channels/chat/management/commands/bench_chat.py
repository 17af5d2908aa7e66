"""How fast lines reach the other side with many chats open, on one web process of this machine.

`dev.py manage bench_chat --chats 1000`: on a database of its own, which is dropped afterwards.
Every visitor's stream is open, every agent's too; for a while visitors speak by POST and agents by
the acts of the product in another process. Prints counts and percentiles, and what was lost or
doubled.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import secrets
import socket
import subprocess
import sys
import time
import uuid
from argparse import ArgumentParser
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from huiyin.ground.throwaway import throwaway

OF_EACH = 10  # chats of one agent
SETTLE_SECONDS = 10


class Command(BaseCommand):
    help = "在自己的数据库上测量在线聊天的送达时间 · Measure how fast chat lines arrive"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--chats", type=int, default=1000)
        parser.add_argument("--seconds", type=int, default=30)
        parser.add_argument("--rate", type=float, default=40, help="lines a second, both ways")
        parser.add_argument("--inside", action="store_true", help="in the database made for it")

    def handle(self, *args: Any, **options: Any) -> None:
        chats, seconds = min(options["chats"], 5000), min(options["seconds"], 600)
        rate = min(options["rate"], 500.0)
        if options["inside"]:
            self._measure(chats, seconds, rate)
            return
        with throwaway(settings.DATABASE_DSN, "bench_chat") as address:
            _for_children(DATABASE_URL=address)
            manage = [sys.executable, "-m", "django"]
            _run([*manage, "migrate", "-v0"])
            again = [*manage, "bench_chat", f"--chats={chats}", f"--seconds={seconds}"]
            _run([*again, f"--rate={rate}", "--inside"])

    def _measure(self, chats: int, seconds: int, rate: float) -> None:
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit, 65_536), limit))
        scene = Scene(chats)
        port = _free_port()
        _for_children(HUIYIN_POOL="20")
        web = subprocess.Popen(  # noqa: S603 — our own words
            [
                *(sys.executable, "-m", "granian", "huiyin.asgi:application"),
                *("--interface", "asginl", "--no-ws", "--port", str(port)),
                *("--log-level", "error", "--workers-kill-timeout", "3"),
                *("--backpressure", "16384"),
            ],
        )
        try:
            bench = Bench(scene, port)
            asyncio.run(bench.run(seconds, rate))
        finally:
            web.terminate()
            web.wait(20)
        self.stdout.write(bench.told(chats, seconds))


class Scene:
    """A site, agents, and chats that are open; the tokens stay here."""

    def __init__(self, chats: int) -> None:
        from django.conf import settings as configured
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        from huiyin.ground import moment
        from huiyin.ground.people.models import Membership, Team, User, hashed
        from huiyin.ground.people.words import Role
        from huiyin.journey.channels.chat.models import Chat, Site

        team = Team.objects.create(code="bench", name="bench")
        self.site = Site.objects.create(
            code="bench", name="bench", team=team, calendar_code="always", origins=[]
        )
        self.agents = []
        self.cookies = []
        for number in range((chats + OF_EACH - 1) // OF_EACH):
            user = User.objects.create_user(f"agent{number}", None, name="a", roles=[Role.AGENT])
            Membership.objects.create(user=user, team=team)
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = configured.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session["seen"] = int(time.time())
            session.create()
            self.agents.append(user)
            self.cookies.append(f"{configured.SESSION_COOKIE_NAME}={session.session_key}")
        self.tokens = [secrets.token_urlsafe(32) for _ in range(chats)]
        now = moment.now()
        self.chats = Chat.objects.bulk_create(
            Chat(
                site=self.site,
                state="open",
                token_hash=hashed(token),
                team=team,
                agent=self.agents[place // OF_EACH],
                asked_at=now,
                waits_since=now,
                first_due_at=now + timedelta(minutes=1),
                accepted_at=now,
                last_line_at=now,
                visitor_line_at=now,
                visitor_here_at=now,
            )
            for place, token in enumerate(self.tokens)
        )


class Bench:
    def __init__(self, scene: Scene, port: int) -> None:
        self.scene, self.port = scene, port
        self.sent: dict[str, float] = {}  # client → when
        self.came: Counter[str] = Counter()
        self.ids: dict[int, str] = {}  # line → client, of visitors' lines
        self.rung: Counter[int] = Counter()  # line → how often the desk was told
        self.rung_at: dict[int, float] = {}
        self.to_visitor: list[float] = []
        self.to_agent: list[float] = []
        self.faults: Counter[str] = Counter()
        self.ready = 0
        self.threads = ThreadPoolExecutor(4)

    async def run(self, seconds: int, rate: float) -> None:
        await _until_served(self.port)
        listeners = [
            asyncio.create_task(self._listen_visitor(token)) for token in self.scene.tokens
        ]
        listeners += [asyncio.create_task(self._listen_desk(one)) for one in self.scene.cookies]
        while self.ready < len(listeners):
            await asyncio.sleep(0.2)
        self.load = os.getloadavg()
        begins, tasks = time.monotonic(), set()
        for number in range(int(seconds * rate)):
            due = begins + number / rate
            if (wait := due - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            place = secrets.randbelow(len(self.scene.tokens))
            speaks = self._visitor_says if number % 2 else self._agent_says
            task = asyncio.create_task(speaks(place))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        if tasks:
            await asyncio.wait(tasks, timeout=60)
        await asyncio.sleep(SETTLE_SECONDS)
        for task in listeners:
            task.cancel()

    async def _listen_visitor(self, token: str) -> None:
        path = "/chat/bench/live/?since=0"
        async for kind, data in self._events(path, f"Authorization: Bearer {token}"):
            if kind == "line" and data["kind"] == "agent":
                self.came[data["client"]] += 1
                if self.came[data["client"]] == 1:
                    self.to_visitor.append(time.monotonic() - self.sent[data["client"]])

    async def _listen_desk(self, cookie: str) -> None:
        async for kind, data in self._events("/chats/live/", f"Cookie: {cookie}"):
            if kind == "changed" and data["what"] == "line" and data["own"]:
                self.rung[data["line"]] += 1
                self.rung_at.setdefault(data["line"], time.monotonic())

    async def _events(self, path: str, header: str) -> Any:
        counted = False
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{header}\r\n\r\n"
                writer.write(head.encode())
                kind = ""
                async for raw in reader:
                    line = raw.decode().strip()
                    if line.startswith("event: "):
                        kind = line[7:]
                        if not counted:
                            counted, self.ready = True, self.ready + 1
                    elif line.startswith("data: "):
                        yield kind, json.loads(line[6:])
                    elif line == "0":
                        break
            except OSError:
                self.faults["stream"] += 1
            finally:
                writer.close()

    async def _visitor_says(self, place: int) -> None:
        client = str(uuid.uuid4())
        body = json.dumps({"text": f"line {client}", "client": client}).encode()
        self.sent[client] = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = (
            "POST /chat/bench/lines/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            f"Authorization: Bearer {self.scene.tokens[place]}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.read()
        writer.close()
        status, _, said = answer.partition(b"\r\n\r\n")
        if b" 201 " not in status.split(b"\r\n")[0]:
            self.faults[status.split(b"\r\n")[0].decode()] += 1
            return
        self.ids[json.loads(said[said.index(b"{") : said.rindex(b"}") + 1])["id"]] = client

    async def _agent_says(self, place: int) -> None:
        from huiyin.journey.channels.chat import actions

        client = uuid.uuid4()
        chat, agent = self.scene.chats[place], self.scene.agents[place // OF_EACH]

        def answered() -> None:
            try:
                self.sent[str(client)] = time.monotonic()
                actions.answer(chat, by=agent, text=f"line {client}", client=client)
            finally:
                close_old_connections()

        await asyncio.get_running_loop().run_in_executor(self.threads, answered)

    def told(self, chats: int, seconds: int) -> str:
        self.to_agent = [
            self.rung_at[line] - self.sent[client]
            for line, client in self.ids.items()
            if line in self.rung_at
        ]
        answers = len(self.sent) - len(self.ids) - sum(self.faults.values())
        lost = answers - len(self.came) + len(self.ids) - len(self.to_agent)
        doubled = sum(n - 1 for n in self.came.values())
        load = " ".join(f"{one:.1f}" for one in self.load)
        rows = [
            f"chats {chats}, streams {self.ready}, {seconds} s, load average before {load}",
            _row("agent → visitor", self.to_visitor),
            _row("visitor → desk", self.to_agent),
            f"lost {lost}, doubled {doubled}, faults {dict(self.faults)}",
        ]
        return "\n".join(rows)


def _row(name: str, found: list[float]) -> str:
    if not found:
        return f"{name}: none"
    found = sorted(found)
    p50, p95, p99 = (1000 * found[int(len(found) * p)] for p in (0.5, 0.95, 0.99))
    return f"{name}: {len(found)} lines, p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms"


def _for_children(**own: str) -> None:
    """What processes begun from here find in their environment; ours was read already."""
    named = {
        "HUIYIN_LOG_LEVEL": "ERROR",
        "HUIYIN_ALLOWED_HOSTS": "127.0.0.1",
        "HUIYIN_DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "huiyin.settings",
    }
    for name, value in {**named, **own}.items():
        os.putenv(name, value)


def _run(argv: list[str]) -> None:
    subprocess.run(argv, cwd=settings.ROOT, check=True)  # noqa: S603 — our own words


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _until_served(port: int) -> None:
    for _ in range(300):
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        except OSError:
            await asyncio.sleep(0.2)
    raise RuntimeError("the web process does not answer")
