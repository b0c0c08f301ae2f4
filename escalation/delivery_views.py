"""Pages of the outbox and the evidence of one notice."""

from flask import Blueprint, abort, current_app, flash, request
from werkzeug.wrappers import Response

from core.audit import local_words
from core.clock import now
from core.permits import Permit
from core.web import db, me, see_other, show, staff
from escalation import evidence, letters
from escalation.letters import Shelf

bp = Blueprint("delivery", __name__)
LARGEST = 2**31 - 1


def _shelf(text: str) -> Shelf:
    return Shelf(text) if text in set(Shelf) else Shelf.ALL


def _place(name: str) -> int | None:
    """An id in the address; anything else is as if it were not there."""
    found = request.args.get(name, type=int)
    return found if found is not None and 0 <= found <= LARGEST else None


@bp.get("/outbox")
@staff(Permit.DELIVERY)
def outbox() -> Response:
    with db().reading() as session:
        dead, pending = letters.count(session, Shelf.DEAD), letters.count(session, Shelf.PENDING)
        shelf = _shelf(request.args.get("state", Shelf.DEAD.value if dead else Shelf.ALL.value))
        screen = letters.screen(session, shelf, before=_place("before"), after=_place("after"))
    counts = {Shelf.DEAD: dead, Shelf.PENDING: pending}
    return show("outbox/list.html", screen=screen, shelf=shelf, shelves=Shelf, counts=counts)


@bp.post(f"/outbox/<int(max={LARGEST}):row_id>/resend")
@staff(Permit.DELIVERY)
def resend(row_id: int) -> Response:
    with db().writing() as session:
        done = letters.resend(session, row_id, by=me(), at=now())
    flash("已重新排队，马上发送" if done else "这一份已经不在发送失败里，没有重发")
    return see_other("delivery.outbox", state=Shelf.DEAD.value)


@bp.post("/outbox/resend-all")
@staff(Permit.DELIVERY)
def resend_all() -> Response:
    with db().writing() as session:
        count = letters.resend_all(session, by=me(), at=now())
    flash(f"{count}份已重新排队，马上发送" if count else "没有发送失败的通知")
    return see_other("delivery.outbox", state=Shelf.DEAD.value)


@bp.get("/notices/<number>/evidence")
@staff(Permit.EVIDENCE)
def paper(number: str) -> Response:
    acts = current_app.extensions["huiyin.words"].acts
    with db().reading() as session:
        found = evidence.find(session, me(), number, acts)
    if found is None:
        abort(404)
    return show("notices/evidence.html", e=found, printed=local_words(now()))
