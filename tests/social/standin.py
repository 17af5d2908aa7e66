"""Stand-ins for WeChat, WeCom, Mastodon and a system of one's own: real HTTP servers that speak the
documented interfaces and fail as real ones do.

`fails` is how often an answer is lost, or is 503, out of a hundred; what was done stays done.
"""

from __future__ import annotations

import io
import json
import random
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http.multipartparser import MultiPartParser


@dataclass
class Standin:
    fails: int = 0
    token: str = "token-1"
    secret: str = "app-secret"
    errors: list[int] = field(default_factory=list)  # errcodes of the next sendings
    sent: list[dict[str, Any]] = field(default_factory=list)  # what customers have got
    keys: set[str] = field(default_factory=set)  # by which it was known again
    again: int = 0  # known again, so not done twice
    refuses_again: int = 0  # with which errcode it says so; 0: as if it were done now
    news: list[dict[str, Any]] = field(default_factory=list)  # of sync_msg
    notifications: list[dict[str, Any]] = field(default_factory=list)  # of Mastodon, oldest first
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    given: dict[str, dict[str, Any]] = field(default_factory=dict)  # files by their media_id
    unfit: list[int] = field(default_factory=list)  # errcodes of the next files that are given over
    too_heavy: int = 0  # the status that a body with a file is answered with
    people: dict[str, str] = field(default_factory=dict)  # who is called how, of customer/batchget
    working: int = 0  # how often an instance says that it is still at a picture
    page: int = 2
    tokens: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    lock: threading.Lock = field(default_factory=threading.Lock)
    server: ThreadingHTTPServer | None = None

    @property
    def port(self) -> int:
        assert self.server is not None
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Standin:
        handler = type("Handler", (_Handler,), {"standin": self})
        self.server = _Quiet(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        assert self.server is not None
        self.server.shutdown()
        self.server.server_close()

    def once(self, key: str, what: dict[str, Any]) -> None:
        """Done once for each key, however often it is asked for."""
        with self.lock:
            if key in self.keys:
                self.again += 1
                return
            self.keys.add(key)
            self.sent.append(what)


def formed(media_type: str, body: bytes) -> dict[str, dict[str, Any]]:
    """The files of a form, as a server that knows nothing of us reads them."""
    meta = {"CONTENT_TYPE": media_type, "CONTENT_LENGTH": str(len(body))}
    handler = MemoryFileUploadHandler()
    _fields, files = MultiPartParser(meta, io.BytesIO(body), [handler]).parse()
    return {
        name: {"name": file.name, "media_type": file.content_type, "data": file.read()}
        for name in files
        if isinstance(file := files[name], UploadedFile)
    }


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_about: object) -> None:
        """Who hangs up in the middle is part of the play."""


