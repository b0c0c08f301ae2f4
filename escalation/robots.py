"""Robots of group chats, by the plugins of the library apprise, which know what each vendor wants to be sent.

The plugins call `requests` and look at little of the answer: a vendor refuses with status 200 and a code. So in these
three modules `requests` is replaced by `_Line`: it sends over our own line (allowed hosts, connected address, one span
of time) and keeps the reply for us to read. tests/escalation/test_robots.py fails when the library changes under us.
"""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import requests
from apprise.exception import AppriseImproperlyConfigured
from apprise.plugins import dingtalk, feishu, wecombot

from core.outbound import Outbound
from escalation.line import Answer, Reply, Trouble, post
from escalation.route_models import RouteKind

# the library writes keys of robots into its debug lines and into one of its warnings; what failed is in our answer
logging.getLogger("apprise").disabled = True


@dataclass
class _Talk:
    """One message on its way; `amend` puts into its body what the plugin cannot."""

    allowed: Outbound
    amend: Callable[[dict[str, Any]], dict[str, Any]]
    reply: Reply | None = None
    trouble: Trouble | None = None


_talk: ContextVar[_Talk] = ContextVar("_talk")


class _Line:
    """What the plugins see as `requests`."""

    codes = requests.codes
    RequestException = requests.RequestException

    @staticmethod
    def post(
        url: str,
        *,
        data: str | bytes,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        **_ours: Any,  # their time limits, redirects and certificates: ours hold
    ) -> requests.Response:
        talk = _talk.get()
        body = json.dumps(talk.amend(json.loads(data)), ensure_ascii=False).encode()
        # 钉钉: the plugin has quoted its signature already; quoted once more, as requests would, it is refused
        address = "&".join([url, *(f"{name}={value}" for name, value in (params or {}).items())])
        try:
            talk.reply = post(address, body, headers, allowed=talk.allowed)
        except Trouble as trouble:
            talk.trouble = trouble
            raise requests.RequestException from None
        answer = requests.Response()
        answer.status_code, answer._content = talk.reply.status, talk.reply.content
        return answer


for plugin in (wecombot, dingtalk, feishu):
    plugin.requests = _Line  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Robot:
    """A robot with its secrets in clear: held no longer than a message takes."""

    kind: RouteKind
    base: str
    key: str = field(repr=False)
    secret: str = field(repr=False, default="")


def send(robot: Robot, text: str, *, allowed: Outbound, at: datetime) -> Answer:
    """Send one text. Every kind of failure is an answer, never an exception."""
    talk = _Talk(allowed, _signed(robot.secret, at) if robot.kind is RouteKind.FEISHU else dict)
    mark = _talk.set(talk)
    try:
        _plugin(robot).send(text)
    except AppriseImproperlyConfigured:
        return Answer("密钥的写法不对，没有发出")
    finally:
        _talk.reset(mark)
    return talk.trouble.answer if talk.trouble else _read(talk.reply, robot)


def _plugin(robot: Robot) -> Any:
    """The vendor's own paths at our base address, which may be that of a private deployment."""
    base = robot.base.rstrip("/")
    match robot.kind:
        case RouteKind.WECOM:
            made: Any = wecombot.NotifyWeComBot(key=robot.key)
            made.api_url = f"{base}/cgi-bin/webhook/send?key={robot.key}"
        case RouteKind.DINGTALK:
            made = dingtalk.NotifyDingTalk(token=robot.key, secret=robot.secret or None)
            made.notify_url = f"{base}/robot/send?access_token={{token}}"
        case _:
            made = feishu.NotifyFeishu(token=robot.key)
            made.notify_url = f"{base}/open-apis/bot/v2/hook/{{token}}"
    return made


def _signed(secret: str, at: datetime) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """飞书 signs inside the body; the plugin has no field for it."""

    def amend(body: dict[str, Any]) -> dict[str, Any]:
        stamp = str(int(at.timestamp()))
        sign = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
        return body | {"timestamp": stamp, "sign": base64.b64encode(sign).decode()}

    return amend if secret else dict


def _read(reply: Reply | None, robot: Robot) -> Answer:
    """Status 200 is not enough: the code in the body says whether the message was taken."""
    if reply is None:
        return Answer("没有发出")
    if reply.status != requests.codes.ok:
        return Answer(f"HTTP {reply.status}", maybe=reply.status in {502, 504})
    try:
        said = json.loads(reply.content)
        code = next(said[name] for name in ("errcode", "code", "StatusCode") if name in said)
    except (ValueError, TypeError, StopIteration):
        return Answer("HTTP 200，但看不懂对方的回答")
    if code == 0:
        return Answer("errcode 0", ok=True)
    words = f"errcode {code} {said.get('errmsg') or said.get('msg') or ''}".strip()
    return Answer(scrubbed(words, robot.key, robot.secret)[:160])


def scrubbed(words: str, *secrets: str) -> str:
    """An answer may repeat what it was asked: no key may stand in it."""
    for secret in filter(None, secrets):
        words = words.replace(secret, "***")
    return words
