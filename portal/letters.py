"""Taking in a citizen's letter, and the code that it is asked for by."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import throttle
from core.db import vault_of
from core.people import CITIZEN
from core.throttle import Allowance
from escalation.models import Clock
from escalation.ruler import Ruler, due_words
from escalation.rules import due_of
from escalation.standing import ruler_of
from inquiries import intake
from inquiries.models import Inquiry
from portal.forms import LetterForm

LETTERS = Allowance("letter", 5, timedelta(hours=1))
RECEIPT = "letter_receipt"


class TooMany(RuntimeError):
    """This address has written as many letters as one may in an hour."""


@dataclass(frozen=True)
class Receipt:
    """What the citizen takes home; the code is shown here and nowhere else.

    No ruler when the limit was changed, before a reload, to one that is not in working days.
    """

    code: str
    number: str
    due: str
    ruler: Ruler | None


def hand_in(session: Session, form: LetterForm, *, address: str, at: datetime) -> Receipt:
    """Register the letter and give its code, in one transaction; the same form again gives the same receipt.

    The code is drawn from the page's own key under the vault's key, not by lot: a reload, a double click and
    two posts done in the wrong order all show the one code that works, and still only its fingerprint is
    kept. Raises TooMany, but never for a letter that is already in: its writer must not lose the code.
    """
    key = f"letter/{form.client_key.data}"
    inquiry = intake.existing(session, key)
    if inquiry is None:
        if throttle.exhausted(session, LETTERS, address, at=at):
            raise TooMany(address)
        throttle.note(session, LETTERS, address, at=at)
        inquiry = intake.receive(session, form.intake(key, at), by=CITIZEN, at=at)
    session.flush()  # gives the case its clock
    clock = session.get_one(Clock, inquiry.clock_id)
    code, due = _code(session, inquiry, key), due_words(due_of(clock))
    return Receipt(code, inquiry.number, due, ruler_of(session, clock, at))


def _code(session: Session, inquiry: Inquiry, key: str) -> str:
    symbols, size = intake.CODE_ALPHABET, len(intake.CODE_ALPHABET)
    rest = int.from_bytes(vault_of(session).blind(RECEIPT, key), "big")
    code = ""
    for _ in range(intake.CODE_LENGTH):
        rest, place = divmod(rest, size)
        code += symbols[place]
    inquiry.query_index = vault_of(session).blind(intake.QUERY, code)
    return "-".join(code[i : i + 4] for i in range(0, intake.CODE_LENGTH, 4))
