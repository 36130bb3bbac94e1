import msgspec

from manciple.grocery.domain.aisles import DEPARTMENTS, walk_key
from manciple.grocery.domain.products import Product
from tests.list_builders import a_product


def a_thing(*path: str) -> Product:
    return msgspec.structs.replace(a_product(), category_path=path)


def test_the_walk_begins_with_produce_and_ends_with_what_melts() -> None:
    things = [a_thing(name) for name in sorted(DEPARTMENTS)]
    walk = [one.category_path[0] for one in sorted(things, key=walk_key)]
    assert (walk[0], walk[-1]) == ("Produce", "Frozen & Prepared")


def test_shelves_of_one_department_stay_together() -> None:
    things = [a_thing("Pantry", "Soup"), a_thing("Produce"), a_thing("Pantry", "Rice")]
    assert [one.category_path for one in sorted(things, key=walk_key)] == [
        ("Produce",),
        ("Pantry", "Rice"),
        ("Pantry", "Soup"),
    ]


def test_ones_own_order_comes_first_and_the_unknown_last() -> None:
    things = [None, a_thing(), a_thing("Garden"), a_thing("Produce"), a_thing("Drinks")]
    walk = sorted(things, key=lambda one: walk_key(one, own_order=("drinks",)))
    named = [one.category_path if one is not None else None for one in walk]
    assert named[:3] == [("Drinks",), ("Produce",), ("Garden",)]
