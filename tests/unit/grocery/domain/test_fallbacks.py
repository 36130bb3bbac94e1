import pytest

from manciple.grocery.domain.fallbacks import Fallback, chosen, fallen, is_same_size, rule_of
from manciple.grocery.domain.likenesses import Likeness, Proposal
from manciple.grocery.domain.lists import ListItem
from manciple.grocery.domain.products import Product
from manciple.grocery.domain.units import parse_size
from manciple.kit.errors import InvalidInput
from tests.stocks import NOON, a_full_product


def an_item(*, allowed: bool = True, substitutes: tuple[str, ...] = ()) -> ListItem:
    return ListItem(
        item_id="i",
        product_id="1",
        text="rice",
        quantity_thousandths=1000,
        substitution_allowed=allowed,
        substitutes=substitutes,
        position=1,
        added_at=NOON,
    )


def a_product(product_id: str, size: str = "16 oz", *, in_stock: bool | None = None) -> Product:
    return a_full_product(product_id, size=parse_size(size), in_stock=in_stock)


def a_proposal(product: Product, score: float = 0.9) -> Proposal:
    return Proposal(product=product, likeness=Likeness(score, ()), score=score)


SOURCE = a_product("1")


@pytest.mark.parametrize(
    ("item", "same_size", "rule"),
    [
        (an_item(allowed=False, substitutes=("2",)), True, Fallback.NEVER),
        (an_item(substitutes=("2",)), True, Fallback.THESE),
        (an_item(), True, Fallback.SAME_SIZE),
        (an_item(), False, Fallback.ASK),
    ],
)
def test_the_stricter_rule_holds(item: ListItem, same_size: bool, rule: Fallback) -> None:  # noqa: FBT001 - a table
    assert rule_of(item, same_size=same_size) is rule


@pytest.mark.parametrize("rule", Fallback)
def test_a_chosen_rule_is_the_rule_that_holds(rule: Fallback) -> None:
    products = ("2",) if rule is Fallback.THESE else ()
    edit = chosen(rule, products)
    item = an_item(allowed=edit.substitution_allowed, substitutes=edit.substitutes)
    assert rule_of(item, same_size=edit.same_size) is rule


@pytest.mark.parametrize(("rule", "products"), [(Fallback.THESE, ()), (Fallback.ASK, ("2",))])
def test_products_belong_to_their_rule(rule: Fallback, products: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        chosen(rule, products)


def test_never_takes_nothing_and_asks_nobody() -> None:
    found = fallen(Fallback.NEVER, an_item(), known={"1": SOURCE}, proposals=[a_proposal(SOURCE)])
    assert (found.named, found.proposals, found.needs_asking) == ((), (), False)


def test_named_products_are_taken_in_order_but_not_out_of_stock() -> None:
    known = {"2": a_product("2", in_stock=False), "3": a_product("3"), "4": a_product("4")}
    item = an_item(substitutes=("2", "4", "3", "gone"))
    found = fallen(Fallback.THESE, item, known=known, proposals=())
    assert [product.product_id for product in found.named] == ["4", "3"]
    assert not found.needs_asking
    assert fallen(Fallback.THESE, item, known={}, proposals=()).needs_asking


def test_the_same_size_is_taken_unasked_only_if_it_is_nearly_the_same_thing() -> None:
    near, far = a_proposal(a_product("2")), a_proposal(a_product("3", "32 oz"))
    found = fallen(Fallback.SAME_SIZE, an_item(), known={"1": SOURCE}, proposals=[far, near])
    assert found.proposals == (near,)
    assert not found.needs_asking
    unlike = a_proposal(a_product("2"), 0.6)
    asked = fallen(Fallback.SAME_SIZE, an_item(), known={"1": SOURCE}, proposals=[unlike])
    assert asked.needs_asking


def test_asking_shows_everything_and_takes_nothing() -> None:
    proposals = [a_proposal(a_product("2", "32 oz"))]
    found = fallen(Fallback.ASK, an_item(), known={"1": SOURCE}, proposals=proposals)
    assert found.proposals == tuple(proposals)
    assert found.needs_asking


def test_sizes_are_the_same_within_a_label_and_never_where_unknown() -> None:
    assert is_same_size(SOURCE, a_product("2", "15.8 oz"))
    assert not is_same_size(SOURCE, a_product("2", "15 oz"))
    assert not is_same_size(SOURCE, a_product("2", "16 fl oz"))
    assert not is_same_size(SOURCE, a_full_product("2", size=None))
