from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manciple.grocery.domain.products import Product
from manciple.grocery.domain.queries import understand
from manciple.grocery.index.product_index import ProductIndex
from manciple.kit.errors import Unavailable

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def product(product_id: str, name: str) -> Product:
    return Product(product_id=product_id, name=name, source="test", updated_at=NOW)


MILK = product("1", "Prairie Farms Whole Milk, 1 Gallon")
CHEESE = product("2", "Cabot Sharp Cheddar Cheese, 8 oz")


def opened(path: Path | None = None) -> ProductIndex:
    index = ProductIndex(path)
    index.open()
    return index


def ids(index: ProductIndex, query: str) -> list[str]:
    return [card.product_id for card in index.candidates(understand(query, index.words))]


@pytest.fixture
def index() -> ProductIndex:
    made = opened()
    made.apply([("1", MILK), ("2", CHEESE)], revision=2)
    return made


def test_what_is_put_in_is_found(index: ProductIndex) -> None:
    assert ids(index, "cheese") == ["2"]
    assert index.revision == 2


def test_a_changed_product_is_there_once(index: ProductIndex) -> None:
    index.apply([("2", product("2", "Cabot Swiss Cheese, 8 oz"))], revision=3)

    assert ids(index, "swiss") == ["2"]
    assert index.count() == 2
    assert "cheddar" not in index.words.counts


def test_a_product_no_longer_sold_is_gone(index: ProductIndex) -> None:
    index.apply([("1", None)], revision=3)

    assert index.all_ids() == frozenset({"2"})


def test_an_index_remembers_how_far_it_came(tmp_path: Path) -> None:
    opened(tmp_path / "index").apply([("1", MILK)], revision=7)

    again = opened(tmp_path / "index")

    assert (again.revision, again.all_ids()) == (7, frozenset({"1"}))


def test_broken_files_are_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "index"
    opened(path).apply([("1", MILK)], revision=7)
    (path / "meta.json").write_text("{")

    assert opened(path).revision == 0


Changes = st.lists(
    st.tuples(st.sampled_from("12345"), st.sampled_from(["Milk", "Cheddar Cheese", None])),
    max_size=12,
)


@settings(max_examples=15)
@given(Changes)
def test_the_index_holds_what_the_changes_leave(changes: list[tuple[str, str | None]]) -> None:
    index = opened()
    kept: dict[str, str] = {}
    for revision, (product_id, name) in enumerate(changes, start=1):
        index.apply([(product_id, product(product_id, name) if name else None)], revision=revision)
        kept.pop(product_id, None)
        if name:
            kept[product_id] = name

    assert index.all_ids() == kept.keys()


def test_a_second_writer_is_told_to_come_later(tmp_path: Path) -> None:
    first, second = opened(tmp_path / "index"), opened(tmp_path / "index")
    first.apply([("1", MILK)], revision=1)
    held = first._writer()

    with pytest.raises(Unavailable):
        second.apply([("2", CHEESE)], revision=2)
    held.rollback()
    del held
    second.reload()

    assert second.revision == 1
