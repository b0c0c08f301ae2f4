"""The auditor's pages: what was done, whether the record is whole, and the record as a file."""

from flask import Response, current_app, request
from werkzeug.wrappers import Response as BaseResponse

from core import audit as reader
from core import facts
from core.clock import now
from core.fields import options
from core.people_forms import AuditFilter
from core.permits import Permit
from core.web import db, me, show, staff

LARGEST = 2**31 - 1  # what an integer column holds
FAULTS_SHOWN = 100


def _words() -> reader.Words:
    """The words of every room, put together by the factory."""
    words: reader.Words = current_app.extensions["huiyin.words"]
    return words


def _sought() -> tuple[AuditFilter, reader.Search]:
    """The filter as typed, and what of it can be looked for."""
    form = AuditFilter(request.args)
    form.act.choices = options([("", "全部事项"), *sorted(_words().acts.items())])
    form.validate()
    good = {field.name: field.data for field in form if not field.errors and field.data}
    return form, reader.Search(**good)


def _place(name: str) -> int | None:
    """A sequence number in the address; anything else is as if it were not there."""
    found = request.args.get(name, type=int)
    return found if found is not None and 0 <= found <= LARGEST else None


@staff(Permit.AUDIT)
def audit() -> BaseResponse:
    form, search = _sought()
    with db().reading() as session:
        page = reader.page(session, search, before=_place("before"), after=_place("after"))
    lines = [reader.line(fact, _words()) for fact in page.facts]
    return show("people/audit.html", form=form, search=search, found=page, lines=lines)


@staff(Permit.AUDIT)
def verify() -> BaseResponse:
    at = now()
    with db().reading() as session:
        tip = facts.checkpoint(session)
        faults = list(facts.verify(session))
    shown = faults[:FAULTS_SHOWN]
    return show("people/verify.html", tip=tip, faults=shown, count=len(faults), at=reader.local_words(at))


@staff(Permit.AUDIT)
def export() -> BaseResponse:
    """Taking the record away is itself on the record."""
    _form, search = _sought()
    database, at = db(), now()
    with database.writing() as session:
        facts.record(session, facts.Entry("audit:export", "audit", me(), at, after=dict(search.given)))

    def read(last: int) -> list[facts.Fact]:
        with database.reading() as session:
            return reader.following(session, search, last)

    name = f"audit-{at.astimezone(reader.ZONE):%Y%m%d-%H%M%S}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(reader.export(read, _words()), mimetype="text/csv", headers=headers)
