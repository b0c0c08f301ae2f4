"""Search by words: our own bigrams in SQLite FTS5 or a PostgreSQL tsvector, the same text cut the same way.

The built-in tokenisers miss words of two characters, which is what Chinese words mostly are.
"""

import re
import unicodedata
from collections.abc import Mapping

from sqlalchemy import ColumnElement, literal_column, text
from sqlalchemy.orm import Session

from inquiries.models import Inquiry

_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[a-z0-9]+")


def _runs(text_: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text_).lower())


def tokens(text_: str) -> list[str]:
    """Bigrams of Chinese runs plus each run's last character; Latin words and numbers whole."""
    found: list[str] = []
    for run in _runs(text_):
        if run.isascii():
            found.append(run)
        else:
            found += [run[i : i + 2] for i in range(len(run))]
    return found


def index(session: Session, words: Mapping[int, str]) -> None:
    """Put the words of these cases into the search table."""
    rows = [{"id": inquiry_id, "words": " ".join(tokens(text_))} for inquiry_id, text_ in words.items()]
    if session.get_bind().dialect.name == "sqlite":
        query = "INSERT INTO inquiry_words(rowid, words) VALUES (:id, :words)"
    else:
        query = "INSERT INTO inquiry_words(id, words) VALUES (:id, to_tsvector('simple', :words))"
    session.execute(text(query), rows)


def matches(session: Session, phrase: str) -> ColumnElement[bool] | None:
    """The condition "this case contains the phrase"; None when nothing in it can be searched."""
    groups = [_group(run) for run in _runs(phrase)]
    if not groups:
        return None
    if session.get_bind().dialect.name == "sqlite":
        wanted = " AND ".join(
            '"' + " ".join(group) + '"' + ("*" if prefix else "") for group, prefix in groups
        )
        found = text("SELECT rowid FROM inquiry_words WHERE inquiry_words MATCH :wanted").bindparams(
            wanted=wanted
        )
    else:
        parts = [
            " <-> ".join(f"'{word}'" + (":*" if prefix else "") for word in group) for group, prefix in groups
        ]
        wanted = " & ".join(f"({part})" for part in parts)
        found = text("SELECT id FROM inquiry_words WHERE words @@ to_tsquery('simple', :wanted)").bindparams(
            wanted=wanted
        )
    return Inquiry.id.in_(found.columns(literal_column("id")))


def _group(run: str) -> tuple[list[str], bool]:
    """The words of one run and whether the last is a prefix: a lone character finds the pairs it begins."""
    if run.isascii() or len(run) == 1:
        return [run], True
    return [run[i : i + 2] for i in range(len(run) - 1)], False
