"""Tables of calendar versions: entries are laid over the library's days, and none is ever changed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.labels import Labelled


class EntryKind(Labelled):
    ANNOUNCEMENT = "announcement", "放假通知"
    LOCAL = "local", "本地调整"
    WITHDRAWAL = "withdrawal", "撤销本地调整"


class CalendarVersion(Base):
    """One confirmed change of the calendar. `recomputed_at` is empty until every running clock follows it."""

    __tablename__ = "calendar_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str]
    recomputed_at: Mapped[datetime | None]
    moved: Mapped[int] = mapped_column(default=0)

    entry: Mapped["CalendarEntry"] = relationship(back_populates="version", lazy="selectin")


class CalendarEntry(Base):
    """What a version added: an announcement, a local override, or the withdrawal of one."""

    __tablename__ = "calendar_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("calendar_version.id"), unique=True)
    kind: Mapped[EntryKind]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    years: Mapped[str]  # announced years, comma-separated; empty for a local override
    withdraws_id: Mapped[int | None] = mapped_column(ForeignKey("calendar_entry.id"))

    version: Mapped[CalendarVersion] = relationship(back_populates="entry")
    days: Mapped[list["CalendarDay"]] = relationship(lazy="selectin", order_by="CalendarDay.on")


class CalendarDay(Base):
    """One day as its entry states it."""

    __tablename__ = "calendar_day"

    entry_id: Mapped[int] = mapped_column(ForeignKey("calendar_entry.id"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]


class CalendarWord(Base):
    """One person is told once what a version moved for the clocks of the person's unit."""

    __tablename__ = "calendar_word"
    __table_args__ = (UniqueConstraint("version_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("calendar_version.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)  # one person's words
    moved: Mapped[int]
    told_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class CalendarFeed(Base):
    """One person's private address of due days; only the hash of its token is kept."""

    __tablename__ = "calendar_feed"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime]
