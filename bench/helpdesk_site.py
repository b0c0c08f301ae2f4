"""django-helpdesk in its own environment: N tickets due for escalation, the seconds of its own command.

`python -I bench/helpdesk_site.py FOLDER TICKETS LETTERS` prints one JSON line. Run by bench/helpdesk.py; needs
requirements-helpdesk.txt and nothing of ours.
"""

import json
import logging
import sys
import time
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

APPS = ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "sites", "humanize")
JOURNAL = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"  # as our own database is set


def configure(folder: Path) -> None:
    """A plain installation on SQLite whose letters go nowhere (Django's dummy backend)."""
    context = ("django.contrib.auth.context_processors.auth", "django.template.context_processors.request")
    templates = {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "helpdesk.db")}
    settings.configure(
        INSTALLED_APPS=[*(f"django.contrib.{name}" for name in APPS), "helpdesk"],
        DATABASES={"default": database | {"OPTIONS": {"init_command": JOURNAL}}},
        TEMPLATES=[templates | {"OPTIONS": {"context_processors": list(context)}}],
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        SECRET_KEY="bench",  # noqa: S106  # signs nothing: no page is served
        USE_TZ=True,
        SITE_ID=1,
        HELPDESK_TEAMS_MODE_ENABLED=False,
        SILENCED_SYSTEM_CHECKS=["helpdesk", "admin"],
    )
    django.setup()
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0, skip_checks=True)


def fill(tickets: int, *, letters: bool) -> None:
    """Open tickets, four days old, in a queue that escalates after three; two readers each when letters are asked."""
    from django.contrib.auth import get_user_model
    from helpdesk.models import Queue, Ticket

    call_command("loaddata", "emailtemplate.json", verbosity=0)
    queue = Queue.objects.create(title="诉求", slug="case", escalate_days=3, email_address="q@example.org")
    owner = get_user_model().objects.create(username="handler", email="handler@example.org")
    mould = {"queue": queue, "title": "旧楼加装电梯怎么申请补贴", "description": "楼里老人多，想问补贴标准。"}
    mould |= {"priority": 3, "status": Ticket.OPEN_STATUS}
    mould |= {"submitter_email": "citizen@example.org", "assigned_to": owner} if letters else {}
    Ticket.objects.bulk_create([Ticket(**mould) for _ in range(tickets)], batch_size=500)
    Ticket.objects.update(created=timezone.now() - timedelta(days=4))


def escalate() -> tuple[float, int]:
    """Seconds of the command, and how many tickets it really escalated."""
    from helpdesk.models import Ticket, TicketChange

    started = time.perf_counter()
    call_command("escalate_tickets", skip_checks=True)
    taken = time.perf_counter() - started
    done = Ticket.objects.filter(priority=2, last_escalation__isnull=False).count()
    assert done == TicketChange.objects.count(), "each escalation leaves its change"
    return taken, done


def main(folder: str, tickets: str, letters: str) -> None:
    from importlib.metadata import version

    configure(Path(folder))
    fill(int(tickets), letters=letters == "letters")
    seconds, done = escalate()
    versions = {name: version(name) for name in ("django", "django-helpdesk")}
    print(json.dumps({"seconds": seconds, "escalated": done, "versions": versions}))


if __name__ == "__main__":
    main(*sys.argv[1:])
