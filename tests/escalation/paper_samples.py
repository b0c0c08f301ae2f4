"""One full set of facts for every kind of paper; the matter is that of the design's 督办单."""

from dataclasses import replace
from datetime import UTC, datetime

from escalation.paper_facts import Case, Matter, PaperFacts, Talk
from escalation.paper_kinds import PaperKind
from escalation.ruler import Ruler, build_ruler
from sla import due_at, limits, local_date, published

OFFICE = "云阳县人民政府办公室"
RECEIVED = datetime(2026, 9, 18, 1, 0, tzinfo=UTC)
NOW = datetime(2026, 9, 30, 2, 42, tzinfo=UTC)
DUE = "2026年10月9日18:00"


def ruler() -> Ruler:
    """18 September to 30 September 2026: a make-up Sunday, Mid-Autumn, three days overdue."""
    limit, cal = limits().at("inquiry.reply", local_date(RECEIVED)), published()
    return build_ruler(RECEIVED, due_at(RECEIVED, limit, cal), limit, cal, at=NOW)


MATTER = Matter(
    label="青龙街道一工地渣土车夜间带泥上路，要求清理路面并告知结果",
    limit="答复诉求（5个工作日）",
    received="2026年9月18日",
    due="2026年9月24日",
    standing="已逾期3个工作日",
    times="第1次",
)
EARLIER = "云政办催〔2026〕43号，9月28日发出，当日10:20签收，未反馈"
COMMON = PaperFacts(
    kind="",
    red_head="",
    office=OFFICE,
    number="",
    signer="　　　　",
    title="",
    to="县城市管理局",
    unit="县城市管理局",
    day="2026年9月30日",
    contact="联系人：陈立衡，023-55120000。",
    reply_to="县政府办公室督查科",
    copies="县政府分管负责人",
    reply_due=DUE,
    grounds="逾期",
    matter=MATTER,
    ruler=ruler().simple,
    ruler_note="收到当日为第0日；9月20日调休上班计入，中秋节放假不计。依据国办发明电〔2025〕7号。",
    earlier=(EARLIER,),
    basis=("2021年云阳县政务公开重点工作任务清单 七(三)：5个工作日内答复",),
)
REMINDER = replace(
    COMMON,
    kind="reminder_notice",
    red_head=f"{OFFICE}催办单",
    number="云政办催〔2026〕43号",
    title="关于抓紧答复渣土车带泥上路诉求的催办单",
    body=("下列事项逾期1个工作日未办结，请抓紧办理。",),
    requirements=(f"请于{DUE}前办结，并将办理情况反馈县政府办公室督查科。",),
    earlier=(),
)
SUPERVISION = replace(
    COMMON,
    kind="supervision_order",
    red_head=f"{OFFICE}督办单",
    number="云政办督〔2026〕17号",
    title="关于限期答复渣土车带泥上路诉求的督办单",
    body=("下列事项逾期3个工作日未办结，经催办未果，现予督办。",),
    requirements=(
        f"请于{DUE}前办结，并将处置情况、答复要点和未按时办结的原因书面反馈县政府办公室督查科。逾期仍未办结的，"
        "按规定提请通报批评或者约谈。",
    ),
)
RECTIFICATION = replace(
    COMMON,
    kind="rectification_notice",
    red_head=f"{OFFICE}整改通知书",
    number="云政办改〔2026〕5号",
    title="关于群众来电答复不及时问题的整改通知",
    body=("2026年9月以来，你单位承办的群众来电有3件逾期答复，其中1件经督办仍未办结，群众反映强烈。",),
    requirements=(
        "1. 立即办结逾期事项，逐件向来电人说明情况。",
        "2. 明确专人负责来电登记和答复，落实首接负责制。",
    ),
)
TALK = replace(
    COMMON,
    kind="formal_talk",
    red_head=f"{OFFICE}约谈通知书",
    number="云政办谈〔2026〕2号",
    title="关于约谈县城市管理局有关负责人的通知",
    body=("群众来电答复不及时，经催办、督办仍未办结，造成负面影响。",),
    requirements=(
        "请约谈对象准时参加，不得委托他人。确因特殊情况不能参加的，应当提前书面说明理由，由约谈人另行确定时间。",
    ),
    talk=Talk(
        object="县城市管理局局长 王明远",
        time="2026年10月12日15:00",
        place="县政府办公楼302会议室",
        talkers="县政府办公室副主任 陈立衡",
        materials="逾期事项的办理卷宗、原因说明和整改计划",
    ),
)
CRITICISM = replace(
    COMMON,
    kind="criticism_circular",
    red_head=f"{OFFICE}文件",
    number="云政办通〔2026〕3号",
    title="关于县城市管理局逾期未答复情况的通报",
    to="各乡镇人民政府、街道办事处，县政府各部门",
    body=("经核查，县城市管理局承办的2件群众来电逾期未答复，经催办、督办仍未办结。",),
    cases=(
        Case(
            "青龙街道一工地渣土车夜间带泥上路，要求清理路面并告知结果",
            "2026年9月18日",
            "2026年9月24日",
            "已逾期8个工作日",
        ),
        Case("双江街道滨河路路灯多日不亮", "2026年9月21日", "2026年9月29日", "已逾期5个工作日"),
    ),
    earlier=(f"{EARLIER}。", "云政办督〔2026〕17号，9月30日发出，当日15:05签收，10月9日反馈，未办结。"),
    statement=("该单位陈述：工地管辖权有争议，正在与青龙街道核实，承诺10月16日前答复。",),
    basis=("2021年云阳县政务公开重点工作任务清单 七(一)",),
    decision=("决定对县城市管理局予以通报批评，责令其限期办结，并纳入年度考核。",),
    requirements=("各乡镇、街道、部门要引以为戒，严格落实5个工作日答复的要求，做到件件有落实、事事有回音。",),
    openness="此件公开发布",
)
COMMENDATION = replace(
    CRITICISM,
    kind="commendation_circular",
    number="云政办通〔2026〕4号",
    title="关于表扬县住房城乡建委的通报",
    body=("2026年第三季度，县住房城乡建委承办群众来电86件，全部按时答复，群众满意。",),
    cases=(),
    matter=None,
    ruler=None,
    decision=("决定对县住房城乡建委予以通报表扬。",),
    requirements=("希望受表扬的单位再接再厉。各乡镇、街道、部门要学习先进，进一步提高答复质量。",),
)
SAMPLES = {
    PaperKind.REMINDER: REMINDER,
    PaperKind.SUPERVISION: SUPERVISION,
    PaperKind.RECTIFICATION: RECTIFICATION,
    PaperKind.TALK: TALK,
    PaperKind.CRITICISM: CRITICISM,
    PaperKind.COMMENDATION: COMMENDATION,
}