class _Handler(BaseHTTPRequestHandler):
    standin: Standin
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get_content_type() == "multipart/form-data":
            self._serve({"form": formed(self.headers["Content-Type"], body)})
        else:
            self._serve(json.loads(body or b"{}"))

    def do_GET(self) -> None:
        self._serve({})

    def _serve(self, told: dict[str, Any]) -> None:
        server, parts = self.standin, urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        with server.lock:
            server.asked.append(self.path)
            bad = server.chance.randrange(100) if server.fails else 100
        before = bad < server.fails / 2
        after = not before and bad < server.fails
        if before:
            self._answer(503, {})
            return
        self.lost = after
        if server.too_heavy and ("form" in told or "files" in told):
            self._answer(server.too_heavy, {})
            return
        ways = {
            "/cgi-bin/stable_token": self._wechat_token,
            "/cgi-bin/gettoken": self._wecom_token,
            "/cgi-bin/message/custom/send": self._custom,
            "/cgi-bin/media/get": self._media,
            "/cgi-bin/kf/sync_msg": self._sync,
            "/cgi-bin/media/upload": self._given,
            "/cgi-bin/kf/send_msg": self._kf_send,
            "/cgi-bin/kf/customer/batchget": self._called,
            "/api/v2/media": self._picture,
            "/api/v1/notifications": self._mentions,
            "/api/v1/timelines/tag/回音": self._mentions,
            "/api/v1/statuses": self._status,
            "/api/v1/accounts/verify_credentials": self._who,
            "/answers": self._own,
            "/sms": self._own,
        }
        from urllib.parse import unquote

        way = ways.get(unquote(parts.path))
        if way is not None:
            way(told, query)
        elif parts.path.startswith("/api/v1/media/"):
            server.working -= 1
            self._answer(206 if server.working > 0 else 200, {"id": parts.path[14:]})
        elif parts.path.startswith("/files/") and parts.path[7:] in server.files:
            self._bytes(*server.files[parts.path[7:]])
        else:
            self._answer(404, {})

    # --- WeChat and WeCom

    def _wechat_token(self, told: dict[str, Any], _query: Any) -> None:
        if told.get("secret") != self.standin.secret:
            self._answer(200, {"errcode": 40125, "errmsg": "invalid appsecret"})
            return
        self._token()

    def _wecom_token(self, _told: Any, query: dict[str, str]) -> None:
        if query.get("corpsecret") != self.standin.secret:
            self._answer(200, {"errcode": 40001, "errmsg": "invalid credential"})
            return
        self._token()

    def _token(self) -> None:
        self.standin.tokens += 1
        self._answer(200, {"errcode": 0, "access_token": self.standin.token, "expires_in": 7200})

    def _knows(self, query: dict[str, str]) -> bool:
        if query.get("access_token") == self.standin.token:
            return True
        self._answer(200, {"errcode": 42001, "errmsg": "access_token expired"})
        return False

    def _custom(self, told: dict[str, Any], query: dict[str, str]) -> None:
        if not self._knows(query):
            return
        if self._refuses() or not self._has(told):
            return
        with self.standin.lock:
            self.standin.sent.append(told)
        self._answer(200, {"errcode": 0, "errmsg": "ok"})

    def _refuses(self) -> bool:
        code = self.standin.errors.pop(0) if self.standin.errors else 0
        if code:
            self._answer(200, {"errcode": code, "errmsg": "no"})
        return bool(code)

    def _has(self, told: dict[str, Any]) -> bool:
        """Whether the file that a message names was given over, as what it names it."""
        kind = told["msgtype"]
        if kind == "text" or self.standin.given.get(told[kind]["media_id"], {}).get("kind") == kind:
            return True
        self._answer(200, {"errcode": 40007, "errmsg": "invalid media_id"})
        return False

    def _given(self, told: dict[str, Any], query: dict[str, str]) -> None:
        if not self._knows(query):
            return
        if self.standin.unfit:
            self._answer(200, {"errcode": self.standin.unfit.pop(0), "errmsg": "no"})
            return
        media = self._kept(told["form"]["media"], query["type"])
        self._answer(200, {"type": query["type"], "media_id": media, "created_at": 1})

    def _kept(self, file: dict[str, Any], kind: str) -> str:
        with self.standin.lock:
            media = f"media-{len(self.standin.given) + 1}"
            self.standin.given[media] = {"kind": kind, **file}
        return media

    def _called(self, told: dict[str, Any], query: dict[str, str]) -> None:
        if not self._knows(query):
            return
        if self._refuses():
            return
        asked, known = told["external_userid_list"], self.standin.people
        rows = [{"external_userid": n, "nickname": known[n]} for n in asked if n in known]
        lost = [name for name in asked if name not in known]
        self._answer(200, {"errcode": 0, "customer_list": rows, "invalid_external_userid": lost})

    def _media(self, _told: Any, query: dict[str, str]) -> None:
        if not self._knows(query):
            return
        found = self.standin.files.get(query.get("media_id", ""))
        if found is None:
            self._answer(200, {"errcode": 40007, "errmsg": "invalid media_id"})
        else:
            self._bytes(*found)

    def _sync(self, told: dict[str, Any], query: dict[str, str]) -> None:
        if not self._knows(query):
            return
        start = int(told.get("cursor") or 0)
        page = self.standin.news[start : start + self.standin.page]
        after = start + len(page)
        more = int(after < len(self.standin.news))
        self._answer(
            200,
            {"errcode": 0, "next_cursor": str(after), "has_more": more, "msg_list": page},
        )

    def _kf_send(self, told: dict[str, Any], query: dict[str, str]) -> None:
        if not self._knows(query):
            return
        if self._refuses() or not self._has(told):
            return
        if self.standin.refuses_again and told["msgid"] in self.standin.keys:
            self.standin.again += 1
            self._answer(200, {"errcode": self.standin.refuses_again, "errmsg": "msgid"})
            return
        self.standin.once(told["msgid"], told)
        self._answer(200, {"errcode": 0, "msgid": told["msgid"]})

    # --- Mastodon

    def _signed_in(self) -> bool:
        if self.headers.get("Authorization") == "Bearer m-token":
            return True
        self._answer(401, {"error": "The access token is invalid"})
        return False

    def _mentions(self, _told: Any, query: dict[str, str]) -> None:
        if not self._signed_in():
            return
        after, before = int(query.get("min_id", 0)), int(query.get("max_id", 10**18))
        rows = [n for n in self.standin.notifications if after < int(n["id"]) < before]
        rows = sorted(rows, key=lambda n: -int(n["id"]))
        page = self.standin.page  # right after min_id, else the newest; always the newest first
        self._answer(200, rows[-page:] if "min_id" in query else rows[:page])

    def _picture(self, told: dict[str, Any], _query: Any) -> None:
        if self._signed_in():
            media = self._kept(told["form"]["file"], "image")
            self._answer(202 if self.standin.working else 200, {"id": media})

    def _status(self, told: dict[str, Any], _query: Any) -> None:
        if self._signed_in():
            self.standin.once(self.headers["Idempotency-Key"], told)
            self._answer(200, {"id": "9" + self.headers["Idempotency-Key"][-4:]})

    def _who(self, _told: Any, _query: Any) -> None:
        if self._signed_in():
            self._answer(200, {"acct": "huiyin"})

    # --- a system of one's own

    def _own(self, told: dict[str, Any], _query: Any) -> None:
        key = self.headers.get("webhook-id", "")
        told = {**told, "signature": self.headers.get("webhook-signature", "")}
        self.standin.once(key, told)
        self._answer(200, {"id": f"o-{told.get('id')}"})

    def _bytes(self, media: str, data: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _answer(self, status: int, data: Any) -> None:
        if getattr(self, "lost", False):  # done, and nobody hears of it
            self.lost = False
            self.connection.close()
            self.close_connection = True
            return
        body = json.dumps(data, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
