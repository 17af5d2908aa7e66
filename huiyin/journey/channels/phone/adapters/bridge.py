"""What both bridges share: a spool on the disk, and a sender that signs and tries until taken.

An event is written and synced before it is sent, and removed only after the product said 2xx.
Killed at any point it sends again, under the same id, and the product takes it once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from huiyin.ground.webhooks.rules import signing

logger = logging.getLogger("bridge")
SHORTEST_WAIT, LONGEST_WAIT = 1.0, 60.0
MOST_KEPT = 100_000
# Answers by which it is known that sending again changes nothing: the message is at fault.
REFUSED = frozenset({400, 413, 415, 422})


class Spool:
    """One file for each event, in order; whole or not there at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "refused").mkdir(exist_ok=True, mode=0o700)
        for left in folder.glob("*.part"):  # it was never said to be kept
            left.unlink()
        self.last = max((int(one.name.split("-")[0]) for one in self.waiting()), default=0)

    def waiting(self) -> list[Path]:
        return sorted(self.folder.glob("*.json"))

    def keep(self, event: dict[str, Any]) -> Path:
        self.last = max(self.last + 1, time.time_ns() // 1_000_000)
        place = self.folder / f"{self.last:020d}-{secrets.token_hex(8)}.json"
        part = place.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            json.dump(event, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.rename(place)
        return place

    def drop(self, place: Path) -> None:
        place.unlink(missing_ok=True)

    def set_aside(self, place: Path) -> None:
        place.rename(self.folder / "refused" / place.name)


class Sender:
    """Sends what the spool holds, the oldest first; one that is refused for good holds up none."""

    def __init__(self, spool: Spool, url: str, secret: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise SystemExit(f"no http address: {url}")
        self.spool, self.url, self.key = spool, url, key_of(secret)
        self.woken = asyncio.Event()

    def tell(self, event: dict[str, Any]) -> None:
        """Kept on the disk when this returns."""
        self.spool.keep(event)
        self.woken.set()

    async def run(self) -> None:
        wait = SHORTEST_WAIT
        while True:
            self.woken.clear()
            if await asyncio.to_thread(self.send_waiting):
                wait = SHORTEST_WAIT
                if not self.spool.waiting():
                    await self.woken.wait()
            else:
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    def send_waiting(self) -> bool:
        """False when the product could not be reached, or could not take it now."""
        for place in self.spool.waiting():
            status = self.post(place)
            if 200 <= status < 300:
                self.spool.drop(place)
            elif status in REFUSED:
                logger.error("refused for good (%s): %s", status, place.name)
                self.spool.set_aside(place)
            else:
                logger.warning("not taken (%s), will be sent again: %s", status, place.name)
                return False
        return True

    def post(self, place: Path) -> int:
        body = place.read_bytes()
        headers = signing.headers(
            [self.key],
            webhook_id=f"msg_{place.stem}",  # the same each time: the product takes it once
            timestamp=int(time.time()),
            body=body,
        )
        request = urllib.request.Request(  # noqa: S310 — the scheme was looked at
            self.url,
            data=body,
            headers={**headers, "Content-Type": "application/json"},
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


def key_of(secret: str) -> bytes:
    """The bytes of a secret as the console shows it (`whsec_…`)."""
    import base64

    return base64.b64decode(secret.strip().removeprefix(signing.PREFIX))


async def stay_connected(
    connect: Callable[[], Awaitable[None]], *, pause: float = SHORTEST_WAIT
) -> None:
    """Connect, listen until it breaks, connect again; slower when it goes on failing."""
    wait = pause
    while True:
        began = time.monotonic()
        try:
            await connect()
        except (OSError, asyncio.IncompleteReadError, EOFError, ValueError) as error:
            logger.warning("the telephone system is not there (%s)", error or type(error).__name__)
        wait = pause if time.monotonic() - began > LONGEST_WAIT else min(wait * 2, LONGEST_WAIT)
        await asyncio.sleep(wait)


def arguments(about: str, port: int) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument("--url", required=True, help="https://…/hooks/in/<code>/")
    parser.add_argument("--secret-file", type=Path, required=True, help="holds whsec_…")
    parser.add_argument("--password-file", type=Path, required=True)
    parser.add_argument("--spool", type=Path, required=True, help="folder of events on their way")
    parser.add_argument("--recordings", default="", help="address below which recordings lie")
    return parser
