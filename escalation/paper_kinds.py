"""The six official papers of the ladder, as a county names them."""

from core.labels import Labelled


class PaperKind(Labelled):
    REMINDER = "reminder_notice", "催办单"
    SUPERVISION = "supervision_order", "督办单"
    RECTIFICATION = "rectification_notice", "整改通知"
    TALK = "formal_talk", "约谈通知书"
    CRITICISM = "criticism_circular", "通报批评"
    COMMENDATION = "commendation_circular", "通报表扬"


class Ground(Labelled):
    """Why a matter is supervised: the coded 督办事由."""

    REFUSED = "refused", "拒收"
    OVERDUE = "overdue", "逾期"
    UNSOLVED = "unsolved", "应解决未解决"
    HARM = "harm", "办理不力造成负面影响"
    OTHER = "other", "其他"
