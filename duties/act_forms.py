"""The forms of the acts on a task: one for each act."""

from datetime import date
from typing import Any

from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from core.fields import options
from core.people_forms import ChineseForm
from duties import service
from duties.counting import is_press
from duties.fields import LARGEST_ID, Chosen, Day, line_field, link_field, text_field
from duties.models import DutyTask
from duties.stages import Act
from duties.words import PressForm


class ActForm(ChineseForm):
    """`version` is the state of the task that the person was looking at."""

    version = IntegerField(validators=[Optional()])

    def name_ids(self, prefix: str) -> None:
        """Several forms stand on one page: give every field an id of its own."""
        for field in self:
            field.id = f"{prefix}-{field.name}"


class ProgressForm(ActForm):
    text = text_field("进展", "请填写进展情况", most=1000)


class EvidenceForm(ActForm):
    what = line_field("名称", DataRequired("请填写佐证名称"), description="例如：6月住房保障政策解读稿")
    happened_on = Day("日期", [InputRequired("请填写发生或公开的日期")])
    link = link_field("链接")
    file = Chosen("文件")

    def proof(self) -> service.Proof:
        """What a valid form says."""
        day = self.happened_on.data or date.min
        return service.Proof(self.what.data or "", day, self.link.data or "", self.file.upload())


class EventForm(EvidenceForm):
    """A press event: it counts against a quota."""

    what = line_field("活动名称", DataRequired("请填写活动名称"), description="例如：住房保障政策新闻通气会")
    happened_on = Day("举行日期", [InputRequired("请填写举行日期")])
    link = link_field("报道链接")
    form = RadioField("形式", [InputRequired("请选择形式")], choices=options(PressForm.choices()), default="")
    speaker = line_field("谁讲的", DataRequired("请填写姓名、职务"), most=60, description="姓名、职务")
    by_leader = BooleanField("负责同志带头")
    column_link = link_field("归集链接", description="在“政策解读”栏目的链接，可以以后补；没有补齐不能销号")

    def proof(self) -> service.Proof:
        form = next(member for member in PressForm if member == self.form.data)
        return service.Proof(
            self.what.data or "",
            self.happened_on.data or date.min,
            self.link.data or "",
            self.file.upload(),
            form,
            self.speaker.data or "",
            bool(self.by_leader.data),
            self.column_link.data or "",
        )


class OfEvidence(ActForm):
    """A form about one proof."""

    evidence = IntegerField(validators=[InputRequired(), NumberRange(1, LARGEST_ID)])


class LinkForm(OfEvidence):
    column_link = link_field("归集链接", DataRequired("请填写“政策解读”栏目的链接"))


class StrikeForm(OfEvidence):
    reason = line_field("撤销理由", DataRequired("请填写撤销理由"))


class RequestForm(ActForm):
    words = text_field("完成情况", "请写明完成情况", most=1000)


class SignOffForm(ActForm):
    ruling = text_field("核查意见", "请写明核查意见", most=1000)


class SendBackForm(ActForm):
    ruling = text_field("退回理由", "请写明退回理由", most=1000)


class ReleaseForm(ActForm):
    reason = line_field("解除理由", DataRequired("请填写解除理由"))


FORMS: dict[Act, type[ActForm]] = {
    Act.PROGRESS: ProgressForm,
    Act.EVIDENCE: EvidenceForm,
    Act.LINK: LinkForm,
    Act.STRIKE: StrikeForm,
    Act.REQUEST: RequestForm,
    Act.SIGN_OFF: SignOffForm,
    Act.SEND_BACK: SendBackForm,
    Act.RELEASE: ReleaseForm,
}


def act_form(act: Act, task: DutyTask, values: Any = None, *, prefix: str = "", **defaults: Any) -> ActForm:
    """The form of one act on this task; without `values` it is empty."""
    press = act is Act.EVIDENCE and is_press(task)
    made = (EventForm if press else FORMS[act])(values, version=task.version, **defaults)
    made.name_ids(prefix or act.value)
    return made
