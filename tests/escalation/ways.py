"""A real mail server, a real receiver, and routes that lead to them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from core.config import Config
from core.db import Database
from core.people import SYSTEM, Person, Role
from escalation import routes
from escalation.models import Outbox
from escalation.route_models import RouteKind
from escalation.routes import Wish
from tests.conftest import AT
from tests.escalation.receiver import Receiver
from tests.people import People
from tests.ports import free_port

EVERY = (Role.HANDLER, Role.CONTACT, Role.LEADER, Role.SUPERVISOR)
KEY = "keycanary0123456789abcd"
SECRET = "SECcanary0123456789abcd"


@dataclass
class Postbox(MessageHandler):
    """What arrived; `answer` other than 250 refuses it."""

    received: list[Message] = field(default_factory=list)
    answer: str = "250 OK"
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        super().__init__()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            await super().handle_DATA(server, session, envelope)
        return self.answer

    def handle_message(self, message: Message) -> None:
        self.received.append(message)


def body(message: Message) -> str:
    """The text of a mail."""
    return message.get_payload(decode=True).decode()  # type: ignore[union-attr]


def subject(message: Message) -> str:
    """Its subject as it is read."""
    return str(make_header(decode_header(message["Subject"])))


def config_of(folder: Path, postbox: Postbox | None = None, there: Receiver | None = None) -> Config:
    """Settings that lead to these two."""
    mail = (
        {"smtp_url": f"smtp://127.0.0.1:{postbox.port}", "mail_from": "huiyin@yunyang.example"}
        if postbox
        else {}
    )
    hosts = f"127.0.0.1:{there.port}@private" if there else ""
    return Config(instance=folder, **mail, base_url="https://huiyin.example/", outbound_hosts=hosts)  # type: ignore[arg-type]


def give_address(db: Database, people: People) -> None:
    """The handler can be reached by mail."""
    with db.writing() as session:
        session.get_one(Person, people.handler.id).email = "tan@yunyang.example"


def set_route(
    session: DbSession,
    config: Config,
    kind: RouteKind,
    base: str = "",
    roles: Collection[Role] = EVERY,
    **more: Any,
) -> int:
    """A route as an administrator would add it."""
    wish = {"name": kind.label, "key": KEY, "secret": "" if kind is RouteKind.WECOM else SECRET} | more
    wanted = Wish(roles=roles, base=base, **wish)
    return routes.add(session, kind, wanted, allowed=config.outbound, by=SYSTEM, at=AT).id


def rows(db: Database) -> list[Outbox]:
    with db.reading() as session:
        return list(session.scalars(select(Outbox).order_by(Outbox.id)))


def row(db: Database) -> Outbox:
    (only,) = rows(db)
    return only
