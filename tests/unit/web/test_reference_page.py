"""The reference page keeps to itself: no foreign address, nothing that its policy would stop."""

import re
from importlib.resources import files

import pytest

FOLDER = files("manciple.web")
NAMES = sorted(each.name for each in FOLDER.iterdir() if each.name.startswith("reference"))
PAGE = (FOLDER / "reference.html").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_fetched_from_elsewhere(name: str) -> None:
    text = (FOLDER / name).read_text()
    assert "//" not in re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)


def test_no_script_or_style_stands_inside_the_page() -> None:
    assert re.findall(r"<script(?![^>]* src=)", PAGE) == []
    assert "<style" not in PAGE
    assert re.findall(r"\s(?:style|on\w+)=", PAGE) == []


def test_every_file_that_the_page_needs_is_there() -> None:
    scripts = "".join((FOLDER / name).read_text() for name in NAMES if name.endswith(".js"))
    wanted = re.findall(r'(?:src|href)="(reference[\w.]+)"', PAGE)
    wanted += re.findall(r'from "\./([\w.]+)"', scripts)
    assert len(wanted) >= 4
    assert set(wanted) <= set(NAMES)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".js")])
def test_text_of_the_document_never_becomes_markup(name: str) -> None:
    text = (FOLDER / name).read_text()
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in text


def test_the_page_has_a_language_a_title_and_a_way_past_its_contents() -> None:
    assert '<html lang="en">' in PAGE
    assert "<title>" in PAGE
    assert 'class="skip" href="#main"' in PAGE
