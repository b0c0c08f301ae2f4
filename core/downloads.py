"""Sending a kept file so that no browser runs it."""

from urllib.parse import quote

from flask import Response

from core.files import SUFFIX, File

_FORBIDDEN = '\\/:*?"<>|'


def send(file: File, name: str) -> Response:
    """A download that no browser runs: always as an attachment, named after `name` with the suffix of its kind."""
    plain = _safe(name) or "附件"
    suffix = SUFFIX[file.media]
    shown = plain if plain.lower().endswith(suffix) else plain + suffix
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(shown, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(file.content, mimetype=file.media, headers=headers)


def _safe(name: str) -> str:
    """No path, no control or direction-turning character, no endless name."""
    last = name.rpartition("/")[2].rpartition("\\")[2]
    kept = (c for c in last if c.isprintable() and c not in _FORBIDDEN)
    return "".join(kept).strip(". ")[:80]
