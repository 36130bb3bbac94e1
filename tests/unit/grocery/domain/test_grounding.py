from datetime import UTC, datetime

from manciple.grocery.domain.grounding import Grounded, Hit, Thing, choose, things_of
from manciple.grocery.domain.language.frames import Entity
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.units import parse_size

SEEN = datetime(2026, 1, 2, tzinfo=UTC)
JUGS = [
    Product(
        product_id=id_,
        name=f"Whole Milk, {size}",
        size=parse_size(size),
        source="t",
        updated_at=SEEN,
    )
    for id_, size in (("a", "64 fl oz"), ("b", "1 gal"))
]
HITS = [Hit(one, 0.9) for one in JUGS]


def chosen(thing: Thing, **bought: int) -> str:
    found = choose(thing, HITS, bought=bought)
    assert isinstance(found, Grounded)
    assert found.product is not None
    return found.product.product_id


def test_gallons_are_gallon_jugs_where_there_are_any() -> None:
    assert chosen(Thing(phrase="whole milk", unit="gallon")) == "b"
    assert chosen(Thing(phrase="whole milk", unit="bottle")) == "a"
    assert chosen(Thing(phrase="whole milk")) == "a"


def test_the_households_own_comes_before_the_size() -> None:
    assert chosen(Thing(phrase="whole milk", unit="gallon"), a=3) == "a"


def test_the_plain_product_comes_before_a_special_one() -> None:
    names = ("Hard-Cooked Cage-Free Buffalo-Style Eggs, 6 count", "Acme, Large Eggs, 12 Count")
    found = choose(Thing(phrase="eggs"), [Hit(_named(name), 0.9) for name in names], bought={})
    assert isinstance(found, Grounded)
    assert found.product == _named(names[1])


def test_what_only_has_the_thing_in_it_comes_last() -> None:
    names = ("Acme Milk Snack, 4 oz", "Acme Vitamin D Milk, 1 Gallon")
    found = choose(Thing(phrase="milk"), [Hit(_named(name), 0.9) for name in names], bought={})
    assert isinstance(found, Grounded)
    assert found.product == _named(names[1])


def _named(name: str) -> Product:
    return Product(product_id=name[:9], name=name, brand="Acme", source="t", updated_at=SEEN)


def test_a_name_that_was_taken_for_a_reference_is_still_a_name() -> None:
    def thing(text: str) -> Thing:
        said = Entity(type="reference", text=text, start=0, end=len(text), item=0)
        return things_of([said])[0]

    assert (thing("brocolli").phrase, thing("brocolli").reference) == ("brocolli", None)
    assert (thing("the second one").phrase, thing("the second one").reference) == (
        "",
        "the second one",
    )
    assert thing("option 2").reference == "option 2"


def test_what_must_not_be_in_it_is_not_chosen_while_there_is_another() -> None:
    almonds, plain = _named("Granola, Almond"), _named("Acme Honey Granola Cereal")
    hits = [Hit(almonds, 0.9), Hit(plain, 0.9)]
    without = Thing(phrase="granola", without=("nuts",))

    def picked(thing: Thing, among: list[Hit]) -> Product | None:
        found = choose(thing, among, bought={})
        assert isinstance(found, Grounded)
        return found.product

    assert picked(Thing(phrase="granola"), hits) == almonds
    assert picked(without, hits) == plain
    assert picked(without, hits[:1]) == almonds
