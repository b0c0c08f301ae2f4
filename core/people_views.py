"""Pages of the administrator: people and units; the audit pages hang on the same blueprint."""

from typing import Any

from flask import Blueprint, abort, flash, request
from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import audit_views, people_service
from core.clock import now
from core.fields import options
from core.people import Person, Unit, UnitKind
from core.people_forms import (
    ROLE_NOTES,
    NewPersonForm,
    NewUnitForm,
    PeopleFilter,
    PersonForm,
    UnitForm,
)
from core.people_service import Refused
from core.permits import Permit
from core.web import db, me, see_other, show, staff

bp = Blueprint("people", __name__)
MOST = 300
BY_KIND = case({kind: place for place, kind in enumerate(UnitKind)}, value=Unit.kind)  # offices first
LARGEST = 2**31 - 1  # what an integer column holds; a larger number is nobody's


def _units(session: Session, *, also: int | None = None) -> list[Unit]:
    """The units in use, and the one a person is still in."""
    query = select(Unit).where(or_(Unit.active, Unit.id == also)).order_by(BY_KIND, Unit.id)
    return list(session.scalars(query))


@bp.get("/people")
@staff(Permit.PEOPLE)
def listing() -> Response:
    form = PeopleFilter(request.args)
    with db().reading() as session:
        units = list(session.scalars(select(Unit).order_by(BY_KIND, Unit.id)))
        form.unit.choices = options([(0, "全部单位"), *((unit.id, unit.name) for unit in units)])
        sought = form.data if form.validate() else PeopleFilter().data
        people = _people(session, **sought)
    return show("people/list.html", form=form, people=people, most=MOST, refused=form.errors)


def _people(session: Session, q: str, unit: int, state: str) -> list[Person]:
    query = select(Person).join(Unit).order_by(BY_KIND, Unit.id, Person.login).limit(MOST + 1)
    if q:
        query = query.where(or_(Person.name.contains(q, autoescape=True), Person.login == q.lower()))
    if unit:
        query = query.where(Person.unit_id == unit)
    if state != "all":
        query = query.where(Person.active.is_(state != "off"))
    return list(session.scalars(query))


def _person_page(form: PersonForm, person: Person | None, *, status: int = 200) -> Response:
    return show("people/person.html", form=form, shown=person, role_notes=ROLE_NOTES, status=status)


@bp.get("/people/new")
@staff(Permit.PEOPLE)
def new_person() -> Response:
    form = NewPersonForm()
    with db().reading() as session:
        form.offer(_units(session))
    return _person_page(form, None)


@bp.post("/people/new")
@staff(Permit.PEOPLE)
def add_person() -> Response:
    form = NewPersonForm(request.form)
    try:
        with db().writing() as session:
            form.offer(_units(session))
            if not form.validate():
                return _person_page(form, None, status=422)
            person, password = _add(session, form)
    except Refused as error:
        _beside(form, error)
        return _person_page(form, None, status=422)
    return _password_page(person, password)


def _add(session: Session, form: NewPersonForm) -> tuple[Person, str]:
    return people_service.add_person(
        session,
        login=form.login.data or "",
        name=form.name.data or "",
        title=form.title.data or "",
        email=form.email.data or "",
        unit=session.get_one(Unit, form.unit_id.data),
        roles=form.chosen_roles,
        by=me(),
        at=now(),
    )


def _beside(form: PersonForm | UnitForm, error: Refused) -> None:
    form[error.field].errors = [*form[error.field].errors, str(error)]


def _password_page(person: Person, password: str) -> Response:
    """The answer itself, not a redirect: the password is in no address, cookie or log, and gone on reload."""
    return show("people/password.html", shown=person, password=password)


def _person_or_404(session: Session, person_id: int) -> Person:
    return session.get(Person, person_id) or abort(404)


@bp.get(f"/people/<int(max={LARGEST}):person_id>")
@staff(Permit.PEOPLE)
def person(person_id: int) -> Response:
    with db().reading() as session:
        found = _person_or_404(session, person_id)
        form = PersonForm(obj=found)
        form.roles.data = [role.value for role in found.roles]
        form.offer(_units(session, also=found.unit_id))
    return _person_page(form, found)


