"""The words in which the audit page tells what was done to a score sheet."""

from core.audit import Words

WORDS = Words(
    acts={"score:freeze": "封存考核得分表"},
    parts={"cut_off": "统计截止", "edition": "版", "period": "期间", "sha256": "SHA-256"},
    values={},
)
