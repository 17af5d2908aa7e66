"""Where a call may go: to public addresses, and to the few inner hosts that the house names.

Strict on purpose. Each odd way to write an address was once a way round such a guard (V64), so
what is not written plainly is refused, not repaired. A name says nothing yet: its addresses are
judged again after it was resolved, by `is_reachable`, and the one that was judged is called.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST_URL = 500
PUBLIC_PORTS = (443, 8443)
PLAIN_PORTS = {"https": 443, "http": 80}
NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.ASCII)
# Letters, digits and what RFC 3986 allows; neither blanks nor backslashes nor other scripts.
WRITTEN = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%{}]+", re.ASCII)
INNER_ENDINGS = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "home.arpa",
)
# Public by their numbers, yet answered by the machine's own cloud or by a neighbour.
NEVER = tuple(
    ipaddress.ip_network(net)
    for net in (
        "168.63.129.16/32",  # the host agent of Azure
        "192.88.99.0/24",
        "::/96",  # IPv4-compatible
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local
    )
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Target:
    """A checked address. `inner`: one of the house's own, so it may have a private address."""

    scheme: str
    host: str
    port: int
    path: str
    inner: bool


class Forbidden(ValueError):  # noqa: N818 — an answer, no error of ours
    """Why an address is not called: scheme, user, written, port, inner, https, long."""

    @property
    def why(self) -> str:
        return str(self.args[0])


def target(url: str, inner_hosts: Iterable[str] = ()) -> Target:
    """Read an address; raises Forbidden. `inner_hosts`: “host” or “host:port”."""
    if len(url) > LONGEST_URL:
        raise Forbidden("long")
    if not WRITTEN.fullmatch(url) or "//" not in url:
        raise Forbidden("written")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Forbidden("written") from error
    scheme = parts.scheme.lower()
    if scheme not in PLAIN_PORTS:
        raise Forbidden("scheme")
    if "@" in parts.netloc:
        raise Forbidden("user")
    if parts.netloc.count(":") > 1 and not parts.netloc.startswith("["):
        raise Forbidden("written")
    host = (parts.hostname or "").rstrip(".")
    _check_host(host, bracketed=parts.netloc.startswith("["))
    port = port or PLAIN_PORTS[scheme]
    inner = _is_named(host, port, inner_hosts)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not inner:
        _check_public(scheme, host, port)
    return Target(scheme, host, port, path, inner)


def _check_host(host: str, *, bracketed: bool) -> None:
    if not host or "%" in host:
        raise Forbidden("written")
    if bracketed:
        if as_address(host) is None:
            raise Forbidden("written")
        return
    if len(host) > 253 or not NAME.fullmatch(host):
        raise Forbidden("written")
    # A last label of digits makes it a number: 127.1, 2130706433, 0x7f.1, 0177.0.0.1.
    last = host.rsplit(".", 1)[-1]
    if (last.isdigit() or last.startswith("0x")) and as_address(host) is None:
        raise Forbidden("written")


def _check_public(scheme: str, host: str, port: int) -> None:
    number = as_address(host)
    if number is not None and not is_public(number):
        raise Forbidden("inner")
    if number is None and ("." not in host or _ends_inside(host)):
        raise Forbidden("inner")
    if port not in PUBLIC_PORTS and port != PLAIN_PORTS["http"]:
        raise Forbidden("port")
    if scheme != "https":
        raise Forbidden("https")


def _ends_inside(host: str) -> bool:
    return any(host == ending or host.endswith(f".{ending}") for ending in INNER_ENDINGS)


def _is_named(host: str, port: int, inner_hosts: Iterable[str]) -> bool:
    """An entry without a port opens the two usual ones only."""
    for entry in inner_hosts:
        if entry == f"{host}:{port}" or entry == f"[{host}]:{port}":
            return True
        if entry in (host, f"[{host}]") and port in PLAIN_PORTS.values():
            return True
    return False


def as_address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Neither private, loopback, link-local, shared, reserved nor multicast, however wrapped."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if any(address in net for net in NEVER if net.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_reachable(address: str, target: Target) -> bool:
    """Whether what the name was resolved to may be called.

    An inner host may have a private or loopback address; the addresses at which a cloud tells its
    secrets (link-local) are nobody's host.
    """
    number = as_address(address.split("%", 1)[0])
    if number is None or "%" in address:
        return False
    if not target.inner:
        return is_public(number)
    plain = number.ipv4_mapped if isinstance(number, ipaddress.IPv6Address) else None
    seen = plain or number
    return not (seen.is_link_local or seen.is_multicast or seen.is_unspecified)
