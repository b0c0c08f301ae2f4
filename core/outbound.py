"""Which addresses outside this house may call: by list, and checked again at the socket that was connected.

A name can change its address between the check and the call, so the address is looked up once, judged, and that very
address is connected. Nothing here follows a redirect or a proxy.
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

VENDORS = ("qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn")
PRIVATE = "@private"
PORTS = {"http": 80, "https": 443}
MOST_ADDRESSES = 4  # of one name that are tried
# what a machine in a cloud asks for its own keys: AWS and others, AWS on IPv6, Alibaba, Azure
METADATA = frozenset(
    map(ipaddress.ip_address, ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16"))
)
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"{LABEL}(\.{LABEL})*|[0-9a-f:]*:[0-9a-f:.]*")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(ValueError):
    """This address is not called; says in Chinese why, without any part of the address but its host."""


@dataclass(frozen=True)
class Entry:
    """One allowed host. A private one may be reached at a private address, and without TLS."""

    host: str
    port: int | None
    private: bool

    @classmethod
    def of(cls, text: str) -> "Entry":
        """`host`, `host:port`, `host@private` or `host:port@private`; ValueError when it is none of these."""
        private, place = text.endswith(PRIVATE), text.removesuffix(PRIVATE).lower()
        parts = urlsplit(f"//{place}")
        host, port = parts.hostname or "", parts.port
        plain = f"[{host}]" if ":" in host else host
        if not HOST.fullmatch(host) or place != (f"{plain}:{port}" if port else plain):
            raise ValueError(f"{text!r} must be host, host:port, host{PRIVATE} or host:port{PRIVATE}")
        return cls(host, port, private)

    def opens(self, port: int) -> bool:
        """Whether this port of the host may be called."""
        usual = PORTS.values() if self.private else (PORTS["https"],)
        return port == self.port if self.port else port in usual


@dataclass(frozen=True)
class Outbound:
    """The hosts that may be called."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, setting: str) -> "Outbound":
        """The vendors' hosts and those of the setting, divided by commas. ValueError names what cannot be read."""
        more = [part.strip() for part in setting.split(",") if part.strip()]
        return cls(tuple(Entry.of(text) for text in (*VENDORS, *more)))

    def check(self, url: str) -> SplitResult:
        """The parts of an address that may be called. Raises Refused; the name is not looked up here."""
        parts, port = _split(url)
        entry = self._entry(parts.hostname or "", port)
        if parts.scheme != "https" and not entry.private:
            raise Refused("只能用 https 地址")
        return parts

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """A connection to a host of the list, at an address that was judged. Raises Refused or OSError."""
        entry = self._entry(host, port)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[:MOST_ADDRESSES]
        for *_kind, address in found:
            _judge(str(address[0]), entry)
        return _first(found, timeout, entry)

    def _entry(self, host: str, port: int) -> Entry:
        for entry in self.entries:
            if entry.host == host and entry.opens(port):
                return entry
        raise Refused(f"地址不在允许的名单内：{host}:{port}")


def _split(url: str) -> tuple[SplitResult, int]:
    """Scheme, host and path, nothing else: what is secret has its own field."""
    if not url.isascii() or not url.isprintable() or set(url) & set(' \\{}"<>'):
        raise Refused("地址里有不能用的字符")
    try:
        parts = urlsplit(url)
        port = PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError:
        raise Refused("看不懂的地址") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise Refused("地址要写成 https://主机/路径")
    if parts.username is not None or parts.query or parts.fragment or "@" in parts.netloc:
        raise Refused("地址里不能带用户名、问号或井号；密钥请填在密钥栏")
    return parts, port


def _first(found: Sequence[Any], timeout: float, entry: Entry) -> socket.socket:
    """The first address that answers; where the socket really ended is judged once more."""
    trouble = OSError("no address")
    for family, kind, proto, _name, address in found:
        made = socket.socket(family, kind, proto)
        made.settimeout(timeout)
        try:
            made.connect(address)
            _judge(str(made.getpeername()[0]), entry)
        except OSError as error:
            made.close()
            trouble = error
        except Refused:
            made.close()
            raise
        else:
            return made
    raise trouble


def _judge(text: str, entry: Entry) -> None:
    address: Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    lawful = _is_public(address) or (entry.private and _is_inside(address))
    if address in METADATA or _is_tunnel(address) or not lawful:
        raise Refused(f"{entry.host} 指向不允许的地址")


def _is_tunnel(address: Address) -> bool:
    """An IPv6 address that leads to an IPv4 address of its own choice."""
    return isinstance(address, ipaddress.IPv6Address) and bool(address.sixtofour or address.teredo)


def _is_public(address: Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_inside(address: Address) -> bool:
    never = address.is_link_local or address.is_unspecified or address.is_multicast
    return address.is_private and not never and (address.is_loopback or not address.is_reserved)
