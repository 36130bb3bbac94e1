"""Pages keep to themselves: no foreign address, nothing that their policy would stop."""

import re
from importlib.resources import files

import pytest

from manciple.api.app_router import app_table
from manciple.platform.security.permissions import Grant

FOLDER = files("manciple.web")
PAGES = ("reference", "mesh")
NAMES = sorted(each.name for each in FOLDER.iterdir() if each.name.startswith(PAGES))
pages = pytest.mark.parametrize("page", PAGES)


def html(page: str) -> str:
    """The document of a page."""
    return (FOLDER / f"{page}.html").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_fetched_from_elsewhere(name: str) -> None:
    text = (FOLDER / name).read_text()
    assert "//" not in re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)


@pages
def test_no_script_or_style_stands_inside_the_page(page: str) -> None:
    text = html(page)
    assert re.findall(r"<script(?![^>]* src=)", text) == []
    assert "<style" not in text
    assert re.findall(r"\s(?:style|on\w+)=", text) == []


@pages
def test_every_file_that_the_page_needs_is_there(page: str) -> None:
    mine = [name for name in NAMES if name.startswith(page)]
    scripts = "".join((FOLDER / name).read_text() for name in mine if name.endswith(".js"))
    wanted = re.findall(rf'(?:src|href)="({page}[\w.]+)"', html(page))
    wanted += re.findall(r'from "\./([\w.]+)"', scripts)
    assert len(wanted) >= 3
    assert set(wanted) <= set(mine)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".js")])
def test_text_of_the_document_never_becomes_markup(name: str) -> None:
    text = (FOLDER / name).read_text()
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in text


@pages
def test_the_page_has_a_language_a_title_and_a_way_past_its_contents(page: str) -> None:
    assert '<html lang="en">' in html(page)
    assert "<title>" in html(page)
    assert 'class="skip" href="#main"' in html(page)


def test_the_page_of_services_asks_what_whoever_may_read_can_ask() -> None:
    script = (FOLDER / "mesh.js").read_text()
    (listed,) = re.findall(r"const paths = \[(.*?)\]", script)
    table = app_table()
    for name in re.findall(r'"(\w+)"', listed):
        assert table[f"monitoring.{name}"].needs in {Grant.PUBLIC, Grant.READ}


def test_every_element_that_the_page_of_services_fills_is_there() -> None:
    script = (FOLDER / "mesh.js").read_text()
    wanted = set(re.findall(r'byId\("([\w-]+)"\)', script))
    assert len(wanted) > 10
    assert wanted <= set(re.findall(r'id="([\w-]+)"', html("mesh")))
