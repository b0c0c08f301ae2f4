"""Forms of the paper pages: one for each act that asks for something, the wording of a draft, the urging by hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from wtforms import (
    DateField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.fields import Moment, one_line, options
from core.labels import Labelled
from escalation.calendar_forms import A_DAY, plain_text
from escalation.paper_drafts import TalkPlan
from escalation.paper_kinds import Ground, PaperKind
from escalation.paper_models import Paper, PaperTalk
from escalation.paper_replies import TalkRecord
from escalation.paper_stages import PaperAct, PaperStage
from escalation.paper_text import CIRCULARS, Wording

LONG, SHORT, LINE = 10_000, 1_000, 100
FIRST_YEAR, LAST_YEAR = 2000, 2100
L = TypeVar("L", bound=Labelled)


def member(members: type[L], value: object) -> L | None:
    """The member of this value, None for an empty or unknown one."""
    return next((one for one in members if one == value), None)


class Day(DateField):
    """A day that a calendar can hold; anything else is refused in Chinese."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(A_DAY) from None
        if isinstance(self.data, date) and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None
            raise ValueError(f"年份应在{FIRST_YEAR}年至{LAST_YEAR}年之间")


def _line(label: str, *, limit: int = LINE, **more: Any) -> StringField:
    return StringField(label, [Length(max=limit, message=f"最多{limit}个字")], filters=[one_line], **more)


def _area(label: str, *, limit: int = LONG, needed: str = "", **more: Any) -> TextAreaField:
    checks: list[Any] = [DataRequired(needed)] if needed else []
    checks.append(Length(max=limit, message=f"最多{limit}个字"))
    return TextAreaField(label, checks, filters=[plain_text], **more)


def _day(label: str, needed: str) -> Day:
    return Day(label, [InputRequired(needed)])


class PaperForm(Form):
    """`version` is the state of the paper that the person was looking at."""

    version = IntegerField(validators=[Optional()])

    class Meta:
        locales = ("zh",)

    def name_ids(self, act: str) -> None:
        """Several forms stand on one page: give every field an id of its own."""
        for field in self:
            field.id = f"{act}-{field.name}"

    @property
    def asked(self) -> list[Field]:
        """The fields a person fills in."""
        return [field for field in self if field.name != "version"]


class AskStatementForm(PaperForm):
    due = _day("提交期限", "请填写提交期限")


class StateForm(PaperForm):
    text = _area("申辩意见", needed="请填写申辩意见；没有不同意见的也请写明")


class DropForm(PaperForm):
    reason = _area("作废理由", limit=SHORT, needed="请写明作废的理由")


class FeedBackForm(PaperForm):
    text = _area("反馈", needed="请写明处置情况、答复要点和未按时办结的原因")


class SendBackForm(PaperForm):
    reason = _area("退回理由", limit=SHORT, needed="请写明退回的理由")
    reply_due = _day("重新反馈的期限", "请填写重新反馈的期限")


class TalkForm(PaperForm):
    problem = _area("指出的问题", needed="请写明约谈指出的问题")
    attitude = _area("约谈对象表态", needed="请写明约谈对象的表态")
    rectify_by = Day("整改期限", [Optional()])
    signers = _line("签字人", limit=200)

    @property
    def talked(self) -> TalkRecord:
        return TalkRecord(
            self.problem.data or "", self.attitude.data or "", self.rectify_by.data, self.signers.data or ""
        )


class LiftForm(PaperForm):
    ruling = _area("审核意见", limit=SHORT, needed="请写明办结的依据")


FORMS: dict[PaperAct, type[PaperForm]] = dict.fromkeys(PaperAct, PaperForm) | {
    PaperAct.ASK_STATEMENT: AskStatementForm,
    PaperAct.STATE: StateForm,
    PaperAct.DROP: DropForm,
    PaperAct.FEED_BACK: FeedBackForm,
    PaperAct.SEND_BACK: SendBackForm,
    PaperAct.RECORD_TALK: TalkForm,
    PaperAct.LIFT: LiftForm,
}


