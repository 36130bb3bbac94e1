"""The catalog's 42 categories: a readable path for each, and where a panel of receipts has it."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Category:
    """`path` is what people read; `panel` are the receipts' own categories for the same things.

    `density` is grams per milliliter, for sizes in fluid ounces. `are_drinks` is true where a name
    that speaks of no powder means something ready to drink.
    """

    path: tuple[str, str]
    panel: tuple[str, ...] = ()
    density: Fraction = Fraction(1)
    are_drinks: bool = False


# A gallon of ice cream weighs at least 4.5 lb (21 CFR 135.110), which is 0.54 g/ml.
_ICE_CREAM_DENSITY = Fraction(54, 100)

CATEGORIES: dict[str, Category] = {
    "baby-food": Category(("Baby", "Baby Food"), ("BABY FOODS", "BABYFOOD")),
    "baking": Category(
        ("Pantry", "Baking Mixes & Supplies"), ("BAKING MIXES", "BAKING NEEDS", "FLOUR & MEALS")
    ),
    "bread": Category(("Bakery & Bread", "Sliced Bread"), ("BAKED BREAD/BUNS/ROLLS", "BREAD")),
    "breakfast": Category(
        ("Frozen & Prepared", "Breakfast"),
        ("FRZN BREAKFAST FOODS", "BREAKFAST SAUSAGE/SANDWICHES", "MOLASSES/SYRUP/PANCAKE MIXS"),
    ),
    "cakes": Category(("Bakery & Bread", "Cakes & Pies"), ("CAKES", "PIES", "FROZEN PIE/DESSERTS")),
    "cereal": Category(("Breakfast", "Cereal & Oatmeal"), ("COLD CEREAL", "HOT CEREAL")),
    "cheese": Category(("Dairy & Eggs", "Cheese"), ("CHEESE", "CHEESES")),
    "cookies-biscuit": Category(
        ("Snacks & Candy", "Cookies & Brownies"), ("COOKIES/CONES", "COOKIES")
    ),
    "culinary-ingredients": Category(
        ("Pantry", "Oils, Sugars & Vinegars"),
        ("SHORTENING/OIL", "SUGARS/SWEETNERS", "CONDIMENTS/SAUCES", "BUTTER", "MARGARINES"),
    ),
    "dairy-yogurt-drink": Category(
        ("Dairy & Eggs", "Yogurt & Dairy Drinks"), ("YOGURT", "MILK BY-PRODUCTS")
    ),
    "dressings": Category(("Pantry", "Dressings & Mayonnaise"), ("SALD DRSNG/SNDWCH SPRD",)),
    "drink-coffee": Category(
        ("Drinks", "Coffee & Creamers"), ("COFFEE", "MILK BY-PRODUCTS", "NON-DAIRY BEVERAGES")
    ),
    "drink-juice": Category(
        ("Drinks", "Juice"),
        ("CANNED JUICES", "REFRGRATD JUICES/DRNKS", "JUICE"),
        are_drinks=True,
    ),
    "drink-shakes-other": Category(
        ("Drinks", "Shakes & Other Drinks"),
        ("FITNESS&DIET", "TEAS", "COCOA MIXES"),
        are_drinks=True,
    ),
    "drink-soft-energy-mixes": Category(
        ("Drinks", "Soda, Energy Drinks & Mixes"),
        ("SOFT DRINKS", "ISOTONIC DRINKS", "PWDR/CRYSTL DRNK MX"),
        are_drinks=True,
    ),
    "ice-cream-dessert": Category(
        ("Frozen & Prepared", "Ice Cream & Desserts"),
        ("ICE CREAM/MILK/SHERBTS", "FRZN NOVELTIES/WTR ICE"),
        _ICE_CREAM_DENSITY,
    ),
    "jerky": Category(("Snacks & Candy", "Jerky"), ("MEAT - SHELF STABLE", "BAG SNACKS")),
    "mac-cheese": Category(
        ("Pantry", "Macaroni & Cheese"), ("DINNER MXS:DRY", "FRZN MEAT/MEAT DINNERS")
    ),
    "meat-packaged": Category(
        ("Meat & Seafood", "Packaged Meat"), ("LUNCHMEAT", "DELI MEATS", "FROZEN MEAT", "CHICKEN")
    ),
    "milk-milk-substitute": Category(
        ("Dairy & Eggs", "Milk & Milk Alternatives"),
        ("FLUID MILK PRODUCTS", "NON-DAIRY BEVERAGES", "CANNED MILK"),
        are_drinks=True,
    ),
    "muffins-bagels": Category(
        ("Bakery & Bread", "Muffins & Bagels"), ("BAKED BREAD/BUNS/ROLLS", "BREAKFAST SWEETS")
    ),
    "pasta-noodles": Category(("Pantry", "Pasta & Noodles"), ("DRY NOODLES/PASTA",)),
    "pastry-chocolate-candy": Category(
        ("Snacks & Candy", "Candy, Chocolate & Pastries"),
        (
            "CANDY - PACKAGED",
            "CANDY - CHECKLANE",
            "BREAKFAST SWEETS",
            "CONVENIENT BRKFST/WHLSM SNACKS",
        ),
    ),
    "pizza": Category(("Frozen & Prepared", "Pizza"), ("FROZEN PIZZA",)),
    "prepared-meals-dishes": Category(
        ("Frozen & Prepared", "Meals & Sides"),
        ("FRZN MEAT/MEAT DINNERS", "FRZN VEGETABLE/VEG DSH", "FRZN POTATOES", "DINNER MXS:DRY"),
    ),
    "produce-packaged": Category(
        ("Produce", "Packaged Fruits & Vegetables"),
        (
            "VEGETABLES - SHELF STABLE",
            "FRUIT - SHELF STABLE",
            "FRZN VEGETABLE/VEG DSH",
            "FRZN FRUITS",
            "DRIED FRUIT",
            "BEANS - CANNED GLASS & MW",
            "PICKLE/RELISH/PKLD VEG",
            "OLIVES",
        ),
    ),
    "pudding-jello": Category(
        ("Snacks & Candy", "Pudding & Gelatin"), ("DRY MIX DESSERTS", "REFRIGERATED", "SALADS/DIPS")
    ),
    "rice-grains-packaged": Category(("Pantry", "Rice & Grains"), ("DRY BN/VEG/POTATO/RICE",)),
    "rolls-buns-wraps": Category(
        ("Bakery & Bread", "Rolls, Buns & Wraps"),
        ("BAKED BREAD/BUNS/ROLLS", "ROLLS", "HISPANIC", "REFRGRATD DOUGH PRODUCTS"),
    ),
    "salad": Category(("Produce", "Salads"), ("SALAD MIX", "VEGETABLES SALAD")),
    "sauce-all": Category(
        ("Pantry", "Sauces"), ("PASTA SAUCE", "CONDIMENTS/SAUCES", "DRY SAUCES/GRAVY", "HISPANIC")
    ),
    "sausage-bacon": Category(
        ("Meat & Seafood", "Sausage, Bacon & Hot Dogs"),
        ("DINNER SAUSAGE", "BACON", "HOT DOGS", "BREAKFAST SAUSAGE/SANDWICHES"),
    ),
    "seafood": Category(
        ("Meat & Seafood", "Seafood"), ("SEAFOOD - SHELF STABLE", "SEAFOOD - FROZEN")
    ),
    "snacks-bars": Category(
        ("Snacks & Candy", "Snack Bars"), ("CONVENIENT BRKFST/WHLSM SNACKS", "FITNESS&DIET")
    ),
    "snacks-chips": Category(("Snacks & Candy", "Chips"), ("BAG SNACKS", "WAREHOUSE SNACKS")),
    "snacks-dips-salsa": Category(
        ("Snacks & Candy", "Dips & Salsa"), ("SALADS/DIPS", "HISPANIC", "BAG SNACKS")
    ),
    "snacks-mixes-crackers": Category(
        ("Snacks & Candy", "Crackers & Snack Mixes"),
        ("CRACKERS/MISC BKD FD", "BAG SNACKS", "RICE CAKES"),
    ),
    "snacks-nuts-seeds": Category(("Snacks & Candy", "Nuts & Seeds"), ("SNACK NUTS", "NUTS")),
    "snacks-popcorn": Category(("Snacks & Candy", "Popcorn"), ("POPCORN", "BAG SNACKS")),
    "soup-stew": Category(("Pantry", "Soup & Chili"), ("SOUP", "MEAT - SHELF STABLE")),
    "spices-seasoning": Category(
        ("Pantry", "Spices & Seasonings"), ("SPICES & EXTRACTS", "DRY SAUCES/GRAVY")
    ),
    "spread-squeeze": Category(
        ("Pantry", "Nut Butters, Jams & Honey"), ("PNT BTR/JELLY/JAMS", "SUGARS/SWEETNERS")
    ),
}
