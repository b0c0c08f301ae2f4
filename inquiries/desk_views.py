"""The desk: what is due, near, overdue, by unit. Its parts refresh by themselves where scripts run."""

from flask import Blueprint
from werkzeug.wrappers import Response

from core.clock import now
from core.permits import Permit, may
from core.web import db, me, show, staff
from escalation import board
from inquiries import desk

bp = Blueprint("desk", __name__)


@bp.get("/desk")
@staff(Permit.DESK)
def show_desk() -> Response:
    with db().reading() as session:
        made = desk.build(session, me(), now())
    return show("desk/desk.html", desk=made, pastes=may(me(), Permit.CALENDAR_EDIT))


@bp.get("/desk/lights")
@staff(Permit.DESK)
def lights() -> Response:
    with db().reading() as session:
        made = desk.build_lights(session, me(), now())
    return show("desk/_lights.html", lights=made)


@bp.get("/desk/notices")
@staff(Permit.DESK)
def notices() -> Response:
    with db().reading() as session:
        rows = board.recent_notices(session, me(), desk.NOTICE_ROWS)
    return show("desk/_notices.html", notices=rows)
