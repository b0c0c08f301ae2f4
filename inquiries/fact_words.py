"""The words in which the audit page tells what was done to an inquiry and its clock."""

from core.audit import Words
from core.labels import Labelled
from escalation.models import Move, Outcome
from inquiries.stages import Act, Stage
from inquiries.words import DeclineGround, Kind, ReturnGround, Way


def _labels(*kinds: type[Labelled]) -> dict[str, str]:
    return {member.value: member.label for kind in kinds for member in kind}


WORDS = Words(
    acts={f"inquiry:{act}": act.label for act in Act}
    | {f"clock:{move}": f"时限{move.label}" for move in Move}
    | {
        "clock:start": "开始计时",
        "clock:confirm_time": "确认系统时间",
        "inquiry:register": "登记",
        "inquiry:reveal": "查看来件人信息",
        "clock:settle": "到期日确定",
        "clock:stop": "停止计时",
        "clock:ask": "申请调整时限",
        "clock:grant": "同意调整时限",
        "clock:refuse": "不同意调整时限",
        "clock:move": "按日历改到期日",
        "notice:issue": "发出通知",
        "calendar:confirm": "日历生效",
        "calendar:feed": "生成订阅地址",
    },
    parts={
        "amount": "日数",
        "calendar": "日历",
        "channel": "渠道",
        "confidential": "要求保密",
        "consent": "同意选登",
        "due_at": "到期",
        "due_on": "到期日",
        "ground": "理由",
        "into": "并入",
        "move": "调整",
        "notice": "通知号",
        "number": "编号",
        "outcome": "结果",
        "promised_on": "承诺答复日",
        "provisional": "暂定",
        "received_at": "收到",
        "rev": "版次",
        "rule": "时限",
        "rung": "级别",
        "stage": "环节",
        "started_at": "起算",
        "stopped_at": "停止",
        "text_mac": "答复指纹",
        "title": "标题",
        "to": "收件人",
        "told_at": "告知",
        "unit_id": "原单位号",
        "version": "版本",
        "way": "方式",
    },
    values={
        "ground": _labels(DeclineGround, ReturnGround),
        "kind": _labels(Kind),
        "move": _labels(Move),
        "outcome": _labels(Outcome),
        "stage": _labels(Stage),
        "way": _labels(Way),
    },
)
