"""From cells to messages: columns by any of their names, dates in the ways that people write them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from inquiries.sheets import Cell
from inquiries.words import Kind
from sla import instant_of

# The first name that a sheet has counts: the contact before its entry, the answer before the closing.
ALIASES: dict[str, tuple[str, ...]] = {
    "number": ("留言编号", "工单编号", "任务编号", "诉求编号", "信件编号", "受理编号", "编号"),
    "name": ("留言用户", "来电人", "来电人姓名", "来信人", "诉求人", "姓名"),
    "phone": ("联系电话", "来电号码", "手机号码", "电话"),
    "title": ("留言主题", "诉求标题", "标题", "主题"),
    "matter": ("留言详情", "留言内容", "诉求内容", "问题描述", "内容"),
    "place": ("发生地址", "事发地址", "诉求地址"),
    "received": ("留言时间", "来电时间", "来信时间", "登记时间", "受理时间"),
    "answer": ("答复意见", "答复内容", "回复内容"),
    "told": ("答复时间", "回复时间", "办结时间"),
    "unit": ("承办单位", "主办单位", "责任单位"),
    "kind": ("诉求类型", "工单类型", "类型"),
}
NAMED = {"number": "编号", "received": "留言时间（或来电时间、登记时间）", "title": "主题或内容"}
HEADER_WITHIN = 20  # rows; titles, dates of the export and notes stand above the header
EXACT_DIGITS = 10**15  # a number keeps 15 digits in Excel
TITLE_LENGTH = 30
LAST_SECOND = time(23, 59, 59)
SERIAL = range(20000, 80000)  # Excel day numbers of 1954 to 2119
SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  # wall clock; the zone is added with it
_DATE = r"(?P<y>\d{4})(?:[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?|(?P<m2>\d{2})(?P<d2>\d{2}))"
_CLOCK = r"(?P<h>\d{1,2})[:时](?P<mi>\d{1,2})(?:[:分](?P<s>\d{1,2})?(?:\.\d+)?秒?)?"
_WRITTEN = re.compile(rf"{_DATE}(?:[T\s]*{_CLOCK})?")
_HIDDEN = re.compile(r"[\u200b-\u200f\u2028-\u202e\ufeff]")


class Unreadable(ValueError):
    """A cell that cannot be taken; `column` is the field of ALIASES, the text says in Chinese why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


class Moment(NamedTuple):
    """A wall-clock time; `clock` is None when only the day was written."""

    on: date
    clock: time | None

    def at(self, otherwise: time) -> datetime:
        return instant_of(self.on, self.clock or otherwise)


@dataclass(frozen=True)
class Message:
    """One row that was understood. Instants are aware; `told_at` is None while there is no answer."""

    number: str
    name: str
    phone: str
    title: str
    matter: str
    place: str
    kind: Kind
    unit: str
    received_at: datetime
    answer: str
    told_at: datetime | None


Columns = Mapping[str, tuple[int, str]]


def header_of(row: Sequence[Cell]) -> Columns | None:
    """Where each field stands and what it is called there; None when this row is not the header."""
    names = {_heading(cell): place for place, cell in reversed(list(enumerate(row)))}
    found = {}
    for wanted, aliases in ALIASES.items():
        known = next((alias for alias in aliases if alias in names), None)
        if known is not None:
            found[wanted] = (names[known], known)
    whole = "number" in found and "received" in found and ("title" in found or "matter" in found)
    return found if whole else None


def _heading(cell: Cell) -> str:
    """留言时间（必填） and 留 言 时 间* are 留言时间."""
    text = re.sub(r"[(\[【].*?[)\]】]", "", unicodedata.normalize("NFKC", str(cell)))
    return re.sub(r"[\s*:：]", "", text)


def message_of(row: Sequence[Cell], columns: Columns) -> Message:
    """Raises Unreadable for the first cell that cannot be taken."""

    def cell(field: str) -> Cell:
        place, _name = columns.get(field, (len(row), ""))
        return row[place] if place < len(row) else ""

    received = _moment(cell("received"), "received")
    if received is None:
        raise Unreadable("received", "没有填写时间")
    title, matter = " ".join(_text(cell("title")).split()), _text(cell("matter"))
    if not (title or matter):
        raise Unreadable("title" if "title" in columns else "matter", "主题和内容都没有填写")
    received_at = received.at(time(0))
    return Message(
        number=_number(cell("number")),
        name=_text(cell("name")),
        phone=_text(cell("phone")),
        title=title or matter.split("\n")[0][:TITLE_LENGTH],
        matter=matter or title,
        place=_text(cell("place")),
        kind=_kind(_text(cell("kind"))),
        unit=_text(cell("unit")),
        received_at=received_at,
        answer=_text(cell("answer")),
        told_at=_told_at(cell("told"), answer=_text(cell("answer")), received_at=received_at),
    )


def _told_at(cell: Cell, *, answer: str, received_at: datetime) -> datetime | None:
    """An answer with its day only was given by the end of that day: a day is what the five days count."""
    told = _moment(cell, "told")
    if told is None:
        if answer:
            raise Unreadable("told", "有答复内容，但没有答复时间")
        return None
    told_at = told.at(LAST_SECOND)
    if told_at < received_at:
        raise Unreadable("told", "答复时间早于来件时间")
    return told_at


def _number(cell: Cell) -> str:
    if isinstance(cell, float) and abs(cell) >= EXACT_DIGITS:
        raise Unreadable("number", "编号以数字存放且超过15位，末几位已失真，请从原系统按文本重新导出")
    text = _text(cell)
    if not text:
        raise Unreadable("number", "没有填写编号")
    return text


def _kind(text: str) -> Kind:
    """A consultation unless the sheet says otherwise."""
    return next((kind for kind in Kind if kind.label in text), Kind.INQUIRY)


def _text(cell: Cell) -> str:
    """Trimmed lines without blank ones: pasted cells begin with tabs and empty lines. 2549.0 is 2549."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = _HIDDEN.sub("", str(cell).replace("_x000D_", "\n").replace("\xa0", " "))
    return "\n".join(line for line in (raw.strip() for raw in text.splitlines()) if line)


def _moment(cell: Cell, column: str) -> Moment | None:
    """An Excel day number, 20260105, or text such as 2019/4/25 9:32:09 and 2026.1.5."""
    text = unicodedata.normalize("NFKC", _text(cell)).strip()
    if not text:
        return None
    moment = _serial(text) or _written(text)
    if moment is None:
        raise Unreadable(column, "看不懂的时间，请写成 2026-01-05 09:30 的样子")
    return moment


def _serial(text: str) -> Moment | None:
    """43580.397326 is 25 April 2019, 9:32:09; without a fraction only the day is known."""
    if not re.fullmatch(r"\d{5}(\.\d+)?", text) or int(float(text)) not in SERIAL:
        return None
    seconds = round(float(text) * 86400)
    moment = SERIAL_ZERO + timedelta(seconds=seconds)
    return Moment(moment.date(), moment.time() if seconds % 86400 else None)


def _written(text: str) -> Moment | None:
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    year, month, day = found["y"], found["m"] or found["m2"], found["d"] or found["d2"]
    try:
        on = date(int(year), int(month), int(day))
        clock = time(int(found["h"]), int(found["mi"]), int(found["s"] or 0)) if found["h"] else None
    except ValueError:
        return None
    return Moment(on, clock)
