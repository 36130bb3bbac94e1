"""The reference pages are what the product would write now."""

from tests.unit.platform.rpc_faces.tricky import table
from tools.reference import procedures, stale


def test_no_reference_page_is_stale_run_make_docs() -> None:
    assert stale() == []


def test_the_page_of_procedures_has_each_of_them_and_each_type() -> None:
    page = procedures(table)
    for path, procedure in table.items():
        assert f"### {path}\n" in page
        assert procedure.doc in page
    assert "### ThingInput\n" in page
    assert "input:  WantedThings\noutput: PageOfThing\n" in page


def test_every_link_of_the_page_leads_to_a_heading() -> None:
    page = procedures(table)
    headings = {
        line[4:].lower().replace(".", "") for line in page.splitlines() if line[:4] == "### "
    }
    links = {part.partition(")")[0] for part in page.split("](#")[1:]}
    assert links
    assert links <= headings
