"""/duties/proposals: a published list is read, each of its entries is accepted, changed or left out by a person."""

from http import HTTPStatus

from flask import Blueprint, abort, flash, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from core.clock import now
from core.fields import options
from core.people import Unit
from core.people_forms import ChineseForm
from core.permits import Permit
from core.web import db, me, see_other, show, staff
from duties import proposal_page, proposals
from duties.clauses import is_clause
from duties.fields import LARGEST_ID, Chosen, Day, beside, line_field, text_field, unit_choices, whole_ids
from duties.filter_form import member
from duties.kinds import DutyKind
from duties.proposals import RULES, Accepted
from duties.record_models import DutyProposal
from duties.task_list import NotATaskList, read
from duties.task_list_terms import propose
from duties.words import Refused

ONE = f"/duties/proposals/<int(max={LARGEST_ID}):proposal_id>"
TIMES = NumberRange(0, 366, "应在0至366之间")


class UploadForm(ChineseForm):
    file = Chosen("任务清单文件", description="政务公开工作任务清单，Word（.docx）或文本")


class AcceptForm(ChineseForm):
    clause = line_field("条号", DataRequired("请填写条号"), most=12)
    title = line_field("事项", DataRequired("请填写事项名称"), most=60)
    owed = text_field("要求", "请填写要求")
    evidence_wanted = line_field("应交佐证", DataRequired("请填写什么算佐证"))
    kind = SelectField("类别", choices=options(DutyKind.choices()))
    rule = SelectField("时限", choices=options(RULES.items()))
    quota = IntegerField("每年次数", [Optional(), TIMES], default=0)
    leaders = IntegerField("其中负责同志带头", [Optional(), TIMES], default=0)
    due_on = Day("期限", [Optional()])
    leads = SelectMultipleField("牵头单位", choices=[], description="清单没有列的不填")
    units = SelectMultipleField("责任单位", [InputRequired("请至少选一个责任单位")], choices=[])

    def validate_clause(self, field: object) -> None:
        if not is_clause(self.clause.data or ""):
            raise ValidationError("条号应如 6.2.6")

    def offer(self, session: Session) -> None:
        """The units that may be chosen."""
        units = session.scalars(select(Unit).where(Unit.active).order_by(Unit.id)).all()
        self.leads.choices = unit_choices(units)
        self.units.choices = unit_choices(units)

    def accepted(self) -> Accepted:
        """What a valid form says."""
        return Accepted(
            clause=self.clause.data or "",
            title=self.title.data or "",
            owed=self.owed.data or "",
            evidence_wanted=self.evidence_wanted.data or "",
            kind=member(DutyKind, self.kind.data) or DutyKind.CONTINUOUS,
            rule=self.rule.data,
            quota=self.quota.data or 0,
            leaders=self.leaders.data or 0,
            due_on=self.due_on.data,
            lead_ids=whole_ids(self.leads.data),
            unit_ids=whole_ids(self.units.data),
        )


class LeaveForm(ChineseForm):
    reason = line_field("略去的理由", DataRequired("请填写略去的理由"))


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/duties/proposals", "proposals", listing)
    bp.add_url_rule("/duties/proposals", "upload_list", upload, methods=["POST"])
    bp.add_url_rule(ONE, "proposal", show_one)
    bp.add_url_rule(f"{ONE}/accept", "accept_proposal", accept, methods=["POST"])
    bp.add_url_rule(f"{ONE}/leave", "leave_proposal", leave, methods=["POST"])


@staff(Permit.DUTIES_EDIT)
def listing() -> Response:
    return _list_page(UploadForm())


def _list_page(form: UploadForm, status: int = HTTPStatus.OK) -> Response:
    with db().reading() as session:
        groups = proposal_page.groups(session)
    return show("duties/proposals.html", status=status, form=form, groups=groups)


@staff(Permit.DUTIES_EDIT)
def upload() -> Response:
    form, at = UploadForm(CombinedMultiDict([request.files, request.form])), now()
    sent = form.file.upload()
    try:
        if sent is None:
            raise NotATaskList("请选择任务清单文件")
        found = read(sent.data)
        with db().writing() as session:
            kept = proposals.keep(session, found.year, propose(found), found.title, by=me(), at=at)
    except NotATaskList as fault:
        beside(form, Refused(str(fault), "file"))
        return _list_page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(f"{found.year}年清单：新读出{kept.new}条，已有{kept.known}条")
    return see_other("duties.proposals")


def _load(session: Session, proposal_id: int) -> DutyProposal:
    return session.get(DutyProposal, proposal_id) or abort(404)


@staff(Permit.DUTIES_EDIT)
def show_one(proposal_id: int) -> Response:
    with db().reading() as session:
        row = _load(session, proposal_id)
        form = proposal_page.filled(session, row, AcceptForm)
    return _one_page(proposal_id, form, LeaveForm())


def _one_page(
    proposal_id: int, form: AcceptForm, leave_form: LeaveForm, status: int = HTTPStatus.OK
) -> Response:
    with db().reading() as session:
        row = _load(session, proposal_id)
        form.offer(session)
        taken = row.clause in proposals.known_clauses(session, row.year)
    return show("duties/proposal.html", status=status, it=row, form=form, leave_form=leave_form, taken=taken)


@staff(Permit.DUTIES_EDIT)
def accept(proposal_id: int) -> Response:
    form, at = AcceptForm(request.form), now()
    with db().reading() as session:
        form.offer(session)
    if not form.validate():
        return _one_page(proposal_id, form, LeaveForm(), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with db().writing() as session:
            proposals.accept(session, _load(session, proposal_id), form.accepted(), by=me(), at=at)
    except Refused as refusal:
        beside(form, refusal)
        return _one_page(proposal_id, form, LeaveForm(), HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(f"{form.clause.data} 已列入台账")
    return see_other("duties.proposals")


@staff(Permit.DUTIES_EDIT)
def leave(proposal_id: int) -> Response:
    form, at = LeaveForm(request.form), now()
    with db().reading() as session:
        entered = proposal_page.filled(session, _load(session, proposal_id), AcceptForm)
    if not form.validate():
        return _one_page(proposal_id, entered, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with db().writing() as session:
            row = _load(session, proposal_id)
            proposals.leave_out(session, row, form.reason.data or "", by=me(), at=at)
    except Refused as refusal:
        beside(form, refusal)
        return _one_page(proposal_id, entered, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(f"{row.clause} 已略去")
    return see_other("duties.proposals")
