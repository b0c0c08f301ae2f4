"""The catalogue holds every duty of sections 6, 7 and 14 and of the general requirements; a faulty one is named."""

import pytest

from duties.catalogue import CatalogueError, Entry, catalogue, parse
from duties.clauses import clause_words, is_clause, position_of, section_of
from duties.kinds import DutyKind
from escalation.rules import rules
from inquiries import county

# by hand, from the task list: section.row.item; G are the general requirements of the letter
CLAUSES = """
G1 G2 G3a G3b G4
6.1.1 6.1.2 6.1.3 6.1.4 6.1.5 6.1.6 6.1.7
6.2.0 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6
6.3.1 6.3.2 6.3.3 6.3.4 6.3.5
7.1.1 7.1.2 7.1.3 7.1.4 7.1.5 7.1.6 7.1.7
7.2.1 7.2.2 7.2.3 7.2.4 7.2.5 7.2.6 7.2.7 7.2.8
7.3.1a 7.3.1b 7.3.2a 7.3.2b
14.1.1 14.1.2 14.1.3 14.1.4 14.1.5
14.2
14.3.1 14.3.2 14.3.3 14.3.4 14.3.5 14.3.6a 14.3.6b
""".split()
# eight topics, eight units, in the order of the list
WATCHED = ["health", "housing", "labor", "environment", "market", "education", "civil_affairs", "emergency"]


def entry(clause: str) -> Entry:
    return next(one for one in catalogue().entries if one.clause == clause)


def test_every_clause_is_an_entry_and_nothing_else_is() -> None:
    assert [one.clause for one in catalogue().entries] == CLAUSES


@pytest.mark.parametrize("number", range(1, 8))
def test_section_7_row_1_has_no_lead(number: int) -> None:
    assert entry(f"7.1.{number}").lead == ()


def test_section_14_has_no_lead() -> None:
    assert {one.lead for one in catalogue().entries if one.clause.startswith("14.")} == {()}


def test_row_2_of_section_6_is_led_by_three() -> None:
    assert entry("6.2.6").lead == ("county_office", "petition_office", "service_center")


@pytest.mark.parametrize(("number", "unit"), list(enumerate(WATCHED, start=1)))
def test_a_watched_topic_stands_with_the_unit_of_its_place(number: int, unit: str) -> None:
    assert entry(f"7.2.{number}").responsible == (unit,)


def test_press_events_are_owed_four_times_twice_by_a_leader() -> None:
    assert (entry("6.3.2").quota, entry("6.3.2").leaders, entry("6.3.2").kind) == (4, 2, DutyKind.QUOTA)


@pytest.mark.parametrize("clause", ["14.1.1", "14.1.3"])
def test_training_and_assessment_are_owed_once(clause: str) -> None:
    assert entry(clause).quota == 1


@pytest.mark.parametrize(
    ("clause", "day"), [("14.3.5", "2027-01-15"), ("14.3.6a", "2027-01-31"), ("14.3.6b", "2027-03-31")]
)
def test_reports_are_due_in_the_year_after(clause: str, day: str) -> None:
    assert str(entry(clause).due_on(2026)) == day


@pytest.mark.parametrize("one", catalogue().entries, ids=lambda one: one.clause)
def test_an_entry_says_what_is_owed_what_proves_it_and_where_it_stands(one: Entry) -> None:
    assert all((one.title, one.owed, one.evidence, one.words, one.source))
    assert len(one.title) <= 20


@pytest.mark.parametrize("one", catalogue().entries, ids=lambda one: one.clause)
def test_an_entry_runs_by_a_limit_that_exists(one: Entry) -> None:
    assert one.rule in rules().keys


def test_every_unit_of_the_catalogue_is_known() -> None:
    known = {code for code, *_rest in county.UNITS}
    named = {code for one in catalogue().entries for code in (*one.lead, *one.responsible, *one.clock_units)}
    assert {code for code in named if not code.startswith("@")} <= known


def test_the_entries_stand_in_the_order_of_the_list() -> None:
    places = [position_of(clause) for clause in CLAUSES]
    assert places == sorted(set(places))


@pytest.mark.parametrize(
    ("clause", "section"), [("6.2.6", "6"), ("14.3.6a", "14"), ("G3b", "G"), ("其他", "")]
)
def test_a_clause_knows_its_section(clause: str, section: str) -> None:
    assert section_of(clause) == section


@pytest.mark.parametrize("text", ["", "六", "6.2.6.1", "100.1", "6..1", "6.2.6A", "G.", "-1", "6.2.6 "])
def test_what_is_no_clause_is_refused(text: str) -> None:
    assert not is_clause(text)


def test_a_general_requirement_is_said_in_chinese() -> None:
    assert (clause_words("G3a"), clause_words("6.2.6")) == ("总3a", "6.2.6")


HEAD = '[list]\nname = "清单"\nfirst_year = 2021\n[sections]\n6 = "六"\n'
SOUND = {
    "clause": '"6.1.1"',
    "title": '"题"',
    "owed": '"做"',
    "evidence": '"证"',
    "kind": '"continuous"',
    "lead": "[]",
    "responsible": '["@department"]',
    "words": '"各部门"',
    "source": '"六"',
}


def made(*entries: dict[str, str]) -> str:
    tables = ["\n".join(f"{name} = {value}" for name, value in one.items()) for one in entries]
    return HEAD + "".join(f"[[duty]]\n{table}\n" for table in tables)


def test_a_sound_entry_is_read() -> None:
    assert parse(made(SOUND)).entries[0].clause == "6.1.1"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"clause": '"六"'}, "clause"),
        ({"kind": '"often"'}, "often"),
        ({"kind": '"quota"'}, "quota"),
        ({"kind": '"quota"', "quota": "1", "leaders": "2"}, "leaders"),
        ({"kind": '"date"'}, "due"),
        ({"kind": '"date"', "due": '"02-30"'}, "6.1.1"),
        ({"responsible": "[]"}, "responsible"),
        ({"responsible": '["@village"]'}, "单位类别"),
        ({"hue": '"red"'}, "hue"),
    ],
)
def test_a_faulty_entry_is_named(change: dict[str, str], words: str) -> None:
    with pytest.raises(CatalogueError, match=words):
        parse(made(SOUND | change))


def test_an_entry_without_a_title_is_named() -> None:
    with pytest.raises(CatalogueError, match="title"):
        parse(made({name: value for name, value in SOUND.items() if name != "title"}))


def test_two_entries_of_one_clause_are_refused() -> None:
    with pytest.raises(CatalogueError, match=r"条号重复 6\.1\.1"):
        parse(made(SOUND, SOUND))


@pytest.mark.parametrize("text", ["", "[list", "[list]\nname = 1"])
def test_a_file_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(CatalogueError, match=r"duties\.toml"):
        parse(text)
