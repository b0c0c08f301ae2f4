"""Tables of running clocks and notices; their unique keys are the exactly-once contract."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.labels import Labelled

OPEN = text("stopped_at IS NULL")
PAUSED = text("paused_since IS NOT NULL")
WAITING = text("next_at IS NOT NULL")
UNDRAFTED = text("paper IS NOT NULL AND drafted_at IS NULL AND NOT superseded")
UNREAD = text("read_at IS NULL")
PENDING = text("state = 'pending'")
DEAD = text("state = 'dead'")


class Outcome(Labelled):
    """Why a clock stopped."""

    ANSWERED = "answered", "已答复"
    REFUSED = "refused", "不予受理已告知"
    MERGED = "merged", "已合并"
    WITHDRAWN = "withdrawn", "已撤回"
    FULFILLED = "fulfilled", "已完成"
    CANCELLED = "cancelled", "已取消"


class Clock(Base):
    """One running time limit. The due moment here is the latest `Deadline`; nothing is ever blanked."""

    __tablename__ = "clock"
    __table_args__ = (
        UniqueConstraint("subject", "purpose"),
        # the sweep asks only this: its cost is what is due, not what is open
        Index("ix_clock_next_at", "next_at", sqlite_where=WAITING, postgresql_where=WAITING),
        # lights, due lists and load of everybody's open clocks, answered from the index alone
        Index(
            "ix_clock_open_due_at",
            "due_at",
            "id",
            "unit_id",
            "rule",
            "paused_since",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        # the same for one unit
        Index(
            "ix_clock_open_unit_id",
            "unit_id",
            "due_at",
            "id",
            "rule",
            "paused_since",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        # open cases newest first: an office with few of them would else walk its whole history
        Index("ix_clock_open_started_at", "started_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        # those that stand still, few at any time
        Index("ix_clock_paused_since", "paused_since", "id", sqlite_where=PAUSED, postgresql_where=PAUSED),
        # on-time figures of a period and what was due today, stopped ones included
        Index("ix_clock_due_at", "due_at", "unit_id", "stopped_at", "outcome", "paused_since", "rule"),
        # running clocks that do not yet follow the calendar in force
        Index(
            "ix_clock_open_calendar_version",
            "calendar_version",
            "id",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    purpose: Mapped[
        str
    ]  # what the clock was started for; `rule` is the limit that holds, and may be changed openly
    rule: Mapped[str]
    rule_rev: Mapped[str]
    label: Mapped[str]
    link: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    started_at: Mapped[datetime]
    due_on: Mapped[date]
    due_at: Mapped[datetime]
    origin_due_at: Mapped[
        datetime
    ]  # by the first limit without extension or pause: the other figure of every report
    extra_workdays: Mapped[int] = mapped_column(default=0)
    set_for: Mapped[date | None]  # the day that was named, where the limit is a date
    paused_since: Mapped[date | None]  # set while an open `Pause` stands: such a clock is neither red nor due
    provisional: Mapped[bool]
    calendar_version: Mapped[str]
    rev: Mapped[int] = mapped_column(default=1)
    next_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]


class Move(Labelled):
    """Why a deadline has this revision."""

    START = "start", "起算"
    CALENDAR = "calendar", "日历调整"
    EXTENSION = "extension", "延长"
    PAUSE = "pause", "暂停"
    RESUME = "resume", "恢复计时"
    LIMIT = "limit", "变更时限"
    DATE = "date", "改期"


class Deadline(Base):
    """One revision of a clock's due moment: append-only."""

    __tablename__ = "deadline"

    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"), primary_key=True)
    rev: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    due_at: Mapped[datetime]
    provisional: Mapped[bool]
    calendar_version: Mapped[str]
    move: Mapped[Move]
    reason: Mapped[str]
    by_id: Mapped[int | None]
    at: Mapped[datetime]


class Handover(Base):
    """One change of the unit that holds a running clock: append-only, so that a past day can be told again."""

    __tablename__ = "clock_handover"
    __table_args__ = (Index("ix_clock_handover_clock_id", "clock_id"),)  # who held a clock at a moment

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    from_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    at: Mapped[datetime]


