"""`GET /prices/{id}.svg`: what was seen of a product's price, as a picture."""

from starlette.requests import Request
from starlette.responses import Response

from manciple.grocery.actions.observe_prices import MAX_OBSERVATIONS, ObservePrices
from manciple.kit.errors import NotSignedIn
from manciple.platform.security.permissions import Grant
from manciple.platform.security.visits import Visit
from manciple.services.doors.price_plot import plot
from manciple.services.gate import VISIT

_HEADERS = {
    "cache-control": "private, max-age=60",
    # A picture that is opened by itself runs and loads nothing.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
}


class PricePage:
    """The path of the plots."""

    def __init__(self, prices: ObservePrices) -> None:
        self._prices = prices

    async def show(self, request: Request) -> Response:
        """The picture, for those who may read.

        Raises:
            NotSignedIn, NotAllowed: the visitor may not.
            NotFound: there is no such product.
        """
        visit = request.scope.get(VISIT)
        if not isinstance(visit, Visit):
            raise NotSignedIn
        visit.require(Grant.READ)
        found = await self._prices.history(
            request.path_params["product_id"], days=None, limit=MAX_OBSERVATIONS
        )
        picture = plot(found.product, found.prices, found.days)
        return Response(picture, headers=_HEADERS, media_type="image/svg+xml")
