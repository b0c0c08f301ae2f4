"""How personal data is shown where it need not be read in full."""

import re
import unicodedata


def normal_phone(text: str) -> str:
    """Digits only, half-width, without the country prefix: one number has one spelling."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def mask_phone(text: str) -> str:
    """13812341234 -> 138****1234; a shorter number keeps its last two digits."""
    digits = normal_phone(text)
    if len(digits) >= 11:
        return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}"
    return f"{'*' * max(len(digits) - 2, 0)}{digits[-2:]}"


def mask_name(text: str) -> str:
    """张三丰 -> 张**; a form of address after the family name stays (张女士)."""
    name = text.strip()
    if len(name) >= 2 and name[1:] in {"先生", "女士", "同志", "某", "某某"}:
        return name
    return name[:1] + "*" * (len(name) - 1)


def mask_address(text: str) -> str:
    """Down to township or street: 双江街道滨河路86号 -> 双江街道***."""
    found = re.match(r".*?(?:街道|镇|乡)", text.strip())
    return f"{found.group()}***" if found else ("***" if text.strip() else "")
