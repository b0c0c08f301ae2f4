"""POST /duties/<task>/<act>: check that the task is still as it was seen, call one verb, show the task."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import abort, flash, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.wrappers import Response

from core.clock import now
from core.facts import Fact
from core.people import Actor
from core.permits import Permit
from core.web import db, me, see_other, show, staff
from duties import service, task_page
from duties.act_forms import ActForm, act_form
from duties.fields import beside, reasons
from duties.models import DutyTask, Evidence
from duties.stages import Act, IllegalMove, NotYours
from duties.task_page import Sent
from duties.visibility import find_task
from duties.words import Refused

DOUBLE_CLICK = timedelta(seconds=10)
NOT_SENT = "您填的内容没有提交，请核对后再提交。"
Verb = Callable[[Session, DutyTask, Any, Actor, datetime], None]


class Moved(Exception):
    """The task is no longer as this person saw it; says in Chinese who did what."""


class Repeated(Exception):
    """The very act that this person carried out a moment ago: a second click."""


class Incomplete(Exception):
    """The form says itself what is missing."""


def load(session: Session, task_id: int) -> DutyTask:
    """The task for this person, else 404."""
    return find_task(session, task_id, me()) or abort(404)


@staff(Permit.DUTIES)
def carry_out(task_id: int, name: str) -> Response:
    """Every act of the table of moves."""
    act, at = next((act for act in Act if act == name), None), now()
    if act is None:
        abort(404)
    with db().reading() as session:
        form = act_form(act, load(session, task_id), CombinedMultiDict([request.files, request.form]))
    try:
        _carry_out(task_id, act, form, at)
    except Repeated:
        return see_other("duties.show_task", task_id=task_id)
    except NotYours:
        abort(404)
    except (Incomplete, Refused) as refusal:
        if isinstance(refusal, Refused):
            beside(form, refusal)
        return _again(task_id, Sent(act, form), at, HTTPStatus.UNPROCESSABLE_ENTITY)
    except (Moved, IllegalMove) as moved:
        return _again(task_id, Sent(act, form), at, HTTPStatus.CONFLICT, str(moved))
    flash(f"已{act.label}")
    return see_other("duties.show_task", task_id=task_id)


def _carry_out(task_id: int, act: Act, form: ActForm, at: datetime) -> None:
    """One transaction. Raises what stops it."""
    try:
        with db().writing() as session:
            task = load(session, task_id)
            _still_as_seen(session, task, act, form, at)
            if not form.validate():
                raise Incomplete
            VERBS[act](session, task, form, me(), at)
    except StaleDataError:
        raise Moved(f"此任务刚刚被他人更新。{NOT_SENT}") from None


def _still_as_seen(session: Session, task: DutyTask, act: Act, form: ActForm, at: datetime) -> None:
    """A form without a readable version is taken for an old one."""
    if form.version.data == task.version:
        return
    acts = [f"duty:{act}" for act in Act]
    query = select(Fact).where(Fact.subject == task.subject, Fact.act.in_(acts))
    last = session.scalar(query.order_by(Fact.seq.desc()).limit(1))
    if (
        last is not None
        and last.by_id == me().id
        and last.act == f"duty:{act}"
        and at - last.at <= DOUBLE_CLICK
    ):
        raise Repeated
    who = f"{last.by_name}已{task_page.act_words(last.act)}" if last else "已有更新"
    raise Moved(f"此任务已更新：{who}。{NOT_SENT}")


def _again(task_id: int, sent: Sent, at: datetime, status: int, conflict: str = "") -> Response:
    """The same page with everything that was typed."""
    with db().reading() as session:
        page = task_page.build(session, load(session, task_id), me(), at=at, sent=sent)
    if not conflict and not page.offers(sent):
        conflict = "；".join(reasons(sent.form)) or NOT_SENT
    return show("duties/task.html", status=status, it=page, conflict=conflict)


def _evidence(session: Session, task: DutyTask, form: Any) -> Evidence:
    """The proof that the form is about; one of another task does not exist here."""
    row = session.get(Evidence, form.evidence.data)
    return row if row is not None and row.task_id == task.id else abort(404)


def _progress(session: Session, task: DutyTask, form: Any, by: Actor, at: datetime) -> None:
    service.report_progress(session, task, form.text.data, by=by, at=at)


def _enter(session: Session, task: DutyTask, form: Any, by: Actor, at: datetime) -> None:
    service.enter_evidence(session, task, form.proof(), by=by, at=at)


def _link(session: Session, task: DutyTask, form: Any, by: Actor, at: datetime) -> None:
    service.add_link(session, task, _evidence(session, task, form), form.column_link.data, by=by, at=at)


def _strike(session: Session, task: DutyTask, form: Any, by: Actor, at: datetime) -> None:
    service.strike(session, task, _evidence(session, task, form), form.reason.data, by=by, at=at)


def _request(session: Session, task: DutyTask, form: Any, by: Actor, at: datetime) -> None:
    service.request_sign_off(session, task, form.words.data, by=by, at=at)


def _sign_off(session: Session, task: DutyTask, form: Any, by: Actor, at: datetime) -> None:
    service.rule_on_sign_off(session, task, granted=True, ruling=form.ruling.data, by=by, at=at)


def _send_back(session: Session, task: DutyTask, form: Any, by: Actor, at: datetime) -> None:
    service.rule_on_sign_off(session, task, granted=False, ruling=form.ruling.data, by=by, at=at)


def _release(session: Session, task: DutyTask, form: Any, by: Actor, at: datetime) -> None:
    service.release(session, task, form.reason.data, by=by, at=at)


VERBS: dict[Act, Verb] = {
    Act.PROGRESS: _progress,
    Act.EVIDENCE: _enter,
    Act.LINK: _link,
    Act.STRIKE: _strike,
    Act.REQUEST: _request,
    Act.SIGN_OFF: _sign_off,
    Act.SEND_BACK: _send_back,
    Act.RELEASE: _release,
}
