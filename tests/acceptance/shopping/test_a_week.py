"""One household's week, through the door only: from its past orders to the shop's cart."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from manciple.cli.remote import Server
from manciple.platform.rpc.procedure import Kind
from tests.acceptance.product import started

Ask = Callable[..., Awaitable[Any]]

WEEKS = 8
HEAD = "Order Number,Order Date,Product Name,Qty,Price,Status,Order Type,Product Link"
CART = "https://www.walmart.com/sc/cart/addToCart?items="


def at_the_door(url: str) -> Ask:
    """Asks a procedure over HTTP; `kind` is how it is asked."""
    server = Server(f"{url}/trpc")
    kinds: dict[str, Kind] = {}

    async def ask(path: str, **wanted: Any) -> Any:
        if not kinds:
            kinds.update(await asyncio.to_thread(server.kinds))
        full = path if "." in path else f"walmartGrocery.{path}"
        body = await asyncio.to_thread(server.ask, full, kinds[full], json.dumps(wanted))
        return json.loads(body or b"null")

    return ask


async def first_hit(ask: Ask, query: str) -> dict[str, Any]:
    found = await ask("search", query=query, limit=1)
    return dict(found["products"][0])


def history(products: list[dict[str, Any]]) -> str:
    """An export of weekly orders of these products; the last was a week ago."""
    today = datetime.now(UTC)
    rows = [HEAD]
    for week in range(WEEKS, 0, -1):
        day = (today - timedelta(weeks=week)).strftime("%Y-%m-%d")
        rows += [
            f'20000{week},{day},"{one["name"]}",1,$3.00,Delivered,Delivery,'
            f"https://www.walmart.com/ip/{one['productId']}"
            for one in products
        ]
    return "\n".join(rows) + "\n"


async def test_a_week_from_past_orders_to_the_shops_cart(tmp_path: Path) -> None:
    with started(tmp_path / "x.db") as home:
        ask = at_the_door(home.api)
        milk, cheese, pasta = [
            await first_hit(ask, words) for words in ("whole milk", "cheddar cheese", "spaghetti")
        ]

        done = await ask(
            "importOrders", fileName="orders.csv", content=history([milk, cheese, pasta])
        )
        assert (done["ordersImported"], done["lineItemsImported"]) == (WEEKS, 3 * WEEKS)

        usuals = await ask("recommendations.usuals", limit=3)
        usual_ids = {one["productId"] for one in usuals["recommendations"]}
        assert usual_ids == {milk["productId"], cheese["productId"], pasta["productId"]}

        list_id = (await ask("createList", name="Weekly"))["list"]["id"]
        items = [{"productId": one} for one in usual_ids]
        items += [{"productId": milk["productId"]}, {"text": "birthday candles"}]
        added = await ask("addToList", listId=list_id, items=items)
        assert [one["status"] for one in added["results"]] == ["added"] * 3 + ["merged", "added"]

        session = await ask("startShoppingSession", listId=list_id, type="pickup", budget=20)
        session_id = session["session"]["id"]

        # The cheese is sold out; what the house proposes first is taken instead.
        line_ids = {one["productId"]: one["id"] for one in added["list"]["items"]}
        gone = {"sessionId": session_id, "itemIds": [line_ids[cheese["productId"]]]}
        await ask("markUnavailable", **gone)
        found = await ask("findSubstitutions", productId=cheese["productId"])
        other = found["substitutions"][0]
        verdict = {"productId": cheese["productId"], "substituteId": other["productId"]}
        await ask("acceptSubstitution", **verdict)
        await ask("addToList", listId=list_id, items=[{"productId": other["productId"]}])

        # Prices as read on the labels, and 10 % tax on what stands where the pasta stands.
        for product, price in ((milk, 3.10), (other, 4.25), (pasta, 1.55)):
            await ask("walmartPrice.record", productId=product["productId"], price=price)
        await ask("budgets.setTillRule", taxPercent=10, taxedCategories=[pasta["category"]])

        quoted = await ask("processCheckout", sessionId=session_id)
        # 2 × 3.10 + 4.25 + 1.55 = 12.00; of the pasta's 1.55 10 % is 0.155, so 0.16.
        till = quoted["quote"]["till"]
        assert (till["subtotal"], till["tax"], till["total"]) == (12.0, 0.16, 12.16)
        assert quoted["orderPlaced"] is False

        confirmation = {
            "quoteId": quoted["quote"]["id"],
            "termsHash": quoted["quote"]["termsHash"],
        }
        handed = await ask("processCheckout", sessionId=session_id, confirmation=confirmation)
        (link,) = handed["cartLinks"]
        assert sorted(link.removeprefix(CART).split(",")) == sorted(
            [f"{milk['productId']}_2", f"{other['productId']}_1", f"{pasta['productId']}_1"]
        )
        assert [one["name"] for one in handed["notHandedOver"]] == ["birthday candles"]
        assert handed["orderPlaced"] is False

        await ask("changeShoppingSession", sessionId=session_id, action="complete")
        spent = (await ask("budgets.get"))["spendings"]
        assert round(sum(one["amount"] for one in spent), 2) == 12.16
