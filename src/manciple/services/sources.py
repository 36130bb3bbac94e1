"""The sources outside that the settings name, over one way out; without settings there are none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from manciple.grocery.actions.collect import KeywordCollector
from manciple.grocery.actions.ports import LookupSource, SearchSource
from manciple.grocery.connectors.brightdata import BASE_URL as BRIGHTDATA_URL
from manciple.grocery.connectors.brightdata import BrightData
from manciple.grocery.connectors.elsewhere import CollectorElsewhere, SearchElsewhere
from manciple.grocery.connectors.fetcher import Fetcher
from manciple.grocery.connectors.pace import PaceSettings
from manciple.grocery.connectors.saved_pages import SavedPages
from manciple.grocery.connectors.shop_pages import ShopPages
from manciple.grocery.connectors.targets import TargetState
from manciple.kit.breaker import State
from manciple.kit.clock import Clock
from manciple.kit.errors import InvalidInput, Unavailable
from manciple.kit.late import Late
from manciple.services.health import Part
from manciple.services.settings_of_house import SourcesSettings

if TYPE_CHECKING:
    from manciple.grocery.connectors import walmart_affiliate
else:
    # It signs its requests; the cryptography for that is 8 MB, and few have such a key.
    walmart_affiliate = Late("manciple.grocery.connectors.walmart_affiliate")

_HOUR_S = 3600.0
_OWN_PAGES = frozenset({"www.walmart.com", "walmart.com"})
_NONE = "no live source is set up; the bundled shelf answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Every source that is set up, the cheapest first."""

    fetcher: Fetcher
    lookups: tuple[LookupSource, ...] = ()
    searches: tuple[SearchSource, ...] = ()
    collector: KeywordCollector | None = None

    def targets(self) -> Sequence[TargetState]:
        """How every target does that was asked since start."""
        return self.fetcher.states()

    def part(self) -> Part:
        """The outside as a part of the house; nobody is asked to find out."""
        return Part(look=self._look) if self.lookups else Part(why_off=_NONE)

    async def _look(self) -> None:
        shut = [one for one in self.targets() if one.breaker is State.OPEN]
        if shut:
            raise Unavailable(shut[0].name, wait_s=shut[0].wait_s)


def open_sources(settings: SourcesSettings, clock: Clock) -> Sources:
    """The sources; close their fetcher when done.

    Raises:
        InvalidInput: the key of the affiliate API cannot be read, or half of it is set.
    """
    urls = (settings.pages_url, settings.brightdata_url, settings.affiliate_url)
    fetcher = Fetcher(
        clock,
        # What the owner of the house names may be on the house's own machine.
        trusted=frozenset(place for place in map(_place, urls) if place),
        budget=PaceSettings(calls=settings.requests_per_hour, window_s=_HOUR_S, patience_s=0.0),
    )
    affiliate = _affiliate(settings, fetcher, clock)
    pages = _pages(settings, fetcher, clock)
    brightdata = _brightdata(settings, fetcher, clock)
    saved = SavedPages(settings.saved_pages) if settings.saved_pages is not None else None
    return Sources(
        fetcher=fetcher,
        lookups=tuple(one for one in (affiliate, pages, brightdata, saved) if one is not None),
        searches=tuple(one for one in (affiliate, pages, saved) if one is not None),
        collector=brightdata,
    )


def _pages(
    settings: SourcesSettings, fetcher: Fetcher, clock: Clock
) -> ShopPages | SearchElsewhere | None:
    if not settings.pages_url:
        return None
    pages = ShopPages(fetcher, base_url=settings.pages_url, now=clock.now)
    is_own = urlsplit(settings.pages_url).hostname in _OWN_PAGES
    return pages if is_own else SearchElsewhere(pages, _place(settings.pages_url) or "elsewhere")


def _affiliate(
    settings: SourcesSettings, fetcher: Fetcher, clock: Clock
) -> "walmart_affiliate.WalmartAffiliate | SearchElsewhere | None":
    if not settings.affiliate_id and settings.affiliate_key is None:
        return None
    if not settings.affiliate_id or settings.affiliate_key is None:
        raise InvalidInput.at("sources.affiliate_id", "goes with sources.affiliate_key")
    try:
        pem = settings.affiliate_key.read_bytes()
    except OSError as error:
        raise InvalidInput.at("sources.affiliate_key", f"cannot be read: {error}") from error
    affiliate = walmart_affiliate.WalmartAffiliate(
        fetcher,
        consumer_id=settings.affiliate_id,
        key=walmart_affiliate.read_key(pem),
        key_version=settings.affiliate_key_version,
        now=clock.now,
        base_url=settings.affiliate_url or walmart_affiliate.BASE_URL,
    )
    place = _place(settings.affiliate_url)
    return SearchElsewhere(affiliate, place) if place else affiliate


def _brightdata(
    settings: SourcesSettings, fetcher: Fetcher, clock: Clock
) -> BrightData | CollectorElsewhere | None:
    if settings.brightdata_key is None:
        return None
    brightdata = BrightData(
        fetcher,
        str(settings.brightdata_key),
        now=clock.now,
        base_url=settings.brightdata_url or BRIGHTDATA_URL,
    )
    place = _place(settings.brightdata_url)
    return CollectorElsewhere(brightdata, place) if place else brightdata


def _place(url: str) -> str | None:
    """`host:port` of an address."""
    parts = urlsplit(url)
    if parts.hostname is None:
        return None
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
