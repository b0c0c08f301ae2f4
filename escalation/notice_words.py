"""What a notice says: the words of its rung, and whether they still hold."""

from dataclasses import dataclass
from datetime import datetime

from escalation.models import Clock, Notice, Outcome
from escalation.ruler_scene import day_words, due_words
from escalation.ruler_words import LightWords, light_words
from escalation.rules import due_of, limit_for, reading_of
from escalation.standing import running_light
from escalation.validity import Told, Validity
from sla import SHANGHAI, Rung, local_date

DEEDS = {Outcome.ANSWERED: "答复", Outcome.FULFILLED: "完成"}  # what is judged as in time or late


@dataclass(frozen=True)
class RungText:
    name: str
    sentence: str


def notice_text(notice: Notice, clock: Clock) -> RungText:
    """Its own words where a person had it sent, those of its rung otherwise."""
    return RungText(notice.title, notice.text) if notice.title else rung_text(clock, notice.rung)


def rung_text(clock: Clock, key: str) -> RungText:
    """The name of a rung and what it asks, in words that stay true however late they are read."""
    limit = limit_for(clock.rule, clock.started_at)
    rung = next((rung for rung in limit.ladder if rung.key == key), Rung(key, key, 0, ()))
    days = limit.hours is None
    span = f"{abs(rung.offset)}{'个工作日' if days else '小时'}"
    if rung.offset < 0:
        return RungText(rung.name, f"发出时距到期还有{span}，请抓紧办理并{limit.deed}。")
    if rung.offset == 0:
        today = f"发出时当天到期，请于当天24:00前{limit.deed}。"
        return RungText(rung.name, today if days else f"发出时到期，请立即{limit.deed}。")
    return RungText(rung.name, f"发出时已逾期{span}仍未{limit.deed}，请立即办理，并说明原因。")


def due_text(clock: Clock) -> str:
    """10月8日（周四）18:00."""
    return due_words(due_of(clock))


def moment_words(moment: datetime) -> str:
    """9月28日 09:00, in Shanghai."""
    return f"{day_words(local_date(moment))} {moment.astimezone(SHANGHAI):%H:%M}"


def light_of(clock: Clock, at: datetime) -> LightWords:
    """The light of now; of a clock that stopped without an answer, why it stopped."""
    stopped = clock.stopped_at
    if stopped is None:
        return running_light(clock, at)
    if clock.outcome not in DEEDS:
        word = clock.outcome.label if clock.outcome else Validity.ENDED.label
        return LightWords("done", word, day_words(local_date(stopped)))
    return light_words(
        reading_of(clock, at), due_of(clock), stopped, answered=True, deed=DEEDS[clock.outcome]
    )


def validity_words(told: Told) -> str:
    """What happened since, for whoever reads a notice that no longer holds; "" while it holds."""
    clock = told.clock
    match told.validity:
        case Validity.ENDED:
            day = day_words(local_date(clock.stopped_at)) if clock.stopped_at else ""
            return f"此件{day}{clock.outcome.label if clock.outcome else '已办结'}，不用再办。"
        case Validity.MOVED if clock.paused_since:
            return "此件已暂停计时，恢复后顺延。"
        case Validity.MOVED:
            return f"到期时间已改为{due_text(clock)}，以新的时限为准。"
        case Validity.HANDED:
            return f"此件已转{told.unit.name}办理。"
        case Validity.OVERTAKEN:
            return f"此件已升级为“{rung_text(clock, told.higher).name}”，以后发的通知为准。"
    return ""
