"""Half-filled forms, one for each person and form, sealed because they hold a citizen's data."""

import json
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.db import vault_of
from core.people import Actor, Draft


def _place(by: Actor, form: str) -> str:
    return f"draft.sealed|{by.id}/{form}"


def keep(session: Session, form: str, values: dict[str, str], *, by: Actor, at: datetime) -> None:
    """Replace the person's draft of this form."""
    drop(session, form, by=by)
    sealed = vault_of(session).seal(json.dumps(values, ensure_ascii=False), place=_place(by, form))
    session.add(Draft(person_id=by.id, form=form, sealed=sealed, saved_at=at))


def load(session: Session, form: str, *, by: Actor) -> dict[str, str]:
    """What was typed, or an empty dict."""
    draft = session.scalar(select(Draft).where(Draft.person_id == by.id, Draft.form == form))
    if draft is None:
        return {}
    values: dict[str, str] = json.loads(vault_of(session).unseal(draft.sealed, place=_place(by, form)))
    return values


def drop(session: Session, form: str, *, by: Actor) -> None:
    """Forget the draft, when the form was submitted or cleared."""
    session.execute(delete(Draft).where(Draft.person_id == by.id, Draft.form == form))
