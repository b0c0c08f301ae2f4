"""The people of the example county: the five, and for every unit somebody who hears its notices."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.people import SYSTEM, Actor, Role
from core.people_service import add_person
from inquiries import county

HANDLER = (Role.HANDLER, Role.CONTACT)
LEADER = (Role.LEADER,)
# Offices that take calls and visitors themselves, and the five's units that lack one of the two.
DESKS: tuple[tuple[str, str, str, str, tuple[Role, ...]], ...] = (
    ("zhiban", "郎小燕", "值班员", "county_office", (Role.OPERATOR,)),
    ("chuangkou", "易红梅", "综合咨询窗口02", "service_center", (Role.OPERATOR,)),
    ("xinfang", "贺长松", "来信办理", "petition_office", (Role.OPERATOR,)),
    ("lianluo.transport", "蒲海燕", "联络员", "transport", (Role.CONTACT,)),
)
HANDLERS = {
    "county_office": "崔立新",
    "city_management": "简文涛",
    "labor": "牟晓琳",
    "health": "蓝志华",
    "medical_insurance": "柏春燕",
    "environment": "覃大江",
    "market": "卓建平",
    "education": "殷雪莲",
    "civil_affairs": "左玉兰",
    "emergency": "雷正刚",
    "agriculture": "阳世学",
    "planning": "闵克勤",
    "police": "项卫东",
    "shuangjiang": "詹丽",
    "qinglong": "古小波",
    "jiangkou": "幸福林",
    "nanxi": "明德友",
    "press_office": "闻清扬",
    "cac_office": "岳知行",
    "org_department": "任明举",
}
LEADERS = {
    "housing": "黎永康",
    "transport": "屈正明",
    "city_management": "柳长河",
    "labor": "祝秋实",
    "health": "丰雅琴",
    "medical_insurance": "翁立人",
    "environment": "骆青山",
    "market": "武惠民",
    "education": "穆书香",
    "civil_affairs": "乐安民",
    "emergency": "安定国",
    "agriculture": "成穗丰",
    "planning": "尚规平",
    "police": "耿国安",
    "shuangjiang": "江向阳",
    "qinglong": "温景行",
    "jiangkou": "游润泽",
    "nanxi": "康乐平",
}


@dataclass(frozen=True)
class Cast:
    """Who acts in the example: `intake` by channel, `handlers` by unit code, `units` the ids by code."""

    supervisor: Actor
    intake: dict[str, Actor]
    handlers: dict[str, Actor]
    units: dict[str, int]


def settle(session: Session, *, at: datetime) -> Cast:
    """Units, the five people and everybody else."""
    units = county.make_units(session, at=at)
    five = county.make_people(session, units, at=at)
    rest = {}
    for login, name, title, unit, roles in _rest():
        person, _password = add_person(
            session, login=login, name=name, title=title, unit=units[unit], roles=roles, by=SYSTEM, at=at
        )
        rest[login] = person.actor
    handlers = {code: rest[f"chengban.{code}"] for code in HANDLERS}
    handlers |= {"housing": five["tanwj"], "transport": five["ranqm"]}
    intake = {
        "hotline_12345": five["zhouxq"],
        "office_phone": rest["zhiban"],
        "service_counter": rest["chuangkou"],
    }
    return Cast(five["chenlh"], intake, handlers, {code: unit.id for code, unit in units.items()})


def _rest() -> list[tuple[str, str, str, str, tuple[Role, ...]]]:
    handlers = [(f"chengban.{code}", name, "承办人", code, HANDLER) for code, name in HANDLERS.items()]
    leaders = [(f"fuze.{code}", name, "分管负责人", code, LEADER) for code, name in LEADERS.items()]
    return [*DESKS, *handlers, *leaders]
