"""Pages of official papers: the ledger, one paper, its file and print, new drafts, urging by hand."""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Blueprint, abort, flash, request, url_for
from flask import Response as FlaskResponse
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.clock import now
from core.fields import options
from core.people import Unit
from core.permits import Permit
from core.web import config, db, me, see_other, show, staff
from escalation import paper_drafts, paper_issue, paper_page
from escalation.jobs import issuer_of
from escalation.models import Clock
from escalation.paper_act_views import beside, carry_out, draft_form, load
from escalation.paper_build import facts_of, matter_of
from escalation.paper_docx import MEDIA, BadTemplate, digest, render
from escalation.paper_drafts import Call, PaperRefused
from escalation.paper_facts import PaperFacts, from_json
from escalation.paper_forms import LedgerForm, NewForm, UrgeForm, member
from escalation.paper_kinds import PaperKind
from escalation.paper_models import Paper, PaperFile
from escalation.paper_settings import paper_settings
from escalation.paper_stages import PaperAct, PaperStage
from escalation.paper_text import About, feedback_day, proposed
from escalation.papers import (
    LARGEST_ID,
    Filters,
    Ledger,
    find_asked,
    find_clock,
    ledger,
)
from escalation.receipts import receipt_of
from sla import local_date

bp = Blueprint("papers", __name__)
bp.add_url_rule("/papers/<int:paper_id>/<name>", "act", carry_out, methods=["POST"])
FIRST_YEAR = 2021


