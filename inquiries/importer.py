"""Importing messages from another system's sheet: good rows go in, every other is named with its reason."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from tqdm import tqdm

from core.db import Database
from core.people import SYSTEM, Unit, UnitKind
from core.people_service import add_unit
from escalation.rules import calendar, limit_for
from inquiries import intake, service
from inquiries.import_rows import HEADER_WITHIN, NAMED, Columns, Message, Unreadable, header_of, message_of
from inquiries.intake import Intake
from inquiries.lists import channels
from inquiries.models import Inquiry
from inquiries.requesters import Personal
from inquiries.service import Told
from inquiries.sheet_guard import SheetError
from inquiries.sheets import Sheet, sheets_of
from inquiries.stages import MOVES, Act
from inquiries.words import Way
from sla import UnknownDay, UnknownLimit, due_at, local_date

BATCH = 100  # rows of one transaction: no other writer waits longer than that takes
NO_TEXT = "（导入的表中没有答复内容）"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken; `column` is the heading in the sheet. Holds no value of any cell."""

    sheet: str
    row: int
    column: str
    reason: str


@dataclass
class Receipt:
    """What became of the rows: rows = new + there + len(refused); `updated` of those there got their answer now.

    `answered` and `on_time` count good rows.
    """

    rows: int = 0
    new: int = 0
    there: int = 0
    updated: int = 0
    answered: int = 0
    on_time: int = 0
    refused: list[Refusal] = field(default_factory=list)
    unread_sheets: list[Refusal] = field(default_factory=list)

    @property
    def open(self) -> int:
        """Good rows without an answer."""
        return self.new + self.there - self.answered

    @property
    def whole(self) -> bool:
        return not (self.refused or self.unread_sheets)


def import_messages(
    db: Database, path: Path, *, source: str, channel: str, dry_run: bool, at: datetime
) -> Receipt:
    """Register every good row, once for each `source`; a dry run only looks. Raises SheetError."""
    receipt = Receipt()
    # before the rows are read: opening the database is what brings the calendar in force
    register = _Register(db, source, channel, dry_run=dry_run, at=at)
    messages = list(_understood(path, receipt, at))
    with tqdm(total=len(messages), desc="导入", unit="行", disable=None, leave=False) as bar:
        for start in range(0, len(messages), BATCH):
            batch = messages[start : start + BATCH]
            new, updated = register.batch(batch)
            receipt.new, receipt.there = receipt.new + new, receipt.there + len(batch) - new
            receipt.updated += updated
            bar.update(len(batch))
    return receipt


def _understood(path: Path, receipt: Receipt, at: datetime) -> Iterator[Message]:
    tables = 0
    for sheet in sheets_of(path):
        header = _find_header(sheet)
        if header is not None:
            tables += 1
            yield from _rows(sheet, *header, receipt, at)
        elif sheet.rows:
            wanted = "、".join(NAMED.values())
            receipt.unread_sheets.append(Refusal(sheet.name, 1, "", f"没有找到表头，表头须有{wanted}"))
    if not tables:
        raise SheetError(f"没有找到表头：前{HEADER_WITHIN}行中须有一行写明{'、'.join(NAMED.values())}")


def _find_header(sheet: Sheet) -> tuple[int, Columns] | None:
    for place, (_number, row) in enumerate(sheet.rows[:HEADER_WITHIN]):
        columns = header_of(row)
        if columns is not None:
            return place, columns
    return None


def _rows(sheet: Sheet, header: int, columns: Columns, receipt: Receipt, at: datetime) -> Iterator[Message]:
    seen: dict[str, int] = {}
    for number, row in sheet.rows[header + 1 :]:
        receipt.rows += 1
        try:
            message = message_of(row, columns)
            if message.number in seen:
                raise Unreadable("number", f"与第{seen[message.number]}行的编号重复")
            on_time = _on_time(message, at)
        except Unreadable as fault:
            column = columns[fault.column][1] if fault.column in columns else ""
            receipt.refused.append(Refusal(sheet.name, number, column, str(fault)))
            continue
        seen[message.number] = number
        receipt.answered += on_time is not None
        receipt.on_time += bool(on_time)
        yield message


