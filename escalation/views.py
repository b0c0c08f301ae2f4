"""The inbox of notices, and the page of patterns for demonstrations."""

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from core.clock import now
from core.permits import Permit, may
from core.web import db, me, see_other, show, staff
from escalation import calendar_words
from escalation import inbox as copies
from escalation.patterns import patterns_context

bp = Blueprint("notices", __name__)
LARGEST_ID = 2**31 - 1


def _id(values: dict[str, str], name: str) -> int | None:
    """A copy id out of an address or a form; what is not one does not exist."""
    text = values.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_ID):
        abort(404)
    return int(text)


@bp.get("/inbox")
@staff(Permit.INBOX)
def inbox() -> Response:
    before, after = _id(request.args, "before"), _id(request.args, "after")
    with db().reading() as reading:
        screen = copies.screen(reading, me(), before=before, after=after, at=now())
        words, today = calendar_words.of(reading, me()), copies.today(reading, me(), at=now())
    return show("notices/inbox.html", screen=screen, words=words, today_words=today)


@bp.get("/inbox/<int:copy_id>")
@staff(Permit.INBOX)
def notice(copy_id: int) -> Response:
    with db().reading() as reading:
        item = copies.find(reading, me(), copy_id, at=now()) if copy_id <= LARGEST_ID else None
    if item is None:
        abort(404)
    return show("notices/notice.html", item=item, proves=may(me(), Permit.EVIDENCE))


@bp.post("/inbox/<int:copy_id>/read")
@staff(Permit.INBOX)
def read(copy_id: int) -> Response:
    with db().writing() as writing:
        found = copy_id <= LARGEST_ID and copies.mark_read(writing, me(), copy_id, at=now())
    if not found:
        abort(404)
    return see_other("notices.inbox")


@bp.post("/inbox/read-all")
@staff(Permit.INBOX)
def read_all() -> Response:
    up_to = _id(request.form, "up_to")
    if up_to is None:
        abort(404)
    with db().writing() as writing:
        copies.mark_all_read(writing, me(), up_to=up_to, at=now())
    flash("已全部标为已读")
    return see_other("notices.inbox")


patterns_bp = Blueprint("patterns", __name__)


@patterns_bp.get("/patterns")
@staff(Permit.SIGNED_IN)
def patterns() -> Response:
    """Every component in every state; mounted in demonstrations only."""
    return show("patterns.html", **patterns_context())
