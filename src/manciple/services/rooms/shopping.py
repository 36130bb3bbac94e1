"""Shopping: lists, sessions and their hand-off, budgets, what is at home, earlier orders."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from manciple.grocery.actions.budget import Budget
from manciple.grocery.actions.checkout import Checkout
from manciple.grocery.actions.fill_from_home import FillFromHome
from manciple.grocery.actions.fill_list import FillList
from manciple.grocery.actions.import_orders import ImportOrders
from manciple.grocery.actions.keep_lists import KeepLists
from manciple.grocery.actions.prefer import Prefer
from manciple.grocery.actions.shop import Shop
from manciple.grocery.actions.stock_pantry import StockPantry
from manciple.grocery.connectors.order_files import read_order_file
from manciple.services.house import House


@asynccontextmanager
async def shopping_room(house: House) -> AsyncIterator[None]:
    """Sets what belongs to a household's shopping."""
    stores, clock = house.stores, house.clock
    house.lists = KeepLists(stores, clock)
    house.list_items = FillList(stores, clock)
    house.shop = Shop(stores, clock)
    house.checkout = Checkout(stores, clock)
    house.budget = Budget(stores, clock)
    house.pantry = StockPantry(stores, clock)
    house.from_home = FillFromHome(stores, clock)
    house.preferences = Prefer(stores)
    house.orders = ImportOrders(stores, read_order_file)
    yield
