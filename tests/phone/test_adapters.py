"""The bridges, against Python stand-ins that speak AMI and ESL as text over TCP.

No Asterisk and no FreeSWITCH runs here: the packets are written after their documentation.
"""

from __future__ import annotations

import asyncio
import http.server
import json
import threading
import time

import pytest

from huiyin.ground.webhooks.rules import signing
from huiyin.journey.channels.phone.adapters import ami, bridge, esl

KEY = b"k" * 32


class Product(http.server.BaseHTTPRequestHandler):
    """Takes signed events; fails as often as it is told to, and then keeps each id once."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = {name.lower(): value for name, value in self.headers.items()}
        server = self.server
        server.tries += 1
        uid = signing.verified([KEY], told, body, now=time.time())
        if not uid:
            self._say(403)
        elif server.tries % 3 == 1:
            self._say(503)
        elif json.loads(body).get("event") == "bad":
            self._say(422)
        else:
            server.taken.setdefault(uid, json.loads(body))
            # It took it, and its answer is lost on the way: the bridge sends again.
            self._say(500 if server.tries % 4 == 2 else 200)

    def _say(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_given):
        pass


@pytest.fixture
def product():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Product)
    server.tries, server.taken = 0, {}
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def sender_of(product, folder):
    url = f"http://127.0.0.1:{product.server_address[1]}/hooks/in/pbx/"
    return bridge.Sender(bridge.Spool(folder), url, signing.written(KEY))


def until_empty(sender, most=400):
    for _time in range(most):
        if sender.send_waiting() and not sender.spool.waiting():
            return
    raise AssertionError("still waiting")


def test_nothing_is_lost_and_nothing_doubled_by_a_product_that_fails(product, tmp_path):
    sender = sender_of(product, tmp_path)
    for number in range(60):
        sender.tell({"event": "ringing", "n": number})
    sender.tell({"event": "bad"})
    sender.tell({"event": "ringing", "n": 60})
    until_empty(sender)
    assert [one["n"] for one in product.taken.values()] == list(range(61))
    assert len(list((tmp_path / "refused").iterdir())) == 1


def test_a_bridge_that_was_killed_goes_on_from_its_spool(product, tmp_path):
    first = sender_of(product, tmp_path)
    for number in range(20):
        first.tell({"event": "ringing", "n": number})
    (tmp_path / "00000000000000000001-x.part").write_text('{"half')  # killed while writing
    second = sender_of(product, tmp_path)
    second.tell({"event": "hangup", "n": 20})
    until_empty(second)
    assert [one["n"] for one in product.taken.values()] == list(range(21))


def test_a_product_that_is_away_costs_nothing(tmp_path):
    sender = bridge.Sender(
        bridge.Spool(tmp_path), "http://127.0.0.1:9/hooks/in/pbx/", signing.written(KEY)
    )
    sender.tell({"event": "ringing"})
    assert not sender.send_waiting()
    assert len(sender.spool.waiting()) == 1


def test_only_http_is_called(tmp_path):
    with pytest.raises(SystemExit):
        bridge.Sender(bridge.Spool(tmp_path), "file:///etc/passwd", signing.written(KEY))


# --- AMI -----------------------------------------------------------------------------------------

AMI_CALL = [
    {
        "Event": "Newchannel",
        "Channel": "PJSIP/trunk-00000001",
        "CallerIDNum": "13800138000",
        "Exten": "4008001234",
        "Uniqueid": "1.1",
        "Linkedid": "1.1",
    },
    {
        "Event": "Newchannel",
        "Channel": "PJSIP/8001-00000002",
        "CallerIDNum": "8001",
        "Exten": "",
        "Uniqueid": "1.2",
        "Linkedid": "1.1",
    },
    {
        "Event": "DialBegin",
        "Channel": "PJSIP/trunk-00000001",
        "DestChannel": "PJSIP/8001-00000002",
        "Linkedid": "1.1",
    },
    {
        "Event": "DialEnd",
        "DialStatus": "ANSWER",
        "DestChannel": "PJSIP/8001-00000002",
        "Linkedid": "1.1",
    },
    {"Event": "VarSet", "Linkedid": "1.1"},
    {"Event": "Hold", "Channel": "PJSIP/8001-00000002", "Uniqueid": "1.2", "Linkedid": "1.1"},
    {"Event": "Unhold", "Channel": "PJSIP/8001-00000002", "Uniqueid": "1.2", "Linkedid": "1.1"},
    {"Event": "HangupRequest", "Uniqueid": "1.1", "Linkedid": "1.1"},
    {"Event": "Hangup", "Uniqueid": "1.2", "Cause": "16", "Linkedid": "1.1"},
    {"Event": "MixMonitorStop", "Linkedid": "1.1", "MixMonitorFile": "1.1.wav"},
    {"Event": "Hangup", "Uniqueid": "1.1", "Cause": "16", "Linkedid": "1.1"},
    {"Event": "Hold", "Linkedid": "of a call before our time"},
]
WANTED = ["ringing", "answered", "hold", "resume", "recording_ready", "hangup"]


def packets(rows):
    return "".join(
        "".join(f"{name}: {value}\r\n" for name, value in row.items()) + "\r\n" for row in rows
    ).encode()


async def served(answer, run):
    """A TCP server of one connection, and what the client does with it."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        await asyncio.wait_for(run(server.sockets[0].getsockname()[1]), 20)
    finally:
        server.close()


