"""The form of a way outside. What is secret is typed, never shown again, also when the form is refused."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from wtforms import BooleanField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from core.fields import one_line, options
from core.people import Role, Unit
from core.people_forms import ChineseForm
from escalation.route_models import ROBOTS, Route, RouteKind
from escalation.routes import VENDOR, Wish

HEARERS = (Role.HANDLER, Role.CONTACT, Role.LEADER, Role.SUPERVISOR, Role.WATCH)
KEY = re.compile(r"[A-Za-z0-9_-]{12,128}")
PLAIN = re.compile(r"[A-Za-z0-9]{12,128}")  # what 钉钉 hands out
SECRET = re.compile(r"[!-~]{16,200}")
HOOKS = {
    RouteKind.WECOM: re.compile(r"(.*)/cgi-bin/webhook/send"),
    RouteKind.DINGTALK: re.compile(r"(.*)/robot/send"),
    RouteKind.FEISHU: re.compile(r"(.*)/open-apis/bot/v2/hook/([^/]+)/?"),
}
ASKED = {RouteKind.WECOM: "key", RouteKind.DINGTALK: "access_token"}


@dataclass(frozen=True)
class Pasted:
    """What a robot's whole address holds."""

    base: str
    key: str


def read_pasted(kind: RouteKind, text: str) -> Pasted | None:
    """The parts of an address as the group chat shows it; None when it is none of this vendor."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    found = HOOKS[kind].fullmatch(parts.path)
    if found is None or not parts.netloc:
        return None
    key = found[2] if kind is RouteKind.FEISHU else parse_qs(parts.query).get(ASKED[kind], [""])[0]
    return Pasted(f"{parts.scheme}://{parts.netloc}{found[1]}", key)


class RouteForm(ChineseForm):
    """`kind` is set by whoever makes the form; `fields` are those that this kind has."""

    kind: RouteKind = RouteKind.WECOM
    name = StringField(
        "名称",
        [DataRequired("请填写名称"), Length(max=40, message="名称最多40个字")],
        [one_line],
        description="在外发清单和通知证明上显示，例如“督办群”",
    )
    roles = SelectMultipleField(
        "哪些角色的通知",
        choices=options((role.value, role.label) for role in HEARERS),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    unit_id = SelectField("单位", coerce=int, default=0, description="选了单位，就只收这个单位的通知")
    base = StringField("地址", [Length(max=300, message="地址最多300个字")], [one_line])
    key = PasswordField("机器人密钥", [Length(max=500, message="太长了")], [one_line])
    secret = PasswordField("签名密钥", [Length(max=200, message="签名密钥最多200个字")], [one_line])
    active = BooleanField("在用", default=True, description="停用后不再发送，已在排队的撤回")

    def offer(self, units: Sequence[Unit]) -> None:
        """The units that may be chosen."""
        self.unit_id.choices = options([(0, "全部单位"), *((unit.id, unit.name) for unit in units)])

    def validate_key(self, field: PasswordField) -> None:
        """A key, or the whole address with the key in it."""
        pattern = PLAIN if self.kind is RouteKind.DINGTALK else KEY
        if field.data and self.kind in ROBOTS and not pattern.fullmatch(self._parts().key):
            raise ValidationError("看不懂：请粘贴群机器人的整条 Webhook 地址，或只填其中的密钥")

    def validate_secret(self, field: PasswordField) -> None:
        if field.data and not SECRET.fullmatch(field.data):
            raise ValidationError("签名密钥要16个以上的字母、数字或符号，不能有空格和汉字")
        if field.data and self.kind is RouteKind.DINGTALK and not PLAIN.fullmatch(field.data):
            raise ValidationError("钉钉的签名密钥以 SEC 开头，只有字母和数字")

    def _parts(self) -> Pasted:
        typed = self.key.data or ""
        if "/" not in typed:
            return Pasted(self.base.data or "", typed)
        return read_pasted(self.kind, typed) or Pasted("", "")

    @property
    def wish(self) -> Wish:
        """What was typed, for the verb."""
        parts = self._parts() if self.kind in ROBOTS else Pasted(self.base.data or "", "")
        return Wish(
            name=self.name.data or "",
            roles=[role for role in HEARERS if role.value in (self.roles.data or [])],
            base="" if self.kind is RouteKind.EMAIL else parts.base,
            key=parts.key,
            secret="" if self.kind in (RouteKind.EMAIL, RouteKind.WECOM) else self.secret.data or "",
            unit_id=self.unit_id.data or None,
            active=bool(self.active.data),
        )

    def show(self, route: Route) -> None:
        """What is stored; secrets are not."""
        self.name.data, self.active.data = route.name, route.active
        self.roles.data = [role.value for role in route.roles]
        self.unit_id.data = route.unit_id or 0
        self.base.data = "" if route.base == VENDOR.get(route.kind) else route.base


def form_of(kind: RouteKind, units: Sequence[Unit], data: Any = None) -> RouteForm:
    """The form of one kind with what was typed."""
    made = RouteForm(data)
    made.kind = kind
    made.offer(units)
    return made
