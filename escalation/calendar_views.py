"""The calendar: read by all staff; announcements and local overrides are put in force by supervisors."""

from http import HTTPStatus

from flask import Blueprint, abort, flash, make_response, request, url_for
from werkzeug.wrappers import Response

from core.clock import now
from core.permits import Permit, may
from core.web import config, db, me, public, see_other, show, staff
from escalation import calendar_acts, calendar_page, calendar_words, forecast, ical, why
from escalation.calendar_acts import Repeated, Unfit
from escalation.calendar_forms import (
    FORMS,
    ChangeForm,
    ConfirmForm,
    LocalForm,
    NoticeForm,
    NotThere,
    WithdrawalForm,
)
from escalation.calendar_models import CalendarEntry
from escalation.calendar_proposal import propose
from escalation.calendars import Overtaken, in_force
from sla import local_date
from sla.announcements import Untrusted
from sla.calendar import HORIZON

bp = Blueprint("calendar", __name__)
LARGEST_ID = 2**31 - 1


@bp.get("/calendar")
@staff(Permit.CALENDAR_READ)
def year() -> Response:
    return _year_page(NoticeForm())


def _year_page(
    form: NoticeForm, *, reasons: tuple[str, ...] = (), conflict: str = "", status: int = 200
) -> Response:
    """The year asked for, or the present one."""
    at = now()
    with db().reading() as session:
        wanted = _asked_year(default=local_date(at).year)
        screen = calendar_page.build(session, wanted, at)
    return show(
        "calendar/year.html",
        screen=screen,
        form=form,
        reasons=reasons,
        conflict=conflict,
        proposal=None,
        can_edit=may(me(), Permit.CALENDAR_EDIT),
        status=status,
    )


def _asked_year(*, default: int) -> int:
    text = request.args.get("year", "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and in_force().first_day.year <= int(text[:5]) <= HORIZON):
        abort(404)
    return int(text[:5])


@bp.post("/calendar/parse")
@staff(Permit.CALENDAR_EDIT)
def parse() -> Response:
    return _preview(NoticeForm(request.form))


@bp.get("/calendar/local")
@staff(Permit.CALENDAR_EDIT)
def local() -> Response:
    return show("calendar/local.html", form=LocalForm(), conflict="")


@bp.post("/calendar/local")
@staff(Permit.CALENDAR_EDIT)
def local_preview() -> Response:
    return _preview(LocalForm(request.form))


@bp.get("/calendar/withdraw/<int:entry_id>")
@staff(Permit.CALENDAR_EDIT)
def withdraw(entry_id: int) -> Response:
    return _preview(WithdrawalForm(data={"entry": str(entry_id)}))


@bp.post("/calendar/confirm")
@staff(Permit.CALENDAR_EDIT)
def confirm() -> Response:
    """Nothing is in force before this; afterwards the clocks follow, and their holders are told once."""
    kind, at = FORMS.get(request.form.get("kind", "")), now()
    if kind is None:
        abort(404)
    form, sure = kind(request.form), ConfirmForm(request.form)
    if not sure.validate():
        return _preview(form, sure, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        version = calendar_acts.put_in_force(db(), form, sure, by=me(), at=at)
    except Repeated:
        return see_other("calendar.year")
    except (Unfit, Untrusted, NotThere):
        return _preview(form, sure)
    except Overtaken as overtaken:
        return _preview(form, sure, conflict=str(overtaken), status=HTTPStatus.CONFLICT)
    calendar_acts.follow(db(), at=at)
    flash(f"日历{version.label}已生效")
    return see_other("calendar.year", year=_first_year(version.entry))


def _first_year(entry: CalendarEntry) -> str | int | None:
    """The year to look at after a change; a withdrawal shows the present one."""
    return entry.years.partition(",")[0] or next((day.on.year for day in entry.days), None)


def _preview(
    form: ChangeForm, sure: ConfirmForm | None = None, *, conflict: str = "", status: int = 200
) -> Response:
    """What the form would do; a form that cannot be read comes back with its reasons and everything typed."""
    sure, at = sure or ConfirmForm(), now()
    try:
        with db().reading() as session:
            if not form.validate():
                return _refused(form, (), conflict)
            proposal = propose(session, form, at=at)
            screen = calendar_page.build(session, proposal.year, at, cal=proposal.cal, local=proposal.local)
    except Untrusted as untrusted:
        return _refused(form, untrusted.reasons, conflict)
    except NotThere:
        if conflict:
            return _year_page(NoticeForm(), conflict=conflict, status=HTTPStatus.CONFLICT)
        abort(404)
    sure.base.data = proposal.base
    notice = form if isinstance(form, NoticeForm) else NoticeForm()
    return show(
        "calendar/year.html",
        screen=screen,
        form=notice,
        reasons=(),
        conflict=conflict,
        proposal=proposal,
        sure=sure,
        can_edit=True,
        status=status,
    )


def _refused(form: ChangeForm, reasons: tuple[str, ...], conflict: str) -> Response:
    status = HTTPStatus.CONFLICT if conflict else HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(form, NoticeForm):
        return _year_page(form, reasons=reasons, conflict=conflict, status=status)
    return show("calendar/local.html", form=form, conflict=conflict, status=status)


@bp.post(f"/calendar/words/<int(max={LARGEST_ID}):word_id>/read")
@staff(Permit.INBOX)
def word_read(word_id: int) -> Response:
    with db().writing() as session:
        found = calendar_words.mark_read(session, me(), word_id, at=now())
    if not found:
        abort(404)
    return see_other("notices.inbox")


@bp.get("/calendar/load")
@staff(Permit.CALENDAR_READ)
def load() -> Response:
    with db().reading() as session:
        made = forecast.build(session, me(), now(), "inquiry")
    return show("calendar/load.html", load=made)


@bp.get(f"/clocks/<int(max={LARGEST_ID}):clock_id>/why")
@staff(Permit.CASES)
def why_this_day(clock_id: int) -> Response:
    at = now()
    with db().reading() as session:
        clock = why.find(session, me(), clock_id)
        if clock is None:
            abort(404)
        made = why.build(session, clock, at)
    return show("calendar/why.html", why=made, printed=calendar_page.moment(at))


@bp.get("/calendar/feed")
@staff(Permit.CALENDAR_READ)
def feed_address() -> Response:
    with db().reading() as session:
        since = ical.made_at(session, me())
    return show("calendar/feed.html", since=since and calendar_page.moment(since), address="")


@bp.post("/calendar/feed")
@staff(Permit.CALENDAR_READ)
def renew_feed() -> Response:
    """The answer itself, not a redirect: the address is shown this once and stands in no log."""
    at = now()
    with db().writing() as session:
        token = ical.renew(session, by=me(), at=at)
    address = _site() + url_for("calendar.feed", token=token)
    return show("calendar/feed.html", since=calendar_page.moment(at), address=address)


@bp.get("/feed/<token>/due.ics")
@public
def feed(token: str) -> Response:
    """For calendar programs, which cannot sign in: the address is the key."""
    with db().reading() as session:
        person = ical.holder(session, token)
        if person is None:
            abort(404)
        body = ical.feed(session, person, site=_site(), at=now())
    return make_response(
        body, {"Content-Type": "text/calendar; charset=utf-8", "Content-Disposition": "inline"}
    )


def _site() -> str:
    return config().base_url.rstrip("/") or request.host_url.rstrip("/")
