"""Invented years in every style, and what copying does to a text: the same days or a refusal, never others."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla.announcements import Announcement, Untrusted, parse_announcement
from tests.sla.announcements import (
    AMENDED_2019,
    EXTENDED_2020,
    ONE_DAY,
    Holiday,
    Style,
    announced,
    festival_days,
    text_of,
)

FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
YEARS = [*range(2004, 2027)]
TEXTS = [*(text_of(year, announced(year)) for year in YEARS), AMENDED_2019, EXTENDED_2020]
DEBRIS = [
    '! T f" ~& h. ]( E* n- G0',
    "3 K2 \\, e( v8 E. f2",
    "q.2|qIK",
    "- 3 -",
    "12",
    "(",
    "（转载请注明出处）",
    "&nbsp;",
]
STYLES = st.builds(
    Style,
    dash=st.sampled_from(["至", "到", "—", "——", "～", "-", "－", "起至"]),
    weekday=st.sampled_from(["（星期{}）", "(星期{})", "（周{}）", "(週{})", "星期{}", ""]),
    weekday_off=st.sampled_from(["", "（星期{}）", "（周{}）"]),
    off=st.sampled_from(
        ["放假调休，共{}天", "放假調休,共{}天", "放假{}天", "放假，共计{}天", "调休放假", "放假公休，共{}天"]
    ),
    one=st.sampled_from(["放假1天", "放假", "放假，共1天", "放假1天，不调休"]),
    number=st.sampled_from(["{}、{}：", "（{}）{}：", "{}、{}", "{}、{}:\n", "{}．{} "]),
    full_dates=st.booleans(),
)
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def years(draw: st.DrawFn) -> tuple[int, list[Holiday]]:
    """An invented year: each festival inside a holiday, and as many weekends made up as are owed."""
    year = draw(st.integers(2027, 2060))
    taken: set[date] = set()
    holidays: list[Holiday] = []
    for name in sorted(FESTIVALS, key=lambda name: festival_days(name, year)[0]):
        own = festival_days(name, year)
        if own[0] in taken:
            holidays[-1] = replace(holidays[-1], name=f"{holidays[-1].name}、{name}")
            continue
        before, after = draw(st.integers(0, 2)), draw(st.integers(0, 4))
        run = (own[0] + ONE_DAY * n for n in range(-before, len(own) + after))
        off = tuple(on for on in run if on.year == year and on not in taken)
        taken.update(off)
        holidays.append(Holiday(name, off))
    return year, [_with_work(holiday, taken, year) for holiday in holidays]


def _with_work(holiday: Holiday, taken: set[date], year: int) -> Holiday:
    """The nearest free weekend days after the holiday, one for each weekday that is owed."""
    granted = sum(len(festival_days(name, year)) for name in holiday.name.split("、"))
    owed = sum(on.weekday() < 5 for on in holiday.off) - granted
    after = (holiday.off[-1] + timedelta(days=n) for n in range(1, 60))
    free = [on for on in after if on.weekday() > 4 and on not in taken][: max(owed, 0)]
    taken.update(free)
    return replace(holiday, work=tuple(free))


@slow
@given(years(), STYLES)
def test_an_invented_year_is_read_as_it_was_written(
    invented: tuple[int, list[Holiday]], style: Style
) -> None:
    year, holidays = invented
    found = parse_announcement(text_of(year, holidays, style))
    assert found.year == year
    assert [(item.name, item.off, item.work) for item in found.items] == [
        (holiday.name, holiday.off, holiday.work) for holiday in holidays
    ]


def read_or_refused(text: str) -> Announcement | None:
    try:
        return parse_announcement(text)
    except Untrusted:
        return None


def days_of(found: Announcement) -> tuple[object, ...]:
    return found.year, found.off, found.work, found.cancelled_work


@st.composite
def copies(draw: st.DrawFn) -> tuple[str, str]:
    """A text and a copy of it with spaces, line breaks, debris and full-width signs strewn in."""
    text = draw(st.sampled_from(TEXTS))
    copy = text
    if draw(st.booleans()):
        copy = re.sub("[!-~]", lambda sign: chr(ord(sign.group()) + 0xFEE0), copy)
    for strewn in draw(st.lists(st.sampled_from(["\n", " ", "\u3000", "\u200b", "\n\n", " \n"]), max_size=8)):
        at = draw(st.integers(0, len(copy)))
        copy = copy[:at] + strewn + copy[at:]
    lines = copy.split("\n")
    for line in draw(st.lists(st.sampled_from(DEBRIS), max_size=3)):
        lines.insert(draw(st.integers(0, len(lines))), line)
    return text, "\n".join(lines)


@settings(max_examples=150, deadline=None)
@given(copies())
def test_debris_never_changes_the_days(pair: tuple[str, str]) -> None:
    text, copy = pair
    found = read_or_refused(copy)
    assert found is None or found.warnings or days_of(found) == days_of(parse_announcement(text))


@pytest.mark.parametrize("text", TEXTS)
def test_spaces_between_all_characters_change_nothing(text: str) -> None:
    assert days_of(parse_announcement(" ".join(text))) == days_of(parse_announcement(text))


@pytest.mark.parametrize("text", TEXTS)
def test_full_width_signs_change_nothing(text: str) -> None:
    wide = re.sub("[!-~]", lambda sign: chr(ord(sign.group()) + 0xFEE0), text)
    assert days_of(parse_announcement(wide)) == days_of(parse_announcement(text))


@pytest.mark.parametrize("text", TEXTS)
def test_debris_between_the_lines_changes_nothing(text: str) -> None:
    strewn = text.replace("\n", " q.2|qIK\n3 K2 \\, e( v8\n  9kff4Dt& ")
    assert days_of(parse_announcement(strewn)) == days_of(parse_announcement(text))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(YEARS), st.data())
def test_a_digit_of_a_weekday_bracketed_date_never_changes_unseen(year: int, data: st.DataObject) -> None:
    """A day with its weekday behind it cannot become its neighbour."""
    text = text_of(year, announced(year))
    places = [match.start(1) for match in re.finditer(r"(\d)日（(?:星期|周).）", text)]
    at = data.draw(st.sampled_from(places))
    copy = text[:at] + data.draw(st.sampled_from("0123456789")) + text[at + 1 :]
    found = read_or_refused(copy)
    same_weekday = {7, -7}
    changed = int(copy[at]) - int(text[at])
    assert found is None or changed == 0 or changed in same_weekday or found.warnings
