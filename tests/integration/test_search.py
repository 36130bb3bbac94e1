"""Searching the bundled shelf, through the house's own table of procedures."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from manciple.grocery.connectors.shelf import BundledShelf
from manciple.grocery.domain.kinds import grocery_kinds
from manciple.grocery.domain.queries import understand
from manciple.grocery.domain.ranking import WORTH_ANSWERING, Yardstick
from manciple.grocery.index.cards import Card
from manciple.grocery.index.product_index import ProductIndex
from tests.asking import Client
from tests.integration.cheeses import a_house_with_cheeses

# A query, and the kinds of which each of its first three answers must be one.
FIRST_THREE = """
milk: milk | bread: bread | butter: butter | cheese: cheese | yogurt: yogurt | bacon: bacon
ham: ham | soup: soup | pasta: pasta, canned pasta | cookies: cookie | ice cream: ice cream
juice: juice | cereal: cereal | popcorn: popcorn | beans: bean | salsa: salsa | tuna: tuna
chips: chip | crackers: cracker | pizza: pizza | rice: rice | nuts: nut | pickles: pickle
olives: olive | hot dogs: hot dog | peanut butter: peanut butter | salad dressing: salad dressing
flour: flour | honey mustard: mustard, honey mustard | hummus: hummus | waffles: waffle
chicken noodle soup: soup | chocolate chip cookies: cookie | vanilla ice cream: ice cream
frozen pepperoni pizza: pizza | roasted red pepper hummus: hummus | blueberry bagels: bagel
beef jerky teriyaki: jerky | microwave popcorn butter: popcorn | chicken broth: broth
chocolate syrup: syrup | italian dressing: salad dressing | alfredo sauce: alfredo sauce
strawberry yogurt: yogurt | dark chocolate bar: chocolate | turkey bacon: bacon
cream of mushroom soup: soup | sour cream and onion chips: chip | dill pickle spears: pickle
oreo: cookie | doritos: chip | jif: peanut butter | cheez it: cracker | lays: chip
heinz ketchup: ketchup | kraft mac and cheese: macaroni and cheese | quaker oatmeal: oatmeal
philadelphia cream cheese: cream cheese | tyson chicken nuggets: chicken nugget
digiorno pizza: pizza | sweet baby rays bbq sauce: bbq sauce | cheerios 18 oz: cereal
chedder cheese: cheddar cheese | yougurt: yogurt | chocolat milk: milk | mayonaise: mayonnaise
cinamon rolls: cinnamon roll | tortila chips: tortilla chip | mozarella: mozzarella cheese
macoroni and cheese: macaroni and cheese | crakers: cracker | sausge: sausage
peanutbutter: peanut butter | pop corn: popcorn | cup cakes: cupcake | hotdogs: hot dog
icecream sandwich: ice cream sandwich | oat meal: oatmeal | cheesesticks: string cheese
garbanzo beans: garbanzo bean | evoo: olive oil | tater tots: tater tot | prawns: shrimp
half n half: half and half | catsup: ketchup | oj: orange juice | fizzy water: water, coconut water
gluten free crackers: cracker | sugar free candy: candy | unsweetened almond milk: almond milk
gluten free bread: bread | lactose free milk: milk | vegan burgers: veggie burger
orange juice no pulp: orange juice | chips not spicy: chip | hot dogs without pork: hot dog
white chocolate chips: baking chip | macaroni: pasta | whole turkey: turkey
peanut butter cups: peanut butter cup | tortillas: tortilla | plant based milk: plant milk
dairy free milk: plant milk | frozen piza: pizza | lemon aide: lemonade | trail mix: trail mix
icecreamsandwiches: ice cream sandwich | noodle cups: ramen | baking a cake: cake mix
bread no high fructose corn syrup: bread | yogurt no artificial sweetener: yogurt
vegitable oil: vegetable oil | bbq cookout: bbq sauce
2% milk: milk | green peas: pea | hoagie rolls: roll | creamed corn: corn | noodles: noodle
hot cakes: pancake | soda water: water | taco shells: taco shell | donuts: donut
hunny: honey | choclit: chocolate | pudin: pudding | lemonaid: lemonade | dorittos: chip
peanutbuter: peanut butter | birthday cake: cake | pizz: pizza | fig newtons: cookie
lasagna noodles: pasta | albacore: tuna | cold brew: coffee, coffee drink | sloppy joe: sauce
frappuccino: coffee, coffee drink | fruit punch: juice, drink mix | tuna salad: tuna salad kit
coconut: coconut | instant potatoes: mashed potato | cream: cream | bananas: banana
chiken broth low sodium: broth | half and half 1 quart: half and half | ice tea: iced tea
oatmeal raisin cookies: cookie | flour tortillas burrito size: tortilla | greek yo: yogurt
savory snack mix: snack mix | frozen desserts: frozen dessert | frozen pi: pizza | sweets: candy
semi sweet chocolate chips: baking chip | diabetic friendly cookies: cookie | leche: milk
frozen breakfast: breakfast sandwich, breakfast burrito, waffle | 🍕: pizza | 🍎 juice: juice
yoplait gogurt: yogurt | white cheddar mac: macaroni and cheese
oat creamer: creamer | buttered popcorn: popcorn
vegan chicken nuggets: chicken nugget, meat alternative | condiments: ketchup, mustard
tortillas de maiz: corn tortilla | pan integral: bread
"""
NOT_SOLD = """
cat litter, paper towels, laundry detergent, light bulbs, diapers, motor oil, dish soap, shampoo
toothpaste, dog food, batteries, baby wipes, printer paper, windex, beer, lettuce, dog bones
candy corn, decaf coffee, fresh basil, cilantro, salt, xbox
folgers, hellmanns mayo, tshirt, car oil
"""


@pytest.fixture(scope="module")
def index() -> ProductIndex:
    made = ProductIndex()
    made.open()
    shelf = [(each.product_id, each) for each in BundledShelf().products()]
    made.apply(shelf, revision=1)
    return made


def found(index: ProductIndex, query: str) -> list[Card]:
    wanted = understand(query, index.words)
    if wanted.is_household:
        return []
    yardstick = Yardstick(wanted, index.usual_mentions(wanted.kind or wanted.brand_kind))
    kept = [(yardstick.score(card.name), card) for card in index.candidates(wanted)]
    kept.sort(key=lambda each: (-each[0], each[1].product_id))
    return [card for value, card in kept if value >= WORTH_ANSWERING]


def test_what_says_the_contrary_of_a_wish_stands_last(index: ProductIndex) -> None:
    names = [card.name.words for card in found(index, "chips no salt")]
    salted = [at for at, words in enumerate(names) if "sea" in words or "salted" in words]

    assert not salted or min(salted) > 20


def cases() -> list[tuple[str, tuple[str, ...]]]:
    made = []
    for case in FIRST_THREE.replace("\n", "|").split("|"):
        query, _, kinds = case.partition(":")
        if kinds:
            made.append((query.strip(), tuple(kind.strip() for kind in kinds.split(","))))
    return made


@pytest.mark.parametrize(("query", "kinds"), cases())
def test_the_first_answers_are_of_the_kind_that_is_meant(
    index: ProductIndex, query: str, kinds: tuple[str, ...]
) -> None:
    first = found(index, query)[:3]

    assert first
    for card in first:
        assert set(kinds) & set(grocery_kinds().chain(card.name.kind)), card.name


@pytest.mark.parametrize(
    ("query", "strange"),
    [
        ("milk", "snack"),
        ("eggs", "buffalo"),
        ("pasta", "beefaroni"),
        ("burritos", "tortilla"),
    ],
)
def test_the_plain_thing_comes_before_what_speaks_of_others(
    index: ProductIndex, query: str, strange: str
) -> None:
    cards = found(index, query)

    assert strange not in cards[0].name.words
    assert any(strange in card.name.words for card in cards)


@pytest.mark.parametrize("query", NOT_SOLD.strip().replace("\n", ", ").split(", "))
def test_what_is_not_sold_is_answered_with_nothing(index: ProductIndex, query: str) -> None:
    assert found(index, query) == []


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("pizza without meat", "pepperoni"),
        ("cookies without chocolate", "chocolate"),
        ("ice cream without nuts", "pecan"),
        ("salsa not spicy", "hot"),
    ],
)
def test_what_is_turned_away_never_comes(index: ProductIndex, query: str, word: str) -> None:
    cards = found(index, query)

    assert len(cards) > 10
    assert all(word not in card.name.words or "meatless" in card.name.words for card in cards)


@pytest.mark.parametrize(("start", "word"), [("straw", "strawberry"), ("cinna", "cinnamon")])
def test_an_unfinished_word_finds_what_it_may_become(
    index: ProductIndex, start: str, word: str
) -> None:
    assert all(word in card.name.words for card in found(index, start)[:10])


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with a_house_with_cheeses(tmp_path) as house:
        yield Client(house)


async def test_the_mutation_and_the_query_answer_alike(client: Client) -> None:
    asked = await client.ask("searchProducts", query="cheddar cheese")
    twin = await client.ask("search", query="cheddar cheese")

    assert asked == twin
    assert asked["success"]
    assert asked["count"] == len(asked["products"]) > 3


async def test_every_price_says_where_it_comes_from(client: Client) -> None:
    answer = await client.ask("search", query="cheddar cheese")

    for product in answer["products"]:
        if product["currentPrice"] is None:
            assert product["priceMissing"]
        else:
            assert product["price"]["source"] == "shelf"


async def test_pages_hold_every_hit_once(client: Client) -> None:
    whole = await client.ask("search", query="cheese", limit=100)
    seen: list[str] = []
    cursor = None
    while True:
        page = await client.ask("search", query="cheese", limit=4, cursor=cursor)
        seen += [each["productId"] for each in page["products"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break

    assert seen == [each["productId"] for each in whole["products"]]


async def test_an_empty_answer_says_which_filter_emptied_it(client: Client) -> None:
    answer = await client.ask("search", query="cheddar cheese", brand="Nobody")

    assert answer["products"] == []
    assert answer["removedBy"][0]["filter"] == "brand"
    assert not answer["nothingLikeIt"]


async def test_a_category_answers_to_each_thing_that_it_names(client: Client) -> None:
    total = {
        asked: (await client.ask("search", query="cheese", category=asked))["total"]
        for asked in ("Dairy & Eggs", "dairy", "air")
    }
    assert total["dairy"] == total["Dairy & Eggs"] > 0
    assert total["air"] == 0


async def test_nothing_like_it_is_said(client: Client) -> None:
    answer = await client.ask("search", query="motor oil")

    assert answer["nothingLikeIt"]
    assert answer["whyNothing"]


async def test_a_brand_that_is_not_here_is_named(client: Client) -> None:
    answer = await client.ask("search", query="hellmanns mayo")

    assert answer["products"] == []
    assert "hellmann" in answer["whyNothing"]
    assert "mayonnaise" in answer["whyNothing"]


async def test_a_word_that_nothing_is_called_is_said_beside_the_hits(client: Client) -> None:
    answer = await client.ask("search", query="Zyxel's cheddar cheese")

    assert answer["count"] > 3
    assert answer["unknownWords"] == ["zyxels"]
    assert (await client.ask("search", query="cheddar cheese"))["unknownWords"] == []


async def test_sorting_by_price_puts_the_unpriced_last(client: Client) -> None:
    answer = await client.ask("search", query="cheese", sort="price", limit=100)
    prices = [each["currentPrice"] for each in answer["products"]]
    known = [price for price in prices if price is not None]

    assert known == sorted(known)
    assert prices[: len(known)] == known


async def test_a_score_is_explained_on_request(client: Client) -> None:
    answer = await client.ask("search", query="cheddar cheese", explain=True)

    assert answer["explanations"][0]["reasons"]


async def test_a_removed_product_is_not_found_any_more(tmp_path: Path) -> None:
    async with a_house_with_cheeses(tmp_path) as house:
        client = Client(house)
        before = await client.ask("search", query="cheddar cheese")
        gone = before["products"][0]["productId"]
        await house.stores.write(lambda tx: tx.products.remove_many([gone]))
        after = await client.ask("search", query="cheddar cheese")
        checked = await house.index.check()

    assert gone not in [each["productId"] for each in after["products"]]
    assert checked.agrees


async def test_searches_at_once_share_one_index(client: Client) -> None:
    answers = await asyncio.gather(*(client.ask("search", query="cheese") for _ in range(5)))

    assert all(answer == answers[0] for answer in answers)


async def test_details_say_that_no_live_source_is_set_up(client: Client) -> None:
    found_id = (await client.ask("search", query="cheese"))["products"][0]["productId"]

    answer = await client.ask("getProductDetails", productId=found_id, includeRealTime=True)

    assert answer["productId"] == found_id
    assert not answer["isRealTime"]
    assert answer["realTimeMissing"]
