"""The listed words of the task ledger."""

from core.labels import Labelled


class Origin(Labelled):
    """Where an entry of the ledger came from."""

    CATALOGUE = "catalogue", "任务清单"
    PROPOSAL = "proposal", "导入清单"
    REVIEW = "review", "回头看整改"
    PHONE = "phone", "电话抽查整改"


class PressForm(Labelled):
    """The forms of a press release that the list names (六、第3行第1项 and 第4项)."""

    CONFERENCE = "conference", "新闻发布会"
    BRIEFING = "briefing", "新闻通气会"
    INTERVIEW = "interview", "媒体专访"
    ONLINE = "online", "线上线下答问"
    SPOKESPERSON = "spokesperson", "发言人来了"


class ProposalState(Labelled):
    WAITING = "waiting", "待确认"
    ACCEPTED = "accepted", "已入台账"
    LEFT_OUT = "left_out", "略去"


class ConsultationState(Labelled):
    """Derived from the days, except that it was withdrawn."""

    OPEN = "open", "征求中"
    WAITING = "waiting", "待公布采纳情况"
    PUBLISHED = "published", "已公布采纳情况"
    WITHDRAWN = "withdrawn", "已撤回"


class Refused(ValueError):
    """The act is not possible so; says why in Chinese. `field` is the form field to show it beside."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field
