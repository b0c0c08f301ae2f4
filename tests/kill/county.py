"""The county of a run: the units and people of the example, and a webhook that hears everything."""

from sqlalchemy import update

from core import migrate
from core.clock import now
from core.config import Config
from core.db import Database
from core.people import SYSTEM, Person, Role
from escalation import routes
from escalation.route_models import RouteKind
from inquiries import county

Login = tuple[str, str]
OPERATOR = "zhouxq"
HEARD = (Role.HANDLER, Role.CONTACT, Role.LEADER, Role.SUPERVISOR)


def settle(db: Database, config: Config, hook: str) -> Login:
    """Tables, people, the route to `hook`; the login and the password of the operator."""
    migrate.upgrade(db)
    at = now()
    with db.writing() as session:
        county.make_people(session, county.make_units(session, at=at), at=at)
        passwords = county.new_passwords(session, at=at)
        session.flush()
        session.execute(update(Person).values(must_change=False))
        if hook:
            wish = routes.Wish("督办平台", HEARD, base=hook, secret="0123456789abcdef")  # noqa: S106
            routes.add(session, RouteKind.WEBHOOK, wish, allowed=config.outbound, by=SYSTEM, at=at)
    return OPERATOR, passwords[OPERATOR]
