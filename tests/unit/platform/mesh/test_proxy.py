from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from manciple.kit.errors import InvalidInput, NotAllowed, NotFound
from manciple.platform.mesh.proxy import Inside, Outside, ServiceProxy
from manciple.platform.rpc.procedure import Ready, Wire
from manciple.platform.rpc.router import Router, Table
from tests.unit.platform.mesh.instances import a_line, answering


class Wanted(Wire, frozen=True):
    """Which product."""

    product_id: str


class Price(Wire, frozen=True):
    """What it costs."""

    product_id: str
    current_price: Decimal


@dataclass
class Somebody:
    grants: set[str] = field(default_factory=lambda: {"read"})

    def require(self, needs: str) -> None:
        if needs not in self.grants:
            raise NotAllowed(needs)


def _table() -> Table:
    router = Router("walmartPrice")

    @router.query("current", needs="read")
    async def current(_: Any, wanted: Wanted) -> Price:
        """The price."""
        return Price(product_id=wanted.product_id, current_price=Decimal("1.25"))

    @router.query("kept", needs="read")
    async def kept(_: Any, wanted: Wanted) -> Ready[Price]:
        """The price, kept as bytes."""
        return Ready(b'{"productId":"%b","currentPrice":3}' % wanted.product_id.encode())

    @router.mutation("forget", needs="write")
    async def forget(_: Any) -> None:
        """Nothing."""

    @router.subscription("news", needs="read")
    async def news(_: Any) -> AsyncIterator[int]:
        """News."""
        yield 1

    return Table(router)


@pytest.fixture
def inside() -> ServiceProxy:
    paths = {"/api/prices": "walmartPrice.current"}
    return ServiceProxy("pricing", _table(), Inside(Somebody()), paths=paths)


async def test_a_procedure_is_an_attribute_and_gives_its_declared_type(
    inside: ServiceProxy,
) -> None:
    price = await inside.walmart_price.current(product_id="ABC123")
    assert price == Price(product_id="ABC123", current_price=Decimal("1.25"))


async def test_the_input_may_be_its_type_or_a_mapping_of_wire_names(inside: ServiceProxy) -> None:
    whole = await inside.walmartPrice.current(Wanted(product_id="1"))
    mapped = await inside.call("walmartPrice.current", {"productId": "1"})
    assert whole == mapped


async def test_an_output_that_is_bytes_already_is_typed_all_the_same(inside: ServiceProxy) -> None:
    price = await inside.walmart_price.kept(product_id="1")
    assert price.current_price == Decimal(3)


async def test_a_request_by_its_path_gives_plain_values(inside: ServiceProxy) -> None:
    answer = await inside.request("/api/prices", {"productId": "ABC123"})
    assert answer == {"productId": "ABC123", "currentPrice": 1.25}
    assert answer == await inside.request("/trpc/walmartPrice.current", {"productId": "ABC123"})


async def test_grants_hold_inside_too(inside: ServiceProxy) -> None:
    with pytest.raises(NotAllowed):
        await inside.walmart_price.forget()


async def test_what_is_not_there_is_said(inside: ServiceProxy) -> None:
    with pytest.raises(AttributeError, match=r"walmartPrice\.currents"):
        _ = inside.walmart_price.currents
    with pytest.raises(AttributeError, match="'walmartPrices'"):
        _ = inside.walmart_prices
    with pytest.raises(NotFound, match="/api/price"):
        await inside.request("/api/price", {})
    with pytest.raises(InvalidInput, match="subscription"):
        await inside.walmart_price.news()


async def test_a_wrong_input_names_its_field(inside: ServiceProxy) -> None:
    with pytest.raises(InvalidInput, match="productId"):
        await inside.request("/api/prices", {"product": "1"})
    with pytest.raises(InvalidInput, match="product_no"):
        await inside.walmart_price.current(product_no="1")


async def test_outside_the_same_call_goes_over_the_line_with_who_asks() -> None:
    line, wires, _ = a_line({"a": answering(b'{"productId":"1","currentPrice":2.5}')})
    proxy = ServiceProxy("pricing", _table(), Outside(line, {"manciple-principal": "me"}))
    price = await proxy.walmart_price.current(product_id="1")
    assert price == Price(product_id="1", current_price=Decimal("2.5"))
    ((_, asked),) = wires.asked
    assert (asked.path, asked.text) == ("walmartPrice.current", b'{"productId":"1"}')
    assert asked.headers == {"manciple-principal": "me"}
