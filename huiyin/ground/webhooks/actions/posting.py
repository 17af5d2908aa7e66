"""One request to an outside system: to the address that was judged, within limits.

No redirect is followed, no proxy asked, no more read than an answer needs. The name is resolved
here, each of its addresses is judged, and the socket goes to one of those (no second look at DNS
between judging and calling); TLS still asks for the certificate of the name.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings

from huiyin.ground.database import let_go
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.rules import addresses
from huiyin.ground.webhooks.rules.addresses import Forbidden, Target
from huiyin.ground.webhooks.rules.answers import LONGEST_ANSWER

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0  # however slowly it drips
AGENT = "Huiyin-Webhook/1"

_patience: ContextVar[float] = ContextVar("patience", default=float("inf"))


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """While a person waits: no call of these takes longer, whatever it would be given otherwise."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


class Unreached(Exception):  # noqa: N818 — no error of ours
    """No answer, or none that can be read; whether the call arrived is not known."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    retry_after: int = 0
    location: str = ""  # told, never followed here
    media_type: str = ""


def addresses_of(host: str, port: int) -> list[str]:
    """Every address of a name, as the machine's resolver says."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


def refusal_of(url: str) -> str:
    """Why an address is not taken, in a sentence; "" when it is. Asks the resolver."""
    try:
        resolved(url)
    except Forbidden as error:
        return sentence_of(error.why)
    return ""


def sentence_of(why: str) -> str:
    return {
        "long": _("地址太长，最多 500 个字符"),
        "written": _("地址写得不规范，请写成 https://域名/路径"),
        "scheme": _("只能用 https 地址"),
        "user": _("地址里不能带用户名和密码，身份由签名证明"),
        "port": _("对外只能用 443 或 8443 端口"),
        "inner": _(
            "不能调用内部地址；确需调用本单位的主机，请由管理员写入 HUIYIN_WEBHOOK_INNER_HOSTS"
        ),
        "https": _("只能用 https 地址；http 只用于 HUIYIN_WEBHOOK_INNER_HOSTS 里的主机"),
        "unknown": _("解析不到这个域名，请检查地址"),
    }[why]


def resolved(url: str, inner: Iterable[str] | None = None) -> tuple[Target, str]:
    """The target and the address to call; raises Forbidden. One bad address spoils them all."""
    target = addresses.target(url, settings.WEBHOOK_INNER_HOSTS if inner is None else inner)
    try:
        found = addresses_of(target.host, target.port)
    except (OSError, UnicodeError) as error:
        raise Forbidden("unknown") from error
    if not found:
        raise Forbidden("unknown")
    if not all(addresses.is_reachable(one, target) for one in found):
        raise Forbidden("inner")
    return target, found[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever the name says by now."""

    def __init__(self, target: Target, address: str) -> None:
        patience = min(CONNECT_SECONDS, _patience.get())
        super().__init__(target.host, target.port, timeout=patience)
        self.target, self.address = target, address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.target.port), self.timeout)
        if self.target.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.target.host)


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    most: int = LONGEST_ANSWER,
    inner: Iterable[str] | None = None,
    seconds: float = 0,
) -> Reply:
    """Call once. Raises Unreached, or Forbidden when the address is no longer allowed. `inner`:
    hosts of our own that may be called; without it those of the settings. `seconds`: for all of
    it, where the usual ones are too few."""
    seconds = min(seconds or WHOLE_SECONDS, _patience.get())
    let_go()
    target, address = resolved(url, inner)
    connection = _Pinned(target, address)
    ended = threading.Event()

    def end() -> None:
        ended.set()
        if connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(seconds, end)
    watch.daemon = True
    watch.start()
    try:
        connection.connect()
        connection.sock.settimeout(seconds)
        connection.request(method, target.path, body=body, headers={**_plain(), **headers})
        answer = connection.getresponse()
        body = _body(answer, most)
        if ended.is_set():  # what was cut off in the middle is no answer
            raise Unreached(_("没有及时应答"))
        retry_after = _seconds(answer.getheader("Retry-After"))
        return Reply(
            answer.status,
            body,
            retry_after,
            answer.getheader("Location") or "",
            (answer.getheader("Content-Type") or "")[:100],
        )
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = ended.is_set()
        raise Unreached(
            _("没有及时应答") if late else f"{type(error).__name__}: {error}"
        ) from error
    finally:
        watch.cancel()
        connection.close()


def _plain() -> dict[str, str]:
    return {
        "User-Agent": AGENT,
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json; charset=utf-8",
        "Connection": "close",
    }


def _body(answer: http.client.HTTPResponse, most: int) -> bytes:
    """At most what an answer needs; one that is longer, or packed, is none."""
    if answer.getheader("Content-Encoding", "identity").lower() not in ("", "identity"):
        raise ValueError("packed answer")
    body = answer.read(most + 1)
    if len(body) > most:
        raise ValueError("answer too long")
    return body


def _seconds(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else 0
