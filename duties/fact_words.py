"""The words in which the audit page tells what was done to the task ledger."""

from core.audit import Words
from core.labels import Labelled
from duties.stages import Act, Stage


def _labels(*kinds: type[Labelled]) -> dict[str, str]:
    return {member.value: member.label for kind in kinds for member in kind}


WORDS = Words(
    acts={f"duty:{act}": f"台账{act.label}" for act in Act}
    | {
        "duty:start": "启用年度台账",
        "duty:roll_over": "年度结转",
        "duty:assign": "增加责任单位",
        "duty:rectify": "交办整改",
        "duty:propose": "导入任务清单",
        "duty:accept": "确认清单条目",
        "duty:leave_out": "略去清单条目",
        "phone:check": "抽查联系电话",
        "consultation:enter": "登记征求意见",
        "consultation:outcome": "公布采纳情况",
        "consultation:withdraw": "撤回征求意见",
    },
    parts={
        "adopted": "采纳条数",
        "answered": "接通",
        "by_leader": "负责同志带头",
        "clause": "条号",
        "clocks": "计时",
        "closes_on": "截止",
        "duties": "条目",
        "evidence": "佐证号",
        "happened_on": "发生日",
        "opinions": "意见条数",
        "proposals": "拟登条目",
        "published_on": "公布",
        "task": "任务号",
        "tasks": "任务",
    },
    values={"stage": _labels(Stage)},
)
