"""The words a new draft begins with. The machine proposes them from the clock; a person may change every one."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from escalation.models import Clock
from escalation.paper_kinds import Ground, PaperKind
from escalation.paper_settings import Office
from escalation.rules import calendar, due_of, limit_for, reading_of, rules
from sla import SHANGHAI, instant_of, local_date

CIRCULARS = frozenset({PaperKind.CRITICISM, PaperKind.COMMENDATION})
TASK_LIST = "2021年云阳县政务公开重点工作任务清单"
# the clauses that each paper rests on: 四 督促整改和通报批评, 七(一)3 通报批评和约谈制度, 十四(一)5 通报表扬
RECTIFY_BASIS = f"{TASK_LIST} 四：对推诿扯皮等问题突出的单位督促整改和通报批评"
TALK_BASIS = f"{TASK_LIST} 七(一)3：建立完善通报批评和约谈制度"
CIRCULAR_BASIS = f"{TASK_LIST} 四、七(一)3"
PRAISE_BASIS = f"{TASK_LIST} 十四(一)5"
LONGEST_NAME = (
    8  # so that the title fills one line of 20; a longer label stands in the table of the paper only
)


@dataclass(frozen=True)
class Wording:
    """What a person may change in a draft. Paragraphs are lines; `grounds` are codes."""

    title: str = ""
    grounds: tuple[Ground, ...] = ()
    basis: str = ""
    body: str = ""
    requirements: str = ""
    decision: str = ""
    copies_to: str = ""
    reply_due: date | None = None


@dataclass(frozen=True)
class About:
    """What a paper is about: a unit, and the clock unless it is about the unit alone.

    `cases` is how many matters a circular lists, `earlier` whether papers were served before, `own` the words of the
    person who urges.
    """

    unit: str
    clock: Clock | None
    at: datetime
    cases: int = 0
    earlier: bool = False
    own: str = ""
    reply_due: date | None = None

    def due(self, office: Office) -> date:
        """The day by which feedback is asked for."""
        return self.reply_due or feedback_day(self.at, office)


def proposed(kind: PaperKind, about: About, office: Office) -> Wording:
    """The wording of a new draft."""
    made = _PROPOSALS[kind](about, office)
    due = None if kind in CIRCULARS else about.due(office)
    return replace(made, copies_to=made.copies_to or office.copies, reply_due=due)


def feedback_day(at: datetime, office: Office, workdays: int = 0) -> date:
    """The day by which a draft of today asks for feedback, or so many working days after today."""
    return calendar().shift(local_date(at), workdays or office.feedback_workdays)


def reply_words(due: date | None) -> str:
    """2026年10月9日18:00: the hour at which the office closes on the day."""
    return moment_words(instant_of(due, rules().at("paper.reply", due).closes)) if due else ""


def day_cn(on: date) -> str:
    """2026年10月9日."""
    return f"{on.year}年{on.month}月{on.day}日"


def moment_words(moment: datetime) -> str:
    """2026年10月9日18:00, in Shanghai."""
    local = moment.astimezone(SHANGHAI)
    return f"{day_cn(local.date())}{local:%H:%M}"


def due_cn(clock: Clock) -> str:
    """The due day; of a limit in hours the minute as well."""
    due = due_of(clock)
    return moment_words(due.at) if limit_for(clock.rule, clock.started_at).hours else day_cn(due.on)


def lateness(clock: Clock, at: datetime) -> str:
    """3个工作日, 5小时, 不足1个工作日; "" while it is not overdue."""
    reading = reading_of(clock, at)
    if not reading.overdue:
        return ""
    if limit_for(clock.rule, clock.started_at).hours is None:
        return f"{reading.overdue_days}个工作日" if reading.overdue_days else "不足1个工作日"
    hours = int((min(clock.stopped_at or at, at) - clock.due_at).total_seconds() // 3600)
    return f"{hours}小时" if hours else "不足1小时"


def deed(clock: Clock) -> str:
    """What stops the clock: 答复群众."""
    return limit_for(clock.rule, clock.started_at).deed


def basis_of(clock: Clock) -> str:
    """The text that the limit rests on."""
    return limit_for(clock.rule, clock.started_at).basis


def _named(clock: Clock) -> str:
    return f"“{clock.label}”" if len(clock.label) <= LONGEST_NAME else "有关事项"


def _ask_reply(about: About, office: Office) -> str:
    done = deed(about.clock) if about.clock else "办结"
    due = reply_words(about.due(office))
    return f"请于{due}前{done}，并将办理情况书面反馈{office.reply_to}。"


def _reminder(about: About, office: Office) -> Wording:
    clock = about.clock
    body = about.own or "下列事项请抓紧办理。"
    if clock and not about.own:
        late = lateness(clock, about.at)
        body = (
            f"下列事项已逾期{late}，至今未{deed(clock)}，请抓紧办理。"
            if late
            else f"下列事项应于{due_cn(clock)}前{deed(clock)}，请抓紧办理。"
        )
    title = f"关于抓紧办理{_named(clock) if clock else '有关事项'}的催办单"
    basis = basis_of(clock) if clock else ""
    return Wording(title, _grounds(about), basis, body, _ask_reply(about, office))


def _supervision(about: About, office: Office) -> Wording:
    clock = about.clock
    late = lateness(clock, about.at) if clock else ""
    urged = "经催办未果，" if about.earlier else ""
    body = (
        f"下列事项逾期{late}未{deed(clock)}，{urged}现予督办。"
        if clock and late
        else f"下列事项{urged}现予督办。"
    )
    more = "逾期仍未办结的，按规定提请通报批评或者约谈。"
    title = f"关于限期办结{_named(clock) if clock else '有关事项'}的督办单"
    basis = basis_of(clock) if clock else ""
    return Wording(title, _grounds(about), basis, body, _ask_reply(about, office) + more)


def _rectification(about: About, _office: Office) -> Wording:
    clock = about.clock
    problem = f"你单位承办的“{clock.label}”{_fault(clock, about.at)}。" if clock else ""
    measures = "1. 立即办结上述事项，并向当事人说明情况。\n2. 查明原因，明确专人负责，防止再次发生。"
    basis = "\n".join(filter(None, (basis_of(clock) if clock else "", RECTIFY_BASIS)))
    return Wording("关于限期整改的通知", _grounds(about), basis, problem, measures)


def _talk(about: About, _office: Office) -> Wording:
    clock = about.clock
    urged = "经催办、督办仍未办结" if about.earlier else "尚未办结"
    body = f"“{clock.label}”{_fault(clock, about.at)}，{urged}。" if clock else ""
    rule = "请约谈对象准时参加，不得委托他人。因故不能参加的，请提前书面说明理由，由约谈人另定时间。"
    return Wording(f"关于约谈{about.unit}有关负责人的通知", _grounds(about), TALK_BASIS, body, rule)


def _criticism(about: About, office: Office) -> Wording:
    urged = "经催办、督办仍未办结" if about.earlier else "至今未办结"
    body = f"经核查，{about.unit}承办的{about.cases}件事项逾期，{urged}。" if about.cases else ""
    decision = f"决定对{about.unit}予以通报批评，责令其限期办结，并纳入年度考核。"
    rule = "各乡镇、街道、部门要引以为戒，严格落实办理时限，做到件件有落实、事事有回音。"
    title = f"关于{about.unit}逾期未办结情况的通报"
    return Wording(title, _grounds(about), CIRCULAR_BASIS, body, rule, decision, office.copies)


def _commendation(about: About, office: Office) -> Wording:
    decision = f"决定对{about.unit}予以通报表扬。"
    rule = "希望受表扬的单位再接再厉。各乡镇、街道、部门要学习先进，进一步提高办理质量。"
    return Wording(f"关于表扬{about.unit}的通报", (), PRAISE_BASIS, "", rule, decision, office.copies)


def _fault(clock: Clock, at: datetime) -> str:
    late = lateness(clock, at)
    return f"应于{due_cn(clock)}{deed(clock)}，" + (f"已逾期{late}" if late else "办理不力")


def _grounds(about: About) -> tuple[Ground, ...]:
    """An overdue clock says so itself; anything else is for a person to say."""
    return (Ground.OVERDUE,) if about.clock and lateness(about.clock, about.at) else ()


_PROPOSALS = {
    PaperKind.REMINDER: _reminder,
    PaperKind.SUPERVISION: _supervision,
    PaperKind.RECTIFICATION: _rectification,
    PaperKind.TALK: _talk,
    PaperKind.CRITICISM: _criticism,
    PaperKind.COMMENDATION: _commendation,
}
