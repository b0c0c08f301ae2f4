"""Numbers of clauses: section.row.item, so that lists stand in the order of the paper."""

import re

GENERAL = "G"  # the general requirements in the letter before the table
_CLAUSE = re.compile(r"(G(?=\d)|\d{1,2}(?=\.|$|[a-z]))(?:\.?(\d{1,3}))?(?:\.(\d{1,3}))?([a-z]?)")
_STEP = 1000


def is_clause(text: str) -> bool:
    """Whether it is a number such as 6.2.6, 14.2, 7.3.1b or G3a."""
    return _CLAUSE.fullmatch(text) is not None


def section_of(clause: str) -> str:
    """The section of the list: "6" of 6.2.6, "G" of G3a."""
    found = _CLAUSE.fullmatch(clause)
    return found[1] if found else ""


def position_of(clause: str) -> int:
    """Its place in the list as one number; what is no clause stands last."""
    found = _CLAUSE.fullmatch(clause)
    if found is None:
        return 2**31 - 1
    section, row, item, letter = found.groups()
    place = 0 if section == GENERAL else int(section)
    for part in (row, item):
        place = place * _STEP + int(part or 0)
    return place * 10 + min(ord(letter) - ord("a") + 1 if letter else 0, 9)


def clause_words(clause: str) -> str:
    """总3a for a general requirement, the number itself for the others."""
    return f"总{clause[1:]}" if clause.startswith(GENERAL) else clause
