"""The table of frozen score sheets: the database itself refuses to change or drop a row."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class ScoreSheet(Base):
    """One period as it was counted. `content` is canonical JSON and holds the other columns too; a correction
    is another edition.
    """

    __tablename__ = "score_sheet"
    __table_args__ = (UniqueConstraint("period", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]
    edition: Mapped[int]
    cut_off: Mapped[datetime]
    counted_at: Mapped[datetime]
    calendar_version: Mapped[str]
    last_fact: Mapped[int]  # how far the chain of facts had come when it was counted
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str]
    note: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str]

    @property
    def subject(self) -> str:
        return f"score:{self.period}/{self.edition}"