@bp.post(f"/people/<int(max={LARGEST}):person_id>")
@staff(Permit.PEOPLE)
def change_person(person_id: int) -> Response:
    form = PersonForm(request.form)
    with db().reading() as session:
        found = _person_or_404(session, person_id)
        form.offer(_units(session, also=found.unit_id))
    if not form.validate():
        return _person_page(form, found, status=422)
    try:
        with db().writing() as session:
            _change(session, session.get_one(Person, person_id), form)
    except Refused as error:
        _beside(form, error)
        return _person_page(form, found, status=422)
    flash(f"已保存{form.name.data}")
    return see_other("people.listing")


def _change(session: Session, found: Person, form: PersonForm) -> None:
    people_service.change_person(
        session,
        found,
        name=form.name.data or "",
        title=form.title.data or "",
        email=form.email.data or "",
        unit=session.get_one(Unit, form.unit_id.data),
        roles=form.chosen_roles,
        active=bool(form.active.data),
        by=me(),
        at=now(),
    )


@bp.post(f"/people/<int(max={LARGEST}):person_id>/reset")
@staff(Permit.PEOPLE)
def reset_password(person_id: int) -> Response:
    with db().writing() as session:
        found = _person_or_404(session, person_id)
        password = people_service.reset_password(session, found, by=me(), at=now())
    return _password_page(found, password)


@bp.get("/people/units")
@staff(Permit.PEOPLE)
def units() -> Response:
    heads = select(Person.unit_id, func.count()).where(Person.active).group_by(Person.unit_id)
    with db().reading() as session:
        rows = list(session.scalars(select(Unit).order_by(BY_KIND, Unit.id)))
        count = {unit_id: people for unit_id, people in session.execute(heads)}
    return show("people/units.html", units=rows, count=count)


def _unit_page(form: UnitForm, unit: Unit | None, *, status: int = 200) -> Response:
    return show("people/unit.html", form=form, shown=unit, status=status)


def _unit_values(form: UnitForm) -> dict[str, Any]:
    kind = UnitKind(form.kind.data)
    return {
        "name": form.name.data,
        "short_name": form.short_name.data,
        "kind": kind,
        "phone": form.phone.data,
    }


@bp.get("/people/units/new")
@staff(Permit.PEOPLE)
def new_unit() -> Response:
    return _unit_page(NewUnitForm(), None)


@bp.post("/people/units/new")
@staff(Permit.PEOPLE)
def add_unit() -> Response:
    form = NewUnitForm(request.form)
    if not form.validate():
        return _unit_page(form, None, status=422)
    try:
        with db().writing() as session:
            code = form.code.data or ""
            people_service.add_unit(session, code=code, **_unit_values(form), by=me(), at=now())
    except Refused as error:
        _beside(form, error)
        return _unit_page(form, None, status=422)
    flash(f"已添加{form.name.data}")
    return see_other("people.units")


@bp.get(f"/people/units/<int(max={LARGEST}):unit_id>")
@staff(Permit.PEOPLE)
def unit(unit_id: int) -> Response:
    with db().reading() as session:
        found = session.get(Unit, unit_id) or abort(404)
    return _unit_page(UnitForm(obj=found), found)


@bp.post(f"/people/units/<int(max={LARGEST}):unit_id>")
@staff(Permit.PEOPLE)
def change_unit(unit_id: int) -> Response:
    form = UnitForm(request.form)
    with db().reading() as session:
        found = session.get(Unit, unit_id) or abort(404)
    if not form.validate():
        return _unit_page(form, found, status=422)
    try:
        with db().writing() as session:
            values = _unit_values(form) | {"active": bool(form.active.data)}
            people_service.change_unit(session, session.get_one(Unit, unit_id), **values, by=me(), at=now())
    except Refused as error:
        _beside(form, error)
        return _unit_page(form, found, status=422)
    flash(f"已保存{form.name.data}")
    return see_other("people.units")


bp.add_url_rule("/audit", "audit", audit_views.audit)
bp.add_url_rule("/audit/verify", "audit_verify", audit_views.verify)
bp.add_url_rule("/audit/export.csv", "audit_export", audit_views.export)
