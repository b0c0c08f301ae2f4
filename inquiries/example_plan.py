"""What happens to whom in the example county, and when: planned with seeded dice, nothing is written here."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from escalation.rules import calendar
from inquiries.example_texts import Matter, Texts
from inquiries.requesters import Personal
from inquiries.words import Kind
from sla import instant_of, local_date

DAYS = 40
PHONES = ("hotline_12345", "office_phone", "service_counter")
CHANNELS = (*PHONES, "public_mailbox")
CHANNEL_WEIGHTS = (55, 12, 10, 23)
OPENS, CLOSES = time(9, 10), time(17, 50)

# What is done to a case, in order; "answer" waits for the working day that the plan names.
FATES: dict[str, tuple[str, ...]] = {
    "instant": ("instant",),
    "answered": ("receive", "dispatch", "sign", "answer"),
    "late": ("receive", "dispatch", "sign", "answer"),
    "promised": ("receive", "dispatch", "sign", "interim"),
    "unreached": ("receive", "dispatch", "sign", "attempt", "answer"),
    "declined": ("receive", "decline"),
    "withdrawn": ("receive", "dispatch", "withdraw"),
    "merged": ("receive", "merge"),
    "returned": ("receive", "dispatch", "sign", "ask", "grant", "dispatch", "sign", "answer"),
    "kept": ("receive", "dispatch", "sign", "ask", "refuse", "answer"),
    "waiting": ("receive",),
    "unsigned": ("receive", "dispatch"),
    "handling": ("receive", "dispatch", "sign"),
    "trying": ("receive", "dispatch", "sign", "attempt"),
    "asking": ("receive", "dispatch", "ask"),
}
ORDINARY = {"instant": 20, "answered": 62, "late": 6, "unreached": 3, "declined": 3, "withdrawn": 2}
ORDINARY |= {"merged": 3, "returned": 3, "kept": 2}
# Where any other kind of matter would read oddly.
FATE_KINDS = {"instant": Kind.INQUIRY, "declined": Kind.COMPLAINT, "withdrawn": Kind.HELP_REQUEST}
FATE_KINDS |= {"returned": Kind.COMPLAINT, "kept": Kind.COMPLAINT}
ANSWER_DAYS, ANSWER_WEIGHTS = (0, 1, 2, 3, 4, 5), (6, 18, 26, 24, 16, 10)
LATE_DAYS = (6, 6, 7, 8, 10)
WRONG_UNIT = "emergency"  # where a case goes first that will be returned

# (working days ago, fate, kind, unit): on the screen whatever the dice say; six days ago is one day overdue
FIXED: tuple[tuple[int, str, Kind | None, str], ...] = (
    (13, "handling", None, "transport"),
    (10, "handling", None, "city_management"),
    (10, "trying", None, "qinglong"),
    (8, "handling", None, "housing"),
    (8, "handling", None, "education"),
    (7, "handling", None, "labor"),
    (7, "unsigned", None, "nanxi"),
    (6, "handling", None, "housing"),
    (6, "handling", None, "market"),
    (6, "waiting", None, ""),
    (5, "handling", None, "housing"),
    (5, "handling", None, "transport"),
    (5, "handling", Kind.TIP_OFF, ""),
    (5, "unsigned", None, "environment"),
    (4, "handling", None, "housing"),
    (4, "handling", None, "health"),
    (4, "asking", None, "city_management"),
    (4, "trying", None, "civil_affairs"),
    (3, "handling", None, "housing"),
    (3, "handling", None, "agriculture"),
    (3, "handling", Kind.TIP_OFF, ""),
    (3, "unsigned", None, "planning"),
    (2, "handling", None, "transport"),
    (2, "asking", None, "housing"),
    (2, "handling", Kind.SUGGESTION, ""),
    (1, "unsigned", None, "housing"),
    (1, "unsigned", None, "jiangkou"),
    (1, "handling", None, "medical_insurance"),
    (1, "waiting", None, ""),
    (1, "waiting", Kind.COMPLAINT, ""),
    (3, "promised", None, "transport"),
)


@dataclass
class Case:
    """One planned case. `inquiry_id` is known once it is registered; `twin` is what it is merged into."""

    channel: str
    matter: Matter
    requester: Personal
    received_at: datetime
    fate: str
    units: list[str]
    consent: bool
    twin: "Case | None" = None
    inquiry_id: int = 0
    acts: list[tuple[datetime, str]] = field(default_factory=list)


class Planner:
    """Plans the cases of the last DAYS working days up to `today`."""

    def __init__(self, today: date, dice: random.Random) -> None:
        self._dice, self._texts, self._cal = dice, Texts(dice), calendar()
        self._last = today if self._cal.is_workday(today) else self._cal.shift(today, -1)

    def back(self, days: int) -> date:
        """The day on which this many working days have passed since: 6 is one day overdue."""
        return self._cal.shift(self._last, -days)

    def cases(self) -> Iterator[Case]:
        for days in range(DAYS, -1, -1):
            for _ in range(self._dice.randint(5, 8)):
                (fate,) = self._dice.choices(list(ORDINARY), list(ORDINARY.values()))
                yield from self._case(self.back(days), fate, None, "")
        for days, fate, kind, unit in FIXED:
            yield from self._case(self.back(days), fate, kind, unit)

    def _case(self, day: date, fate: str, kind: Kind | None, unit: str) -> Iterator[Case]:
        matter = self._matter(kind or FATE_KINDS.get(fate), unit)
        (channel,) = self._dice.choices(CHANNELS, CHANNEL_WEIGHTS)
        if fate == "instant":
            (channel,) = self._dice.choices(PHONES, CHANNEL_WEIGHTS[:3])
        received = self._received(day, channel)
        units = [WRONG_UNIT, matter.unit] if fate == "returned" else [matter.unit]
        made = Case(channel, matter, self._texts.requester(), received, fate, units, self._half())
        if fate == "merged":
            first = Case(channel, matter, self._texts.requester(), received, "answered", [matter.unit], False)
            made.twin, made.received_at = first, received + timedelta(minutes=self._dice.randint(5, 40))
            first.acts = self._acts(first)
            yield first
        made.acts = self._acts(made)
        yield made

    def _matter(self, kind: Kind | None, unit: str) -> Matter:
        """Any matter, or one of this unit's usual work that calls for an answer."""
        for _ in range(1000):
            found = self._texts.matter(kind)
            if not unit or (unit == found.unit and found.kind is not Kind.PRAISE):
                return found
        raise LookupError(f"no matter in data/example.toml for {unit}")

    def _half(self) -> bool:
        return self._dice.random() < 0.5

    def _received(self, day: date, channel: str) -> datetime:
        """Calls come in office hours; four letters in ten are written in the evening."""
        if channel == "public_mailbox" and self._dice.random() < 0.4:
            return instant_of(day, time(self._dice.randint(18, 22), self._dice.randint(0, 59)))
        return instant_of(day, time(self._dice.randint(9, 16), self._dice.randint(10, 59)))

    def _acts(self, case: Case) -> list[tuple[datetime, str]]:
        first, *rest = FATES[case.fate]
        online = case.channel == "public_mailbox"
        moment = case.received_at + timedelta(minutes=0 if online else self._dice.randint(2, 9))
        acts = [(moment, first)]
        for act in rest:
            after = moment
            moment = self._office(moment + timedelta(minutes=self._dice.randint(12, 150)))
            if act == "answer":
                moment = self._on(self._answer_day(case), moment)
            acts.append((max(moment, after), act))
        return acts

    def _answer_day(self, case: Case) -> date:
        if case.fate == "late":
            days = self._dice.choice(LATE_DAYS)
        else:
            (days,) = self._dice.choices(ANSWER_DAYS, ANSWER_WEIGHTS)
        return self._cal.shift(local_date(case.received_at), days)

    def _on(self, day: date, earliest: datetime) -> datetime:
        """Some office moment of that day, never before `earliest`."""
        chosen = instant_of(day, OPENS) + timedelta(minutes=self._dice.randint(0, 500))
        return max(chosen, earliest)

    def _office(self, moment: datetime) -> datetime:
        """The same moment if the offices are open, else soon after they open again."""
        day = local_date(moment)
        if not self._cal.is_workday(day) or moment > instant_of(day, CLOSES):
            day = self._cal.shift(day, 1)
            return instant_of(day, OPENS) + timedelta(minutes=self._dice.randint(0, 40))
        return max(moment, instant_of(day, OPENS))
