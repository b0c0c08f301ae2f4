"""A webhook to a system of the county: JSON, signed, with a key by which a repeat is known. See docs/webhook.md."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from core.outbound import Outbound
from escalation.line import Answer, Trouble, post


@dataclass(frozen=True)
class Hook:
    """Where to, and the secret that both sides know."""

    url: str
    secret: str = field(repr=False)


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the time of sending, a full stop, and the bytes of the body."""
    return "sha256=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def send(hook: Hook, content: Mapping[str, Any], *, key: str, allowed: Outbound, at: datetime) -> Answer:
    """Post once; any status from 200 to 299 is a yes. Every kind of failure is an answer, never an exception."""
    body = json.dumps(content, ensure_ascii=False).encode()
    stamp = str(int(at.timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "huiyin",
        "Idempotency-Key": key,
        "X-Huiyin-Timestamp": stamp,
        "X-Huiyin-Signature": signature(hook.secret, stamp, body),
    }
    try:
        status = post(hook.url, body, headers, allowed=allowed).status
    except Trouble as trouble:
        return trouble.answer
    ok = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    return Answer(f"HTTP {status}", ok=ok, maybe=status in {502, 504})
