"""The forms about the limit of a case; whether the law admits what is asked for is said by `escalation.terms`."""

from typing import Any

from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired

from core.fields import options
from escalation.models import Clock
from escalation.rules import limit_for
from escalation.terms import other_limits
from inquiries.act_forms import ActForm, words_field
from inquiries.limit_acts import YES, LimitAct


class ExtensionForm(ActForm):
    amount = IntegerField("延长", [InputRequired("请填写延长的天数")])
    reason = words_field("延长的理由", "请写明延长的理由和依据")


class PauseForm(ActForm):
    # a limit without grounds is refused in words, not as a wrong choice
    ground = SelectField("暂停的理由", [InputRequired("请选择暂停的理由")], choices=[], validate_choice=False)
    reason = words_field("情况说明", "请写明向谁征求意见、何时可以恢复")


class LimitForm(ActForm):
    rule = SelectField("变更为", [InputRequired("请选择时限")], choices=[])
    reason = words_field("变更的理由", "请写明为什么适用这个时限")


class RulingForm(ActForm):
    granted = RadioField(
        "审批", [InputRequired("请选择同意或不同意")], choices=options([(YES, "同意"), ("no", "不同意")])
    )
    ruling = words_field("审批意见", "请填写审批意见")


class ResumeForm(ActForm):
    reason = words_field("恢复的理由", "请写明恢复计时的理由")


FORMS: dict[LimitAct, type[ActForm]] = {
    LimitAct.ASK_EXTENSION: ExtensionForm,
    LimitAct.ASK_PAUSE: PauseForm,
    LimitAct.ASK_LIMIT: LimitForm,
    LimitAct.RULE: RulingForm,
    LimitAct.RESUME: ResumeForm,
}


def limit_form(act: LimitAct, values: Any, clock: Clock) -> ActForm:
    """The form of one act for this clock; empty `values` leave it blank."""
    form = FORMS[act](values)
    limit = limit_for(clock.rule, clock.started_at)
    if isinstance(form, ExtensionForm):
        unit = "个工作日" if limit.workdays else "日"
        form.amount.label.text = f"延长多少{unit}"
        form.amount.description = f"最多{limit.extension}{unit}。{limit.extension_basis}"
    elif isinstance(form, PauseForm):
        form.ground.choices = options([("", "请选择"), *((word, word) for word in limit.pause_grounds)])
    elif isinstance(form, LimitForm):
        form.rule.choices = options([("", "请选择"), *other_limits(clock)])
    form.name_ids(act)
    return form
