"""Units, people, their roles and their sign-in sessions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.labels import Labelled


class Role(Labelled):
    """What a person does; one person may hold several. The label is what the county says."""

    OPERATOR = "operator", "登记员"
    DISPATCHER = "dispatcher", "派单员"
    HANDLER = "handler", "承办人"
    CONTACT = "contact", "单位联络员"
    LEADER = "leader", "单位负责人"
    SUPERVISOR = "supervisor", "督办员"
    WATCH = "watch", "值守员"
    REVIEWER = "reviewer", "审核员"
    AUDITOR = "auditor", "审计员"
    ADMIN = "admin", "系统管理员"


class UnitKind(Labelled):
    OFFICE = "office", "县级机关"
    DEPARTMENT = "department", "县政府部门"
    TOWNSHIP = "township", "乡镇（街道）"


@dataclass(frozen=True)
class Actor:
    """Who acts: a signed-in person, the system, or a citizen. Passed as `by` to every verb."""

    id: int | None
    name: str
    unit_id: int | None = None
    unit_name: str = ""
    title: str = ""
    roles: frozenset[Role] = frozenset()

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(None, "系统")
CITIZEN = Actor(None, "群众")


class Unit(Base):
    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    short_name: Mapped[str]
    kind: Mapped[UnitKind]
    phone: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)


class Person(Base):
    __tablename__ = "person"
    __table_args__ = (Index("ix_person_unit_id", "unit_id"),)  # notices look up a unit's people

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    password_hash: Mapped[str]
    must_change: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    password_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship(lazy="joined")
    role_rows: Mapped[list["PersonRole"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(row.role for row in self.role_rows)

    @property
    def actor(self) -> Actor:
        return Actor(self.id, self.name, self.unit_id, self.unit.name, self.title, self.roles)


class PersonRole(Base):
    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class LoginSession(Base):
    """A signed-in browser; only the hash of its token is kept, and ending it works at once."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_person_id", "person_id"),)  # end all sessions of one person

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Attempt(Base):
    """A throttled try (sign-in, query by code): the key is a blind fingerprint, so no name or address is kept."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index("ix_attempt_kind_key_at", "kind", "key", "at"),
    )  # count the recent tries of one key

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[bytes] = mapped_column(LargeBinary(16))
    at: Mapped[datetime]


class Counter(Base):
    """A gapless register of numbers: taken in the transaction that uses it, never reused."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class Draft(Base):
    """A half-filled form of one person, sealed, so that a reload loses nothing."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("person_id", "form"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    form: Mapped[str]
    sealed: Mapped[bytes]
    saved_at: Mapped[datetime]
