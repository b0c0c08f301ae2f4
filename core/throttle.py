"""Limits on tries that outlive a restart: signing in, asking by query code, writing letters."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.db import vault_of
from core.people import Attempt


@dataclass(frozen=True)
class Allowance:
    """At most `tries` within `window` for one key of one kind."""

    kind: str
    tries: int
    window: timedelta


def exhausted(session: Session, allowance: Allowance, key: str, *, at: datetime) -> bool:
    """Whether the key has used up its tries."""
    blind = vault_of(session).blind(allowance.kind, key)
    recent = select(func.count()).where(
        Attempt.kind == allowance.kind, Attempt.key == blind, Attempt.at > at - allowance.window
    )
    return (session.scalar(recent) or 0) >= allowance.tries


def note(session: Session, allowance: Allowance, key: str, *, at: datetime) -> None:
    """Count one try; the key is kept only as a keyed fingerprint."""
    session.add(Attempt(kind=allowance.kind, key=vault_of(session).blind(allowance.kind, key), at=at))


def clear(session: Session, allowance: Allowance, key: str) -> None:
    """Give a key its tries back: it has proved itself, or an administrator vouches for it."""
    blind = vault_of(session).blind(allowance.kind, key)
    session.execute(delete(Attempt).where(Attempt.kind == allowance.kind, Attempt.key == blind))


def forget(session: Session, *, before: datetime) -> int:
    """Drop tries that no allowance can need any more; returns how many."""
    return session.execute(delete(Attempt).where(Attempt.at < before)).rowcount  # type: ignore[attr-defined,no-any-return]
