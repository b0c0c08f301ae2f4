"""The main job in a browser: a call comes in, is dispatched, signed for, answered; a letter is followed by its code."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Enter, findings


def take_a_call(page: Page, site: str) -> str:
    """With the keyboard alone, from the first field to F9; returns the case's address."""
    page.goto(f"{site}/intake")
    page.keyboard.type("谭女士")
    page.keyboard.press("Tab")
    page.keyboard.type("138 0000 1234")
    page.keyboard.press("Tab")
    page.keyboard.type("双江街道")
    page.keyboard.press("Tab")
    page.keyboard.type("旧楼加装电梯怎么申请补贴？想知道要哪些材料。")
    for _ in ("title", "category", "unit"):
        page.keyboard.press("Tab")
    page.keyboard.type("县住建委")
    page.keyboard.press("F9")
    link = page.locator("#toasts a")
    expect(link).to_have_text(re.compile(r"\d{4}-\d{4}-\d{4}"))
    return link.get_attribute("href") or ""


def test_a_call_goes_from_the_first_key_to_the_answer(site: str, enter: Enter) -> None:
    case = take_a_call(enter("zhouxq"), site)
    handler = enter("tanwj")
    handler.goto(site + case)
    handler.get_by_role("button", name="签收").click()
    handler.fill("#reply-text", "可向双江街道办事处申请，材料清单在窗口领取。")
    handler.get_by_role("button", name=re.compile("答复")).last.click()
    expect(handler.locator(".case-head")).to_contain_text("已答复")


def test_the_due_day_is_shown_before_saving(site: str, enter: Enter) -> None:
    page = enter("zhouxq")
    page.goto(f"{site}/intake")
    expect(page.locator("#help .ruler-simple")).to_contain_text("到期")


def test_a_half_filled_call_survives_a_reload(site: str, enter: Enter) -> None:
    page = enter("zhouxq")
    page.goto(f"{site}/intake")
    page.fill("#matter", "路灯坏了三天没有人修")
    expect(page.locator("#kept")).to_contain_text("已暂存")
    page.reload()
    expect(page.locator("#matter")).to_have_value("路灯坏了三天没有人修")


def test_a_letter_is_followed_by_its_code_without_scripts(
    site: str, window: Callable[..., BrowserContext]
) -> None:
    page = window(viewport={"width": 390, "height": 844}, java_script_enabled=False).new_page()
    page.goto(f"{site}/letters/new")
    page.fill("#name", "王女士")
    page.fill("#matter", "请问老年公交卡在哪里年审？")
    page.locator("main button[type=submit]").click()
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.inner_text("main"))
    assert code, page.inner_text("main")
    page.goto(f"{site}/query")
    page.fill("#code", code.group())
    page.locator("main button[type=submit]").click()
    assert "到期" in page.inner_text("main")


@pytest.mark.parametrize(
    "path", ["/desk", "/intake", "/cases", "/cases?view=no_echo", "/inbox", "/cases/ledger"]
)
def test_no_serious_finding_on_an_inner_page(site: str, enter: Enter, path: str) -> None:
    page = enter("chenlh")
    page.goto(site + path)
    assert findings(page) == []


def test_no_serious_finding_on_a_case_page(site: str, enter: Enter) -> None:
    case = take_a_call(enter("zhouxq"), site)
    page = enter("tanwj")
    page.goto(site + case)
    assert findings(page) == []


@pytest.mark.parametrize("path", ["/login", "/letters/new", "/query"])
@pytest.mark.parametrize("width", [320, 390])
def test_a_public_page_fits_a_phone_and_has_no_serious_finding(
    site: str, window: Callable[..., BrowserContext], path: str, width: int
) -> None:
    page = window(viewport={"width": width, "height": 700}).new_page()
    page.goto(site + path)
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert (wide, findings(page)) == (False, [])
