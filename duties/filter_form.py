"""The filters of the ledger, read from the address."""

from collections.abc import Sequence
from typing import Any, TypeVar

from wtforms import SelectField

from core.fields import options
from core.labels import Labelled
from core.people import Unit
from core.people_forms import ChineseForm
from duties.catalogue import catalogue
from duties.fields import line_field, unit_choices
from duties.kinds import DutyKind
from duties.ledger import Filters, Scope
from sla import Light

L = TypeVar("L", bound=Labelled)


def member(members: type[L], value: object) -> L | None:
    """The member of this value, None for an empty or unknown one."""
    return next((one for one in members if one == value), None)


class YearForm(ChineseForm):
    """The year of a page; the default is the present one."""

    year = SelectField("年度", choices=[], default="")

    def __init__(self, values: Any, years: Sequence[int], present: int) -> None:
        super().__init__(values)
        known = sorted({*years, present}, reverse=True)
        self.year.choices = options((str(year), f"{year}年") for year in known)
        if not self.year.data:
            self.year.data = str(present)

    @property
    def chosen(self) -> int:
        return int(self.year.data)


class FilterForm(YearForm):
    scope = SelectField("范围", choices=options([("", ""), *Scope.choices()]), default="")
    unit = SelectField("单位", choices=[], default="")
    section = SelectField("部分", choices=[], default="")
    clause = line_field("条号", most=12)
    kind = SelectField("类别", choices=options([("", "全部类别"), *DutyKind.choices()]), default="")
    light = SelectField("时限灯", choices=[], default="")

    def __init__(self, values: Any, years: Sequence[int], present: int, units: Sequence[Unit]) -> None:
        super().__init__(values, years, present)
        self.unit.choices = unit_choices(units, "全部单位")
        sections = [(key, words) for key, words in catalogue().sections.items()]
        self.section.choices = options([("", "全部部分"), *sections])
        lights = [(light.value, light.label) for light in Light]
        self.light.choices = options([("", "全部时限灯"), *lights])

    def filters(self) -> Filters:
        """What a valid form asks for."""
        return Filters(
            year=self.chosen,
            scope=member(Scope, self.scope.data) or (Scope.ALL if self.active else Scope.RUNNING),
            unit_id=int(self.unit.data) if self.unit.data else None,
            clause=self.clause.data or "",
            section=self.section.data or "",
            kind=member(DutyKind, self.kind.data),
            light=next((light for light in Light if light.value == self.light.data), None),
        )

    @property
    def active(self) -> bool:
        """Whether anything beyond tabs and year narrows the list."""
        return any(f.data for f in (self.unit, self.section, self.clause, self.kind, self.light))
