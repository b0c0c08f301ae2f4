"""`python -m sla parse-announcement FILE`: an announcement in, its days out as JSON."""

import json
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import Any

from sla.announcements import Untrusted, as_json, parse_announcement


class Unreadable(Exception):
    """The file is not there or is no text; the message is Chinese and fit to show."""


def parse_announcement_file(name: str) -> int:
    """Print the announcement as JSON; "-" reads standard input. 1 if it is refused, 2 if unreadable."""
    try:
        text = _text(_bytes(name))
    except Unreadable as fault:
        print(fault, file=sys.stderr)
        return 2
    try:
        _print(as_json(parse_announcement(text)))
    except Untrusted as refusal:
        _print({"errors": list(refusal.reasons)})
        print("这份通知不能采用：", *refusal.reasons, sep="\n", file=sys.stderr)
        return 1
    return 0


def _bytes(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError:
        raise Unreadable(f"读不到文件“{name}”") from None


def _text(content: bytes) -> str:
    """UTF-8, or what Windows editors save Chinese as: GB 18030, or UTF-16 with its mark."""
    marked = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("文件不是文本：编码应为 UTF-8、GB 18030 或 UTF-16")


def _print(values: dict[str, Any]) -> None:
    print(json.dumps(values, ensure_ascii=False, indent=2))
