"""The intake form: one for every channel; the fields that differ come from the channel's data."""

import re
import unicodedata
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired
from wtforms.widgets import DateTimeLocalInput

from core.fields import one_line, options
from core.masking import normal_phone
from core.people import Unit
from inquiries.intake import Intake
from inquiries.lists import Channel, ExtraField, categories, channels
from inquiries.requesters import Personal
from inquiries.words import Kind, Urgency, Way
from sla import SHANGHAI

TITLE_MAX = 200
MATTER_MAX = 20000
PROPOSED_TITLE = 40
DRAFT_VALUE_MAX = MATTER_MAX + 5000
OLDEST_CONTACT = timedelta(days=365)
EXTRA = "x_"
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SENTENCE_END = re.compile(r"[。！？；!?;\n]")
Check = Callable[[Any, Any], None]


def paragraphs(text: str | None) -> str:
    """A filter for long texts: one kind of line end, no other control character (PostgreSQL refuses NUL)."""
    plain = (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in plain if c == "\n" or unicodedata.category(c) != "Cc").strip()


def at_most(limit: int) -> Check:
    """Says how much is too much, not only that it is."""

    def check(_form: Form, field: Field) -> None:
        over = len(field.data or "") - limit
        if over > 0:
            raise ValidationError(f"最多{limit}字，多了{over}字")

    return check


def one_of(known: Collection[str], words: str) -> Check:
    """In place of WTForms' own check of a choice, whose message is not ours."""

    def check(_form: Form, field: Field) -> None:
        if field.data not in known:
            raise ValidationError(words)

    return check


def check_phone(_form: Form, field: Field) -> None:
    """A mobile number of 11 digits or a landline with its area code, however it was spaced."""
    text = field.data or ""
    digits = normal_phone(text)
    if not text:
        return
    if any(symbol.isalpha() for symbol in text) or not digits.isascii() or not digits:
        raise ValidationError("号码里只能有数字")
    gap = 11 - len(digits)
    if digits.startswith("1") and gap:
        raise ValidationError(f"手机号要11位，{'还差' if gap > 0 else '多了'}{abs(gap)}位")
    if not digits.startswith("1") and not 7 <= len(digits) <= 12:
        raise ValidationError("固定电话请连区号写全，例如023-55128888")


def proposed_title(matter: str) -> str:
    """The first sentence, cut to the length of a line."""
    first = _SENTENCE_END.split(matter.strip(), maxsplit=1)[0].strip()
    return first if len(first) <= PROPOSED_TITLE else f"{first[: PROPOSED_TITLE - 1]}…"


def valid_key(text: str | None) -> str:
    """The key of one rendered form; a missing or made-up one is replaced, so that it joins no other case."""
    return text if text and _KEY.fullmatch(text) else str(uuid.uuid4())


class LocalTime(Field):
    """A moment as the clock in Shanghai shows it; `data` is aware, in UTC. Keeps what could not be read."""

    widget = DateTimeLocalInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            typed = datetime.fromisoformat(valuelist[0].strip())
            self.data = typed.replace(tzinfo=SHANGHAI).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError("时间没有看懂，请按“2026-09-30 10:42”的样子填写") from None


def grouped_categories() -> dict[str, Any]:
    """The tree for a select with groups."""
    groups: dict[str, Any] = {"": "暂不分类"}
    for leaf in categories().values():
        groups.setdefault(leaf.group, {})[leaf.code] = leaf.name
    return groups


