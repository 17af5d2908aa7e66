"""The web process: pages in threads behind ASGI, bodies in, files and streams out."""

from __future__ import annotations

import asyncio
import io
import threading

import pytest
from django.core import signals
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from huiyin.ground.web.pages import PagesHandler

BIG = b"x" * 3_000_000  # beyond what Django keeps in memory


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.method} {len(request.read())} {request.headers['X-Said']}")


def thread(request: HttpRequest) -> HttpResponse:
    return HttpResponse(threading.current_thread().name)


def file(request: HttpRequest) -> FileResponse:
    return FileResponse(io.BytesIO(BIG), filename="证据.txt")


async def pieces():
    for piece in (b"one ", b"two ", b"three"):
        await asyncio.sleep(0)
        yield piece


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(pieces())


ended: list[bool] = []


async def endless():
    try:
        yield "data: 1\n\n"
        await asyncio.sleep(3600)
    finally:
        ended.append(True)


def events(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(endless(), content_type="text/event-stream")


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("as it happens")


echo.csrf_exempt = True
urlpatterns = [path(f"{v.__name__}/", v) for v in (echo, thread, file, stream, events, broken)]


class Answer:
    status: int
    headers: dict[str, str]

    def __init__(self) -> None:
        self.body = b""

    async def send(self, message: dict) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode().lower(): v.decode() for k, v in message["headers"]}
        self.body += message.get("body", b"")


@pytest.fixture
def ask(settings):
    settings.ROOT_URLCONF = __name__
    handler = PagesHandler()

    def asked(address: str, *, method: str = "GET", body: tuple[bytes, ...] = (b"",)) -> Answer:
        parts = [
            {"type": "http.request", "body": part, "more_body": i + 1 < len(body)}
            for i, part in enumerate(body)
        ]

        async def receive():
            return parts.pop(0) if parts else {"type": "http.disconnect"}

        scope = {
            "type": "http",
            "method": method,
            "path": address,
            "raw_path": address.encode(),
            "query_string": b"",
            "headers": [(b"host", b"localhost"), (b"x-said", "好".encode())],
        }
        answer = Answer()
        asyncio.run(handler(scope, receive, answer.send))
        return answer

    return asked


def test_a_body_in_pieces_is_read_whole(ask):
    answer = ask("/echo/", method="POST", body=(BIG, b"yz"))
    assert answer.status == 200
    assert answer.body.startswith(f"POST {len(BIG) + 2} ".encode())
    assert answer.headers["x-content-type-options"] == "nosniff"  # the middleware was there


def test_the_whole_of_a_page_runs_in_one_thread_of_ours(ask):
    assert ask("/thread/").body.startswith(b"page")


@pytest.mark.filterwarnings("error")
def test_a_file_comes_whole_but_is_never_whole_in_memory(ask):
    answer = ask("/file/")
    assert answer.body == BIG
    assert "utf-8''" in answer.headers["content-disposition"]


def test_an_asynchronous_stream_comes_in_order(ask):
    assert ask("/stream/").body == b"one two three"


def test_an_error_is_a_page_and_not_a_broken_connection(ask):
    answer = ask("/broken/")
    assert answer.status == 500
    assert answer.body


@pytest.mark.parametrize("address", ["/thread/", "/file/", "/stream/", "/broken/", "/nothing/"])
def test_each_request_begins_and_ends_once(ask, address):
    seen = []

    def begun(**_kw: object) -> None:
        seen.append("begun")

    def ended(**_kw: object) -> None:
        seen.append("ended")

    signals.request_started.connect(begun)
    signals.request_finished.connect(ended)
    try:
        ask(address)
    finally:
        signals.request_started.disconnect(begun)
        signals.request_finished.disconnect(ended)
    assert seen == ["begun", "ended"]


def test_a_customer_who_left_before_the_end_of_his_letter_costs_nothing(ask):
    answer = ask("/echo/", method="POST", body=())
    assert not hasattr(answer, "status")


def test_live_streams_go_to_the_event_loop_and_everything_else_to_pages():
    from huiyin import asgi

    asked = []

    def noting(name: str):
        async def handler(scope, receive, send):
            asked.append((name, scope["path"]))

        return handler

    streams, pages = asgi.streams, asgi.pages
    asgi.streams, asgi.pages = noting("streams"), noting("pages")
    try:
        for address in ("/live/", "/live/x", "/queue/", "/"):
            asyncio.run(asgi.application({"type": "http", "path": address}, None, None))
    finally:
        asgi.streams, asgi.pages = streams, pages
    assert asked == [("streams", "/live/"), *(("pages", p) for p in ("/live/x", "/queue/", "/"))]


def test_a_stream_of_events_ends_when_its_reader_has_gone(settings):
    settings.ROOT_URLCONF = __name__
    ended.clear()
    parts = [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[dict] = []

    async def receive():
        if parts:
            return parts.pop(0)
        while len(sent) < 2:  # the head, and the first event
            await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/events/",
        "raw_path": b"/events/",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }
    handler = PagesHandler()
    asyncio.run(asyncio.wait_for(handler(scope, receive, send), timeout=20))
    assert sent[1]["body"] == b"data: 1\n\n"
    assert ended == [True]
