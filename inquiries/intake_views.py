"""The intake console: one page for every channel, two endings, a draft that survives a reload."""

import uuid
from datetime import datetime

from flask import Blueprint, abort, flash, request
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import drafts
from core.clock import now
from core.people import Unit
from core.permits import Permit
from core.web import db, me, see_other, show, staff
from escalation.models import Clock
from escalation.ruler import due_words
from escalation.rules import due_of
from inquiries.intake_acts import DRAFT, keep_draft, retried, take_down, with_begin
from inquiries.intake_forms import IntakeForm, open_form
from inquiries.intake_help import help_for
from inquiries.lists import Channel, channels
from inquiries.models import Inquiry
from inquiries.service import Refused
from sla import SHANGHAI

bp = Blueprint("intake", __name__)
SWITCH = "to:"


def _channel(key: str | None) -> Channel:
    return channels().get(key or "") or abort(404)


def _units(session: Session) -> list[Unit]:
    return list(session.scalars(select(Unit).where(Unit.active).order_by(Unit.id)))


def _sent(session: Session, at: datetime) -> IntakeForm:
    """The posted form; its time is when the page was first written in, unless another was entered."""
    channel = _channel(request.form.get("channel"))
    return open_form(
        channel, _units(session), at, with_begin(session, request.form.to_dict(flat=True), by=me())
    )


def _page(session: Session, form: IntakeForm, *, restored: bool = False, status: int = 200) -> Response:
    return show(
        "intake/new.html",
        form=form,
        channels=list(channels().values()),
        helping=help_for(session, form, by=me()),
        restored=restored,
        proposed=None,
        swapped=False,
        status=status,
    )


@bp.get("/intake")
@staff(Permit.INTAKE)
def new() -> Response:
    at = now()
    with db().reading() as session:
        draft = drafts.load(session, DRAFT, by=me())
        wanted = request.args.get("channel", draft.get("channel", next(iter(channels()))))
        values = _taken_up(draft, wanted) if draft else None
        return _page(session, open_form(_channel(wanted), _units(session), at, values), restored=bool(draft))


def _taken_up(draft: dict[str, str], channel: str) -> dict[str, str]:
    """A fresh key for every page: two tabs restored from one draft may become two cases."""
    values = draft | {"client_key": str(uuid.uuid4())}
    if draft.get("channel") != channel:
        values.pop("way", None)  # each channel has its usual way of answering
    return values


@bp.post("/intake")
@staff(Permit.INTAKE)
def create() -> Response:
    act = request.form.get("do", "draft")
    if act == "draft" or act.startswith(SWITCH):
        return _put_aside(act)
    if act == "clear":
        with db().writing() as session:
            drafts.drop(session, DRAFT, by=me())
        return see_other("intake.new", channel=_channel(request.form.get("channel")).key)
    return _end(act) if act in {"instant", "dispatch"} else abort(404)


def _put_aside(act: str) -> Response:
    """暂存, or another channel: the draft carries what was typed over to the next page."""
    to = _channel(act.removeprefix(SWITCH) if act.startswith(SWITCH) else request.form.get("channel"))
    retried(lambda: _keep(now()))
    if act == "draft":
        flash("已暂存，刷新或换一台电脑登录都还在")
    return see_other("intake.new", channel=to.key)


def _keep(at: datetime) -> None:
    with db().writing() as session:
        form = _sent(session, at)
        keep_draft(session, form, request.form.to_dict(flat=True), by=me(), at=at)


def _end(act: str) -> Response:
    at = now()
    with db().reading() as session:
        form = _sent(session, at)
        form.instant = act == "instant"
        if form.instant and not form.channel.instant:
            abort(404)
        if not form.validate():
            return _page(session, form, status=422)
    try:
        flash(retried(lambda: _take_down(form, at)))
    except Refused as refusal:
        form[refusal.field].errors = [str(refusal)]
        with db().reading() as session:
            return _page(session, form, status=422)
    return see_other("intake.new", channel=form.channel.key)


def _take_down(form: IntakeForm, at: datetime) -> Markup:
    with db().writing() as session:
        inquiry = take_down(session, form, instant=form.instant, by=me(), at=at)
        return _done_words(session, inquiry, form)


def _done_words(session: Session, inquiry: Inquiry, form: IntakeForm) -> Markup:
    """What was done, with the way to it."""
    link = Markup('<a href="/cases/{0}">{0}</a>').format(inquiry.number)
    if inquiry.clock_id is None:
        return Markup("已当场答复并办结，编号{}").format(link)
    unit = session.get(Unit, inquiry.lead_unit_id) if inquiry.lead_unit_id else None
    due = due_words(due_of(session.get_one(Clock, inquiry.clock_id)))
    where = f"转{unit.name}" if unit else "待派单"
    return Markup("已登记{}，{}，{}前答复{}").format(link, where, due, form.channel.person)


@bp.post("/intake/draft")
@staff(Permit.INTAKE)
def draft() -> Response:
    """Saved by the page itself while it is being written."""
    at = now()
    retried(lambda: _keep(at))
    if not request.headers.get("HX-Request"):
        return see_other("intake.new", channel=_channel(request.form.get("channel")).key)
    return show("intake/_kept.html", kept=f"已暂存 {at.astimezone(SHANGHAI):%H:%M}")


@bp.post("/intake/help")
@staff(Permit.INTAKE)
def helping() -> Response:
    """The right side for what is typed; a POST, so that no number ever stands in an address."""
    with db().reading() as session:
        form = _sent(session, now())
        return show("intake/_help.html", helping=help_for(session, form, by=me()), swapped=True)


@bp.post("/intake/unit")
@staff(Permit.INTAKE)
def unit() -> Response:
    """The category proposes a unit while none is chosen."""
    with db().reading() as session:
        form = _sent(session, now())
    proposed = form.proposed_unit()
    if form.unit.data or proposed is None:
        return Response(status=204)
    form.unit.data = proposed.short_name
    return show("intake/_unit.html", form=form, proposed=proposed)