class EditForm(PaperForm):
    """The wording of a draft; fields that the kind does not have are taken away."""

    title = StringField(
        "标题", [DataRequired("请填写标题"), Length(max=LINE, message=f"最多{LINE}个字")], filters=[one_line]
    )
    grounds = SelectMultipleField("督办事由", choices=options(Ground.choices()))
    basis = _area("依据", limit=SHORT)
    body = _area("事由", needed="请写明事由")
    cases = SelectMultipleField("列入通报的事项", choices=[], coerce=int)
    object = _line("约谈对象（单位、职务）")
    held_at = Moment("约谈时间", [Optional()])
    place = _line("约谈地点")
    talkers = _line("约谈人")
    materials = _line("需携带的材料", limit=200)
    requirements = _area("要求", limit=LONG)
    decision = _area("处理决定", limit=LONG)
    reply_due = Day("反馈时限", [Optional()])
    copies_to = _line("抄送", limit=200)

    @property
    def wording(self) -> Wording:
        """What the draft shall say."""
        chosen = tuple(Ground(code) for code in self.grounds.data or ()) if "grounds" in self else ()
        return Wording(
            title=self.title.data or "",
            grounds=chosen,
            basis=self.basis.data or "",
            body=self.body.data or "",
            requirements=self.requirements.data or "",
            decision=(self.decision.data or "") if "decision" in self else "",
            copies_to=self.copies_to.data or "",
            reply_due=self.reply_due.data if "reply_due" in self else None,
        )

    @property
    def plan(self) -> TalkPlan | None:
        if "held_at" not in self:
            return None
        names = ("object", "place", "talkers", "materials")
        words = {name: self[name].data or "" for name in names}
        return TalkPlan(held_at=self.held_at.data, **words)

    @property
    def kept(self) -> list[int] | None:
        return self.cases.data if "cases" in self else None


TALK_FIELDS = ("object", "held_at", "place", "talkers", "materials")


def edit_form(
    values: Any, paper: Paper, talk: PaperTalk | None, cases: Sequence[tuple[int, str]]
) -> EditForm:
    """The form of a draft as it stands; `values` are what was sent."""
    form = EditForm(values, obj=_Shown(paper, talk), cases=[case for case, _label in cases])
    form.cases.choices = options(cases)
    gone = [] if paper.kind is PaperKind.TALK else list(TALK_FIELDS)
    gone += [] if cases else ["cases"]
    gone += [] if paper.kind in CIRCULARS else ["decision"]
    gone += ["grounds"] if paper.kind is PaperKind.COMMENDATION else []
    gone += ["reply_due"] if paper.kind is PaperKind.COMMENDATION else []
    for name in gone:
        del form[name]
    form.body.label.text = BODY_NAMES[paper.kind]
    return form


class _Shown:
    """The record and its talk as one thing to fill a form from."""

    def __init__(self, paper: Paper, talk: PaperTalk | None) -> None:
        self._parts = (paper, talk)
        self.grounds = paper.grounds.split(",") if paper.grounds else []

    def __getattr__(self, name: str) -> Any:
        for part in self._parts:
            if part is not None and hasattr(part, name):
                return getattr(part, name)
        raise AttributeError(name)


BODY_NAMES = {
    PaperKind.REMINDER: "催办内容",
    PaperKind.SUPERVISION: "督办内容",
    PaperKind.RECTIFICATION: "存在的问题",
    PaperKind.TALK: "约谈事由",
    PaperKind.CRITICISM: "基本情况",
    PaperKind.COMMENDATION: "主要做法",
}


class UrgeForm(PaperForm):
    """催办 by hand."""

    words = _area("催办内容", limit=SHORT, needed="请写明催办的内容")
    reply_due = _day("反馈时限", "请填写反馈时限")


class NewForm(PaperForm):
    """What kind of paper about which unit, or about a clock."""

    kind = RadioField("文书种类", [InputRequired("请选择文书种类")], choices=options(PaperKind.choices()))
    unit = SelectField("发往单位", [InputRequired("请选择单位")], choices=[])
    clock = HiddenField()


class LedgerForm(Form):
    """The filters of the ledger."""

    kind = SelectField(choices=options([("", "全部种类"), *PaperKind.choices()]), default="")
    stage = SelectField(choices=options([("", "全部环节"), *PaperStage.choices()]), default="")
    unit = SelectField(choices=[], default="")
    year = SelectField(choices=[], default="")
