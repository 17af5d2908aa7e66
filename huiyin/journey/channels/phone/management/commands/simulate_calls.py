"""manage simulate_calls: signed events of realistic calls, sent to a running product.

dev.py manage simulate_calls --calls 3 --scenario hold --to http://127.0.0.1:8000
dev.py manage simulate_calls --agent 8001 --steps 1        it rings, and rings on
"""

from __future__ import annotations

import json
import secrets
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huiyin.ground.webhooks.rules import signing
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.phone import simulating
from huiyin.journey.channels.phone.models import Extension


class Command(BaseCommand):
    help = "Sends signed events of simulated calls to a running product"

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [*simulating.SCENARIOS, "mixed"]
        parser.add_argument("--calls", type=int, default=1, help="so many calls, at most 200")
        parser.add_argument("--scenario", choices=names, default="mixed")
        parser.add_argument("--to", default="http://127.0.0.1:8000", help="address of the product")
        parser.add_argument("--hook", default="", help="code of the connection; else the first")
        parser.add_argument("--agent", default="", help="extension it rings at; else the first")
        parser.add_argument("--other", default="", help="the second extension")
        parser.add_argument("--caller", default="", help="number of the caller; else made up")
        parser.add_argument("--call-id", default="", help="goes on with a call told of before")
        parser.add_argument("--steps", type=int, default=0, help="only the first events of each")
        parser.add_argument("--skip", type=int, default=0, help="without the first events of each")
        parser.add_argument("--ago", type=int, default=0, help="began so many seconds earlier")
        parser.add_argument(
            "--live", action="store_true", help="in real time; else at once, as if just over"
        )

    def handle(self, **given: Any) -> None:
        hook = self._hook(given["hook"])
        me, other = self._extensions(given["agent"], given["other"])
        count = max(1, min(given["calls"], simulating.MOST_CALLS))
        names = list(simulating.SCENARIOS)
        for place in range(count):
            scenario = given["scenario"]
            scenario = names[place % len(names)] if scenario == "mixed" else scenario
            call_id = given["call_id"] or f"sim-{secrets.token_hex(8)}"
            caller = given["caller"] or f"139{secrets.randbelow(10**8):08}"
            told = simulating.call(
                scenario, call_id, caller=caller, me=me, other=other, steps=given["steps"]
            )
            self._tell(hook, told[given["skip"] :], given)
            self.stdout.write(f"{call_id} {scenario}")

    def _hook(self, code: str) -> Hook:
        found = Hook.objects.in_use().filter(connector="cti").order_by("pk")
        hook = (found.filter(code=code) if code else found).first()
        if hook is None:
            raise CommandError("没有电话接入；请先在管理里添加种类为“电话系统（CTI）”的接入")
        return hook

    def _extensions(self, me: str, other: str) -> tuple[str, str]:
        known = list(
            Extension.objects.filter(enabled=True).order_by("pk").values_list("number", flat=True)
        )
        if not me and not known:
            raise CommandError("没有分机；请先在管理里添加分机")
        me = me or known[0]
        return me, other or next((one for one in known if one != me), me)

    def _tell(self, hook: Hook, told: Any, given: dict[str, Any]) -> None:
        last = told[-1].after if told else 0
        began = datetime.now(UTC) - timedelta(seconds=given["ago"])
        if not given["live"] and not given["ago"]:
            began -= timedelta(seconds=last)
        before = 0
        for one in told:
            if given["live"]:
                time.sleep(max(0, one.after - before))
                before = one.after
            at = datetime.now(UTC) if given["live"] else began + timedelta(seconds=one.after)
            self._send(hook, given["to"], {**one.data, "at": at.isoformat()})

    def _send(self, hook: Hook, to: str, data: dict[str, Any]) -> None:
        body = json.dumps(data).encode()
        now = datetime.now(UTC)
        headers = signing.headers(
            hook.keys(now),
            webhook_id=f"msg_{secrets.token_hex(16)}",
            timestamp=int(now.timestamp()),
            body=body,
        )
        url = f"{to.rstrip('/')}/hooks/in/{hook.code}/"
        if not url.startswith(("http://", "https://")):
            raise CommandError(f"不是网址：{to}")
        request = urllib.request.Request(  # noqa: S310 — the scheme was looked at
            url, data=body, headers={**headers, "Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=10):  # noqa: S310
                pass
        except urllib.error.URLError as error:
            raise CommandError(f"{url} 没有收下：{error}") from error
