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
    DUTIES = "duties", "任务台账"
    DUTIES_EDIT = "duties_edit", "管理任务台账"
    INBOX = "inbox", "通知"
    PAPERS = "papers", "督办文书"
    SUPERVISE = "supervise", "起草督办文书"
    URGE = "urge", "催办"
    CALENDAR_READ = "calendar_read", "查看日历"
    CALENDAR_EDIT = "calendar_edit", "日历生效"
    REPORTS = "reports", "考核得分表"
    FREEZE = "freeze", "封存考核得分表"
    PEOPLE = "people", "人员与单位管理"
    AUDIT = "audit", "审计"
    ROUTES = "routes", "通知渠道"
    DELIVERY = "delivery", "外发通知"
    EVIDENCE = "evidence", "通知证明"


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
    Permit.PAPERS: UNIT | {Role.SUPERVISOR, Role.WATCH},
    Permit.SUPERVISE: frozenset({Role.SUPERVISOR}),
    Permit.URGE: frozenset({Role.SUPERVISOR, Role.WATCH}),
    Permit.DUTIES: STAFF,
    Permit.DUTIES_EDIT: frozenset({Role.SUPERVISOR}),
    Permit.CALENDAR_READ: STAFF,
    Permit.CALENDAR_EDIT: frozenset({Role.SUPERVISOR}),
    Permit.REPORTS: UNIT | {Role.SUPERVISOR},
    Permit.FREEZE: frozenset({Role.SUPERVISOR}),
    Permit.PEOPLE: frozenset({Role.ADMIN}),
    Permit.AUDIT: frozenset({Role.AUDITOR}),
    Permit.ROUTES: frozenset({Role.ADMIN}),
    Permit.DELIVERY: frozenset({Role.SUPERVISOR, Role.ADMIN}),
    Permit.EVIDENCE: UNIT | {Role.SUPERVISOR},
}


def may(person: Actor, permit: Permit) -> bool:
    """Whether any role of the person holds the permit."""
    return not GRANTS[permit].isdisjoint(person.roles)