def _number(text: str, largest: int = LARGEST_ID) -> int | None:
    """A number out of an address; what is none does not exist."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= largest):
        abort(404)
    return int(text)


@bp.get("/papers")
@staff(Permit.PAPERS)
def listing() -> Response:
    before, after, at = _number(request.args.get("before", "")), _number(request.args.get("after", "")), now()
    with db().reading() as session:
        form = _ledger_form(session, at)
        valid = form.validate()
        found = (
            ledger(session, me(), _filters(form), before=before, after=after)
            if valid
            else Ledger((), None, None)
        )
    status = HTTPStatus.OK if valid else HTTPStatus.UNPROCESSABLE_ENTITY
    return show(
        "papers/list.html", status=status, form=form, found=found, pages=_pages(found), stages=_tabs(form)
    )


def _ledger_form(session: Session, at: datetime) -> LedgerForm:
    form = LedgerForm(request.args)
    years = range(local_date(at).year, FIRST_YEAR - 1, -1)
    form.unit.choices = options([("", "全部单位"), *_units(session)])
    form.year.choices = options([("", "全部年份"), *((str(year), f"{year}年") for year in years)])
    return form


def _units(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(select(Unit.id, Unit.short_name).where(Unit.active).order_by(Unit.id))
    return [(str(unit_id), name) for unit_id, name in rows]


def _filters(form: LedgerForm) -> Filters:
    unit, year = form.unit.data, form.year.data
    kind, stage = member(PaperKind, form.kind.data), member(PaperStage, form.stage.data)
    return Filters(kind, stage, int(unit) if unit else None, int(year) if year else None)


def _asked(**more: str) -> str:
    """The address of the ledger with its filters, and something else."""
    kept: dict[str, Any] = {name: request.args.get(name) for name in ("kind", "stage", "unit", "year")}
    return url_for("papers.listing", **{name: value for name, value in (kept | more).items() if value})


def _pages(found: Ledger) -> tuple[str, str]:
    newer = _asked(after=str(found.newer)) if found.newer else ""
    return newer, _asked(before=str(found.older)) if found.older else ""


def _tabs(form: LedgerForm) -> list[tuple[str, str, bool]]:
    tabs = [("", "全部"), *PaperStage.choices()]
    if not me().has("supervisor", "watch"):  # type: ignore[arg-type]  # a role equals its value
        tabs = [tab for tab in tabs if tab[0] not in (PaperStage.DRAFTED, PaperStage.DROPPED)]
    return [(word, _asked(stage=value), (form.stage.data or "") == value) for value, word in tabs]


@bp.get("/papers/<int:paper_id>")
@staff(Permit.PAPERS)
def show_paper(paper_id: int) -> Response:
    with db().reading() as session:
        page = paper_page.build(session, load(session, paper_id), me(), at=now())
    return show("papers/paper.html", paper=page, conflict="", kept=())


@bp.get("/papers/<int:paper_id>/edit")
@staff(Permit.SUPERVISE)
def edit(paper_id: int) -> Response:
    with db().reading() as session:
        paper = load(session, paper_id)
        if paper.stage is not PaperStage.DRAFTED:
            abort(404)
        form = draft_form(session, paper, None)
        page = paper_page.build(session, paper, me(), at=now())
    return show("papers/edit.html", paper=page, form=form, conflict="")


@bp.get("/papers/<int:paper_id>/statement")
@staff(Permit.PAPERS)
def statement(paper_id: int) -> Response:
    """What the unit is blamed for and its answer; the rest of the draft is not shown."""
    with db().reading() as session:
        paper = find_asked(session, paper_id, me())
        if paper is None:
            abort(404)
        form = paper_page.new_form(PaperAct.STATE, None, paper, at=now())
        return show("papers/statement.html", paper=paper, form=form, conflict="")


@bp.get("/papers/<int:paper_id>/file")
@staff(Permit.PAPERS)
def download(paper_id: int) -> Response:
    """The Word file as issued; of a draft, as it would be."""
    with db().reading() as session:
        paper = load(session, paper_id)
        kept = session.get(PaperFile, paper.id)
        try:
            content = kept.content if kept else _preview(session, paper)
        except BadTemplate as fault:
            page = paper_page.build(session, paper, me(), at=now())
            return show("papers/paper.html", status=422, paper=page, conflict=str(fault), kept=())
    name = quote(f"{paper.kind.label}{paper.number or '（拟稿）'}.docx", safe="")
    response = FlaskResponse(content, mimetype=MEDIA)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Digest"] = f"sha-256={digest(content)}"
    return response


def _preview(session: Session, paper: Paper) -> bytes:
    issuer = issuer_of(config())
    return render(paper.kind, facts_of(session, paper, issuer, at=now()), own=issuer.templates)


@bp.get("/papers/<int:paper_id>/print")
@staff(Permit.PAPERS)
def print_page(paper_id: int) -> Response:
    with db().reading() as session:
        paper = load(session, paper_id)
        facts = _facts_shown(session, paper)
    return show("papers/print.html", paper=paper, facts=facts)


def _facts_shown(session: Session, paper: Paper) -> PaperFacts:
    """What was signed, for ever; of a draft, what stands now."""
    kept = session.scalar(select(PaperFile.facts).where(PaperFile.paper_id == paper.id))
    return from_json(kept) if kept else facts_of(session, paper, issuer_of(config()), at=now())


@bp.get("/papers/<int:paper_id>/receipt")
@staff(Permit.PAPERS)
def receipt(paper_id: int) -> Response:
    """送达回证: file, copies, when each was read, who signed."""
    with db().reading() as session:
        paper = load(session, paper_id)
        if not paper.number:
            abort(404)
        return show("papers/receipt.html", paper=paper, receipt=receipt_of(session, paper, at=now()))


@bp.route("/papers/new", methods=["GET", "POST"])
@staff(Permit.SUPERVISE)
def new() -> Response:
    """A draft about a unit alone, or about a clock."""
    values = request.form if request.method == "POST" else request.args
    with db().reading() as session:
        clock = _clock_asked(session, values.get("clock", ""))
        form = NewForm(values)
        form.unit.choices = options([("", "请选择单位"), *_units(session)])
        label = clock.label if clock else ""
        if clock:
            form.unit.data = str(clock.unit_id)
    if request.method == "GET" or not form.validate():
        status = HTTPStatus.OK if request.method == "GET" else HTTPStatus.UNPROCESSABLE_ENTITY
        return show("papers/new.html", status=status, form=form, label=label)
    with db().writing() as session:
        clock = _clock_asked(session, values.get("clock", ""))
        call = Call(PaperKind(form.kind.data), clock.unit_id if clock else int(form.unit.data), clock)
        paper = paper_drafts.draft(session, call, by=me(), at=now())
    flash("已拟稿，请核对文字")
    return see_other("papers.edit", paper_id=paper.id)


def _clock_asked(session: Session, text: str) -> Clock | None:
    clock_id = _number(text)
    if clock_id is None:
        return None
    clock = find_clock(session, clock_id, me())
    if clock is None:
        abort(404)
    return clock


@bp.route("/clocks/<int:clock_id>/urge", methods=["GET", "POST"])
@staff(Permit.URGE)
def urge(clock_id: int) -> Response:
    """催办 in one's own words; the proposed ones do as well."""
    at = now()
    with db().reading() as session:
        clock = _clock_asked(session, str(clock_id))
        if clock is None:
            abort(404)
        unit, office = session.get_one(Unit, clock.unit_id), paper_settings().office
        words = proposed(PaperKind.REMINDER, About(unit.name, clock, at), office).body
        form = UrgeForm(request.form, words=words, reply_due=feedback_day(at, office))
        matter = matter_of(clock, 1, at)
    if request.method == "POST" and form.validate():
        try:
            return _urged(clock_id, form, at)
        except PaperRefused as refusal:
            beside(form, refusal)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return show("papers/urge.html", status=status, form=form, clock=clock, matter=matter, unit=unit)


def _urged(clock_id: int, form: UrgeForm, at: datetime) -> Response:
    with db().writing() as session:
        clock = _clock_asked(session, str(clock_id))
        if clock is None:
            abort(404)
        more: dict[str, Any] = {"words": form.words.data, "reply_due": form.reply_due.data}
        issuer = issuer_of(config())
        paper = paper_issue.urge(session, clock, issuer, **more, by=me(), at=at)
    flash(f"已发出{paper.number}")
    return see_other("papers.show_paper", paper_id=paper.id)
