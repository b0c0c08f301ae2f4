"""The permission table: every guarded route names one permit, and this page says which roles hold it.

Which rows a person sees is a second question, answered by the one visibility query of each subject.
"""

from core.labels import Labelled
from core.people import Actor, Role


class Permit(Labelled):
    SIGNED_IN = "signed_in", "登录后的公共功能"
    DESK = "desk", "工作台"
    INTAKE = "intake", "登记来件"
    CASES = "cases", "查看诉求"
    ACT = "act", "办理诉求"
    REVEAL = "reveal", "查看来件人信息"
    INBOX = "inbox", "通知"
    CALENDAR_READ = "calendar_read", "查看日历"
    CALENDAR_EDIT = "calendar_edit", "日历生效"
    PEOPLE = "people", "人员与单位管理"
    AUDIT = "audit", "审计"


EVERYONE = frozenset(Role)
STAFF = EVERYONE - {
    Role.ADMIN,
    Role.AUDITOR,
}  # administrators and auditors keep out of the cases (MLPS 8.1.4.2)
FRONT = frozenset({Role.OPERATOR, Role.DISPATCHER, Role.SUPERVISOR})  # offices that see every case
SEES_ALL = FRONT | {Role.WATCH}  # besides them the watch office, which reads and acts on none
UNIT = frozenset({Role.HANDLER, Role.CONTACT, Role.LEADER})  # people who see what their unit holds

GRANTS: dict[Permit, frozenset[Role]] = {
    Permit.SIGNED_IN: EVERYONE,
    Permit.INBOX: EVERYONE,
    Permit.DESK: STAFF,
    Permit.INTAKE: FRONT,
    Permit.CASES: STAFF,
    Permit.ACT: FRONT | UNIT,
    Permit.REVEAL: FRONT | UNIT,
    Permit.CALENDAR_READ: STAFF,
    Permit.CALENDAR_EDIT: frozenset({Role.SUPERVISOR}),
    Permit.PEOPLE: frozenset({Role.ADMIN}),
    Permit.AUDIT: frozenset({Role.AUDITOR}),
}


def may(person: Actor, permit: Permit) -> bool:
    """Whether any role of the person holds the permit."""
    return not GRANTS[permit].isdisjoint(person.roles)
