"""Health of the process and its jobs, for machines: /healthz for load balancers, /readyz for the monitor."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, jsonify
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from core import facts, migrate
from core.clock import now
from core.web import db, public
from escalation import guard
from escalation.calendar_alarm import alarm_of
from escalation.models import Heartbeat
from escalation.rules import calendar
from sla import certain_workdays_left, local_date

bp = Blueprint("health", __name__)
LATE = timedelta(minutes=5)  # ten runs of the sweep missed: reminders no longer go out in time


@bp.get("/healthz")
@public
def healthz() -> Response:
    """The process answers, and how far the certain calendar reaches; a database restart ends no process."""
    try:
        with db().reading():
            return jsonify(ok=True, **_calendar(now()))
    except SQLAlchemyError:
        return jsonify(ok=True)


@bp.get("/readyz")
@public
def readyz() -> Response:
    """200 when database, tables and sweep are in order, else 503; a short calendar is told, never refused."""
    at = now()
    found = _looked_at(at)
    ready = all(found.get(part) for part in ("database", "tables", "key", "sweep", "clock"))
    answer = jsonify(ready=ready, **found, **_calendar(at))
    answer.status_code = 200 if ready else 503
    return answer


def _looked_at(at: datetime) -> dict[str, Any]:
    """What is behind a closed door is left out: without tables there is no heartbeat to read."""
    try:
        tables = migrate.current(db()) == migrate.head()
        return {"database": True, "tables": tables} | (_sweep(at) if tables else {})
    except SQLAlchemyError:
        return {"database": False}


def _sweep(at: datetime) -> dict[str, Any]:
    """Seconds since the last sweep that ran to its end; none yet is null."""
    with db().reading() as session:
        last, doubts = session.get(Heartbeat, "sweep"), guard.held(session)
        key = facts.key_fits(session)
    age = at - last.at if last else None
    sweep = {"sweep": age is not None and age <= LATE, "sweep_age": age and round(age.total_seconds())}
    return sweep | {"key": key, "clock": not doubts, "clock_words": doubts}


def _calendar(at: datetime) -> dict[str, Any]:
    """`calendar` is quiet, note or loud; 0 days left says that every new due day is provisional."""
    cal, today = calendar(), local_date(at)
    alarm = alarm_of(cal, today)
    level = "quiet" if alarm is None else "loud" if alarm.loud else "note"
    told = {"calendar_words": alarm.words} if alarm else {}
    return {"certain_workdays_left": certain_workdays_left(cal, today), "calendar": level} | told
