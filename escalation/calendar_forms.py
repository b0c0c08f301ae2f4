"""Forms of the calendar page: a pasted announcement, a local override, a withdrawal, the confirmation."""

import unicodedata
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.orm import Session
from wtforms import DateField, Form, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from core.fields import one_line, options
from escalation.calendar_changes import (
    LONGEST,
    Override,
    local_days,
    local_entries,
    of_announcement,
    of_override,
    of_withdrawal,
)
from escalation.calendar_models import CalendarEntry, EntryKind
from escalation.calendars import Change, in_force
from sla.announcements import Announcement, parse_announcement
from sla.calendar import HORIZON

TEXT_MAX = 10_000  # a yearly announcement has some 800 characters
CLOSED = {"yes": "停工，不计工作日", "no": "上班，计为工作日"}
A_DAY = "请填日期，例如2026-09-30"


class NotThere(LookupError):
    """The local override is unknown or withdrawn already."""


def plain_text(text: str | None) -> str:
    """A filter for long texts: one kind of line end, no other control character (PostgreSQL refuses NUL)."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) != "Cc").strip()


class DayField(DateField):
    """A day as `<input type="date">` sends it; what cannot be read is said in Chinese."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(A_DAY) from None


class ChangeForm(Form):
    """A form that becomes a Change; `sent` is what the page carries on to the confirmation."""

    kind: ClassVar[EntryKind]
    announcement: Announcement | None = None

    def change(self, session: Session) -> Change:
        """For a valid form. Raises Untrusted or NotThere."""
        raise NotImplementedError

    def made(self, entry: CalendarEntry) -> bool:
        """Whether this entry came of the same form: a second click."""
        raise NotImplementedError

    @property
    def sent(self) -> tuple[tuple[str, str], ...]:
        return (("kind", self.kind.value), *((field.name, _raw(field)) for field in self))


def _raw(field: Any) -> str:
    return str(field.data.isoformat() if isinstance(field.data, date) else field.data or "")


class NoticeForm(ChangeForm):
    kind = EntryKind.ANNOUNCEMENT
    text = TextAreaField(
        "通知全文",
        [
            DataRequired("请粘贴通知全文"),
            Length(max=TEXT_MAX, message=f"文字过长，最多{TEXT_MAX}字，请只粘贴通知正文"),
        ],
        [plain_text],
    )

    def change(self, session: Session) -> Change:
        cal, text = in_force(), self.text.data or ""
        self.announcement = parse_announcement(text, cal)
        return of_announcement(self.announcement, text, cal, frozenset(local_days(session)))

    def made(self, entry: CalendarEntry) -> bool:
        return entry.kind is self.kind and entry.text == self.text.data


class LocalForm(ChangeForm):
    kind = EntryKind.LOCAL
    closed = RadioField("这几天", default="yes", choices=options(CLOSED.items()), validate_choice=False)
    first = DayField("从", [DataRequired(A_DAY)])
    last = DayField("到", [DataRequired(A_DAY)])
    name = StringField(
        "名称",
        [DataRequired("请写名称，例如防汛停工"), Length(max=20, message="最多20字")],
        [one_line],
        description="写进每一件的逐日说明",
    )
    title = StringField(
        "依据文件",
        [DataRequired("请写文件标题和文号"), Length(max=200, message="最多200字")],
        [one_line],
        description="标题和文号，例如《关于防汛停工的通知》（云阳府发〔2026〕9号）",
    )
    text = TextAreaField("文件内容", [Length(max=20_000, message="最多2万字")], [plain_text])

    def validate_closed(self, field: RadioField) -> None:
        if field.data not in CLOSED:
            raise ValidationError("请选停工或上班")

    def validate_first(self, field: DayField) -> None:
        first = in_force().first_day
        if field.data and field.data < first:
            raise ValidationError(f"日历从{first.year}年开始")

    def validate_last(self, field: DayField) -> None:
        first, last = self.first.data, field.data
        if first is None or last is None:
            return
        if last < first:
            raise ValidationError("不能早于开始那天")
        if (last - first).days >= LONGEST:
            raise ValidationError(f"一次最多{LONGEST}天")
        if last.year > HORIZON:
            raise ValidationError(f"日历只到{HORIZON}年")

    def validate(self, extra_validators: Any = None) -> bool:
        """Days that stand so already are nothing to enter."""
        if not super().validate(extra_validators):
            return False
        override, cal = self._override(), in_force()
        if any(cal.is_workday(day.on) == override.closed for day in of_override(override, cal).days):
            return True
        self.first.errors = ["这几天本来就不上班" if override.closed else "这几天本来就上班"]
        return False

    def _override(self) -> Override:
        values = (self.first.data, self.last.data, self.closed.data == "yes")
        return Override(*values, self.name.data or "", self.title.data or "", self.text.data or "")  # type: ignore[arg-type]

    def change(self, session: Session) -> Change:
        return of_override(self._override(), in_force())

    def made(self, entry: CalendarEntry) -> bool:
        first, last = self.first.data, self.last.data
        if first is None or last is None or not entry.days:
            return False
        same = (entry.kind, entry.title, entry.text) == (self.kind, self.title.data, self.text.data)
        return same and first <= entry.days[0].on and entry.days[-1].on <= last


class WithdrawalForm(ChangeForm):
    kind = EntryKind.WITHDRAWAL
    entry = HiddenField()

    def change(self, session: Session) -> Change:
        wanted = self.entry.data or ""
        found = [entry for entry in local_entries(session) if str(entry.id) == wanted]
        if not found:
            raise NotThere(wanted)
        return of_withdrawal(found[0])

    def made(self, entry: CalendarEntry) -> bool:
        return str(entry.withdraws_id) == self.entry.data


FORMS: dict[str, type[ChangeForm]] = {
    form.kind.value: form for form in (NoticeForm, LocalForm, WithdrawalForm)
}


class ConfirmForm(Form):
    base = HiddenField(filters=[one_line])
    reason = TextAreaField(
        "生效理由",
        [DataRequired("请写明理由"), Length(max=500, message="最多500字")],
        [plain_text],
        description="写进版本记录，每一件变动的到期日都留有这个版本号",
    )
