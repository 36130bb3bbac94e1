"""Which sources there are, and what their prices are called."""

from pathlib import Path

import pytest

from manciple.kit.errors import InvalidInput
from manciple.services.setting_kinds import Secret
from manciple.services.settings import load
from manciple.services.settings_of_house import SourcesSettings
from manciple.services.sources import open_sources
from tests.fake_shop import a_fake_shop
from tests.fakes import FakeClock


def names(settings: SourcesSettings) -> list[str]:
    return [one.source for one in open_sources(settings, FakeClock()).lookups]


async def test_without_settings_nobody_outside_is_asked() -> None:
    sources = open_sources(SourcesSettings(), FakeClock())

    assert (sources.lookups, sources.searches, sources.collector) == ((), (), None)
    assert sources.part().why_off is not None


async def test_prices_of_another_place_never_carry_the_shops_own_name() -> None:
    own = SourcesSettings(pages_url="https://www.walmart.com", brightdata_key=Secret("k"))
    other = SourcesSettings(
        pages_url="http://127.0.0.1:3900",
        brightdata_key=Secret("k"),
        brightdata_url="http://localhost:3900",
    )

    assert names(own) == ["walmart-page", "brightdata"]
    assert names(other) == ["walmart-page@127.0.0.1:3900", "brightdata@localhost:3900"]


async def test_what_the_fake_shop_says_is_told_as_its_own() -> None:
    async with a_fake_shop() as (_, port):
        sources = open_sources(SourcesSettings(pages_url=f"http://127.0.0.1:{port}"), FakeClock())
        (looked_up,) = await sources.lookups[0].by_ids(["100"])
        found = await sources.searches[0].search("milk", limit=2)
        await sources.fetcher.close()

    named = f"walmart-page@127.0.0.1:{port}"
    assert {one.source for one in (looked_up, *found)} == {named}
    assert looked_up.price is not None
    assert looked_up.price.source == named


async def test_half_of_an_affiliate_account_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        open_sources(SourcesSettings(affiliate_id="x"), FakeClock())
    with pytest.raises(InvalidInput):
        open_sources(
            SourcesSettings(affiliate_id="x", affiliate_key=tmp_path / "none"), FakeClock()
        )


def test_both_names_of_the_key_are_known_and_it_is_never_shown() -> None:
    for name in ("BRIGHTDATA_API_TOKEN", "BRIGHTDATA_API_KEY"):
        settings = load(environ={name: "s3cret"}).settings
        assert settings.sources.brightdata_key == "s3cret"
        assert "s3cret" not in repr(settings)
