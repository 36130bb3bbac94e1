"""Every page keeps to the policy that it is served with, and sends no password as an address."""

import re
from importlib.resources import files

import pytest

from manciple.api.app_router import app_table
from manciple.platform.security.permissions import Grant
from manciple.services.doors.web_pages import PAGE_FILES, page_text

FOLDER = files("manciple.web")
PAGES = sorted(each.name for each in FOLDER.iterdir() if each.name.endswith(".html"))
SCRIPTS = sorted(each.name for each in FOLDER.iterdir() if each.name.endswith(".js"))
SERVED = {path.removeprefix("/") for path in PAGE_FILES} | {"./", "health", "metrics"}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_served_with_all_its_parts(page: str) -> None:
    assert "<!-- part:" not in page_text(page)
    assert '<meta charset="utf-8">' in page_text(page)
    assert 'href="palette.css"' in page_text(page)


@pytest.mark.parametrize("page", PAGES)
def test_no_script_or_style_stands_inside_a_page(page: str) -> None:
    assert re.findall(r"<script(?![^>]* src=)", page_text(page)) == []
    assert "<style" not in page_text(page)
    assert re.findall(r"\s(?:style|on\w+)=", page_text(page)) == []


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_needs_and_where_it_leads_is_served(page: str) -> None:
    wanted = re.findall(r'(?:src|href)="([^"#]+)"', page_text(page))
    assert {each for each in wanted if not each.startswith("data:")} <= SERVED | {"openapi.json"}


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_a_script_imports_is_served(script: str) -> None:
    assert set(re.findall(r'from "\./([\w.]+)"', page_text(script))) <= SERVED


@pytest.mark.parametrize("page", ["setup.html", "join.html", "sign_in.html"])
def test_a_form_without_its_script_puts_nothing_into_an_address(page: str) -> None:
    assert '<form class="stacked" method="post"' in page_text(page)
    assert '<button type="submit" disabled>' in page_text(page)


@pytest.mark.parametrize("page", PAGES)
def test_every_field_has_a_label(page: str) -> None:
    fields = set(re.findall(r'<input id="([\w-]+)"(?![^>]* aria-label=)', page_text(page)))
    assert fields <= set(re.findall(r'<label[^>]* for="([\w-]+)"', page_text(page)))


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_is_said_never_becomes_markup(script: str) -> None:
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in page_text(script)


@pytest.mark.parametrize("name", [*PAGES, *SCRIPTS])
def test_nothing_is_fetched_from_elsewhere(name: str) -> None:
    assert "//" not in re.sub(r"^\s*//.*$", "", page_text(name), flags=re.MULTILINE)


@pytest.mark.parametrize("page", ["reference.html", "mesh.html"])
def test_a_long_page_has_a_language_a_title_and_a_way_past_its_contents(page: str) -> None:
    assert '<html lang="en">' in page_text(page)
    assert "<title>" in page_text(page)
    assert 'class="skip" href="#main"' in page_text(page)


def test_the_page_of_services_asks_what_whoever_may_read_can_ask() -> None:
    script = page_text("mesh.js")
    (listed,) = re.findall(r"const paths = \[(.*?)\]", script)
    table = app_table()
    for name in re.findall(r'"(\w+)"', listed):
        assert table[f"monitoring.{name}"].needs in {Grant.PUBLIC, Grant.READ}


def test_every_element_that_the_page_of_services_fills_is_there() -> None:
    script = page_text("mesh.js")
    wanted = set(re.findall(r'byId\("([\w-]+)"\)', script))
    assert len(wanted) > 10
    assert wanted <= set(re.findall(r'id="([\w-]+)"', page_text("mesh.html")))


def test_every_element_that_the_main_page_fills_is_there() -> None:
    scripts = "".join(page_text(name) for name in SCRIPTS if name.startswith("page"))
    wanted = set(re.findall(r'byId\("([\w-]+)"\)', scripts))
    assert len(wanted) > 8
    assert wanted <= set(re.findall(r' id="([\w-]+)"', page_text("index.html")))
