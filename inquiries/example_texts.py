"""The words of the example county, read from data/example.toml: places, names and matters, all made up."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.config import ROOT
from inquiries.lists import categories
from inquiries.requesters import Personal
from inquiries.words import Kind, Urgency

TOWN = "town"  # in the file: the township of the place that was drawn
REQUESTERS = 220  # fewer than the cases, so that some people ask more than once


@dataclass(frozen=True)
class Matter:
    """One matter at one place, with the answer that will be given to it."""

    title: str
    text: str
    answer: str
    category: str
    kind: Kind
    urgency: Urgency
    place: str
    unit: str
    accused: str


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((ROOT / "data" / "example.toml").read_text(encoding="utf-8"))


class Texts:
    """Draws matters and people with the dice it is given; all matters come up before one is repeated."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._deck: list[dict[str, Any]] = []
        self._people = [self._person(number) for number in range(REQUESTERS)]

    def matter(self, kind: Kind | None = None) -> Matter:
        """The next matter of the deck, or any one of this kind."""
        if kind is not None:
            return self._placed(self._dice.choice([m for m in _words()["matter"] if m["kind"] == kind]))
        if not self._deck:
            self._deck = self._dice.sample(_words()["matter"], k=len(_words()["matter"]))
        return self._placed(self._deck.pop())

    def requester(self) -> Personal:
        return self._dice.choice(self._people)

    def _placed(self, raw: dict[str, Any]) -> Matter:
        town = self._dice.choice(list(_words()["spots"]))
        spot = self._dice.choice(_words()["spots"][town])
        unit = raw.get("unit") or categories()[raw["category"]].unit
        accused = raw.get("accused", "")
        return Matter(
            title=f"{spot}：{raw['title']}" if self._dice.random() < 0.5 else raw["title"],
            text=raw["text"].format(spot=spot),
            answer=raw["answer"],
            category=raw["category"],
            kind=Kind[raw["kind"].upper()],
            urgency=Urgency.URGENT if raw.get("urgent") else Urgency.NORMAL,
            place=spot,
            unit=town if unit == TOWN else unit,
            accused=town if accused == TOWN else accused,
        )

    def _person(self, number: int) -> Personal:
        family = self._dice.choice(_words()["surnames"])
        given = self._dice.choice(["先生", "女士", *_words()["given"]])
        spot = self._dice.choice([spot for spots in _words()["spots"].values() for spot in spots])
        address = f"{spot}{self._dice.randint(1, 98)}号" if self._dice.random() < 0.6 else ""
        return Personal(family + given, f"1380000{number:04d}", address)
