"""The house rules of templates, read from their source: strict, titled, self-contained, dressed."""

import re
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
PAGES = [name for name in NAMES if re.search(r"{%-?\s*extends", (TEMPLATES / name).read_text("utf-8"))]
MARKUP = [name for name in NAMES if not name.startswith("ui/")]

# Marks for scripts, attributes of htmx: classes that are looked up, not drawn.
UNDRESSED = {"htmx-indicator", "htmx-request"}
# A class that is put together from a value: light-{{ c }} is dressed by light-green and its like.
HOLE = "\0"


def source(name: str) -> str:
    text = (TEMPLATES / name).read_text("utf-8")
    return re.sub(r"{#.*?#}", "", text, flags=re.DOTALL)


@cache
def dressed() -> frozenset[str]:
    sheets = [path.read_text("utf-8") for path in (ROOT / "static").glob("*.css")]
    bare = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", "\n".join(sheets), flags=re.DOTALL)
    return frozenset(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", bare))


def classes(text: str) -> set[str]:
    """Class names in class attributes; what an expression fills in is a hole."""
    found: set[str] = set()
    for value in re.findall(r'\bclass="((?:{{.*?}}|{%.*?%}|[^"])*)"', text):
        found |= set(re.sub(r"{{.*?}}", HOLE, re.sub(r"{%.*?%}", " ", value)).split())
    return found - {HOLE}


def is_dressed(name: str) -> bool:
    if HOLE not in name:
        return name in dressed() | UNDRESSED
    pattern = re.compile(
        "".join(r"[\w -]*" if part == HOLE else re.escape(part) for part in re.split(f"({HOLE})", name))
    )
    return any(pattern.fullmatch(known) for known in dressed())


@cache
def strict() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name: str) -> None:
    strict().get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_a_title(name: str) -> None:
    assert re.search(r"{%-?\s*block title\s*-?%}\s*\S", source(name)), "no {% block title %}"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_loaded_from_elsewhere(name: str) -> None:
    loaded = re.findall(
        r'<(?:script|link|img|source|iframe|use)\b[^>]*(?:src|href)="(?:https?:)?//[^"]*"', source(name)
    )
    assert loaded == []


@pytest.mark.parametrize("name", NAMES)
def test_there_is_no_inline_script_or_style(name: str) -> None:
    inline = re.findall(
        r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\shx-on[:\w-]*=|\son[a-z]+=\"|javascript:", source(name)
    )
    assert inline == []


@pytest.mark.parametrize("name", NAMES)
def test_a_style_attribute_holds_custom_properties_or_grid_columns_only(name: str) -> None:
    parts = [part for value in re.findall(r'\bstyle="([^"]*)"', source(name)) for part in value.split(";")]
    wrong = [part for part in parts if part.strip() and not re.match(r"\s*(--[\w-]+|grid-column):", part)]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_keeps_to_120_lines_and_a_fragment_to_60(name: str) -> None:
    longest = 60 if Path(name).name.startswith("_") else 120
    assert len((TEMPLATES / name).read_text("utf-8").splitlines()) <= longest


@pytest.mark.parametrize("name", NAMES)
def test_every_class_has_a_rule_in_a_style_sheet(name: str) -> None:
    assert sorted(cls for cls in classes(source(name)) if not is_dressed(cls)) == []


@pytest.mark.parametrize("name", MARKUP)
def test_every_form_that_posts_carries_a_token(name: str) -> None:
    forms = re.findall(r'<form\b[^>]*method="post".*?</form>', source(name), re.DOTALL | re.IGNORECASE)
    assert [form[:90] for form in forms if not re.search(r"csrf|hidden_tag", form)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_form_that_htmx_sends_also_works_without_it(name: str) -> None:
    tags = re.findall(r"<form\b[^>]*\bhx-post=[^>]*>", source(name))
    assert [tag for tag in tags if 'method="post"' not in tag] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_in_the_sprite(name: str) -> None:
    sprite = (ROOT / "static" / "icons.svg").read_text("utf-8")
    used = re.findall(r"(?<![\w.])icon\('([\w-]+)'", source(name)) + re.findall(
        r"icon_name='([\w-]+)'", source(name)
    )
    assert [icon for icon in used if f'id="i-{icon}"' not in sprite] == []


def test_the_style_sheets_ask_no_other_host() -> None:
    for sheet in (ROOT / "static").glob("app*.css"):
        assert re.findall(r"@import|url\(\s*[\"']?(?:https?:|//|data:)", sheet.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "planted",
    ['<p class="no-such-rule">', '<p class="light no-such-rule {{ x }}">', '<p class="unknown-{{ c }}">'],
)
def test_a_class_without_a_rule_is_noticed(planted: str) -> None:
    assert not all(is_dressed(name) for name in classes(planted))


@pytest.mark.parametrize(
    "sound", ['<p class="light light-{{ c }}">', '<a class="is-{{ c }} push">', "<p class='x'>"]
)
def test_a_class_with_a_rule_is_not_reported(sound: str) -> None:
    assert all(is_dressed(name) for name in classes(sound))
