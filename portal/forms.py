"""The citizen's forms: a letter and a query code."""

from collections.abc import Mapping
from datetime import datetime

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired

from core.fields import one_line, options
from inquiries.intake import Intake
from inquiries.intake_forms import (
    MATTER_MAX,
    TITLE_MAX,
    at_most,
    check_phone,
    one_of,
    paragraphs,
    proposed_title,
    valid_key,
)
from inquiries.requesters import Personal
from inquiries.words import Kind

CHANNEL = "public_mailbox"
KINDS = {
    Kind.INQUIRY: "咨询政策",
    Kind.HELP_REQUEST: "请求帮助",
    Kind.COMPLAINT: "投诉",
    Kind.TIP_OFF: "举报",
    Kind.SUGGESTION: "提建议",
    Kind.PRAISE: "表扬",
}
AGREES = {"no": "不公开", "yes": "可以公开"}
TYPED_CODE_MAX = 40


class LetterForm(Form):
    """One matter a letter. `website` is a trap for machines: people do not see it."""

    client_key = HiddenField()
    website = StringField("网址（请留空）", [at_most(100)], [one_line])
    kind = RadioField("您要", [one_of(list(Kind), "请选一项")], choices=options(KINDS.items()),
                      default=Kind.INQUIRY, validate_choice=False)  # fmt: skip
    title = StringField("一句话标题", [at_most(TITLE_MAX)], [one_line])
    matter = TextAreaField(
        "说说情况",
        [DataRequired("请写下您要说的事"), at_most(MATTER_MAX)],
        [paragraphs],
        description="时间、地点、经过，希望怎么办。不要写身份证号、银行卡号。",
    )
    place = StringField("发生在哪里", [at_most(200)], [one_line])
    name = StringField("怎么称呼您", [at_most(50)], [one_line])
    phone = StringField(
        "手机号",
        [check_phone, at_most(40)],
        [one_line],
        description="方便工作人员联系您。不留也行，凭查询码看答复。",
    )
    consent = RadioField("答复后是否可以公开", [one_of(list(AGREES), "请选一项")], default="no",
                         choices=options(AGREES.items()), validate_choice=False)  # fmt: skip
    confidential = BooleanField("请对办理单位保密我的身份")

    def validate_website(self, field: StringField) -> None:
        if field.data:
            raise ValidationError("这一栏请留空")

    def validate_name(self, field: StringField) -> None:
        if not field.data and not self.phone.data:
            raise ValidationError("请留下称呼或手机号，至少一项")

    def intake(self, client_key: str, at: datetime) -> Intake:
        """What was written; the form must be valid. The citizen's contact is this moment."""
        return Intake(
            channel=CHANNEL,
            kind=Kind(self.kind.data),
            title=self.title.data or proposed_title(self.matter.data or ""),
            matter=self.matter.data or "",
            received_at=at,
            requester=Personal(self.name.data or "", self.phone.data or "", ""),
            place=self.place.data or "",
            confidential=self.confidential.data,
            consent=self.consent.data == "yes",
            client_key=client_key,
        )


class CodeForm(Form):
    code = StringField("查询码", [DataRequired()], [one_line, lambda text: text[:TYPED_CODE_MAX]])


def open_letter(values: Mapping[str, str] | None = None) -> LetterForm:
    """The letter form, empty or with what was written, with a key of its own."""
    form = LetterForm(MultiDict(values) if values else None)
    form.client_key.data = valid_key(form.client_key.data)
    return form
