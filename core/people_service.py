"""Verbs on people and units."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import facts, throttle
from core.people import Actor, Person, PersonRole, Role, Unit, UnitKind
from core.signin import BY_NAME, end_sessions, hash_password, one_time_password

KEPT_APART = (Role.ADMIN, Role.AUDITOR)  # GB/T 22239-2019 8.1.4.2: who administers or audits does no cases


class Refused(ValueError):
    """Not allowed; says in Chinese why. `field` is the form field the words belong to."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


class Taken(Refused):
    """The login, code or name is already used; says in Chinese by what."""


def add_unit(
    session: Session,
    *,
    code: str,
    name: str,
    short_name: str,
    kind: UnitKind,
    phone: str = "",
    by: Actor,
    at: datetime,
) -> Unit:
    """Raises Taken."""
    if session.scalar(select(Unit.id).where(Unit.code == code)):
        raise Taken(f"单位代码已存在：{code}", "code")
    _name_is_free(session, name)
    unit = Unit(code=code, name=name, short_name=short_name or name, kind=kind, phone=phone)
    session.add(unit)
    _flush_or_taken(session, "code")
    after = {"code": code, "name": name, "kind": kind, "phone": phone}
    facts.record(session, facts.Entry("unit:add", f"unit:{unit.id}", by, at, after=after))
    return unit


def _name_is_free(session: Session, name: str) -> None:
    if session.scalar(select(Unit.id).where(Unit.name == name)):
        raise Taken(f"单位名称已存在：{name}", "name")


def _flush_or_taken(session: Session, field: str) -> None:
    """Two administrators at the same moment: the database's own key says who was second."""
    try:
        session.flush()
    except IntegrityError as error:
        raise Taken("刚刚有人用了同样的代码或名称", field) from error


def change_unit(
    session: Session,
    unit: Unit,
    *,
    name: str,
    short_name: str,
    kind: UnitKind,
    phone: str,
    active: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Rename, or switch off a unit; its cases and people stay where they are. Raises Taken."""
    if name != unit.name:
        _name_is_free(session, name)
    before = _unit_state(unit)
    unit.name, unit.short_name, unit.kind = name, short_name or name, kind
    unit.phone, unit.active = phone, active
    _flush_or_taken(session, "name")
    entry = facts.Entry("unit:change", f"unit:{unit.id}", by, at, before=before, after=_unit_state(unit))
    facts.record(session, entry)


def _unit_state(unit: Unit) -> facts.Detail:
    return {name: getattr(unit, name) for name in ("name", "short_name", "kind", "phone", "active")}


def add_person(
    session: Session,
    *,
    login: str,
    name: str,
    title: str,
    unit: Unit,
    roles: Iterable[Role],
    email: str = "",
    by: Actor,
    at: datetime,
) -> tuple[Person, str]:
    """The person and a one-time password that must be changed at the first sign-in. Raises Refused."""
    login, wanted = login.strip().lower(), lawful_roles(roles)
    if session.scalar(select(Person.id).where(Person.login == login)):
        raise Taken(f"登录名已存在：{login}", "login")
    password = one_time_password()
    person = Person(login=login, name=name, title=title, email=email, unit=unit, active=True)
    person.password_hash, person.created_at, person.password_at = hash_password(password), at, at
    person.role_rows = [PersonRole(role=role) for role in sorted(wanted)]
    session.add(person)
    _flush_or_taken(session, "login")
    after = {"login": login} | _state(person)
    facts.record(session, facts.Entry("person:add", f"person:{person.id}", by, at, after=after))
    return person, password


def lawful_roles(roles: Iterable[Role]) -> frozenset[Role]:
    """The roles, unless nobody may hold them together. Raises Refused."""
    wanted = frozenset(roles)
    if not wanted:
        raise Refused("至少选一个角色", "roles")
    for role in KEPT_APART:
        if role in wanted and len(wanted) > 1:
            raise Refused(f"{role.label}不能兼任其他角色：管理、审计、办件三权分开，请另建账号", "roles")
    return wanted


def change_person(
    session: Session,
    person: Person,
    *,
    name: str,
    title: str,
    email: str,
    unit: Unit,
    roles: Iterable[Role],
    active: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Move, re-role or switch off a person. Raises Refused.

    Their sessions end when roles, unit or standing change, so that the change holds from the next request.
    """
    wanted, before, old_email = lawful_roles(roles), _state(person), person.email
    if Role.ADMIN in person.roles and not (active and Role.ADMIN in wanted):
        _another_administrator(session, person)
    person.name, person.title, person.email, person.unit, person.active = name, title, email, unit, active
    kept = [row for row in person.role_rows if row.role in wanted]
    person.role_rows = kept + [PersonRole(role=role) for role in sorted(wanted - person.roles)]
    after = _state(person)
    if any(before[part] != after[part] for part in ("unit", "roles", "active")):
        end_sessions(session, person.id, at=at)
    # a fact holds no personal address: that it changed is enough
    note = "" if email == old_email else "改了电子邮箱"
    entry = facts.Entry("person:change", f"person:{person.id}", by, at, before=before, after=after, note=note)
    facts.record(session, entry)


def _state(person: Person) -> facts.Detail:
    roles = sorted(role.value for role in person.roles)
    state = {"name": person.name, "title": person.title, "unit": person.unit.code, "roles": roles}
    return state | {"active": person.active}


def _another_administrator(session: Session, person: Person) -> None:
    """Somebody must be left who can open the door again."""
    others = select(func.count()).select_from(PersonRole).join(Person, Person.id == PersonRole.person_id)
    others = others.where(PersonRole.role == Role.ADMIN, Person.active, Person.id != person.id)
    if not session.scalar(others):
        raise Refused("这是最后一名在用的系统管理员，请先设好另一名再改", "roles")


def reset_password(session: Session, person: Person, *, by: Actor, at: datetime) -> str:
    """A new one-time password; the old one, all sessions and a lock after failed tries end."""
    password = one_time_password()
    person.password_hash, person.must_change, person.password_at = hash_password(password), True, at
    end_sessions(session, person.id, at=at)
    throttle.clear(session, BY_NAME, person.login)
    facts.record(session, facts.Entry("person:reset", f"person:{person.id}", by, at))
    return password
