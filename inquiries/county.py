"""The units and the five named people of the example county; used by the demo and by the tests alike."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import SYSTEM, Actor, Person, Role, Unit, UnitKind
from core.people_service import add_person, add_unit, reset_password

# (code, name, short name, kind): offices and departments are those the 2021 task list names
UNITS: tuple[tuple[str, str, str, UnitKind], ...] = (
    ("county_office", "县政府办公室", "县府办", UnitKind.OFFICE),
    ("petition_office", "县信访办", "县信访办", UnitKind.OFFICE),
    ("service_center", "县行政服务中心", "行政服务中心", UnitKind.OFFICE),
    ("press_office", "县政府新闻办", "县新闻办", UnitKind.OFFICE),
    ("cac_office", "县网信办", "县网信办", UnitKind.OFFICE),
    ("hotline", "县12345热线办", "12345热线办", UnitKind.OFFICE),
    ("housing", "县住房城乡建委", "县住建委", UnitKind.DEPARTMENT),
    ("transport", "县交通局", "县交通局", UnitKind.DEPARTMENT),
    ("city_management", "县城市管理局", "县城管局", UnitKind.DEPARTMENT),
    ("labor", "县人力社保局", "县人社局", UnitKind.DEPARTMENT),
    ("health", "县卫生健康委", "县卫健委", UnitKind.DEPARTMENT),
    ("medical_insurance", "县医保局", "县医保局", UnitKind.DEPARTMENT),
    ("environment", "县生态环境局", "县环境局", UnitKind.DEPARTMENT),
    ("market", "县市场监管局", "县市监局", UnitKind.DEPARTMENT),
    ("education", "县教委", "县教委", UnitKind.DEPARTMENT),
    ("civil_affairs", "县民政局", "县民政局", UnitKind.DEPARTMENT),
    ("emergency", "县应急局", "县应急局", UnitKind.DEPARTMENT),
    ("agriculture", "县农业农村委", "县农委", UnitKind.DEPARTMENT),
    ("planning", "县规划自然资源局", "县规资局", UnitKind.DEPARTMENT),
    ("police", "县公安局", "县公安局", UnitKind.DEPARTMENT),
    ("shuangjiang", "双江街道", "双江街道", UnitKind.TOWNSHIP),
    ("qinglong", "青龙街道", "青龙街道", UnitKind.TOWNSHIP),
    ("jiangkou", "江口镇", "江口镇", UnitKind.TOWNSHIP),
    ("nanxi", "南溪镇", "南溪镇", UnitKind.TOWNSHIP),
    ("org_department", "县委组织部", "县委组织部", UnitKind.OFFICE),
)

# (login, name, title, unit code, roles): operator, handler, supervisor, reviewer, stranger
PEOPLE: tuple[tuple[str, str, str, str, tuple[Role, ...]], ...] = (
    ("zhouxq", "周晓琴", "12345坐席03", "hotline", (Role.OPERATOR,)),
    ("tanwj", "谭文静", "承办人", "housing", (Role.HANDLER, Role.CONTACT)),
    ("chenlh", "陈立衡", "督查科", "county_office", (Role.SUPERVISOR, Role.DISPATCHER)),
    ("xiangyl", "向雨岚", "政务公开科", "county_office", (Role.REVIEWER,)),
    ("ranqm", "冉启明", "承办人", "transport", (Role.HANDLER,)),
)


def make_units(session: Session, *, at: datetime) -> dict[str, Unit]:
    """All units of the example by code."""
    return {
        code: add_unit(session, code=code, name=name, short_name=short, kind=kind, by=SYSTEM, at=at)
        for code, name, short, kind in UNITS
    }


def make_people(session: Session, units: dict[str, Unit], *, at: datetime) -> dict[str, Actor]:
    """The five people by login; their passwords come from `new_passwords`."""
    made = {}
    for login, name, title, unit, roles in PEOPLE:
        person, _password = add_person(
            session, login=login, name=name, title=title, unit=units[unit], roles=roles, by=SYSTEM, at=at
        )
        made[login] = person.actor
    return made


def new_passwords(session: Session, *, at: datetime) -> dict[str, str]:
    """One-time passwords for a demonstration: valid until the next start, no change demanded."""
    passwords = {}
    for person in session.scalars(select(Person).where(Person.login.in_([row[0] for row in PEOPLE]))):
        passwords[person.login] = reset_password(session, person, by=SYSTEM, at=at)
        person.must_change = False
    return passwords