def _on_time(message: Message, at: datetime) -> bool | None:
    """Whether the answer came in time, None without one. Raises Unreadable for a time that cannot be true."""
    if message.received_at > at:
        raise Unreadable("received", "来件时间晚于现在")
    if message.told_at and local_date(message.told_at) > local_date(at):
        raise Unreadable("told", "答复时间晚于现在")
    try:
        due = due_at(message.received_at, limit_for(intake.RULE, message.received_at), calendar())
    except (UnknownDay, UnknownLimit) as fault:
        first = calendar().first_day.year
        raise Unreadable("received", f"工作日历自{first}年起，不能计算更早来件的时限") from fault
    return message.told_at <= due.at if message.told_at else None


class _Register:
    """Writes messages of one source, a batch in a transaction.

    What is there already is left as it is, but for one thing: an open case gets the answer that a later sheet brings.
    """

    def __init__(self, db: Database, source: str, channel: str, *, dry_run: bool, at: datetime) -> None:
        self._db, self._source, self._channel, self._dry_run, self._at = db, source, channel, dry_run, at
        if not dry_run:
            self._set_up()
        with db.reading() as session:
            units = session.scalars(select(Unit)).all()
            self._owner = intake.owner_unit(session, channel).id if units else 0
        self._units = {name: unit.id for unit in units for name in (unit.short_name, unit.name)}

    def _set_up(self) -> None:
        """An empty register gets the one unit that holds what this channel brings."""
        with self._db.writing() as session:
            if session.scalar(select(Unit.id).limit(1)) is None:
                owner = channels()[self._channel]
                names = {"code": owner.owner, "name": owner.owner_name, "short_name": owner.owner_name}
                add_unit(session, **names, kind=UnitKind.OFFICE, by=SYSTEM, at=self._at)

    def batch(self, messages: Sequence[Message]) -> tuple[int, int]:
        """How many of them are new, and how many that were there got their answer."""
        with self._db.reading() if self._dry_run else self._db.writing() as session:
            there = self._there(session, messages)
            new = [message for message in messages if message.number not in there]
            late = [
                (there[m.number], m)
                for m in messages
                if m.number in there and _brings_answer(there[m.number], m)
            ]
            if not self._dry_run:
                if new:
                    self._enter(session, new)
                for inquiry, message in late:
                    self._answer(session, inquiry, message)
        return len(new), len(late)

    def _there(self, session: Session, messages: Iterable[Message]) -> dict[str, Inquiry]:
        numbers = [message.number for message in messages]
        mine = select(Inquiry).where(Inquiry.outer_source == self._source, Inquiry.outer_no.in_(numbers))
        return {row.outer_no or "": row for row in session.scalars(mine.options(joinedload(Inquiry.clock)))}

    def _enter(self, session: Session, messages: Sequence[Message]) -> None:
        taken = [self._taken(message) for message in messages]
        made = intake.receive_many(session, taken, unit_id=self._owner, by=SYSTEM, at=self._at)
        for inquiry, message in zip(made, messages, strict=True):
            if _brings_answer(inquiry, message):
                self._answer(session, inquiry, message)

    def _answer(self, session: Session, inquiry: Inquiry, message: Message) -> None:
        told = Told(message.answer or NO_TEXT, Way.ONLINE, min(message.told_at or self._at, self._at))
        unit_id = self._units.get(message.unit, inquiry.lead_unit_id or self._owner)
        service.enter_past_reply(session, inquiry, told, unit_id=unit_id, by=SYSTEM, at=self._at)

    def _taken(self, message: Message) -> Intake:
        return Intake(
            channel=self._channel,
            kind=message.kind,
            title=message.title,
            matter=message.matter,
            received_at=message.received_at,
            requester=Personal(message.name, message.phone, ""),
            place=message.place,
            outer_source=self._source,
            outer_no=message.number,
            extra={"承办单位": message.unit} if message.unit else {},
        )


def _brings_answer(inquiry: Inquiry, message: Message) -> bool:
    """Whether the sheet answers a case that may be answered as it stands."""
    return message.told_at is not None and (inquiry.stage, Act.REPLY) in MOVES


def write_report(path: Path, receipt: Receipt) -> None:
    """The refused rows as CSV that Excel in China opens with its characters right."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("工作表", "行", "栏目", "原因"))
        for line in [*receipt.unread_sheets, *receipt.refused]:
            rows.writerow((_no_formula(line.sheet), line.row, line.column, line.reason))


def _no_formula(text: str) -> str:
    """A sheet's name is foreign text: a spreadsheet must not run it."""
    return f"'{text}" if text.startswith(FORMULA) else text