class IntakeForm(Form):
    """`settle` gives it the channel, the units and the moment; then it can validate and build an Intake."""

    client_key = HiddenField()
    kind = RadioField("诉求类型", [one_of(list(Kind), "请选诉求类型")], choices=options(Kind.choices()),
                      default=Kind.INQUIRY, validate_choice=False)  # fmt: skip
    urgency = RadioField("紧急程度", [one_of(list(Urgency), "请选紧急程度")], default=Urgency.NORMAL,
                         choices=options(Urgency.choices()), validate_choice=False)  # fmt: skip
    name = StringField("来电人", [at_most(50)], [one_line])
    phone = StringField("回复号码", [check_phone, at_most(40)], [one_line])
    place = StringField("事发地", [at_most(200)], [one_line])
    matter = TextAreaField("内容", [DataRequired("请记下内容"), at_most(MATTER_MAX)], [paragraphs])
    title = StringField("事项标题", [at_most(TITLE_MAX)], [one_line])
    category = SelectField("分类", [one_of(["", *categories()], "请从列表里选分类")],
                           choices=grouped_categories, validate_choice=False)  # fmt: skip
    unit = StringField("承办单位", [at_most(100)], [one_line])
    accused = StringField("被反映单位", [at_most(100)], [one_line])
    received_at = LocalTime("收到时间")
    answer = TextAreaField("答复要点", [at_most(MATTER_MAX)], [paragraphs])
    way = SelectField("答复方式", [one_of(list(Way), "请选答复方式")], choices=options(Way.choices()),
                      default=Way.PHONE, validate_choice=False)  # fmt: skip
    confidential = BooleanField("要求对承办单位保密身份")
    consent = BooleanField("同意隐去个人信息后公开")

    channel: Channel
    units: tuple[Unit, ...]
    at: datetime
    instant = False

    def settle(self, channel: Channel, units: Iterable[Unit], at: datetime) -> None:
        """Fit the form to its channel."""
        self.channel, self.units, self.at = channel, tuple(units), at
        self.client_key.data = valid_key(self.client_key.data)
        self.name.label.text = channel.person
        self.matter.label.text = f"{channel.person[:2]}内容"
        if channel.phone_required:
            self.phone.flags.required = True
        elif not self.way.raw_data:
            self.way.data = Way.FACE

    def validate_phone(self, field: Field) -> None:
        if self.channel.phone_required and not field.data:
            raise ValidationError("请填写回复号码")

    def validate_unit(self, field: Field) -> None:
        if field.data and self.find_unit(field) is None:
            raise ValidationError("没有这个单位，请从列表里选，或留空待派单")

    def validate_accused(self, field: Field) -> None:
        if field.data and self.find_unit(field) is None:
            raise ValidationError("没有这个单位，请从列表里选，或留空")

    def validate_received_at(self, field: Field) -> None:
        if field.data and field.data > self.at:
            raise ValidationError("收到时间不能晚于现在")
        if field.data and field.data < self.at - OLDEST_CONTACT:
            raise ValidationError("收到时间不能早于一年前")

    def validate_answer(self, field: Field) -> None:
        if self.instant and not field.data:
            raise ValidationError("当场答复要记下答复要点")

    def find_unit(self, field: Field) -> Unit | None:
        """An active unit by name, short name or code."""
        wanted = field.data
        return next((u for u in self.units if wanted in (u.name, u.short_name, u.code)), None)

    def proposed_unit(self) -> Unit | None:
        """The unit usually responsible for the category: a proposal, a person decides."""
        leaf = categories().get(self.category.data or "")
        return next((u for u in self.units if leaf and u.code == leaf.unit), None)

    def contact(self) -> datetime:
        """When the citizen reached us: as entered, or now (also while a wrong time stands there)."""
        typed: datetime | None = self.received_at.data
        return typed if typed and self.at - OLDEST_CONTACT <= typed <= self.at else self.at

    def extras(self) -> list[Field]:
        """The channel's own fields, in the order of its data."""
        return [self[EXTRA + item.key] for item in self.channel.fields]

    def typed(self, values: Mapping[str, str]) -> dict[str, str]:
        """What stood in the fields of this form, read or not: the draft."""
        return {field.name: values[field.name][:DRAFT_VALUE_MAX] for field in self if field.name in values}

    def intake(self, client_key: str) -> Intake:
        """What was taken down; the form must be valid."""
        accused = self.find_unit(self.accused)
        extra = {item.key: _word(self[EXTRA + item.key]) for item in self.channel.fields}
        return Intake(
            channel=self.channel.key,
            kind=Kind(self.kind.data),
            title=self.title.data or proposed_title(self.matter.data or ""),
            matter=self.matter.data or "",
            received_at=self.contact(),
            requester=Personal(self.name.data or "", self.phone.data or "", ""),
            category=self.category.data or "",
            urgency=Urgency(self.urgency.data),
            place=self.place.data or "",
            confidential=self.confidential.data,
            consent=self.consent.data,
            accused_unit_id=accused.id if accused else None,
            outer_source=self.channel.key,
            outer_no=extra.pop("outer_no", None),
            client_key=client_key,
            extra={key: word for key, word in extra.items() if word},
        )


def _word(field: Field) -> str:
    return ("是" if field.data else "") if isinstance(field, BooleanField) else field.data or ""


def _extra(item: ExtraField) -> Any:
    if item.kind == "check":
        return BooleanField(item.name)
    if item.kind == "choice":
        words = {"": "未问"} | {word: word for word in item.choices}
        check = one_of(words, "请从列表里选")
        return SelectField(item.name, [check], choices=options(words.items()), validate_choice=False)
    return StringField(item.name, [at_most(100)], [one_line], render_kw={"placeholder": item.help})


@cache
def _form_class(channel_key: str) -> type[IntakeForm]:
    fields = {EXTRA + item.key: _extra(item) for item in channels()[channel_key].fields}
    return type("ChannelForm", (IntakeForm,), fields)


def open_form(
    channel: Channel, units: Iterable[Unit], at: datetime, values: Mapping[str, str] | None = None
) -> IntakeForm:
    """The channel's form, empty or with what was typed."""
    form = _form_class(channel.key)(MultiDict(values) if values else None)
    form.settle(channel, units, at)
    return form
