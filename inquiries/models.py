"""Tables of inquiries. A person's data stands only in `requester`, sealed; lists read it masked."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.people import Unit
from escalation.models import Clock
from inquiries.stages import Stage
from inquiries.words import DeclineGround, Kind, ReplyKind, ReturnGround, Urgency, Way


class Requester(Base):
    """Who asked. `uid` is the place to which the sealed fields are bound."""

    __tablename__ = "requester"
    __table_args__ = (Index("ix_requester_phone_index", "phone_index"),)  # earlier calls of one number

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    address_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Inquiry(Base):
    __tablename__ = "inquiry"
    __table_args__ = (
        UniqueConstraint("outer_source", "outer_no"),
        # each list newest first, the ledger of a period, and no sorting: one index for each single filter
        Index("ix_inquiry_received_at", "received_at", "id"),
        Index("ix_inquiry_lead_unit_id", "lead_unit_id", "received_at", "id"),
        Index("ix_inquiry_stage", "stage", "received_at", "id"),
        Index("ix_inquiry_channel", "channel", "received_at", "id"),
        Index("ix_inquiry_kind", "kind", "received_at", "id"),
        Index("ix_inquiry_category", "category", "received_at", "id"),
        Index("ix_inquiry_outer_no", "outer_no", sqlite_where=text("outer_no IS NOT NULL"),
              postgresql_where=text("outer_no IS NOT NULL")),  # search by the number of the platform above
        Index("ix_inquiry_requester_id", "requester_id"),  # from a phone number to its cases
        Index("ix_inquiry_clock_id", "clock_id"),  # from a due clock to its case
        Index("ix_inquiry_merged_into_id", "merged_into_id", sqlite_where=text("merged_into_id IS NOT NULL"),
              postgresql_where=text("merged_into_id IS NOT NULL")),  # what was merged into a case
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    client_key: Mapped[str | None] = mapped_column(unique=True)
    outer_source: Mapped[str | None]
    outer_no: Mapped[str | None]
    query_index: Mapped[bytes | None] = mapped_column(LargeBinary(16), unique=True)
    channel: Mapped[str]
    kind: Mapped[Kind]
    category: Mapped[str]
    urgency: Mapped[Urgency]
    title: Mapped[str]
    matter: Mapped[str] = mapped_column(Text)
    place: Mapped[str]
    extra: Mapped[str] = mapped_column(Text, default="{}")
    confidential: Mapped[bool]
    consent: Mapped[bool]
    stage: Mapped[Stage]
    received_at: Mapped[datetime]
    registered_at: Mapped[datetime]
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    accused_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("inquiry.id"))
    decline_ground: Mapped[DeclineGround | None]
    requester_id: Mapped[int] = mapped_column(ForeignKey("requester.id"))
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("clock.id"))
    version: Mapped[int] = mapped_column(default=1)

    requester: Mapped[Requester] = relationship(lazy="raise_on_sql")
    lead_unit: Mapped[Unit | None] = relationship(lazy="raise_on_sql", foreign_keys=[lead_unit_id])
    clock: Mapped[Clock | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # a second save of the same page is a clean 409

    @property
    def subject(self) -> str:
        """How clocks and facts name this case."""
        return f"inquiry:{self.id}"


class Reply(Base):
    """What the citizen was told, or a try to reach them. `told_at` is when, `recorded_at` when it was entered.

    `promised_on` is the day by which an interim answer promises the result.
    """

    __tablename__ = "reply"
    __table_args__ = (Index("ix_reply_inquiry_id", "inquiry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"))
    kind: Mapped[ReplyKind]
    way: Mapped[Way]
    told_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    promised_on: Mapped[date | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))


class ReturnRequest(Base):
    """A unit's wish to give a case back, and the ruling on it. After a refusal the unit may not ask again."""

    __tablename__ = "return_request"
    __table_args__ = (Index("ix_return_request_inquiry_id", "inquiry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    ground: Mapped[ReturnGround]
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    granted: Mapped[bool | None]
    ruling: Mapped[str] = mapped_column(Text, default="")
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ruled_at: Mapped[datetime | None]
