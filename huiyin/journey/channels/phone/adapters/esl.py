"""FreeSWITCH → webhook: a client of the event socket (ESL, inbound) that tells what happens.

    python -m huiyin.journey.channels.phone.adapters.esl --password-file esl.secret \
        --url https://huiyin.example/hooks/in/pbx/ --secret-file hook.secret --spool /var/spool/hy
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from huiyin.journey.channels.phone.adapters.bridge import (
    Sender,
    Spool,
    arguments,
    stay_connected,
)

EVENTS = (
    "CHANNEL_CREATE CHANNEL_PROGRESS CHANNEL_ANSWER CHANNEL_HOLD CHANNEL_UNHOLD "
    "CHANNEL_HANGUP_COMPLETE RECORD_STOP"
)
NORMAL = {"NORMAL_CLEARING", "ORIGINATOR_CANCEL", "NO_ANSWER", "USER_BUSY", "CALL_REJECTED"}
ALONE = ("CHANNEL_CREATE", "RECORD_STOP")  # said of a call that we need not know yet, or any more
LARGEST = 1024 * 1024


@dataclass
class Known:
    caller: str = ""
    line: str = ""
    direction: str = "in"
    legs: dict[str, str] = field(default_factory=dict)  # unique id → extension
    answered: str = ""
    by: str = ""


class Calls:
    """Events of FreeSWITCH in, events of our contract out. The first leg's id is the call."""

    def __init__(self, inside: int = 6, recordings: str = "") -> None:
        self.inside, self.recordings = inside, recordings.rstrip("/")
        self.known: dict[str, Known] = {}

    def hear(self, told: dict[str, str], now: datetime) -> list[dict[str, Any]]:
        uid = told.get("Unique-ID", "")
        call_id = told.get("Channel-Call-UUID") or told.get("Other-Leg-Unique-ID") or uid
        step = getattr(self, f"_{told.get('Event-Name', '').lower()}", None)
        if step is None or not uid:
            return []
        if call_id not in self.known and told.get("Event-Name") not in ALONE:
            return []
        found: list[dict[str, Any]] = step(call_id, uid, told)
        return [{**one, "call_id": call_id, "at": _at(told, now)} for one in found]

    def _channel_create(self, call_id: str, uid: str, told: dict[str, str]) -> list[dict[str, Any]]:
        known = self.known.setdefault(call_id, Known())
        number = told.get("Caller-Caller-ID-Number", "")
        wanted = told.get("Caller-Destination-Number", "")
        if uid == call_id:
            outward = self._is_inside(number)
            known.direction = "out" if outward else "in"
            known.caller, known.line = (wanted, number) if outward else (number, wanted)
            return []
        known.legs[uid] = wanted if self._is_inside(wanted) else ""
        return []

    def _is_inside(self, number: str) -> bool:
        return number.isdigit() and len(number) <= self.inside

    def _agent(self, known: Known, uid: str) -> str:
        return known.legs.get(uid, "") or (known.line if known.direction == "out" else "")

    def _about(self, known: Known) -> dict[str, Any]:
        ends = (known.caller, known.line) if known.direction == "in" else (known.line, known.caller)
        return {"direction": known.direction, "from": ends[0], "to": ends[1]}

    def _channel_progress(
        self, call_id: str, uid: str, told: dict[str, str]
    ) -> list[dict[str, Any]]:
        known = self.known[call_id]
        agent = self._agent(known, uid)
        ours = uid != call_id and agent
        return [{"event": "ringing", "agent": agent, **self._about(known)}] if ours else []

    def _channel_answer(self, call_id: str, uid: str, told: dict[str, str]) -> list[dict[str, Any]]:
        known = self.known[call_id]
        agent = self._agent(known, uid)
        if uid == call_id or not agent or agent == known.answered:
            return []
        event = "transfer" if known.answered else "answered"
        known.answered = agent
        return [{"event": event, "agent": agent, **self._about(known)}]

    def _channel_hold(self, call_id: str, uid: str, told: dict[str, str]) -> list[dict[str, Any]]:
        return [{"event": "hold"}]

    def _channel_unhold(self, call_id: str, uid: str, told: dict[str, str]) -> list[dict[str, Any]]:
        return [{"event": "resume"}]

    def _channel_hangup_complete(
        self, call_id: str, uid: str, told: dict[str, str]
    ) -> list[dict[str, Any]]:
        known = self.known[call_id]
        if told.get("variable_sip_hangup_disposition", "").startswith("recv"):
            inward = known.direction == "in"
            known.by = known.by or ("customer" if (uid == call_id) == inward else "agent")
        if uid != call_id:
            return []
        self.known.pop(call_id)
        cause = told.get("Hangup-Cause", "")
        by = known.by or ("unknown" if cause in NORMAL else "network")
        return [{"event": "hangup", "by": by, "reason": cause}]

    def _record_stop(self, call_id: str, uid: str, told: dict[str, str]) -> list[dict[str, Any]]:
        name = told.get("Record-File-Path", "").rpartition("/")[2]
        if not self.recordings or not name:
            return []
        return [{"event": "recording_ready", "recording_url": f"{self.recordings}/{name}"}]


