"""The case list: who sees what, which cases have no echo, pages without gaps, search as people type."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.db import Database
from inquiries import intake, service
from inquiries.case_words import light_of
from inquiries.lists import categories
from inquiries.models import Inquiry
from inquiries.queries import Cursor, Filters, Listing, Order, View, light_span
from inquiries.requesters import Personal
from inquiries.stages import Stage
from inquiries.words import DeclineGround, ReturnGround, Way
from sla import Light, instant_of
from tests.builders import CALL, RECEIVED, a_call, dispatched, signed, told
from tests.people import People

ALL = Filters(view=View.ALL, order=Order.NEWEST)
NO_ECHO = Filters()
HOUR = timedelta(hours=1)


def numbers(session: Session, person: object, filters: Filters, at: datetime) -> set[str]:
    return {row.number for row in Listing(session, person, filters, at=at).page().rows}  # type: ignore[arg-type]


@pytest.fixture
def county(db: Database, people: People, at: datetime) -> dict[str, str]:
    """One case in each situation, by a word for it."""
    with db.writing() as session:
        made = {
            "waiting": a_call(session, people.operator, at),
            "housing": signed(session, people, at),
            "transport": dispatched(session, people, at, unit="transport"),
            "instant": intake.answer_at_once(
                session, CALL, text="可到窗口办理。", way=Way.PHONE, by=people.operator, at=at
            ),
            "asked": signed(session, people, at),
            "replied": signed(session, people, at, consent=True),
            "private": signed(session, people, at),
            "declined": a_call(session, people.operator, at),
            "merged": a_call(session, people.operator, at),
            "withdrawn": a_call(session, people.operator, at),
        }
        ask = {"ground": ReturnGround.OTHER_UNIT, "reason": "属县城市管理局"}
        service.request_return(session, made["asked"], **ask, by=people.handler, at=at)
        service.reply(session, made["replied"], told(at), by=people.handler, at=at)
        service.reply(session, made["private"], told(at), by=people.handler, at=at)
        ground = DeclineGround.LEGAL_ROUTE
        service.decline(session, made["declined"], told(at), ground=ground, by=people.supervisor, at=at)
        service.merge(session, made["merged"], target=made["waiting"], by=people.supervisor, at=at)
        service.withdraw(session, made["withdrawn"], reason="本人来电", by=people.operator, at=at)
    return {word: inquiry.number for word, inquiry in made.items()}


HOUSING = {"housing", "asked", "replied", "private"}
SEEN = {
    "operator": None,
    "supervisor": None,
    "handler": HOUSING,
    "stranger": {"transport"},
    "reviewer": {"replied"},
}


@pytest.mark.parametrize("who", SEEN)
def test_a_person_lists_counts_and_finds_what_they_may_see(
    db: Database, people: People, at: datetime, county: dict[str, str], who: str
) -> None:
    seen = SEEN[who] if SEEN[who] is not None else set(county)
    person = getattr(people, who)
    wanted = {county[word] for word in seen or ()}
    with db.reading() as session:
        listing = Listing(session, person, ALL, at=at)
        assert {row.number for row in listing.page().rows} == wanted
        assert listing.count() == len(wanted)
        assert numbers(session, person, replace(ALL, q="电梯"), at) == wanted
        found = {n for n in county.values() if numbers(session, person, replace(ALL, q=n), at)}
        assert found == wanted


def test_no_echo_is_what_nobody_ended(
    db: Database, people: People, at: datetime, county: dict[str, str]
) -> None:
    with db.reading() as session:
        open_ones = numbers(session, people.supervisor, NO_ECHO, at)
    assert open_ones == {county[word] for word in ("waiting", "housing", "transport", "asked")}


def test_a_case_handed_to_another_unit_leaves_the_first_units_list(
    db: Database, people: People, at: datetime
) -> None:
    with db.writing() as session:
        inquiry = signed(session, people, at)
        ask = {"ground": ReturnGround.OTHER_UNIT, "reason": "属县交通局"}
        service.request_return(session, inquiry, **ask, by=people.handler, at=at)
        service.rule_on_return(session, inquiry, granted=True, ruling="同意", by=people.supervisor, at=at)
    with db.reading() as session:
        assert numbers(session, people.handler, NO_ECHO, at) == set()


def fill(db: Database, people: People, at: datetime, count: int) -> list[str]:
    """Calls of three moments, so that many share one key."""
    with db.writing() as session:
        made = [
            a_call(session, people.operator, at, received_at=RECEIVED - (n % 3) * timedelta(days=1))
            for n in range(count)
        ]
    return [inquiry.number for inquiry in made]


ORDERS = [ALL, NO_ECHO, replace(NO_ECHO, order=Order.NEWEST), replace(ALL, q="电梯")]


@pytest.mark.parametrize("filters", ORDERS)
def test_pages_leave_no_gap_and_repeat_nothing_both_ways(
    db: Database, people: People, at: datetime, filters: Filters
) -> None:
    made = fill(db, people, at, 23)
    with db.reading() as session:
        listing = Listing(session, people.operator, filters, at=at)
        forward = walk(listing, lambda page: page.after)
        last = listing.page(forward[-1][1], size=5)
        back = walk(listing, lambda page: page.before, last.before)
    there = [number for rows, _ in forward for number in rows]
    again = [number for rows, _ in reversed(back) for number in rows] + [row.number for row in last.rows]
    assert sorted(there) == sorted(made)
    assert again == there


def walk(
    listing: Listing, step: Callable[..., Cursor | None], cursor: Cursor | None = None
) -> list[tuple[list[str], Cursor | None]]:
    """Pages of five until there is none; each with the cursor that led to it."""
    pages = []
    while True:
        page = listing.page(cursor, size=5)
        pages.append(([row.number for row in page.rows], cursor))
        cursor = step(page)
        if cursor is None:
            return pages


def test_the_default_order_puts_the_earliest_due_first(db: Database, people: People, at: datetime) -> None:
    fill(db, people, at, 6)
    with db.reading() as session:
        rows = Listing(session, people.operator, NO_ECHO, at=at).page().rows
        dues = [row.clock.due_at for row in rows if row.clock]
    assert dues == sorted(dues)


def test_the_count_stops_one_over_its_cap(db: Database, people: People, at: datetime) -> None:
    fill(db, people, at, 6)
    with db.reading() as session:
        assert Listing(session, people.operator, ALL, at=at).count(cap=3) == 4


@pytest.mark.parametrize("text", ["", "1", "-", "a-1", "1-2-3", "9" * 30 + "-1", "１-１", "-5-1"])
def test_a_cursor_that_no_page_wrote_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Cursor.read(text, back=False)


def test_a_cursor_survives_the_address(at: datetime) -> None:
    assert Cursor.read(str(Cursor(at, 7)), back=False) == Cursor(at, 7)


@pytest.mark.parametrize(
    "typed", ["13800001234", "138 0000 1234", "138-0000-1234", "+86 13800001234", "１３８００００１２３４"]
)
def test_a_phone_is_found_however_it_is_spelt(db: Database, people: People, at: datetime, typed: str) -> None:
    with db.writing() as session:
        inquiry = a_call(session, people.operator, at)
        a_call(session, people.operator, at, requester=Personal("向先生", "13900009999", ""))
    with db.reading() as session:
        assert numbers(session, people.operator, replace(ALL, q=typed), at) == {inquiry.number}


def test_a_unit_cannot_learn_by_phone_who_asked_for_confidentiality(
    db: Database, people: People, at: datetime
) -> None:
    with db.writing() as session:
        signed(session, people, at, confidential=True)
    asked = replace(ALL, q="13800001234")
    with db.reading() as session:
        assert numbers(session, people.handler, asked, at) == set()
        assert len(numbers(session, people.operator, asked, at)) == 1


def test_a_reviewer_cannot_search_by_phone(
    db: Database, people: People, at: datetime, county: dict[str, str]
) -> None:
    with db.reading() as session:
        assert numbers(session, people.reviewer, replace(ALL, q="13800001234"), at) == set()


def test_outer_number_and_query_code_find_their_case(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        inquiry = a_call(session, people.operator, at, outer_source="city", outer_no="CQ-2026-17")
        code = intake.give_query_code(session, inquiry)
        a_call(session, people.operator, at)
    with db.reading() as session:
        for typed in ("CQ-2026-17", code, code.replace("-", " ").lower()):
            assert numbers(session, people.supervisor, replace(ALL, q=typed), at) == {inquiry.number}


@pytest.mark.parametrize(("typed", "found"), [("电梯", True), ("梯", True), ("飞碟", False), ("，。", False)])
def test_search_finds_words_of_two_characters(
    db: Database, people: People, at: datetime, typed: str, found: bool
) -> None:
    with db.writing() as session:
        a_call(session, people.operator, at)
    with db.reading() as session:
        assert bool(numbers(session, people.operator, replace(ALL, q=typed), at)) is found


def on_day(day: int) -> datetime:
    """10:00 of a day of September 2026 in Shanghai."""
    return instant_of(RECEIVED.date().replace(day=day), (RECEIVED + HOUR).time().replace(hour=10))


@pytest.mark.parametrize("day", [22, 23, 25, 28, 29, 30])
def test_the_light_filter_agrees_with_the_light_that_is_shown(
    db: Database, people: People, at: datetime, day: int
) -> None:
    moment = on_day(day)
    for back in range(0, 9):
        with db.writing() as session:
            a_call(session, people.operator, at, received_at=RECEIVED - back * timedelta(days=1))
    with db.reading() as session:
        every = Listing(session, people.operator, NO_ECHO, at=moment).page().rows
        for light in Light:
            wanted = {row.number for row in every if light_of(row, moment).c == light.value}
            assert numbers(session, people.operator, replace(NO_ECHO, light=light), moment) == wanted


def test_the_lights_cover_all_due_moments_once(at: datetime) -> None:
    green, blue, amber, red = (light_span(light, at) for light in Light)
    assert (red[0], green[1]) == (None, None)
    assert (red[1], amber[1], blue[1]) == (amber[0], blue[0], green[0])


def test_due_today_and_overdue_are_apart(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        inquiry = a_call(session, people.operator, at)
    due = inquiry.clock.due_at if inquiry.clock else at
    today, late = replace(NO_ECHO, view=View.DUE_TODAY), replace(NO_ECHO, view=View.OVERDUE)
    with db.reading() as session:
        assert numbers(session, people.operator, today, due - HOUR) == {inquiry.number}
        assert numbers(session, people.operator, late, due - HOUR) == set()
        assert numbers(session, people.operator, today, due + HOUR) == set()
        assert numbers(session, people.operator, late, due + HOUR) == {inquiry.number}


def a_filter(inquiry: Inquiry) -> list[Filters]:
    other = next(code for code in categories() if code != inquiry.category)
    return [
        replace(ALL, stage=Stage.REPLIED),
        replace(ALL, channel="public_mailbox"),
        replace(ALL, category=other),
        replace(ALL, since=inquiry.received_at.date() + timedelta(days=1)),
        replace(ALL, until=inquiry.received_at.date() - timedelta(days=1)),
        replace(NO_ECHO, view=View.TO_SIGN),
        replace(NO_ECHO, due_on=inquiry.received_at.date()),
    ]


def test_each_filter_leaves_out_what_does_not_fit(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        inquiry = a_call(session, people.operator, at)
    day = inquiry.received_at.date()
    with db.reading() as session:
        for filters in a_filter(inquiry):
            assert numbers(session, people.operator, filters, at) == set()
        fitting = replace(ALL, stage=Stage.REGISTERED, category=inquiry.category, since=day, until=day)
        assert numbers(session, people.operator, fitting, at) == {inquiry.number}
