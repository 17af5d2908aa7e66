"""Asterisk → webhook: a client of the Manager Interface (AMI) that tells what happens to calls.

    python -m huiyin.journey.channels.phone.adapters.ami --user huiyin --password-file ami.secret \
        --url https://huiyin.example/hooks/in/pbx/ --secret-file hook.secret --spool /var/spool/hy
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from huiyin.journey.channels.phone.adapters.bridge import (
    Sender,
    Spool,
    arguments,
    stay_connected,
)

NORMAL = {"16", "17", "19", "31"}  # Q.850: normal clearing, busy, no answer, normal unspecified


@dataclass
class Known:
    """One call while it goes on: its first channel is the caller's."""

    caller: str = ""
    line: str = ""
    direction: str = "in"
    answered: bool = False
    asked: str = ""  # the channel whose side asked for the end
    channels: dict[str, str] = field(default_factory=dict)  # unique id → extension


class Calls:
    """Events of AMI in, events of our contract out. Asterisk's Linkedid is the call."""

    def __init__(self, inside: int = 6, recordings: str = "") -> None:
        self.inside = inside  # numbers of so many digits at most are extensions
        self.recordings = recordings.rstrip("/")
        self.known: dict[str, Known] = {}

    def hear(self, told: dict[str, str], now: datetime) -> list[dict[str, Any]]:
        call_id, event = told.get("Linkedid", ""), told.get("Event", "")
        step = getattr(self, f"_{event.lower()}", None)
        if not call_id or step is None or (call_id not in self.known and event != "Newchannel"):
            return []
        found: list[dict[str, Any]] = step(call_id, told)
        return [{**one, "call_id": call_id, "at": now.isoformat()} for one in found]

    def _newchannel(self, call_id: str, told: dict[str, str]) -> list[dict[str, Any]]:
        known = self.known.setdefault(call_id, Known())
        extension = self._extension(told.get("Channel", ""))
        known.channels[told.get("Uniqueid", "")] = extension
        if told.get("Uniqueid") == call_id:  # the first leg
            number, wanted = told.get("CallerIDNum", ""), told.get("Exten", "")
            known.direction = "out" if extension else "in"
            known.caller, known.line = (wanted, number) if extension else (number, wanted)
        return []

    def _extension(self, channel: str) -> str:
        """“PJSIP/8001-0000002a” → 8001; a trunk has no extension."""
        name = channel.partition("/")[2].rpartition("-")[0]
        return name if name.isdigit() and len(name) <= self.inside else ""

    def _about(self, known: Known) -> dict[str, Any]:
        ends = (known.caller, known.line) if known.direction == "in" else (known.line, known.caller)
        return {"direction": known.direction, "from": ends[0], "to": ends[1]}

    def _dialbegin(self, call_id: str, told: dict[str, str]) -> list[dict[str, Any]]:
        known = self.known[call_id]
        extension = self._extension(told.get("DestChannel", ""))
        agent = extension or (known.line if known.direction == "out" else "")
        return [{"event": "ringing", "agent": agent, **self._about(known)}] if agent else []

    def _dialend(self, call_id: str, told: dict[str, str]) -> list[dict[str, Any]]:
        known = self.known[call_id]
        if told.get("DialStatus") != "ANSWER":
            return []
        extension = self._extension(told.get("DestChannel", ""))
        agent = extension or (known.line if known.direction == "out" else "")
        event = "transfer" if known.answered else "answered"
        known.answered = True
        return [{"event": event, "agent": agent, **self._about(known)}] if agent else []

    def _hold(self, call_id: str, told: dict[str, str]) -> list[dict[str, Any]]:
        return [{"event": "hold"}]

    def _unhold(self, call_id: str, told: dict[str, str]) -> list[dict[str, Any]]:
        return [{"event": "resume"}]

    def _blindtransfer(self, call_id: str, told: dict[str, str]) -> list[dict[str, Any]]:
        agent = told.get("Extension", "")
        inside = agent.isdigit() and len(agent) <= self.inside
        return [{"event": "transfer", "agent": agent}] if inside else []

    def _hanguprequest(self, call_id: str, told: dict[str, str]) -> list[dict[str, Any]]:
        known = self.known[call_id]
        known.asked = known.asked or told.get("Uniqueid", "")
        return []

    def _hangup(self, call_id: str, told: dict[str, str]) -> list[dict[str, Any]]:
        """The call is over with the caller's own leg; other legs only left it."""
        if told.get("Uniqueid") != call_id:
            return []
        known = self.known.pop(call_id)
        return [
            {
                "event": "hangup",
                "by": self._by(call_id, known, told.get("Cause", "")),
                "reason": told.get("Cause", ""),
            }
        ]

    @staticmethod
    def _by(call_id: str, known: Known, cause: str) -> str:
        if known.asked:
            first = known.asked == call_id
            return "customer" if first == (known.direction == "in") else "agent"
        return "unknown" if cause in NORMAL else "network"

    def _mixmonitorstop(self, call_id: str, told: dict[str, str]) -> list[dict[str, Any]]:
        name = told.get("MixMonitorFile", "") or f"{call_id}.wav"
        if not self.recordings:
            return []
        return [{"event": "recording_ready", "recording_url": f"{self.recordings}/{name}"}]


async def listen(host: str, port: int, user: str, password: str, calls: Calls, tell: Any) -> None:
    """Sign in and read packets until the line breaks."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        banner = await reader.readline()
        if not banner.startswith(b"Asterisk Call Manager"):
            raise ValueError("no Asterisk Manager Interface")
        if any(c in user + password for c in "\r\n"):
            raise SystemExit("a name or password with a line end")
        login = f"Action: Login\r\nActionID: 1\r\nUsername: {user}\r\nSecret: {password}\r\n\r\n"
        writer.write(login.encode())
        await writer.drain()
        while True:
            packet = await read_packet(reader)
            if packet.get("Response") == "Error":
                raise ValueError(packet.get("Message", "refused"))
            for event in calls.hear(packet, datetime.now(UTC)):
                tell(event)
    finally:
        writer.close()


async def read_packet(reader: asyncio.StreamReader) -> dict[str, str]:
    """Lines “Name: value” up to an empty one."""
    raw = await reader.readuntil(b"\r\n\r\n")
    found: dict[str, str] = {}
    for line in raw.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            found[name.strip()] = value.strip()
    return found


async def main() -> None:
    parser = arguments(__doc__ or "", 5038)
    parser.add_argument("--user", required=True)
    given = parser.parse_args()
    sender = Sender(Spool(given.spool), given.url, given.secret_file.read_text())
    password = given.password_file.read_text().strip()
    calls = Calls(recordings=given.recordings)

    async def connect() -> None:
        await listen(given.host, given.port, given.user, password, calls, sender.tell)

    await asyncio.gather(sender.run(), stay_connected(connect))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    asyncio.run(main())
