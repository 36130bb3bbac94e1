"""`GET /prices/{id}.svg`: what was seen of a product's price, as a picture."""

from starlette.requests import Request
from starlette.responses import Response

from manciple.grocery.actions.observe_prices import MAX_OBSERVATIONS, ObservePrices
from manciple.kit.errors import MancipleError, NotFound
from manciple.platform.security.permissions import Grant
from manciple.platform.security.visits import Visit
from manciple.services.price_plot import plot
from manciple.services.problems import problem

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
        """The picture, for those who may read."""
        visit = request.scope.get("manciple.visit")
        if not isinstance(visit, Visit) or visit.failure is not None:
            return problem(401, detail="Sign in first")
        try:
            visit.principal.require(Grant.READ)
            found = await self._prices.history(
                request.path_params["product_id"], days=None, limit=MAX_OBSERVATIONS
            )
        except NotFound as error:
            return problem(404, detail=str(error))
        except MancipleError as error:
            return problem(403, detail=str(error))
        picture = plot(found.product, found.prices, found.days)
        return Response(picture, headers=_HEADERS, media_type="image/svg+xml")
