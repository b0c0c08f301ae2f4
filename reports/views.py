"""The score sheet as the facts stand now: all units, one unit, the cases behind a figure, the workbook."""

from datetime import datetime

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from core.clock import now
from core.permits import Permit, may
from core.web import db, me, show, staff
from inquiries.queries import Cursor
from reports import frozen_views
from reports.cases import Behind, Which, cases
from reports.definition_file import definitions_at
from reports.download import download
from reports.forms import PeriodForm, last_cut_off
from reports.freeze import latest
from reports.period import Period
from reports.score import score
from reports.screen import screen, unit_screen
from reports.sheet import Line, UnitName, live
from reports.visibility import units_of

bp = Blueprint("reports", __name__, url_prefix="/reports/scores")
bp.add_url_rule("/frozen", "shelf", frozen_views.listing)
bp.add_url_rule("/frozen/<int:sheet_id>", "frozen", frozen_views.show_frozen)
bp.add_url_rule("/frozen/<int:sheet_id>/units/<int:unit_id>", "frozen_unit", frozen_views.one_unit)
bp.add_url_rule("/frozen/<int:sheet_id>/compare", "compare", frozen_views.compared)
bp.add_url_rule("/frozen/<int:sheet_id>/export.xlsx", "frozen_export", frozen_views.export)
bp.add_url_rule("/freeze", "freeze", frozen_views.ask)
bp.add_url_rule("/freeze", "freeze_post", frozen_views.carry_out, methods=["POST"])


@bp.get("")
@staff(Permit.REPORTS)
def listing() -> Response:
    """All units that this person may see, the lowest score first."""
    at = now()
    form = PeriodForm(request.args, at)
    if not form.validate() or form.asked is None:
        return show("reports/scores.html", form=form, screen=None, kept=None, may_freeze=False, status=422)
    with db().reading() as session:
        sheet, kept = live(session, me(), form.asked, at=at), latest(session, form.asked)
    return show(
        "reports/scores.html",
        form=form,
        screen=screen(sheet, me()),
        kept=kept,
        may_freeze=may(me(), Permit.FREEZE) and last_cut_off(at) >= form.asked.last_day,
    )


@bp.get("/export.xlsx")
@staff(Permit.REPORTS)
def export() -> Response:
    at = now()
    with db().reading() as session:
        sheet = live(session, me(), _period(at), at=at)
    return download(sheet, f"{sheet.period.words}考核得分表")


def _period(at: datetime) -> Period:
    """The period asked for; one that no page offers is a page that does not exist."""
    form = PeriodForm(request.args, at)
    if not form.validate() or form.asked is None:
        abort(404)
    return form.asked


@bp.get("/units/<int:unit_id>")
@staff(Permit.REPORTS)
def unit(unit_id: int) -> Response:
    """How the score of one unit came about."""
    at = now()
    period = _period(at)
    with db().reading() as session:
        found = units_of(session, me()).get(unit_id)
        sheet = live(session, me(), period, at=at)
    if found is None:
        abort(404)
    line = sheet.line(unit_id) or Line(UnitName.of(found), score(sheet.definitions, {}, {}))
    return show("reports/unit.html", unit=unit_screen(sheet, line), frozen=None)


@bp.get("/units/<int:unit_id>/<key>")
@staff(Permit.REPORTS)
def behind(unit_id: int, key: str) -> Response:
    """The cases behind a figure, by due moment."""
    at = now()
    period, which = _period(at), _which()
    indicator = definitions_at(period.last_day).indicator(key)
    with db().reading() as session:
        found = units_of(session, me()).get(unit_id)
        if found is None or indicator is None:
            abort(404)
        listed = cases(session, Behind(unit_id, indicator, period, at, which), _cursor())

    def here(one: Which, after: str | None = None) -> str:
        place = {"unit_id": unit_id, "key": key, "period": period.key, "which": one.value, "after": after}
        return url_for("reports.behind", _anchor=None, **place)  # type: ignore[arg-type]

    return show(
        "reports/cases.html",
        unit=found,
        indicator=indicator,
        period=period,
        listed=listed,
        which=which,
        tabs=[(one, here(one)) for one in Which],
        older=here(which, str(listed.after)) if listed.after else "",
    )


def _which() -> Which:
    text = request.args.get("which", Which.ALL.value)
    found = next((one for one in Which if one == text), None)
    return found or abort(404)


def _cursor() -> Cursor | None:
    text = request.args.get("after", "")
    try:
        return Cursor.read(text, back=False) if text else None
    except ValueError:
        abort(404)
