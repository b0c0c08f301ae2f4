"""What the page of patterns shows: every component in every state, at one moment, with invented facts."""

from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from escalation.ruler import LightWords, Ruler, build_ruler
from sla import SHANGHAI, due_at, limits, local_date, published

MOMENT = "2026-09-30T10:42"

LIGHTS = (
    LightWords("green", "绿灯", "剩4日"),
    LightWords("blue", "蓝灯", "剩2日"),
    LightWords("amber", "黄灯", "剩1日"),
    LightWords("amber", "黄灯", "今日到期"),
    LightWords("red", "红灯", "逾期3日"),
    LightWords("pause", "暂停", "待补正"),
    LightWords("done", "按期", "9月29日答复"),
    LightWords("done", "超期", "9月29日答复"),
    LightWords("pause", "暂定", "2027年1月5日"),
)
LAMPS = (
    {"c": "red", "icon": "", "word": "红灯 逾期", "count": 4, "note": "最长逾期3个工作日"},
    {"c": "amber", "icon": "", "word": "黄灯 剩1日内", "count": 11, "note": "今日到期4件未答"},
    {"c": "blue", "icon": "", "word": "蓝灯 剩2日", "count": 17, "note": "提醒已送达16件"},
    {"c": "green", "icon": "", "word": "绿灯 剩3日以上", "count": 76, "note": "今日新收23件"},
    {"c": "pause", "icon": "", "word": "计时暂停", "count": 3, "note": "待补正2，待鉴定1"},
    {"c": "", "icon": "broadcast", "word": "在办舆情", "count": 9, "note": "最近时限1小时48分"},
)
STEPS = (
    {"c": "blue", "count": 17, "name": "提醒", "note": "剩2日"},
    {"c": "amber", "count": 11, "name": "预警", "note": "剩1日"},
    {"c": "red", "count": 3, "name": "催办单", "note": "逾期1日"},
    {"c": "red", "count": 1, "name": "督办单", "note": "逾期3日"},
    {"c": "", "count": 0, "name": "通报 约谈", "note": "逾期5日"},
)
# name, used, ticks, left, light, word
CLOCKS = (
    ("5小时 首次发布", 20, 5, "4小时0分", "green", "剩"),
    ("24小时 发布会", 60, 8, "9小时36分", "blue", "剩"),
    ("48小时 回应", 90, 8, "4小时48分", "amber", "剩"),
    ("48小时 回应", 100, 8, "2小时42分", "red", "超"),
    ("48小时 回应", 100, 8, "用时31小时", "done", "已回应"),
)
# done, public, word of done, word of public, state
BRIDGES = (
    (0, 0, "未开始", "未", ""),
    (75, 0, "9/12盏", "未", ""),
    (100, 0, "完成", "未", ""),
    (100, 100, "完成", "已", "met"),
    (100, 100, "完成", "已", "struck"),
)
# icon, name, who, when, body, class
_ACT_ROWS = (
    ("pencil", "起草答复", "谭文静", "今天 10:41", "第2稿", "is-mark"),
    ("alert-triangle", "预警（黄灯）", "系统", "今天 09:00", "已送达，09:06签收", "is-rung"),
    ("bell", "提醒（蓝灯）", "系统", "9月29日 09:00", "已送达", "is-rung is-info"),
    ("check", "签收", "县住房城乡建委", "9月20日 09:11", "", ""),
)
ACTS = [dict(zip(("icon", "name", "who", "at", "body", "cls"), row, strict=True)) for row in _ACT_ROWS]
NOTES = (
    ("提示：国庆期间到期3项。", ""),
    ("该到期日为暂定，2027年通知发布后重算。", "warn"),
    ("残留扫描发现1处手机号，不能发布。", "bad"),
    ("已发布到县政府门户网站。", "good"),
)
# heading, received, looked at, answered
SCENES = (
    ("刚收到，跨国庆，有调休", "2026-09-30T08:15", MOMENT, ""),
    ("还剩1个工作日", "2026-09-23T16:02", MOMENT, ""),
    ("今天到期", "2026-09-22T09:30", MOMENT, ""),
    ("逾期", "2026-09-18T20:14", MOMENT, ""),
    ("按期答复", "2026-09-22T09:30", MOMENT, "2026-09-29T10:20"),
    ("超期答复", "2026-09-18T20:14", MOMENT, "2026-09-28T09:00"),
    ("节假日里收到", "2026-10-03T09:00", "2026-10-04T10:42", ""),
    ("到期日在放假通知未发布的年份", "2026-12-28T14:00", "2026-12-29T10:42", ""),
    ("逾期很久，折叠", "2026-09-18T20:14", "2026-12-01T10:42", ""),
)


class SampleForm(Form):
    """One field of each kind."""

    kind = RadioField("诉求类型", choices=[(word, word) for word in ("咨询", "求助", "投诉", "举报", "建议")])
    name = StringField("来电人")
    phone = StringField(
        "回复号码", [InputRequired("请填写回复号码"), Length(min=11, max=11, message="手机号要11位，还差4位")]
    )
    unit = SelectField(
        "承办单位",
        choices=[(word, word) for word in ("县医保局", "县教委")],
        description="按关键词推荐，可改",
    )
    co_unit = StringField("协办单位")
    body = TextAreaField("来电内容", [InputRequired("请写下来电人说了什么")])
    public = BooleanField("同意隐去个人信息后公开")


def _instant(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


def _ruler(received: str, at: str, answered: str) -> Ruler:
    start = _instant(received)
    limit, cal = limits().at("inquiry.reply", local_date(start)), published()
    due = due_at(start, limit, cal)
    stopped_at = _instant(answered) if answered else None
    return build_ruler(start, due, limit, cal, at=_instant(at), stopped_at=stopped_at)


def _refused_form() -> SampleForm:
    typed = {"kind": "咨询", "name": "谭女士", "phone": "1390000", "unit": "县医保局", "public": "y"}
    form = SampleForm(MultiDict(typed))
    form.validate()
    return form


def patterns_context() -> dict[str, Any]:
    """All that templates/patterns.html asks for, besides what every staff page has."""
    return {
        "lights": LIGHTS,
        "lamp_items": [{**lamp, "href": "#"} for lamp in LAMPS],
        "steps": STEPS,
        "clocks": CLOCKS,
        "bridges": BRIDGES,
        "acts": ACTS,
        "notes": NOTES,
        "rulers": [(heading, _ruler(*scene)) for heading, *scene in SCENES],
        "form": _refused_form(),
    }
