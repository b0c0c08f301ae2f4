"""Carries one letter by the way it has to go. Every failure comes back as an answer, never as an exception."""

from dataclasses import dataclass, field
from datetime import datetime

from core.config import Config
from escalation import digest, mail, webhook
from escalation.digest import Letter
from escalation.line import Answer
from escalation.route_models import RouteKind


@dataclass(frozen=True)
class Way:
    """Where a letter goes: a person's mail address, the base address of a robot, the address of a webhook."""

    kind: RouteKind
    address: str
    name: str
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


def carry(way: Way, letter: Letter, config: Config, *, at: datetime) -> Answer:
    """Send once."""
    match way.kind:
        case RouteKind.EMAIL:
            return _by_mail(way, letter, config)
        case RouteKind.WEBHOOK:
            hook, content = webhook.Hook(way.address, way.secret), digest.hook_content(letter, config.site)
            return webhook.send(hook, content, key=letter.key, allowed=config.outbound, at=at)
        case _:
            return _by_robot(way, letter, config, at)


def _by_mail(way: Way, letter: Letter, config: Config) -> Answer:
    try:
        made = mail.message(letter, way.name, way.address, config)
    except ValueError:  # a line break in a header: the library refuses it
        return Answer("地址或标题里有不能用的字符，没有发出")
    return mail.send(config.smtp_url, made)


def _by_robot(way: Way, letter: Letter, config: Config, at: datetime) -> Answer:
    from escalation import robots  # a tenth of the memory of the process: only where there is a robot

    robot = robots.Robot(way.kind, way.address, way.key, way.secret)
    return robots.send(robot, digest.robot_text(letter, config.site), allowed=config.outbound, at=at)
