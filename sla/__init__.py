"""Pure time: working days, limits, due moments and their reasons.

Knows no other room and never asks the time.
"""

from sla.calendar import Day, DayKind, UnknownDay, WorkCalendar
from sla.coverage import certain_until, certain_workdays_left
from sla.limit_file import LimitError, limits, load_limits
from sla.limits import AUDIENCES, Limit, LimitBook, Rung, UnknownLimit
from sla.notes import DayNote, explain
from sla.office import is_open, next_opening
from sla.pauses import Pause
from sla.published import announcement, published
from sla.reading import Due, Light, Reading, due_at, read, rung_moments, would_be_late
from sla.zone import SHANGHAI, end_of_day, instant_of, local_date

__all__ = [
    "AUDIENCES",
    "SHANGHAI",
    "Day",
    "DayKind",
    "DayNote",
    "Due",
    "Light",
    "Limit",
    "LimitBook",
    "LimitError",
    "Pause",
    "Reading",
    "Rung",
    "UnknownDay",
    "UnknownLimit",
    "WorkCalendar",
    "announcement",
    "certain_until",
    "certain_workdays_left",
    "due_at",
    "end_of_day",
    "explain",
    "instant_of",
    "is_open",
    "limits",
    "load_limits",
    "local_date",
    "next_opening",
    "published",
    "read",
    "rung_moments",
    "would_be_late",
]
