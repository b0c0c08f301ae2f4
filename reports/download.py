"""The answer that brings a score sheet as a workbook."""

from urllib.parse import quote

from flask import make_response
from werkzeug.wrappers import Response

from reports.sheet import Sheet
from reports.workbook import MEDIA, workbook


def download(sheet: Sheet, title: str) -> Response:
    """The workbook, named after what it holds."""
    response = make_response(workbook(sheet, title))
    response.mimetype = MEDIA
    name = quote(f"{title}.xlsx", safe="")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