def listened(protocol, told, password="secret", connections=1):
    """What the bridge tells of what a stand-in says, over so many connections."""

    async def run(port):
        for _time in range(connections):
            with pytest.raises((asyncio.IncompleteReadError, EOFError)):
                if protocol is ami:
                    await ami.listen("127.0.0.1", port, "huiyin", password, calls, told.append)
                else:
                    await esl.listen("127.0.0.1", port, password, calls, told.append)

    calls = protocol.Calls(recordings="https://pbx.example/rec")
    return run


def test_ami_tells_a_whole_call():
    heard: list = []
    told: list = []

    async def asterisk(reader, writer):
        writer.write(b"Asterisk Call Manager/7.0.3\r\n")
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(
            b"Response: Success\r\nActionID: 1\r\nMessage: Authentication accepted\r\n\r\n"
        )
        raw = packets(AMI_CALL)
        for at in range(0, len(raw), 37):  # in pieces, as TCP likes it
            writer.write(raw[at : at + 37])
            await writer.drain()
        writer.close()

    asyncio.run(served(asterisk, listened(ami, told)))
    assert b"Username: huiyin\r\nSecret: secret" in heard[0]
    assert [one["event"] for one in told] == WANTED
    assert {one["call_id"] for one in told} == {"1.1"}
    assert told[0] | {"at": ""} == {
        "event": "ringing",
        "agent": "8001",
        "direction": "in",
        "from": "13800138000",
        "to": "4008001234",
        "call_id": "1.1",
        "at": "",
    }
    assert told[-1]["by"] == "customer"
    assert told[-2]["recording_url"] == "https://pbx.example/rec/1.1.wav"


@pytest.mark.parametrize(
    ("asked", "cause", "by"),
    [
        ("1.1", "16", "customer"),
        ("1.2", "16", "agent"),
        ("", "38", "network"),
        ("", "16", "unknown"),
    ],
)
def test_ami_who_hung_up(asked, cause, by):
    from datetime import UTC, datetime

    calls = ami.Calls()
    told: list = []
    rows = [*AMI_CALL[:4]]
    if asked:
        rows.append({"Event": "HangupRequest", "Uniqueid": asked, "Linkedid": "1.1"})
    rows.append({"Event": "Hangup", "Uniqueid": "1.1", "Cause": cause, "Linkedid": "1.1"})
    for row in rows:
        told += calls.hear(row, datetime.now(UTC))
    assert told[-1]["by"] == by


def test_ami_refused():
    async def asterisk(reader, writer):
        writer.write(b"Asterisk Call Manager/7.0.3\r\n")
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"Response: Error\r\nMessage: Authentication failed\r\n\r\n")
        await writer.drain()

    async def run(port):
        with pytest.raises(ValueError, match=r"Authentication failed"):
            await ami.listen("127.0.0.1", port, "huiyin", "wrong", ami.Calls(), print)

    asyncio.run(served(asterisk, run))


