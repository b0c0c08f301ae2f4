"""Passwords and signed-in sessions. Limits: GB/T 22239-2019 8.1.4.1 (five failures, 30 minutes; idle)."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import facts, throttle
from core.people import SYSTEM, Actor, LoginSession, Person

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
BY_NAME = throttle.Allowance("login.name", tries=5, window=timedelta(minutes=30))
BY_ADDRESS = throttle.Allowance("login.address", tries=30, window=timedelta(minutes=30))
MIN_LENGTH = 12
KINDS_NEEDED = 3
GUESSED_FIRST = (
    "password",
    "passw0rd",
    "p@ssw0rd",
    "123456",
    "654321",
    "111111",
    "888888",
    "qwerty",
    "1qaz2wsx",
) + ("admin", "abc123", "iloveyou", "woaini", "huiyin", "yunyang", "chongqing")

# 19 MiB, two passes: the OWASP floor, so that eight simultaneous log-ins do not exhaust a small machine
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _HASHER.hash(secrets.token_hex(16))


class SignInRefused(Exception):
    """Says in Chinese why, in the same words whether the name exists or not.

    `wrong`: the password did not fit; otherwise there were too many tries.
    """

    def __init__(self, words: str, *, wrong: bool = False) -> None:
        super().__init__(words)
        self.wrong = wrong


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def one_time_password() -> str:
    """Easy to read out: no letters that look alike."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(3))


def password_faults(password: str, *, login: str) -> list[str]:
    """What is wrong with a new password, in Chinese; empty when it may be used."""
    kinds: list[Callable[[str], bool]] = [str.isdigit, str.islower, str.isupper, lambda c: not c.isalnum()]
    faults = []
    if len(password) < MIN_LENGTH:
        faults.append(f"至少{MIN_LENGTH}位，还差{MIN_LENGTH - len(password)}位")
    if sum(any(kind(c) for c in password) for kind in kinds) < KINDS_NEEDED:
        faults.append("数字、小写字母、大写字母、符号中至少要有三种")
    folded = password.lower()
    if login.lower() in folded:
        faults.append("不能包含登录名")
    if any(word in folded for word in GUESSED_FIRST):
        faults.append("不能包含最先被猜到的词，例如password、123456、yunyang")
    return faults


def prove(session: Session, login: str, password: str, *, address: str, at: datetime) -> Person:
    """Who this is. Raises SignInRefused, and the failed try must still be committed."""
    name = login.strip().lower()
    person = session.scalar(select(Person).where(Person.login == name))
    if throttle.exhausted(session, BY_NAME, name, at=at) or throttle.exhausted(
        session, BY_ADDRESS, address, at=at
    ):
        raise SignInRefused("尝试次数过多，请30分钟后再试，或请系统管理员重置密码")
    good = matches(person.password_hash if person else _NOBODY, password)
    if person is not None and good and person.active:
        throttle.clear(session, BY_NAME, name)
        return person
    throttle.note(session, BY_NAME, name, at=at)
    throttle.note(session, BY_ADDRESS, address, at=at)
    who = person.actor if person else SYSTEM
    facts.record(session, facts.Entry("person:login_failed", _subject(person), who, at))
    raise SignInRefused("登录名或密码不对", wrong=True)


def _subject(person: Person | None) -> str:
    return f"person:{person.id}" if person else "person:unknown"


def matches(stored: str, password: str) -> bool:
    """Whether the password fits the stored argon2 hash."""
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def open_session(session: Session, person: Person, *, at: datetime) -> str:
    """A new session of a person who has proved who they are; returns its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(LoginSession(token_hash=_digest(token), person_id=person.id, started_at=at, seen_at=at))
    facts.record(session, facts.Entry("person:login", f"person:{person.id}", person.actor, at))
    return token


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def find_session(session: Session, token: str, *, at: datetime) -> tuple[LoginSession, Person] | None:
    """The live session of a token, or None when it ended, idled out, or its person was switched off."""
    query = select(LoginSession, Person).join(Person, Person.id == LoginSession.person_id)
    row = session.execute(query.where(LoginSession.token_hash == _digest(token))).first()
    if row is None:
        return None
    login, person = row
    live = login.ended_at is None and at - login.seen_at <= IDLE and at - login.started_at <= LONGEST
    return (login, person) if live and person.active else None


def touch(session: Session, login_id: int, *, at: datetime) -> None:
    """Keep a session alive."""
    session.execute(update(LoginSession).where(LoginSession.id == login_id).values(seen_at=at))


def end_session(session: Session, token: str | None, *, at: datetime) -> None:
    """End the session of one browser, if it carries one."""
    query = update(LoginSession).where(LoginSession.token_hash == _digest(token or ""))
    session.execute(query.where(LoginSession.ended_at.is_(None)).values(ended_at=at))


def sign_out(session: Session, token: str, *, by: Actor, at: datetime) -> None:
    """End the session on the server."""
    end_session(session, token, at=at)
    facts.record(session, facts.Entry("person:logout", f"person:{by.id}", by, at))


def end_sessions(session: Session, person_id: int, *, at: datetime) -> None:
    """End every session of a person: after a new password, a switch-off, a change of roles."""
    query = update(LoginSession).where(LoginSession.person_id == person_id, LoginSession.ended_at.is_(None))
    session.execute(query.values(ended_at=at))


def change_password(session: Session, person: Person, password: str, *, by: Actor, at: datetime) -> None:
    """Set a chosen password and end all sessions; the caller has checked `password_faults`."""
    person.password_hash, person.must_change, person.password_at = hash_password(password), False, at
    end_sessions(session, person.id, at=at)
    facts.record(session, facts.Entry("person:password", f"person:{person.id}", by, at))
