"""The filters of the case list and the days of the ledger, read from the address."""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from wtforms import DateField, Form, SearchField, SelectField
from wtforms.validators import Length, Optional

from core.fields import one_line, options
from core.people import Actor, Role
from core.permits import SEES_ALL
from inquiries.case_list import UnitChoices
from inquiries.lists import categories, channels
from inquiries.queries import Filters, Order, View
from inquiries.stages import ENDED, Stage
from inquiries.words import Kind
from sla import Light

L = TypeVar("L", bound=StrEnum)
FIRST_YEAR, LAST_YEAR = 2000, 2100


def member(members: type[L], value: object) -> L | None:
    """The member of this value, None for an empty or unknown one."""
    return next((one for one in members if one == value), None)


class ChineseForm(Form):
    """Messages of the fields themselves (an unknown choice, a word that is no date) in Chinese."""

    class Meta:
        locales = ("zh",)


def grouped(first: str, groups: UnitChoices) -> list[Any]:
    """Choices under their groups, after an empty one that says what the field is."""
    made = options([("", first)])
    for group, pairs in groups.items():
        made += [replace(choice, optgroup=group) for choice in options(pairs)]
    return made


def _categories() -> UnitChoices:
    groups: UnitChoices = {}
    for leaf in categories().values():
        groups.setdefault(leaf.group, []).append((leaf.code, leaf.name))
    return groups


class Day(DateField):
    """A day that a calendar can hold; anything else is refused in Chinese."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if isinstance(self.data, date) and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None
            raise ValueError(f"年份应在{FIRST_YEAR}年至{LAST_YEAR}年之间")


def _any_of(word: str, choices: list[tuple[str, str]]) -> SelectField:
    return SelectField(word, choices=options([("", f"全部{word}"), *choices]), default="")


class FilterForm(ChineseForm):
    q = SearchField("查找", [Length(max=100, message="最多100个字")], filters=[one_line])
    view = SelectField("范围", choices=options([("", ""), *View.choices()]), default="")
    order = SelectField("顺序", choices=options([("", ""), *Order.choices()]), default="")
    light = _any_of("时限灯", [(light.value, light.label) for light in Light])
    stage = _any_of("环节", Stage.choices())
    channel = _any_of("来源", [(item.key, item.name) for item in channels().values()])
    kind = _any_of("类型", Kind.choices())
    unit = _any_of("单位", [])
    category = _any_of("分类", [])
    since = Day("收到自", [Optional()], name="from")
    until = Day("收到至", [Optional()], name="to")
    due_on = Day("到期日", [Optional()])

    def __init__(self, values: Any, units: UnitChoices) -> None:
        super().__init__(values)
        self.unit.choices = grouped("全部单位", units)
        self.category.choices = grouped("全部分类", _categories())

    def filters(self, person: Actor) -> Filters:
        """What a valid form asks for."""
        stage = member(Stage, self.stage.data)
        view = member(View, self.view.data) or self._view(person, stage)
        newest = view is View.ALL and not (self.light.data or self.due_on.data)
        return Filters(
            view=view,
            order=member(Order, self.order.data) or (Order.NEWEST if newest else Order.DUE),
            q=self.q.data or "",
            light=member(Light, self.light.data),
            stage=stage,
            channel=self.channel.data or "",
            kind=member(Kind, self.kind.data),
            unit_id=int(self.unit.data) if self.unit.data and person.has(*SEES_ALL) else None,
            category=self.category.data or "",
            since=self.since.data,
            until=self.until.data,
            due_on=self.due_on.data,
        )

    def _view(self, person: Actor, stage: Stage | None) -> View:
        """A search, an ended stage and a reviewer look at everything, others at what wants its answer."""
        everything = self.q.data or stage in ENDED or person.roles == {Role.REVIEWER}
        return View.ALL if everything else View.NO_ECHO

    @property
    def active(self) -> bool:
        """Whether anything beyond the tabs narrows the list."""
        fields = (self.light, self.stage, self.channel, self.kind, self.unit, self.category)
        days = (self.since, self.until, self.due_on)
        return any(field.data for field in (self.q, *fields, *days))


class LedgerForm(ChineseForm):
    """The period of the call ledger."""

    since = Day("自", [Optional()], name="from")
    until = Day("至", [Optional()], name="to")
