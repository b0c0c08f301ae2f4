"""Numbers as task lists write them: in digits of either width or in Chinese numerals, one to ninety-nine."""

NUMERALS = "一二三四五六七八九十"
_VALUE = {numeral: value for value, numeral in enumerate(NUMERALS, 1)} | {"两": 2}


def number_of(text: str) -> int | None:
    """12 from "12", "１２" and "十二"; None if it is no such number."""
    if text.isdecimal():
        return int(text) if len(text) <= 4 else None
    tens, ten, ones = text.rpartition("十")
    if not text or len(tens) > 1 or len(ones) > 1 or not {*tens, *ones} <= _VALUE.keys():
        return None
    return (_VALUE[tens] if tens else 1 if ten else 0) * 10 + (_VALUE[ones] if ones else 0)


def numeral_of(number: int) -> str:
    """ "十二" from 12."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else NUMERALS[tens - 1]) + "十" if tens else ""
    return head + (NUMERALS[ones - 1] if ones else "")
