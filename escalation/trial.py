"""A test message: what an administrator sends to see whether a way outside works."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from core.config import Config
from core.db import locked_row
from core.people import Actor, Person
from core.people_service import Refused
from escalation import pace
from escalation.courier import Way
from escalation.digest import Letter
from escalation.route_models import ROBOTS, OutboxTarget, Route, RouteKind
from escalation.routes import way_of


def prepare(session: Session, route: Route, config: Config, *, by: Actor, at: datetime) -> tuple[Way, Letter]:
    """What to carry, and where: an e-mail goes to the person who tries. Raises Refused."""
    letter = Letter(f"test{secrets.token_hex(8)}", again=False, items=())
    if route.kind is RouteKind.EMAIL:
        return _to_oneself(session, config, by), letter
    place = locked_row(session, OutboxTarget, {"target": route.target}, {"recent": ""})
    if route.kind in ROBOTS and pace.take_slot(place, at) is not None:
        raise Refused(f"这个机器人一分钟内已发{pace.PER_MINUTE}条，请稍后再试", "key")
    return way_of(session, route), letter


def _to_oneself(session: Session, config: Config, by: Actor) -> Way:
    person = session.get_one(Person, by.id)
    if not config.mails:
        raise Refused("没有设置邮件服务器（HUIYIN_SMTP_URL 和 HUIYIN_MAIL_FROM）", "name")
    if not person.email:
        raise Refused("测试邮件发给您自己，请先在“人员单位”里登记您的电子邮箱", "name")
    return Way(RouteKind.EMAIL, person.email, person.name)
