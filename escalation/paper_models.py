"""Tables of official papers: the record, the talk it may summon to, the cases of a circular, the issued file."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from core.db import Base
from escalation.paper_kinds import PaperKind
from escalation.paper_stages import PaperStage

RUNNING = text("stage IN ('issued', 'signed', 'feedback')")
WAITING = text("stage = 'drafted'")
ABOUT = text("clock_id IS NOT NULL")


class Paper(Base):
    """One official paper about a clock, or about a unit alone. Its number is given at issuing, never before.

    `notice_id` is the rung's notice that called for it: unique, so that two drafters at once draft it once.
    `drafter_id` is empty for the system. `times` counts the papers of its kind about the same clock.
    `round` grows each time feedback is sent back; `grounds` are codes, separated by commas.
    """

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("notice_id"),
        UniqueConstraint("word", "year", "serial"),  # the register: no number twice
        # the ledger, newest first; one unit's papers
        Index("ix_paper_unit_id_id", "unit_id", "id"),
        # what was written about one matter before
        Index("ix_paper_clock_id", "clock_id", "id", sqlite_where=ABOUT, postgresql_where=ABOUT),
        # drafts that wait for a person: their number stands in the rail
        Index("ix_paper_drafted", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        # papers that are out and not done with: the job that closes reminders of answered matters
        Index("ix_paper_running", "stage", "id", sqlite_where=RUNNING, postgresql_where=RUNNING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PaperKind]
    stage: Mapped[PaperStage] = mapped_column(default=PaperStage.DRAFTED)
    version: Mapped[int] = mapped_column()
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("clock.id"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    title: Mapped[str]
    grounds: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    requirements: Mapped[str] = mapped_column(Text, default="")
    decision: Mapped[str] = mapped_column(Text, default="")
    copies_to: Mapped[str] = mapped_column(default="")
    reply_due: Mapped[date | None]
    times: Mapped[int] = mapped_column(default=1)
    round: Mapped[int] = mapped_column(default=1)

    word: Mapped[str | None]
    year: Mapped[int | None]
    serial: Mapped[int | None]

    drafter_id: Mapped[int | None]
    drafted_at: Mapped[datetime]
    editor_id: Mapped[int | None]
    statement_due: Mapped[date | None]
    statement: Mapped[str] = mapped_column(Text, default="")
    statement_by_id: Mapped[int | None]
    statement_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None]
    approved_at: Mapped[datetime | None]
    issued_by_id: Mapped[int | None]
    issued_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None]
    signed_at: Mapped[datetime | None]
    feedback: Mapped[str] = mapped_column(Text, default="")
    feedback_by_id: Mapped[int | None]
    feedback_at: Mapped[datetime | None]
    ruling: Mapped[str] = mapped_column(Text, default="")
    lifted_by_id: Mapped[int | None]
    lifted_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy reads it from the class

    @property
    def subject(self) -> str:
        return f"paper:{self.id}"

    @property
    def clock_subject(self) -> str:
        """Of the paper's own clocks: each round of feedback has its own."""
        return self.subject if self.round == 1 else f"{self.subject}.{self.round}"

    @property
    def link(self) -> str:
        return f"/papers/{self.id}"

    @property
    def number(self) -> str:
        """县府督〔2026〕12号; "" before issuing."""
        return f"{self.word}〔{self.year}〕{self.serial}号" if self.serial else ""


class PaperTalk(Base):
    """约谈: who is summoned, when, where and by whom; afterwards the record of the talk."""

    __tablename__ = "paper_talk"

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    object: Mapped[str] = mapped_column(default="")
    held_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(default="")
    talkers: Mapped[str] = mapped_column(default="")
    materials: Mapped[str] = mapped_column(default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    attitude: Mapped[str] = mapped_column(Text, default="")
    rectify_by: Mapped[date | None]
    signers: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int | None]
    recorded_at: Mapped[datetime | None]


class PaperCase(Base):
    """A clock in the table of a circular."""

    __tablename__ = "paper_case"

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"), primary_key=True)


class PaperFile(Base):
    """The Word file as it was issued, and the facts it was made of, for the printed page."""

    __tablename__ = "paper_file"

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    sha256: Mapped[str]
    facts: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
