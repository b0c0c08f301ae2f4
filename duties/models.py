"""Tables of the task ledger: an entry of a year, one task for each unit that owes it, and what was done on it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.people import Unit
from duties.kinds import DutyKind
from duties.stages import Stage
from duties.words import Origin, PressForm
from escalation.models import Clock

OWED = text("stage != 'released'")
UNSTRUCK = text("struck_at IS NULL")


class Duty(Base):
    """What is owed in one year. `key` is the clause of a published list; what a review asked for has none.

    `words` is who is responsible as the list says it; `quota` events are owed in the year, `leaders` of them by a
    person in charge.
    """

    __tablename__ = "duty"
    __table_args__ = (
        UniqueConstraint("year", "key"),
        Index("ix_duty_year_position", "year", "position"),  # one year's ledger in the order of the list
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    key: Mapped[str | None]
    clause: Mapped[str]
    position: Mapped[int]
    section: Mapped[str]
    title: Mapped[str]
    owed: Mapped[str] = mapped_column(Text)
    evidence_wanted: Mapped[str] = mapped_column(Text)
    kind: Mapped[DutyKind]
    rule: Mapped[str]
    quota: Mapped[int]
    leaders: Mapped[int]
    due_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    origin: Mapped[Origin]
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    leads: Mapped[list["DutyLead"]] = relationship(lazy="selectin", order_by="DutyLead.unit_id")

    @property
    def lead_ids(self) -> frozenset[int]:
        """The units that lead it; empty where the list leaves the cell blank."""
        return frozenset(lead.unit_id for lead in self.leads)

    @property
    def subject(self) -> str:
        """How facts name this entry."""
        return f"duty_entry:{self.id}"


class DutyLead(Base):
    """牵头单位: some entries have several, some have none, and none is invented."""

    __tablename__ = "duty_lead"
    __table_args__ = (Index("ix_duty_lead_unit_id", "unit_id"),)  # the entries that a unit leads

    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)

    unit: Mapped[Unit] = relationship(lazy="joined")


class DutyTask(Base):
    """The share of one responsible unit: what is progressed, proved and signed off.

    `rule` is the limit by which this row runs; `clock_id` is the clock that lists show: the next one due.
    """

    __tablename__ = "duty_task"
    __table_args__ = (
        # a unit that was released may be given the duty again, as a new task
        Index(
            "uq_duty_task_owed", "duty_id", "unit_id", unique=True, sqlite_where=OWED, postgresql_where=OWED
        ),
        Index("ix_duty_task_unit_id", "unit_id", "duty_id"),  # the ledger of one unit
        Index("ix_duty_task_clock_id", "clock_id"),  # from a due clock to its task
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    rule: Mapped[str]
    stage: Mapped[Stage]
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("clock.id"))
    version: Mapped[int] = mapped_column(default=1)

    duty: Mapped[Duty] = relationship(lazy="raise_on_sql")
    unit: Mapped[Unit] = relationship(lazy="raise_on_sql")
    clock: Mapped[Clock | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # a second save of the same page is a clean 409

    @property
    def subject(self) -> str:
        """How facts name this task."""
        return f"duty:{self.id}"


class Rectification(Base):
    """A task that a look back has asked for, and the task that was found wanting."""

    __tablename__ = "duty_rectification"
    __table_args__ = (Index("ix_duty_rectification_about_id", "about_id"),)  # what was asked for about a task

    task_id: Mapped[int] = mapped_column(ForeignKey("duty_task.id"), primary_key=True)
    about_id: Mapped[int] = mapped_column(ForeignKey("duty_task.id"))


class DutyTerm(Base):
    """One clock of a task: the year, a quarter, a period or a day. A later round takes the place of an earlier."""

    __tablename__ = "duty_term"
    __table_args__ = (UniqueConstraint("task_id", "name", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("duty_task.id"))
    name: Mapped[str]
    round: Mapped[int]
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))

    clock: Mapped[Clock] = relationship(lazy="joined")


class Progress(Base):
    """What the unit reports to have done so far."""

    __tablename__ = "duty_progress"
    __table_args__ = (Index("ix_duty_progress_task_id", "task_id", "id"),)  # the latest of each row of a list

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("duty_task.id"))
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str]
    at: Mapped[datetime]


class Evidence(Base):
    """A proof: a file or a link. Of a counted event also its form, who spoke, and whether a person in charge did.

    `column_link` is where the event stands in the column of policy interpretation (六、第3行第5项). A struck one stays.
    """

    __tablename__ = "duty_evidence"
    __table_args__ = (
        # counting the events of a year, and the proofs of each row of a list
        Index(
            "ix_duty_evidence_task_id",
            "task_id",
            "happened_on",
            sqlite_where=UNSTRUCK,
            postgresql_where=UNSTRUCK,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("duty_task.id"))
    what: Mapped[str] = mapped_column(Text)
    happened_on: Mapped[date]
    link: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    file_name: Mapped[str] = mapped_column(default="")
    form: Mapped[PressForm | None]
    speaker: Mapped[str] = mapped_column(default="")
    by_leader: Mapped[bool] = mapped_column(default=False)
    column_link: Mapped[str] = mapped_column(Text, default="")
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_by_name: Mapped[str]
    struck_at: Mapped[datetime | None]
    struck_by_name: Mapped[str] = mapped_column(default="")
    struck_reason: Mapped[str] = mapped_column(Text, default="")


class SignOff(Base):
    """A request for sign-off and the ruling of another person on it."""

    __tablename__ = "duty_sign_off"
    __table_args__ = (Index("ix_duty_sign_off_task_id", "task_id", "id"),)  # the latest of each row of a list

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("duty_task.id"))
    words: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    granted: Mapped[bool | None]
    ruling: Mapped[str] = mapped_column(Text, default="")
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ruled_by_name: Mapped[str] = mapped_column(default="")
    ruled_at: Mapped[datetime | None]
