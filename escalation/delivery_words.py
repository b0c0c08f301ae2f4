"""Chinese for the facts of delivery."""

from core.audit import Words
from escalation.route_models import RouteKind

WORDS = Words(
    acts={
        "route:add": "添加通知渠道",
        "route:change": "修改通知渠道",
        "route:test": "发送测试消息",
        "delivery:resend": "重发通知",
        "delivery:resend_all": "重发全部失败通知",
    },
    parts={
        "answer": "对方回答",
        "base": "地址",
        "copies": "份数",
        "notice": "通知",
        "ok": "成功",
        "signed": "有签名密钥",
        "target": "发往",
    },
    values={"kind": {kind.value: kind.label for kind in RouteKind}},
)
