"""Half-filled forms, one for each person and form, sealed because they hold a citizen's data."""

import json
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.db import insert_of, vault_of
from core.people import Actor, Draft


def _place(by: Actor, form: str) -> str:
    return f"draft.sealed|{by.id}/{form}"


def keep(session: Session, form: str, values: dict[str, str], *, by: Actor, at: datetime) -> None:
    """Replace the person's draft of this form."""
    sealed = vault_of(session).seal(json.dumps(values, ensure_ascii=False), place=_place(by, form))
    said = {"sealed": sealed, "saved_at": at}
    query = insert_of(session)(Draft).values(person_id=by.id, form=form, **said)
    # two windows may save at the same moment: the later one stands
    session.execute(query.on_conflict_do_update(index_elements=["person_id", "form"], set_=said))


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
