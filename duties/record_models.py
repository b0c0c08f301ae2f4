"""Tables beside the ledger: proposed entries, spot checks of phones, public consultations."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.people import Unit
from duties.kinds import DutyKind
from duties.words import ProposalState
from escalation.models import Clock


class DutyProposal(Base):
    """An entry that the reader of a published list proposes; a person accepts it, changed or not, or leaves it out."""

    __tablename__ = "duty_proposal"
    __table_args__ = (UniqueConstraint("year", "clause"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    clause: Mapped[str]
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    owed: Mapped[str] = mapped_column(Text)
    lead: Mapped[str] = mapped_column(Text)
    responsible: Mapped[str] = mapped_column(Text)
    kind: Mapped[DutyKind]
    quota: Mapped[int]
    workdays: Mapped[int]  # a limit for each matter, such as 5 working days: shown, not a clock of the entry
    due_on: Mapped[date | None]
    phrase: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    state: Mapped[ProposalState]
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("duty.id"))
    imported_at: Mapped[datetime]
    decided_by_name: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class PhoneCheck(Base):
    """One spot check of a unit's published phone (七、第3行第2项: kept open in working hours)."""

    __tablename__ = "phone_check"
    __table_args__ = (
        Index("ix_phone_check_unit_id", "unit_id", "checked_at"),  # the log of one unit
        Index("ix_phone_check_checked_at", "checked_at"),  # which units were called in a quarter
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    phone: Mapped[str]
    checked_at: Mapped[datetime]
    answered: Mapped[bool]
    result: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("duty_task.id"))


class Consultation(Base):
    """A draft put before the public (六、第1行第2项): when, where, until when, and what became of the opinions."""

    __tablename__ = "consultation"
    __table_args__ = (Index("ix_consultation_unit_id", "unit_id", "published_on"),)  # those of one unit

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    title: Mapped[str] = mapped_column(Text)
    published_on: Mapped[date]
    closes_on: Mapped[date]
    short_reason: Mapped[str] = mapped_column(Text)
    channels: Mapped[str] = mapped_column(Text)
    outcome_due_on: Mapped[date]
    opinions: Mapped[int | None]
    adopted: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(Text, default="")
    outcome_link: Mapped[str] = mapped_column(Text, default="")
    outcome_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("clock.id"))
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_by_name: Mapped[str]

    unit: Mapped[Unit] = relationship(lazy="joined")
    clock: Mapped[Clock | None] = relationship(lazy="joined")

    @property
    def subject(self) -> str:
        """How clocks and facts name this consultation."""
        return f"consultation:{self.id}"
