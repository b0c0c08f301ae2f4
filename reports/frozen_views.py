"""Frozen score sheets: freeze a period, list, show, compare, take along."""

from datetime import datetime
from http import HTTPStatus

from flask import abort, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.clock import now
from core.permits import Permit
from core.web import db, me, see_other, show, staff
from reports.download import download
from reports.forms import FreezeForm, PeriodForm, last_cut_off
from reports.freeze import Refused, freeze, latest
from reports.frozen import LARGEST_ID, compare, shelf
from reports.models import ScoreSheet
from reports.period import Period
from reports.recount import faults, opened
from reports.screen import screen, unit_screen
from reports.sheet import Sheet
from reports.visibility import units_of
from reports.words import moment_words


@staff(Permit.REPORTS)
def listing() -> Response:
    """Every frozen sheet, the newest first."""
    with db().reading() as session:
        found = shelf(session, _before())
    older = url_for("reports.shelf", before=found.older) if found.older else ""
    rows = [(one, Period.of(one.period).words, moment_words(one.cut_off)) for one in found.rows]
    return show("reports/shelf.html", rows=rows, older=older)


def _before() -> int | None:
    text = request.args.get("before", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 16):
        abort(404)
    return int(text) if text else None


def _load(session: Session, sheet_id: int) -> ScoreSheet:
    found = session.get(ScoreSheet, sheet_id) if sheet_id <= LARGEST_ID else None
    return found or abort(404)


def _sound(session: Session, sheet: ScoreSheet) -> Sheet:
    """The lines this person may see; a sheet that was tampered with is not opened."""
    if faults(session, sheet):
        abort(404)
    return opened(sheet, units_of(session, me()))


@staff(Permit.REPORTS)
def show_frozen(sheet_id: int) -> Response:
    """The sheet as it was frozen, with what proves it."""
    with db().reading() as session:
        kept = _load(session, sheet_id)
        wrong = faults(session, kept)
        sheet = None if wrong else _sound(session, kept)
        newest = latest(session, Period.of(kept.period))
    return show(
        "reports/frozen.html",
        frozen=kept,
        title=_title(kept),
        period=Period.of(kept.period),
        counted=moment_words(kept.counted_at),
        wrong=wrong,
        newest=newest,
        screen=screen(sheet, me()) if sheet else None,
    )


def _title(kept: ScoreSheet) -> str:
    return f"{Period.of(kept.period).words}考核得分表（第{kept.edition}版）"


@staff(Permit.REPORTS)
def one_unit(sheet_id: int, unit_id: int) -> Response:
    """One unit of a frozen sheet."""
    with db().reading() as session:
        kept = _load(session, sheet_id)
        sheet = _sound(session, kept)
    line = sheet.line(unit_id) or abort(404)
    return show("reports/unit.html", unit=unit_screen(sheet, line), frozen=kept)


@staff(Permit.REPORTS)
def compared(sheet_id: int) -> Response:
    """Counted again from the facts of its day, and beside it what stands now."""
    at = now()
    with db().reading() as session:
        kept = _load(session, sheet_id)
        _sound(session, kept)
        found = compare(session, kept, units_of(session, me()), at=at)
    return show(
        "reports/compare.html",
        frozen=kept,
        title=_title(kept),
        found=found,
        cut_off=moment_words(kept.cut_off),
        at=moment_words(at),
    )


@staff(Permit.REPORTS)
def export(sheet_id: int) -> Response:
    with db().reading() as session:
        kept = _load(session, sheet_id)
        sheet = _sound(session, kept)
    return download(sheet, _title(kept))


@staff(Permit.FREEZE)
def ask() -> Response:
    """What freezing means, and the form that confirms it."""
    at = now()
    period = _period(request.args, at)
    with db().reading() as session:
        kept = latest(session, period)
    edition = kept.edition + 1 if kept else 1
    form = FreezeForm(data={"edition": str(edition), "period": period.key, "cut_off_day": last_cut_off(at)})
    return _freeze_page(form, period, at)


def _period(values: object, at: datetime) -> Period:
    form = PeriodForm(values, at)
    if not form.validate() or form.asked is None:
        abort(404)
    return form.asked


def _freeze_page(form: FreezeForm, period: Period, at: datetime, *, status: int = HTTPStatus.OK) -> Response:
    last = last_cut_off(at)
    return show(
        "reports/freeze.html",
        form=form,
        period=period,
        over=last >= period.last_day,
        last=last,
        again=(form.edition.data or "1") != "1",
        status=status,
    )


@staff(Permit.FREEZE)
def carry_out() -> Response:
    at = now()
    period, form = _period(request.form, at), FreezeForm(request.form)
    if not form.validate():
        return _freeze_page(form, period, at, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with db().writing() as session:
            sheet = freeze(session, form.wish(period), by=me(), at=at)
    except Refused as refusal:
        _beside(form, refusal)
        return _freeze_page(form, period, at, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(f"{_title(sheet)}已封存")
    return see_other("reports.frozen", sheet_id=sheet.id)


def _beside(form: FreezeForm, refusal: Refused) -> None:
    """The reason stands beside its field, or at the head of the form."""
    if refusal.field:
        field = form[refusal.field]
        field.errors = [*field.errors, str(refusal)]
    else:
        form.form_errors.append(str(refusal))