class Pause(Base):
    """An interval that a law lets out of the count. `until` is empty while the clock stands still."""

    __tablename__ = "clock_pause"
    __table_args__ = (Index("ix_clock_pause_clock_id", "clock_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    since: Mapped[date]
    until: Mapped[date | None]
    ground: Mapped[str]
    asked_by_id: Mapped[int | None]
    approved_by_id: Mapped[int | None]


class LimitRequest(Base):
    """A wish to extend, pause or change a limit: asked by one person, ruled on by another."""

    __tablename__ = "limit_request"
    __table_args__ = (Index("ix_limit_request_clock_id", "clock_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    move: Mapped[Move]
    ground: Mapped[str]
    rule: Mapped[str]  # the limit asked for, or the one under which a pause or an extension was
    workdays: Mapped[int]  # the days asked for when it is to be extended, in the unit of the limit
    reason: Mapped[str]
    asked_by_id: Mapped[int | None]
    asked_at: Mapped[datetime]
    granted: Mapped[bool | None]
    ruling: Mapped[str] = mapped_column(default="")
    ruled_by_id: Mapped[int | None]
    ruled_at: Mapped[datetime | None]


class Notice(Base):
    """One crossed rung of one deadline revision. A superseded one is kept, but nobody was sent it.

    A notice that no rung caused carries its own `title` and `text`, and `by_id` for who had it sent. `paper` is the
    kind of official paper that the rung calls for; `drafted_at` is when that call was met or found to be past.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("clock_id", "rev", "rung"),
        # the job that drafts papers asks only this
        Index("ix_notice_undrafted", "id", sqlite_where=UNDRAFTED, postgresql_where=UNDRAFTED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    rev: Mapped[int]
    rung: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    due_at: Mapped[datetime]
    moment: Mapped[datetime]
    issued_at: Mapped[datetime]
    superseded: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None]
    paper: Mapped[str | None]
    drafted_at: Mapped[datetime | None]

    @property
    def number(self) -> str:
        """The number printed on every copy, so that a repeat is visible as a repeat."""
        return f"TZ{self.id:07d}"


class NoticeCopy(Base):
    """A notice in one person's inbox."""

    __tablename__ = "notice_copy"
    __table_args__ = (
        UniqueConstraint("notice_id", "person_id"),
        Index("ix_notice_copy_person_id_id", "person_id", "id"),  # one inbox, newest first
        Index(
            "ix_notice_copy_unread", "person_id", sqlite_where=UNREAD, postgresql_where=UNREAD
        ),  # the number on the bell
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    read_at: Mapped[datetime | None]


class Heartbeat(Base):
    """When a job last ran to its end; shown to operators and to healthz."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Delivery(Labelled):
    PENDING = "pending", "待发送"
    SENT = "sent", "已发送"
    DEAD = "dead", "发送失败"
    WITHDRAWN = "withdrawn", "已撤回"


class Outbox(Base):
    """One copy to be sent outside after the commit: at least once, under a lease, with its notice number.

    `target` is whom it goes to: "email:12" is a person, "route:3" a robot or a webhook. Rows of one target that are
    sent in one message have one `batch`, kept from the claim on: a repeat after a crash is the same message again.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("notice_id", "target"),
        Index(
            "ix_outbox_next_at", "next_at", sqlite_where=PENDING, postgresql_where=PENDING
        ),  # whose turn it is
        # what of one target is due, and what waits for it
        Index("ix_outbox_target", "target", "next_at", sqlite_where=PENDING, postgresql_where=PENDING),
        # the dead letters, newest first, and their number on every page of a supervisor
        Index("ix_outbox_dead", "id", sqlite_where=DEAD, postgresql_where=DEAD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    target: Mapped[str]
    channel: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    route_id: Mapped[int | None] = mapped_column(ForeignKey("route.id"))
    state: Mapped[Delivery] = mapped_column(default=Delivery.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    lease: Mapped[str | None]
    batch: Mapped[str | None]
    last_answer: Mapped[str] = mapped_column(default="")
    tries: Mapped[str] = mapped_column(Text, default="")  # a line for each: when, in which batch, the answer
    sent_at: Mapped[datetime | None]


class ClockMark(Base):
    """What one host's clock showed at its last sweep; `held` says why its time is not believed until confirmed."""

    __tablename__ = "clock_mark"

    host: Mapped[str] = mapped_column(primary_key=True)
    wall: Mapped[datetime]
    boot: Mapped[str]
    since_boot: Mapped[float]
    held: Mapped[str] = mapped_column(default="")