def test_it_connects_again():
    told: list = []
    times = []

    async def asterisk(reader, writer):
        times.append(1)
        writer.write(b"Asterisk Call Manager/7.0.3\r\n")
        await reader.readuntil(b"\r\n\r\n")
        writer.write(packets(AMI_CALL[:3] if len(times) == 1 else AMI_CALL[3:]))
        await writer.drain()
        writer.close()

    calls = ami.Calls(recordings="https://pbx.example/rec")

    async def run(port):
        async def connect():
            await ami.listen("127.0.0.1", port, "huiyin", "secret", calls, told.append)

        going = asyncio.create_task(bridge.stay_connected(connect, pause=0.01))
        while len(told) < len(WANTED):
            await asyncio.sleep(0.02)
        going.cancel()

    asyncio.run(served(asterisk, run))
    assert [one["event"] for one in told] == WANTED
    assert len(times) >= 2


# --- ESL -----------------------------------------------------------------------------------------


def event(name, uid, **more):
    row = {
        "Event-Name": name,
        "Unique-ID": uid,
        "Channel-Call-UUID": "a",
        "Event-Date-Timestamp": "1795918200000000",
        **more,
    }
    body = "".join(f"{key}: {value}\n" for key, value in row.items()) + "\n"
    return f"Content-Length: {len(body)}\nContent-Type: text/event-plain\n\n{body}"


ESL_CALL = "".join(
    (
        event(
            "CHANNEL_CREATE",
            "a",
            **{
                "Caller-Caller-ID-Number": "%2B8613800138000",
                "Caller-Destination-Number": "4008001234",
            },
        ),
        event(
            "CHANNEL_CREATE",
            "b",
            **{
                "Caller-Caller-ID-Number": "%2B8613800138000",
                "Caller-Destination-Number": "8001",
            },
        ),
        event("CHANNEL_PROGRESS", "b"),
        event("CHANNEL_ANSWER", "b"),
        event("CHANNEL_ANSWER", "a"),
        event("CHANNEL_HOLD", "b"),
        event("CHANNEL_UNHOLD", "b"),
        event("RECORD_STOP", "a", **{"Record-File-Path": "/var/rec/a.wav"}),
        event(
            "CHANNEL_HANGUP_COMPLETE",
            "b",
            **{"Hangup-Cause": "NORMAL_CLEARING", "variable_sip_hangup_disposition": "recv_bye"},
        ),
        event("CHANNEL_HANGUP_COMPLETE", "a", **{"Hangup-Cause": "NORMAL_CLEARING"}),
    )
)


def test_esl_tells_a_whole_call():
    heard: list = []
    told: list = []

    async def freeswitch(reader, writer):
        writer.write(b"Content-Type: auth/request\n\n")
        heard.append(await reader.readuntil(b"\n\n"))
        writer.write(b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n")
        heard.append(await reader.readuntil(b"\n\n"))
        writer.write(
            b"Content-Type: command/reply\nReply-Text: +OK event listener enabled plain\n\n"
        )
        raw = ESL_CALL.encode()
        for at in range(0, len(raw), 53):
            writer.write(raw[at : at + 53])
            await writer.drain()
        writer.write(b"Content-Type: text/disconnect-notice\nContent-Length: 0\n\n")
        await writer.drain()
        writer.close()

    asyncio.run(served(freeswitch, listened(esl, told)))
    assert heard[0] == b"auth secret\n\n"
    assert heard[1].startswith(b"event plain CHANNEL_CREATE")
    assert [one["event"] for one in told] == WANTED
    assert told[0]["from"] == "+8613800138000"
    assert told[1]["agent"] == "8001"
    assert told[-1]["by"] == "agent"
    assert told[0]["at"].startswith("2026-11-29")


def test_what_the_bridges_tell_is_what_we_take():
    """The contract: each of their events is read by the product's own reader."""
    from datetime import UTC, datetime

    from huiyin.journey.channels.phone.rules import reading

    now = datetime.now(UTC)
    calls = ami.Calls(recordings="https://pbx.example/rec")
    for row in AMI_CALL:
        for told in calls.hear(row, now):
            assert reading.read(told, now) is not None
