import pytest

from manciple.grocery.domain.cautions import spoken_of


@pytest.mark.parametrize(
    ("avoided", "text"),
    [
        ("peanuts", "Reese's Creamy Peanut Butter, 18 Oz."),
        ("nuts", "Planters Cashews"),
        ("tree nuts", "Blue Diamond Almonds"),
        ("dairy", "Kerrygold Salted Butter"),
        ("lactose", "Great Value Whole Milk, 1 gal"),
        ("gluten", "Barilla Spaghetti. durum wheat semolina"),
        ("shellfish", "Frozen Jumbo Shrimp"),
        ("soy", "House Foods Firm Tofu"),
        ("vegan", "Hellmann's Mayonnaise. soybean oil, egg yolks"),
        ("vegetarian", "Haribo Gold Bears. glucose syrup, gelatin"),
        ("sesame", "Sesame Crackers"),
        ("gluten-free", "Wonder Classic White Bread, 20 oz"),
        ("glutenfree", "Wonder Classic White Bread, 20 oz"),
        ("no gluten", "Wonder Classic White Bread, 20 oz"),
        ("without nuts", "Planters Cashews"),
        ("fish", "Anchovies in Olive Oil"),
    ],
)
def test_what_speaks_of_an_avoided_thing_is_seen(avoided: str, text: str) -> None:
    assert spoken_of([avoided], text) == (avoided,)


@pytest.mark.parametrize(
    ("avoided", "text"),
    [
        ("peanuts", "Peanut Free Granola Bars"),
        ("dairy", "Silk Unsweetened Almond Milk, 64 fl oz"),
        ("dairy", "Jif Creamy Peanut Butter"),
        ("dairy", "Non Dairy Creamer"),
        ("gluten", "Gluten Free Pasta"),
        ("vegan", "Oatly Oat Milk"),
        ("eggs", "Eggplant"),
        ("peanuts", "Bananas"),
        ("vegan", "Beyond Meat Plant Based Burger"),
        ("keto", "Sugar"),
    ],
)
def test_what_does_not_is_left_alone(avoided: str, text: str) -> None:
    assert spoken_of([avoided], text) == ()
