"""Tables of the ways outside: what an administrator set, and when the last messages went."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.labels import Labelled
from core.people import Person, Role, Unit


class RouteKind(Labelled):
    EMAIL = "email", "电子邮件"
    WECOM = "wecom", "企业微信机器人"
    DINGTALK = "dingtalk", "钉钉机器人"
    FEISHU = "feishu", "飞书机器人"
    WEBHOOK = "webhook", "Webhook"


ROBOTS = (RouteKind.WECOM, RouteKind.DINGTALK, RouteKind.FEISHU)


class Route(Base):
    """One way outside. It hears the notices of its roles, of one unit or of all."""

    __tablename__ = "route"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)  # what its sealed secrets are bound to
    kind: Mapped[RouteKind]
    name: Mapped[str] = mapped_column(unique=True)
    base: Mapped[str] = mapped_column(default="")
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    last_four: Mapped[str] = mapped_column(default="")
    signed: Mapped[bool] = mapped_column(default=False)  # a signing secret is among the sealed ones
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit | None] = relationship(lazy="joined")
    changed_by: Mapped[Person | None] = relationship(lazy="joined", foreign_keys=changed_by_id)
    role_rows: Mapped[list["RouteRole"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(row.role for row in self.role_rows)

    @property
    def target(self) -> str:
        """Its name in the outbox."""
        return f"route:{self.id}"


class RouteRole(Base):
    __tablename__ = "route_role"

    route_id: Mapped[int] = mapped_column(ForeignKey("route.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class OutboxTarget(Base):
    """One address outside. Whoever takes from its outbox locks this row, so that one deliverer at a time does."""

    __tablename__ = "outbox_target"

    target: Mapped[str] = mapped_column(primary_key=True)
    recent: Mapped[str] = mapped_column(default="")  # when the last messages went, for the limit of robots
