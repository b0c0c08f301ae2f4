"""Forms of people, units and the search of the audit page."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from wtforms import BooleanField, DateField, Form, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from core.fields import one_line, options
from core.people import Role, Unit, UnitKind

ROLE_NOTES = {
    Role.OPERATOR: "登记来件，当场答复",
    Role.DISPATCHER: "交办、审退单",
    Role.HANDLER: "签收、答复本单位的件",
    Role.CONTACT: "收本单位的催办",
    Role.LEADER: "收本单位的预警和督办",
    Role.SUPERVISOR: "看全县、督办、补录",
    Role.WATCH: "网信值守，看全县的在办件",
    Role.REVIEWER: "选登审核",
    Role.AUDITOR: "只看审计记录，不能兼任",
    Role.ADMIN: "只管人员单位，不能兼任",
}
STATES = [("", "在用"), ("off", "已停用"), ("all", "全部")]
PHONE = Regexp(r"^[0-9（）()+\- 转、]*$", message="电话只能写数字和 ( ) + - 转")
MAIL = Regexp(r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$", message="电子邮箱写成 name@example.cn 的样子")


def _short(words: str, most: int = 64) -> Length:
    return Length(max=most, message=f"{words}最多{most}个字")


def _line(label: str, most: int = 64, *checks: Any, **more: Any) -> StringField:
    return StringField(label, [*checks, _short(label, most)], [one_line], **more)


def _day(form: Form, field: DateField) -> None:
    if field.data and not date(2000, 1, 1) <= field.data < date(2100, 1, 1):
        raise ValidationError("日期写在2000年至2099年之间")


class ChineseForm(Form):
    """The library's own words in Chinese."""

    class Meta:
        locales: ClassVar = ["zh"]


class PersonForm(ChineseForm):
    """Change a person; `units` are offered by name."""

    name = _line("姓名", 32, DataRequired("请填写姓名"))
    title = _line("职务或工号", description="显示在姓名旁，例如“承办人”“12345坐席03”")
    unit_id = SelectField("单位", coerce=int, validate_choice=True)
    email = _line("电子邮箱", 120, Optional(), MAIL, description="通知发到这里；不填就只在系统内通知")
    roles = SelectMultipleField(
        "角色",
        choices=options(Role.choices()),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    active = BooleanField("在用", default=True, description="停用后立即退出登录，办过的件和记录都保留")

    def offer(self, units: Sequence[Unit]) -> None:
        """The units that may be chosen."""
        self.unit_id.choices = options((unit.id, unit.name) for unit in units)

    @property
    def chosen_roles(self) -> list[Role]:
        return [role for role in Role if role.value in (self.roles.data or [])]


class NewPersonForm(PersonForm):
    login = _line(
        "登录名",
        32,
        DataRequired("请填写登录名"),
        Regexp(
            r"^[A-Za-z][A-Za-z0-9._-]{1,31}$", message="登录名用字母开头，只用字母、数字和 . _ -，2至32位"
        ),
        description="例如姓名拼音；建好后不能改",
    )


class UnitForm(ChineseForm):
    name = _line("单位名称", 64, DataRequired("请填写单位名称"), description="全称，例如“县住房城乡建委”")
    short_name = _line("简称", 32, description="清单和尺上用；不填就用全称")
    kind = SelectField("类别", choices=options(UnitKind.choices()), coerce=str)
    phone = _line("电话", 40, PHONE, description="群众页面“办理单位”旁显示")
    active = BooleanField("在用", default=True, description="停用后不能再转给它，已转的件不动")


class NewUnitForm(UnitForm):
    code = _line(
        "单位代码",
        32,
        DataRequired("请填写单位代码"),
        Regexp(r"^[a-z][a-z0-9_]{1,31}$", message="单位代码用小写字母开头，只用小写字母、数字和 _，2至32位"),
        description="与其他系统对接用，例如 housing；建好后不能改",
    )


class PeopleFilter(ChineseForm):
    q = _line("姓名或登录名")
    unit = SelectField("单位", coerce=int, default=0)
    state = SelectField("状态", choices=options(STATES), default="")


class AuditFilter(ChineseForm):
    act = SelectField("事项", default="")
    subject = _line("对象")
    person = _line("人员")
    since = DateField("从", [Optional(), _day], format="%Y-%m-%d")
    until = DateField("到", [Optional(), _day], format="%Y-%m-%d")
