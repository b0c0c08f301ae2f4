"""The forms of the acts on a case: one for each act that asks for something."""

from datetime import datetime
from typing import Any

from wtforms import (
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.fields import Moment, clean_text, one_line, options
from core.people import Actor, Role
from inquiries.case_list import UnitChoices
from inquiries.filter_form import ChineseForm, Day, grouped
from inquiries.stages import Act
from inquiries.words import DeclineGround, ReturnGround, Way

LONG, SHORT = 20_000, 1_000


def words_field(label: str, reason: str, *, limit: int = SHORT, **more: Any) -> TextAreaField:
    """A text that must be there; `reason` is said when it is not."""
    checks = [DataRequired(reason), Length(max=limit, message=f"最多{limit}个字")]
    return TextAreaField(label, checks, filters=[clean_text], **more)


class ActForm(ChineseForm):
    """`version` is the state of the case that the person was looking at."""

    version = IntegerField(validators=[Optional()])

    def name_ids(self, act: str) -> None:
        """Several forms stand on one page: give every field an id of its own."""
        for field in self:
            field.id = f"{act}-{field.name}"

    @property
    def asked(self) -> list[Field]:
        """The fields a person fills in."""
        return [field for field in self if field.name != "version"]


class DispatchForm(ActForm):
    unit = SelectField("承办单位", [InputRequired("请选择承办单位")], choices=[])
    note = TextAreaField("交办意见", [Length(max=SHORT, message=f"最多{SHORT}个字")], filters=[clean_text])


class ToldForm(ActForm):
    way = RadioField("告知方式", [InputRequired("请选择告知方式")], choices=options(Way.choices()))
    told_at = Moment("告知时间", [InputRequired("请填写告知时间")])
    text = words_field("答复内容", "请填写答复内容", limit=LONG)
    late_reason = TextAreaField(
        "补录理由和凭据", [Length(max=SHORT, message=f"最多{SHORT}个字")], filters=[clean_text]
    )


class ReplyForm(ToldForm):
    """The answer; only telling the citizen stops the clock."""


class InterimForm(ToldForm):
    """What is known so far, and the day by which the result is promised."""

    text = words_field("答复内容", "请写明办理进展和不能当即答复的原因", limit=LONG)
    promised_on = Day("承诺答复日期", [InputRequired("请填写承诺哪天前答复结果")])


class AttemptForm(ToldForm):
    way = RadioField("联系方式", [InputRequired("请选择联系方式")], choices=options(Way.choices()))
    told_at = Moment("联系时间", [InputRequired("请填写联系时间")])
    text = words_field("联系情况", "请写明联系情况，例如两次拨打无人接听", limit=SHORT)


class DeclineForm(ToldForm):
    ground = SelectField(
        "不予受理的情形",
        [InputRequired("请选择情形")],
        choices=options([("", "请选择"), *DeclineGround.choices()]),
    )
    text = words_field("告知内容", "请填写告知的内容和其他办理途径", limit=LONG)


class RequestReturnForm(ActForm):
    ground = SelectField(
        "退单理由",
        [InputRequired("请选择退单理由")],
        choices=options([("", "请选择"), *ReturnGround.choices()]),
    )
    reason = words_field("情况说明", "请写明依据和建议的承办单位")


class RulingForm(ActForm):
    ruling = words_field("裁定意见", "请填写裁定意见")


class MergeForm(ActForm):
    target = StringField("并入的诉求编号", [DataRequired("请填写要并入的诉求编号")], filters=[one_line])


class WithdrawForm(ActForm):
    reason = words_field("撤回情况", "请写明诉求人何时、以何种方式表示撤回")


class RevealForm(ChineseForm):
    reason = StringField(
        "查看事由",
        [DataRequired("请填写查看事由"), Length(max=200, message="最多200个字")],
        filters=[one_line],
    )


FORMS: dict[Act, type[ActForm]] = {
    Act.DISPATCH: DispatchForm,
    Act.SIGN: ActForm,
    Act.REPLY: ReplyForm,
    Act.INTERIM: InterimForm,
    Act.ATTEMPT: AttemptForm,
    Act.REQUEST_RETURN: RequestReturnForm,
    Act.GRANT_RETURN: RulingForm,
    Act.REFUSE_RETURN: RulingForm,
    Act.DECLINE: DeclineForm,
    Act.MERGE: MergeForm,
    Act.WITHDRAW: WithdrawForm,
}


def act_form(act: Act, values: Any, *, person: Actor, units: UnitChoices, at: datetime) -> ActForm:
    """The form of one act as this person fills it in; empty `values` give the defaults."""
    form = FORMS[act](values, **_defaults(act, at))
    if isinstance(form, DispatchForm):
        form.unit.choices = grouped("请选择承办单位", units)
    if isinstance(form, ToldForm) and (act is Act.ATTEMPT or not person.has(Role.SUPERVISOR)):
        del form.late_reason
    form.name_ids(act)
    return form


def _defaults(act: Act, at: datetime) -> dict[str, Any]:
    if not issubclass(FORMS[act], ToldForm):
        return {}
    return {"told_at": at.replace(second=0, microsecond=0), "way": Way.PHONE.value}
