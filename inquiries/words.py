"""The listed words of an inquiry: kinds, urgency, ways of answering, grounds."""

from core.labels import Labelled


class Kind(Labelled):
    INQUIRY = "inquiry", "咨询"
    HELP_REQUEST = "help_request", "求助"
    COMPLAINT = "complaint", "投诉"
    TIP_OFF = "tip_off", "举报"
    SUGGESTION = "suggestion", "建议"
    PRAISE = "praise", "表扬"


class Urgency(Labelled):
    NORMAL = "normal", "一般"
    URGENT = "urgent", "紧急"
    CRITICAL = "critical", "特急"


class Way(Labelled):
    """How the citizen was told."""

    PHONE = "phone", "电话"
    SMS = "sms", "短信"
    ONLINE = "online", "网上答复"
    LETTER = "letter", "书面"
    FACE = "face", "当面"


class ReplyKind(Labelled):
    FINAL = "final", "答复"
    INTERIM = "interim", "阶段性答复"
    INSTANT = "instant", "当场答复"
    REFUSAL = "refusal", "不予受理告知"
    ATTEMPT = "attempt", "联系未果"


class DeclineGround(Labelled):
    """重庆市公开信箱 lists eight grounds; the person must be told (domain rule: a told refusal is an answer)."""

    OTHER_BODY = "other_body", "属党委、人大、政协、纪检监察、军队、法院、检察院等范畴"
    LEGAL_ROUTE = "legal_route", "已经或应当通过诉讼、仲裁、行政复议、依申请公开等途径"
    REPEATED = "repeated", "正在办理或办结后重复来件"
    PETITION_ENDED = "petition_ended", "信访事项已终结"
    UNCLEAR = "unclear", "事实不清、责任主体不明、内容空泛或推销广告"
    UNLAWFUL = "unlawful", "反动、淫秽、赌博、暴力内容"
    NOT_OURS = "not_ours", "不属本级政府职能范围"
    IMMORAL = "immoral", "违反法律法规或社会公德"


class ReturnGround(Labelled):
    """Only 明确不属于本单位职责 is a ground to return; the others say which way it is clear."""

    OTHER_UNIT = "other_unit", "法定职责属其他单位"
    OTHER_PLACE = "other_place", "事发地不在本单位辖区"
    OTHER_LEVEL = "other_level", "属上级或垂直管理单位职责"
