"""Setting a house up, signing out and in, and joining a household, in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.acceptance.attacks.besieged import House, besieged, data
from tests.acceptance.people.browser import CHROMIUM, Page, browsing

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here"),
]
ANN = {"name": "Ann", "email": "ann@example.org", "password": "tango lamp river"}
SAID = "document.getElementById('said')?.textContent"
WHO = "document.getElementById('who')?.innerText"


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    async with browsing(tmp_path) as found:
        yield found


async def set_up(house: House, page: Page) -> None:
    await page.open(f"{house.api}/setup#{house.setup_code}")
    await page.until("document.querySelector('form:not([hidden])') && location.hash === ''")
    await page.fill(**ANN)
    assert "Ann" in await page.until(WHO)


async def test_the_link_of_the_terminal_makes_an_owner_who_shops_leaves_and_comes_back(
    page: Page, tmp_path: Path
) -> None:
    with besieged(tmp_path) as house:
        await set_up(house, page)
        made = await page.run(
            "import('/calls.js').then(({ ask }) => ask('walmartGrocery.createList',"
            " { name: 'From the page' })).then(({ list }) => list.name)"
        )
        assert made == "From the page"
        await page.run("document.querySelector('#who button').click()")
        await page.until("location.pathname === '/sign-in' && document.querySelector('form')")
        await page.fill(email=ANN["email"], password="not the password")
        assert "is wrong" in await page.until(SAID)
        await page.fill(email=ANN["email"], password=ANN["password"])
        assert "Ann" in await page.until(WHO)
        name = "document.getElementById('list-name').textContent"
        assert await page.until(f"{name} !== 'Your list' && {name}") == "From the page"
        wrong = [each for each in page.problems if "401" not in each]
        assert wrong == []


async def test_a_house_with_an_owner_offers_no_setup_and_sends_strangers_to_sign_in(
    page: Page, tmp_path: Path
) -> None:
    with besieged(tmp_path) as house:
        ann = {"email": ANN["email"], "password": ANN["password"], "displayName": "Ann"}
        data(house.stranger.do("auth.setup", {"code": house.setup_code, **ann}))
        await page.open(f"{house.api}/setup#{house.setup_code}")
        assert await page.until("document.querySelector('form').hidden")
        assert await page.run("document.getElementById('taken').checkVisibility()")
        await page.open(house.api)
        await page.until("location.pathname === '/sign-in'")


async def test_a_password_that_everybody_tries_is_told_at_its_field(
    page: Page, tmp_path: Path
) -> None:
    with besieged(tmp_path) as house:
        await page.open(f"{house.api}/setup#{house.setup_code}")
        await page.until("document.querySelector('form:not([hidden])') && location.hash === ''")
        await page.fill(**{**ANN, "password": "password123"})
        assert (await page.until(SAID)).startswith("Password is among the first")
        invalid = "document.querySelector('[aria-invalid]')?.id"
        assert await page.until(invalid) == "password"


async def test_who_was_invited_joins_with_the_link(page: Page, tmp_path: Path) -> None:
    with besieged(tmp_path, "security.registration=invited") as house:
        await set_up(house, page)
        script = """import('/calls.js').then(async ({ ask }) => {
          const { householdId } = await ask('households.create', { name: 'Home' });
          const { code } = await ask('households.invite', { householdId });
          await ask('auth.signOut');
          return code;
        })"""
        code = await page.run(script)
        await page.open(f"{house.api}/join#{code}")
        await page.until("document.querySelector('form') && location.hash === ''")
        await page.fill(name="Bob", email="bob@example.org", password="mellow quartz boat")
        assert "Bob" in await page.until(WHO)
