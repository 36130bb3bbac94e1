"""Every page keeps to the policy that it is served with, and sends no password as an address."""

import re
from importlib.resources import files

import pytest

from manciple.services.api_server import _PAGE_FILES

FOLDER = files("manciple.web")
PAGES = sorted(each.name for each in FOLDER.iterdir() if each.name.endswith(".html"))
SCRIPTS = sorted(each.name for each in FOLDER.iterdir() if each.name.endswith(".js"))
SERVED = {path.removeprefix("/") for path in _PAGE_FILES} | {"./", "health", "metrics"}


def text(name: str) -> str:
    return (FOLDER / name).read_text()


@pytest.mark.parametrize("page", PAGES)
def test_no_script_or_style_stands_inside_a_page(page: str) -> None:
    assert re.findall(r"<script(?![^>]* src=)", text(page)) == []
    assert "<style" not in text(page)
    assert re.findall(r"\s(?:style|on\w+)=", text(page)) == []


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_needs_and_where_it_leads_is_served(page: str) -> None:
    wanted = re.findall(r'(?:src|href)="([^"#]+)"', text(page))
    assert {each for each in wanted if not each.startswith("data:")} <= SERVED | {"openapi.json"}


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_a_script_imports_is_served(script: str) -> None:
    assert set(re.findall(r'from "\./([\w.]+)"', text(script))) <= SERVED


@pytest.mark.parametrize("page", ["setup.html", "join.html", "sign_in.html"])
def test_a_form_without_its_script_puts_nothing_into_an_address(page: str) -> None:
    assert '<form class="stacked" method="post"' in text(page)
    assert '<button type="submit" disabled>' in text(page)


@pytest.mark.parametrize("page", PAGES)
def test_every_field_has_a_label(page: str) -> None:
    fields = set(re.findall(r'<input id="([\w-]+)"(?![^>]* aria-label=)', text(page)))
    assert fields <= set(re.findall(r'<label[^>]* for="([\w-]+)"', text(page)))


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_is_said_never_becomes_markup(script: str) -> None:
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in text(script)