def _at(told: dict[str, str], now: datetime) -> str:
    """Its own microseconds since 1970; ours where it tells none."""
    micros = told.get("Event-Date-Timestamp", "")
    if micros.isascii() and micros.isdigit() and len(micros) < 18:
        return datetime.fromtimestamp(int(micros) / 1_000_000, UTC).isoformat()
    return now.isoformat()


async def listen(host: str, port: int, password: str, calls: Calls, tell: Any) -> None:
    """Sign in, subscribe, and read events until the line breaks."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        if "\n" in password or "\r" in password:
            raise SystemExit("a password with a line end")
        headers, _body = await read_message(reader)
        if headers.get("Content-Type") != "auth/request":
            raise ValueError("no FreeSWITCH event socket")
        writer.write(f"auth {password}\n\n".encode())
        await writer.drain()
        headers, _body = await read_message(reader)
        if not headers.get("Reply-Text", "").startswith("+OK"):
            raise ValueError(headers.get("Reply-Text", "refused"))
        writer.write(f"event plain {EVENTS}\n\n".encode())
        await writer.drain()
        while True:
            headers, body = await read_message(reader)
            if headers.get("Content-Type") == "text/disconnect-notice":
                raise EOFError("disconnected")
            if headers.get("Content-Type") != "text/event-plain":
                continue
            for event in calls.hear(fields(body), datetime.now(UTC)):
                tell(event)
    finally:
        writer.close()


async def read_message(reader: asyncio.StreamReader) -> tuple[dict[str, str], str]:
    """Headers up to an empty line, and the body that Content-Length tells of."""
    head = fields((await reader.readuntil(b"\n\n")).decode("utf-8", "replace"))
    length = head.get("Content-Length", "0")
    if not length.isdigit() or int(length) > LARGEST:
        raise ValueError("message too large")
    body = await reader.readexactly(int(length)) if int(length) else b""
    return head, body.decode("utf-8", "replace")


def fields(text: str) -> dict[str, str]:
    """Lines “Name: value”; values of events are URL-encoded."""
    found: dict[str, str] = {}
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            found[name.strip()] = unquote(value.strip())
    return found


async def main() -> None:
    given = arguments(__doc__ or "", 8021).parse_args()
    sender = Sender(Spool(given.spool), given.url, given.secret_file.read_text())
    password = given.password_file.read_text().strip()
    calls = Calls(recordings=given.recordings)

    async def connect() -> None:
        await listen(given.host, given.port, password, calls, sender.tell)

    await asyncio.gather(sender.run(), stay_connected(connect))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    asyncio.run(main())
