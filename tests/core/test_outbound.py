"""Which addresses may be called: hostile addresses, hostile names, and a name that changes its mind."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from core.outbound import Entry, Outbound, Refused

SETTING = "hook.yunyang.example, oa.yunyang.example:8443@private, [fd12::1]:8080@private, 10.1.2.3@private"
ALLOWED = Outbound.of(SETTING)
ROBOT = "https://qyapi.weixin.qq.com"
HOSTILE_URLS = [
    "",
    "qyapi.weixin.qq.com",
    "//qyapi.weixin.qq.com/",
    "ftp://qyapi.weixin.qq.com/",
    "file:///etc/passwd",
    "gopher://qyapi.weixin.qq.com/",
    "javascript:alert(1)",
    "https:///etc/passwd",
    "https://",
    "http://qyapi.weixin.qq.com/",  # without TLS
    "https://qyapi.weixin.qq.com:8443/",
    "https://qyapi.weixin.qq.com:0/",
    "https://qyapi.weixin.qq.com:99999/",
    "https://qyapi.weixin.qq.com:443:80/",
    "https://qyapi.weixin.qq.com./",
    "https://qyapi.weixin.qq.com.evil.example/",
    "https://evil.example/qyapi.weixin.qq.com",
    "https://qyapi.weixin.qq.com@evil.example/",
    "https://user:secret@qyapi.weixin.qq.com/",
    "https://@qyapi.weixin.qq.com/",
    "https://evil.example\\@qyapi.weixin.qq.com/",
    "https://qyapi.weixin.qq.com\\.evil.example/",
    "https://qyapi.weixin.qq.com/?key=abc",
    "https://qyapi.weixin.qq.com/#key",
    "https://qyapi.weixin.qq.com/\r\nHost: evil.example",
    "https://qyapi.weixin.qq.com\x00.evil.example/",
    "https://ｑyapi.weixin.qq.com/",
    "https://qyapi。weixin。qq。com/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://127.1/",
    "https://0177.0.0.1/",
    "https://127.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fd00:ec2::254]/",
    "https://[::1/",
    "https://localhost/",
    "https://10.1.2.4/",
    "https://hook.yunyang.example:22/",
    "https://qyapi.weixin.qq.com/{key}",
]
HOSTILE_ADDRESSES = [
    "127.0.0.1",
    "10.0.0.8",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "0.0.0.0",  # noqa: S104
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "::1",
    "::",
    "::127.0.0.1",
    "::ffff:10.0.0.8",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "2001:0:4136:e378:8000:63bf:80ff:fefe",
    "fc00::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "ff02::1",
]
NEVER = [
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "fd00:ec2::254",
    "fe80::1",
    "0.0.0.0",  # noqa: S104
    "224.0.0.1",
]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """A resolver of our own: name -> its answers, one for each look-up, the last one for ever."""
    names: dict[str, list[str]] = {}

    def look_up(host: str, port: int, **_more: Any) -> list[Any]:
        answers = names.get(host, [host])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        family = socket.AF_INET6 if ":" in answer else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 0, "", (answer, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield names


@contextmanager
def listening() -> Iterator[tuple[int, socket.socket]]:
    """A server on this machine that must not be reached."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server.getsockname()[1], server


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_a_hostile_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        ALLOWED.check(url)


@pytest.mark.parametrize(
    "url",
    [
        f"{ROBOT}/cgi-bin/webhook/send",
        "https://QYAPI.weixin.qq.com",
        "https://hook.yunyang.example/a/b",
        "https://oa.yunyang.example:8443/robot",
        "http://oa.yunyang.example:8443",
        "http://[fd12::1]:8080/",
        "http://10.1.2.3/",
        "https://10.1.2.3/",
    ],
)
def test_a_listed_address_passes(url: str) -> None:
    assert ALLOWED.check(url).hostname


@pytest.mark.parametrize("answer", HOSTILE_ADDRESSES)
def test_a_vendors_name_that_leads_inside_is_not_connected(
    resolver: dict[str, list[str]], answer: str
) -> None:
    resolver["qyapi.weixin.qq.com"] = [answer]
    with pytest.raises(Refused):
        ALLOWED.connect("qyapi.weixin.qq.com", 443, 1)


@pytest.mark.parametrize("answer", NEVER)
def test_a_private_host_does_not_lead_to_the_machines_of_the_cloud(
    resolver: dict[str, list[str]], answer: str
) -> None:
    resolver["oa.yunyang.example"] = [answer]
    with pytest.raises(Refused):
        ALLOWED.connect("oa.yunyang.example", 8443, 1)


def test_a_name_that_changes_its_answer_is_judged_where_it_is_connected(
    resolver: dict[str, list[str]],
) -> None:
    with listening() as (port, server):
        allowed = Outbound.of(f"flip.example:{port}")
        resolver["flip.example"] = ["8.8.8.8", "127.0.0.1"]
        assert socket.getaddrinfo("flip.example", port)[0][4][0] == "8.8.8.8"
        with pytest.raises(Refused):
            allowed.connect("flip.example", port, 1)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_socket_that_ended_elsewhere_is_closed(
    resolver: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind a translating router: the name led outside, the socket ends inside."""
    resolver["qyapi.weixin.qq.com"] = ["8.8.8.8"]
    monkeypatch.setattr(socket.socket, "connect", lambda _socket, _address: None)
    monkeypatch.setattr(socket.socket, "getpeername", lambda _socket: ("10.0.0.8", 443))
    with pytest.raises(Refused):
        ALLOWED.connect("qyapi.weixin.qq.com", 443, 1)


def test_a_private_host_that_is_listed_is_connected(resolver: dict[str, list[str]]) -> None:
    with listening() as (port, server):
        resolver["oa.example"] = ["127.0.0.1"]
        Outbound.of(f"oa.example:{port}@private").connect("oa.example", port, 1).close()
        server.accept()[0].close()  # there is one to accept


def test_a_host_that_is_not_listed_is_not_even_looked_up(resolver: dict[str, list[str]]) -> None:
    resolver["evil.example"] = ["8.8.8.8"]
    with pytest.raises(Refused):
        ALLOWED.connect("evil.example", 443, 1)


def test_a_refusal_names_no_more_than_the_host() -> None:
    with pytest.raises(Refused) as refusal:
        ALLOWED.check("https://evil.example/hook/verysecretpath")
    assert "verysecret" not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example",
        "a.example/path",
        "user@a.example",
        "a b",
        "a.example:x",
        "@private",
        "-a-",
        "*.cn",
    ],
)
def test_a_setting_that_cannot_be_read_stops_the_start(text: str) -> None:
    with pytest.raises(ValueError):
        Outbound.of(text)


def test_an_empty_setting_allows_the_three_vendors() -> None:
    assert [entry.host for entry in Outbound.of(" ,").entries] == [
        "qyapi.weixin.qq.com",
        "oapi.dingtalk.com",
        "open.feishu.cn",
    ]


def test_a_host_without_port_and_mark_is_reached_by_tls_only() -> None:
    entry = Entry.of("Hook.Yunyang.example")
    assert (entry.host, entry.opens(443), entry.opens(80)) == ("hook.yunyang.example", True, False)
