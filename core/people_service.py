"""Verbs on people and units."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import facts
from core.people import Actor, Person, PersonRole, Role, Unit, UnitKind
from core.signin import end_sessions, hash_password, one_time_password


class Taken(ValueError):
    """The login, code or name is already used; says in Chinese by what."""


def add_unit(
    session: Session, *, code: str, name: str, short_name: str, kind: UnitKind, by: Actor, at: datetime
) -> Unit:
    """Raises Taken."""
    if session.scalar(select(Unit.id).where((Unit.code == code) | (Unit.name == name))):
        raise Taken(f"单位代码或名称已存在：{code} {name}")
    unit = Unit(code=code, name=name, short_name=short_name or name, kind=kind)
    session.add(unit)
    session.flush()
    after = {"code": code, "name": name, "kind": kind}
    facts.record(session, facts.Entry("unit:add", f"unit:{unit.id}", by, at, after=after))
    return unit


def change_unit(
    session: Session,
    unit: Unit,
    *,
    name: str,
    short_name: str,
    phone: str,
    active: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Rename, or switch off a unit; its cases stay where they are."""
    before = {"name": unit.name, "short_name": unit.short_name, "phone": unit.phone, "active": unit.active}
    unit.name, unit.short_name, unit.phone, unit.active = name, short_name, phone, active
    after = {"name": name, "short_name": short_name, "phone": phone, "active": active}
    facts.record(session, facts.Entry("unit:change", f"unit:{unit.id}", by, at, before=before, after=after))


def add_person(
    session: Session,
    *,
    login: str,
    name: str,
    title: str,
    unit: Unit,
    roles: Iterable[Role],
    by: Actor,
    at: datetime,
) -> tuple[Person, str]:
    """Returns the person and a one-time password that must be changed at the first sign-in. Raises Taken."""
    login = login.strip().lower()
    if session.scalar(select(Person.id).where(Person.login == login)):
        raise Taken(f"登录名已存在：{login}")
    password = one_time_password()
    person = Person(login=login, name=name, title=title, unit=unit, password_hash=hash_password(password))
    person.created_at = person.password_at = at
    person.role_rows = [PersonRole(role=role) for role in sorted(set(roles))]
    session.add(person)
    session.flush()
    after = {"login": login, "unit": unit.code, "roles": sorted(person.roles)}
    facts.record(session, facts.Entry("person:add", f"person:{person.id}", by, at, after=after))
    return person, password


def change_person(
    session: Session,
    person: Person,
    *,
    title: str,
    unit: Unit,
    roles: Iterable[Role],
    active: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Move, re-role or switch off a person; their sessions end, so the change holds from the next request."""
    before = {"unit": person.unit.code, "roles": sorted(person.roles), "active": person.active}
    wanted = set(roles)
    person.title, person.unit, person.active = title, unit, active
    person.role_rows = [row for row in person.role_rows if row.role in wanted] + [
        PersonRole(role=role) for role in sorted(wanted - person.roles)
    ]
    end_sessions(session, person.id, at=at)
    after = {"unit": unit.code, "roles": sorted(wanted), "active": active}
    facts.record(
        session, facts.Entry("person:change", f"person:{person.id}", by, at, before=before, after=after)
    )


def reset_password(session: Session, person: Person, *, by: Actor, at: datetime) -> str:
    """A new one-time password; the old one and all sessions end."""
    password = one_time_password()
    person.password_hash, person.must_change, person.password_at = hash_password(password), True, at
    end_sessions(session, person.id, at=at)
    facts.record(session, facts.Entry("person:reset", f"person:{person.id}", by, at))
    return password
