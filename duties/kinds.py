"""How a duty is owed."""

from core.labels import Labelled


class DutyKind(Labelled):
    """Decides what the register asks for: nothing but evidence, a count, the next day, or one day."""

    CONTINUOUS = "continuous", "持续"
    QUOTA = "quota", "年度次数"
    PERIODIC = "periodic", "定期"
    DATE = "date", "限期"
