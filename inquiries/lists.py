"""Channels, their extra fields, and categories: data of the installation, read once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.config import ROOT


@dataclass(frozen=True)
class ExtraField:
    """A field that only some channels have; `kind` is text, check or choice."""

    key: str
    name: str
    kind: str
    help: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Channel:
    key: str
    name: str
    short: str
    person: str
    owner: str
    owner_name: str
    instant: bool
    phone: str
    fields: tuple[ExtraField, ...]

    @property
    def phone_required(self) -> bool:
        return self.phone == "required"


@dataclass(frozen=True)
class Category:
    """A leaf of the tree; `group` is its branch, `unit` the code of the unit usually responsible."""

    code: str
    name: str
    group: str
    unit: str


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "data" / name).read_text(encoding="utf-8"))


@cache
def channels() -> dict[str, Channel]:
    """By key, in the order of the file."""
    data = _read("channels.toml")
    extra = {
        item["key"]: ExtraField(**item | {"choices": tuple(item.get("choices", ()))})
        for item in data["field"]
    }
    made = {}
    for item in data["channel"]:
        item = {name: value for name, value in item.items() if name != "source"}
        made[item["key"]] = Channel(**item | {"fields": tuple(extra[key] for key in item["fields"])})
    return made


@cache
def categories() -> dict[str, Category]:
    """Leaves by code, in the order of the file."""
    leaves = {}
    for branch in _read("categories.toml")["category"]:
        for leaf in branch["children"]:
            leaves[leaf["code"]] = Category(leaf["code"], leaf["name"], branch["name"], leaf.get("unit", ""))
    return leaves


def category_name(code: str) -> str:
    """The word of a code; a code that left the file is shown as it is."""
    found = categories().get(code)
    return f"{found.group}/{found.name}" if found else code
