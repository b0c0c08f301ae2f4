"""Verbs on the ways outside. Secrets are written, sealed to their row, and shown by their last four only."""

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import facts
from core.db import vault_of
from core.outbound import Outbound, Refused
from core.people import Actor, Role
from core.people_service import Refused as Wrong
from core.vault import SealBroken, Vault
from escalation.courier import Way
from escalation.line import Answer
from escalation.route_models import ROBOTS, Route, RouteKind, RouteRole

VENDOR = {
    RouteKind.WECOM: "https://qyapi.weixin.qq.com",
    RouteKind.DINGTALK: "https://oapi.dingtalk.com",
    RouteKind.FEISHU: "https://open.feishu.cn",
}


@dataclass(frozen=True)
class Wish:
    """A route as an administrator wants it; an empty secret keeps the one that is there."""

    name: str
    roles: Collection[Role]
    base: str = ""
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    unit_id: int | None = None
    active: bool = True


def add(
    session: Session, kind: RouteKind, wish: Wish, *, allowed: Outbound, by: Actor, at: datetime
) -> Route:
    """Raises Wrong."""
    route = Route(uid=secrets.token_hex(8), kind=kind, sealed=b"", created_at=at, created_by_id=by.id)
    _lawful(kind, wish, wish, allowed)
    _fill(session, route, wish, {"key": wish.key, "secret": wish.secret}, by, at)
    session.add(route)
    _flushed(session)
    after = _state(route)
    facts.record(session, facts.Entry("route:add", f"route:{route.id}", by, at, after=after))
    return route


def change(session: Session, route: Route, wish: Wish, *, allowed: Outbound, by: Actor, at: datetime) -> None:
    """Raises Wrong. What was not typed again stays; a new address asks for its secrets anew."""
    before, kept = _state(route), _opened(vault_of(session), route)
    sealed = {"key": wish.key or kept["key"], "secret": wish.secret or kept["secret"]}
    moved = (wish.base or VENDOR.get(route.kind, "")).rstrip("/") != route.base
    whole = wish if moved else Wish(wish.name, wish.roles, wish.base, sealed["key"], sealed["secret"])
    _lawful(route.kind, wish, whole, allowed)
    _fill(session, route, wish, {"key": wish.key, "secret": wish.secret} if moved else sealed, by, at)
    _flushed(session)
    note = "换了密钥" if wish.key or wish.secret else ""
    entry = facts.Entry(
        "route:change", f"route:{route.id}", by, at, before=before, after=_state(route), note=note
    )
    facts.record(session, entry)


def _lawful(kind: RouteKind, wish: Wish, whole: Wish, allowed: Outbound) -> None:
    if not wish.roles:
        raise Wrong("至少选一个角色", "roles")
    if kind is RouteKind.EMAIL:
        return
    if kind in ROBOTS and not whole.key:
        raise Wrong("请填写机器人的密钥，或粘贴整条 Webhook 地址；换了地址也要重填", "key")
    if kind is RouteKind.WEBHOOK and not whole.secret:
        raise Wrong("请填写签名密钥；换了地址也要重填", "secret")
    try:
        allowed.check(wish.base or VENDOR.get(kind, ""))
    except Refused as refusal:
        raise Wrong(str(refusal), "base") from refusal


def _fill(
    session: Session, route: Route, wish: Wish, sealed: dict[str, str], by: Actor, at: datetime
) -> None:
    route.name, route.unit_id, route.active = wish.name, wish.unit_id, wish.active
    route.base = (wish.base or VENDOR.get(route.kind, "")).rstrip("/")
    route.sealed = vault_of(session).seal(json.dumps(sealed), place=_place(route))
    route.last_four = (sealed["key"] or sealed["secret"])[-4:]
    route.signed = bool(sealed["secret"])
    kept = [row for row in route.role_rows if row.role in wish.roles]
    route.role_rows = kept + [RouteRole(role=role) for role in sorted(set(wish.roles) - route.roles)]
    route.changed_at, route.changed_by_id = at, by.id


def _flushed(session: Session) -> None:
    """Two routes of one name could not be told apart in the outbox."""
    try:
        session.flush()
    except IntegrityError as error:
        raise Wrong("已有同名的渠道", "name") from error


def _state(route: Route) -> facts.Detail:
    """For the facts: no secret, and no last four either."""
    roles = sorted(role.value for role in route.roles)
    state = {
        "name": route.name,
        "kind": route.kind,
        "base": route.base,
        "roles": roles,
        "active": route.active,
    }
    return state | {"unit": route.unit_id, "signed": route.signed}


def _place(route: Route) -> str:
    return f"route.sealed|{route.uid}"


def _opened(vault: Vault, route: Route) -> dict[str, str]:
    """The secrets in clear; empty ones when the master key is another: then nothing goes out, and that is seen."""
    try:
        found: dict[str, str] = json.loads(vault.unseal(route.sealed, place=_place(route)))
    except SealBroken:
        return {"key": "", "secret": ""}
    return found


def way_of(session: Session, route: Route) -> Way:
    """What is needed to send by it: held no longer than one message takes."""
    return Way(route.kind, route.base, route.name, **_opened(vault_of(session), route))


def find(session: Session, route_id: int) -> Route | None:
    return session.get(Route, route_id)


def all_routes(session: Session) -> list[Route]:
    """For the page: those in use first."""
    return list(session.scalars(select(Route).order_by(Route.active.desc(), Route.kind, Route.name)))


def tried(session: Session, route: Route, answer: Answer, *, by: Actor, at: datetime) -> None:
    """Record what came of a test message."""
    after = {"ok": answer.ok, "answer": answer.words}
    facts.record(session, facts.Entry("route:test", f"route:{route.id}", by, at, after=after))
