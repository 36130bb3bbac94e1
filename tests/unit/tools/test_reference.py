"""The reference pages are what the product would write now."""

from typer.main import get_command

from manciple.api.event_types import EVENTS
from manciple.cli.app import COMMANDS, app
from manciple.kit import errors as kit_errors
from manciple.kit.errors import MancipleError
from manciple.services.settings import every_setting
from tests.unit.platform.rpc_faces.tricky import table
from tools.reference.__main__ import stale
from tools.reference.commands import commands, every_command
from tools.reference.errors import EXAMPLES
from tools.reference.events import events
from tools.reference.procedures import procedures
from tools.reference.settings import settings


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
    titles = [line[4:] for line in page.splitlines() if line.startswith("### ")]
    headings = {title.lower().replace(".", "") for title in titles}
    links = {part.partition(")")[0] for part in page.split("](#")[1:]}
    assert links
    assert links <= headings


def test_every_setting_has_its_meaning_on_the_page() -> None:
    entries = settings().split("\n### ")[1:]
    assert [entry.partition("\n")[0] for entry in entries] == [each.key for each in every_setting()]
    for entry in entries:
        meaning = entry.split("\n\n")[2]
        assert len(meaning) > 20, entry


def test_every_command_has_its_entry_and_every_option_its_meaning() -> None:
    page = commands()
    paths = [path for path, _ in every_command(get_command(app))]
    assert len(paths) > len(COMMANDS)
    assert all(f"\n## {path}\n" in page for path in paths)
    assert [line for line in page.splitlines() if line.endswith("|  |")] == []


def test_every_command_that_changes_or_shows_something_speaks_json() -> None:
    silent = {
        path.removeprefix("manciple ")
        for path, command in every_command(get_command(app))
        if not any("--json" in option.opts for option in command.params)
    }
    # They run on until they are stopped, or write what is no table.
    assert silent == {"serve", "logs", "types", "fake-retailer"}


def test_every_topic_stands_on_the_page_of_events() -> None:
    page = events()
    assert all(f"| `{topic}` | {kind.doc} |" in page for topic, kind in EVENTS.items())


def test_every_error_that_we_raise_for_callers_has_an_example() -> None:
    kinds = {kind for kind in vars(kit_errors).values() if isinstance(kind, type)}
    of_the_house = {kind for kind in kinds if issubclass(kind, MancipleError)} - {MancipleError}
    assert {type(example) for example in EXAMPLES} == of_the_house
