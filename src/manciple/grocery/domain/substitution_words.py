"""What words in a product's name mean to somebody who looks for a substitute.

Readable tables and nothing else: promises (guards and soft ones), forms, flavors, and the words
that only praise. Words are stems as `words.tokens` gives them; patterns run over `words.plain`.
"""

import re

# Promises that somebody may depend on. One that the source states must be stated by the substitute
# too: either by the same words or by one of the promises that include it.
GUARDS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "gluten_free": r"gluten[ -]*free|no gluten|without gluten|\bgf\b|gluten friendly",
        "dairy_free": r"(?:dairy|diary|milk)[ -]*free|non[ -]*dairy|no dairy|without dairy",
        "lactose_free": r"lactose[ -]*free|\blactaid\b|no lactose",
        "vegan": r"\bvegan\b|plant[ -]*based|\bbeyond (?:meat|burger|beef)|\bplant protein",
        "vegetarian": r"\bvegetarian\b|meat[ -]*(?:less|free)|\bveggie (?:burger|sausage|dog|meat)"
        r"|\bveggie|vegetable (?:broth|stock)|chi[kc]'?k?'?n\b|\bincogmeato|\bbeefless|\bmeatfree",
        "egg_free": r"egg[ -]*(?:free|less)\b|no egg\b",
        "nut_free": r"(?<!do)(?:pea|tree )?nut[ -]*free|allergen[ -]*free|allerg\w*[ -]*friendly"
        r"|free to eat|enjoy life|top \d+ allergens?",
        "soy_free": r"soy[ -]*free",
        "corn_free": r"corn[ -]*free",
        "grain_free": r"grain[ -]*free",
        "sugar_free": r"(?<!less )sugar[ -]*free|zero sugar|\bno sugar\b(?! add)|sugarless"
        r"|\b0 ?g sugar|without sugar|zero calorie sweet|no calorie sweet",
        "no_sugar_added": r"no (?:sugar added|added sugar)|without added sugar|zero added sugar",
        "keto": r"\bketo(?:genic)?\b",
        "paleo": r"\bpaleo\b|whole ?30",
        "no_beans": r"\b(?:no|without) beans?\b|\bbeanless\b",
        "diet": r"\bdiet\b|\bzero (?:sugar|calorie)|\b0 calorie|\bcoke zero|\bpepsi zero",
        "caffeine_free": r"\bdecaf\w*|caffeine[ -]*free",
        "alcohol_free": r"alcohol[ -]*free|non[ -]*alcoholic",
        "halal": r"\bhalal\b",
    }.items()
}
INCLUDED_IN: dict[str, frozenset[str]] = {
    "lactose_free": frozenset({"dairy_free", "vegan"}),
    "dairy_free": frozenset({"vegan"}),
    "vegetarian": frozenset({"vegan"}),
    "egg_free": frozenset({"vegan"}),
    "gluten_free": frozenset({"grain_free"}),
    "no_sugar_added": frozenset({"sugar_free", "unsweetened"}),
    "diet": frozenset({"sugar_free"}),
    "sugar_free": frozenset({"diet"}),
}
# Losing these makes a poor substitute, not a wrong one. The number is what is left of the score.
SOFT: dict[str, tuple[re.Pattern[str], float]] = {
    name: (re.compile(pattern), left)
    for name, (pattern, left) in {
        "low_sodium": (
            (
                r"(?:low(?:er)?|reduced|less|light) (?:in )?(?:sodium|salt)"
                r"|(?:sodium|salt)[ -]*free|unsalted|no salt(?: added)?|lightly salted"
                r"|hint of salt|healthy request|heart healthy"
            ),
            0.38,
        ),
        "unsweetened": (r"\bunsweetened\b", 0.38),
        "less_sugar": (r"(?:less|low(?:er)?|reduced) sugar", 0.45),
        "low_carb": (r"low[ -]*carb|carb (?:balance|smart)|carbsmart|\bzero net carb", 0.38),
        "fat_free": (r"fat[ -]*free|non[ -]*fat\b|(?<!part[ -])\bskim\b", 0.6),
        "low_fat": (
            (
                r"low[ -]*fat|(?:reduced|less) fat|\blite\b|\blight\b(?! brown)|\b\d+ less fat"
                r"|\b(?:1|2)%|\bhealthy choice\b|\blean\b"
            ),
            0.7,
        ),
        "high_protein": (r"high protein|protein packed|\d+ ?g (?:of )?protein|\bprotein\b", 0.7),
        "whole_grain": (r"whole (?:grain|wheat)|multi ?-?grain|\d+ grain", 0.72),
        "organic": (r"\borganic\b", 0.93),
        "uncured": (r"\buncured\b", 0.95),
        "no_pulp": (r"no pulp|pulp free", 0.9),
    }.items()
}
# What is left where the substitute adds what the source does not have: it is another product.
ADDED: dict[str, float] = {
    "gluten_free": 0.72,
    "dairy_free": 0.3,
    "lactose_free": 0.42,
    "vegan": 0.28,
    "vegetarian": 0.28,
    "egg_free": 0.6,
    "sugar_free": 0.42,
    "no_sugar_added": 0.7,
    "keto": 0.5,
    "no_beans": 0.35,
    "diet": 0.4,
    "caffeine_free": 0.35,
    "low_sodium": 0.78,
    "unsweetened": 0.6,
    "low_carb": 0.6,
    "less_sugar": 0.8,
    "fat_free": 0.7,
    "low_fat": 0.8,
    "high_protein": 0.8,
    "whole_grain": 0.85,
    "organic": 0.97,
    "grain_free": 0.5,
    "paleo": 0.8,
}

# Ways a thing is cut, packed or prepared. Within a group two different words are two forms; the
# first number is what is left then, the second where only one of the two says its form at all.
FORMS: tuple[tuple[str, float, float, dict[str, str]], ...] = (
    (
        "cut",
        0.38,
        0.62,
        {
            "shredded": r"shred\w*|grated|fiesta blend",
            "sliced": r"slice\w*|slic\b|singles",
            "block": r"block|brick|chunk cheese|\bbar cheese|wedge|wheel",
            "cubed": r"cube\w*|cracker cuts?",
            "crumbled": r"crumble\w*",
            "stick": r"string|sticks?\b(?! butter)|snack sticks",
            "spread": r"spread\w*|whipped|tub\b",
            "diced": r"dice\w*|chopped|tidbits?|petite",
            "ground": r"\bground\b|crushed|puree",
            "spears": r"spears?",
            "chips": r"\bpickle chips|\bchips?\b",
        },
    ),
    (
        "prepared",
        0.3,
        0.8,
        {
            "mix": r"\bmix\b(?! ins)|\bkit\b",
            "dough": r"\bdough\b|ready to bake",
            "concentrate": r"concentrate\b",
            "condensed": r"condensed",
            "instant": r"\binstant\b|express cup",
            "cooked": r"fully cooked|ready to (?:eat|serve)|grilled|rotisserie|\bcooked\b(?! ham)",
            "raw": r"\braw\b|individually frozen",
            "breaded": r"breaded|battered|crispy|nuggets?|popcorn (?:chicken|shrimp)",
            "freeze dried": r"freeze dried",
        },
    ),
    (
        "portion",
        0.72,
        0.82,
        {
            "pods": r"k-? ?cups?\b|\bpods?\b",
            "packets": r"packets?|sachets?|singles to go|drink mix sticks",
            "cups": r"\bcups?\b|bowls?\b",
            "pouches": r"pouch\w*|squeez\w*|tubes?\b",
            "snack packs": r"snack packs?|snack size|fun size|lunch ?box|single serve|minis bags"
            r"|100 calorie|on the go",
        },
    ),
    ("mini", 0.78, 0.8, {"mini": r"\bminis?\b|miniatures?|\bbites?\b|bite size|baby\b|tiny"}),
    (
        "thin",
        0.85,
        0.88,
        {"thin": r"\bthins?\b|ultra thin|crispy thin", "thick": r"\bthick\w*|deep dish|texas"},
    ),
    (
        "texture",
        0.72,
        0.85,
        {"creamy": r"creamy|smooth", "crunchy": r"crunchy|chunky|extra crunchy"},
    ),
    (
        "oats",
        0.62,
        0.85,
        {"rolled": r"old fashioned|rolled", "quick": r"\bquick\b", "steel cut": r"steel cut"},
    ),
    (
        "wholeness",
        0.75,
        0.85,
        {"whole": r"\bwhole (?!milk|grain|wheat|kernel)\w+", "pieces": r"halves|pieces|broken"},
    ),
    ("assortment", 0.6, 0.7, {"variety": r"variety|assort\w+|multi ?pack|mix pack|combo"}),
    (
        "heat",
        0.72,
        0.85,
        {
            "mild": r"\bmild\b",
            "medium": r"\bmedium\b",
            "hot": r"\bhot\b(?! dog)|spicy|fiery|flamin",
        },
    ),
    (
        "grain",
        0.68,
        0.82,
        {
            "white": r"\bwhite bread|\bwhite (?:hamburger|sandwich)|enriched",
            "wheat": r"\bwheat\b(?! cracker)",
            "rye": r"\brye\b|pumpernickel",
            "sourdough": r"sourdough",
            "multigrain": r"multi ?-?grain|\d+ grain",
            "corn": r"\bcorn tortilla|white corn|yellow corn",
            "flour": r"\bflour tortilla",
            "brown": r"brown rice",
        },
    ),
    (
        "keeping",
        0.5,
        0.9,
        {
            "frozen": r"\bfrozen\b|steamfresh|steamers",
            "canned": r"\bcans?\b|canned",
            "dry": r"\bdry\b|dried",
        },
    ),
    ("keeping milk", 0.5, 0.55, {"shelf stable": r"\buht\b|shelf stable|parmalat"}),
    ("cut of meat", 0.45, 0.8, {"boneless": r"boneless", "bone in": r"bone[ -]in"}),
    (
        "strength",
        0.6,
        0.75,
        {"extra virgin": r"extra virgin", "light taste": r"extra light|light tast"},
    ),
    ("sharpness", 0.8, 0.88, {"mild": r"\bmild\b", "medium": r"\bmedium\b", "sharp": r"\bsharp\b"}),
    (
        "milk",
        0.68,
        0.75,
        {
            "whole": r"whole milk|vitamin d\b|\bwhole\b",
            "2%": r"\b2%|reduced fat",
            "1%": r"\b1%|low ?-?fat",
            "skim": r"skim|fat free|non ?-?fat",
        },
    ),
)

# Whose meat it is. Only kinds of meat ask; a name that tells none means the usual animal.
ANIMALS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "turkey": r"\bturkey\b|butterball|jennie",
        "chicken": r"\bchicken\b|\bpoultry\b",
        "beef": r"\bbeef\b|\bsteak\b|\bangus\b|sirloin",
        "pork": r"\bpork\b|\bham\b|\bprosciutto",
        "fish": r"\bfish\b|\bsalmon\b|\btuna\b",
        "lamb": r"\blamb\b",
        "bison": r"\bbison\b|\bvenison\b|\belk\b",
    }.items()
}

_FRUITS = """apple apricot banana berry blackberry blueberry cherry coconut cranberry date fig grape
grapefruit guava kiwi lemon lime mango melon orange papaya passion peach pear pineapple plum
pomegranate raspberry strawberry tangerine tropical watermelon acai citrus mandarin clementine
raisin prune elderberry lychee yuzu key berrie mixed"""
_SWEETS = """vanilla chocolate caramel cinnamon honey maple mint peppermint spearmint wintergreen
mocha toffee fudge brownie cookie cake cheesecake marshmallow smore oreo butterscotch praline
pecan walnut almond hazelnut peanut pistachio cashew macadamia nutella coffee espresso cappuccino
latte matcha chai pumpkin gingerbread ginger custard birthday confetti rocky neapolitan butter
cotton candy root beer cola licorice dulce leche churro snickerdoodle dark tiramisu
creme cream reese snicker twix kitkat nut oat granola sugar brown frosted cocoa"""
_SAVORY = """bbq barbecue cheddar nacho ranch sour onion chive jalapeno habanero sriracha buffalo
salt vinegar pepper garlic parmesan herb basil rosemary dill mustard teriyaki sesame hickory
applewood mesquite smoked smokehouse smoky chipotle lemon lime chili limon salsa verde queso
pizza pepperoni sausage bacon mushroom tomato spinach artichoke feta alfredo marinara pesto
wasabi soy curry cajun creole italian mexican caesar blue gouda swiss mozzarella provolone jack
colby american pimento horseradish truffle tandoori thai asian korean hawaiian southwest taco
meat beef chicken turkey ham pork shrimp salmon tuna crab lobster vegetable veggie bean broccoli
potato noodle rice cheese everything poppy butter tikka masala florentine primavera bolognese
vodka arrabbiata supreme margherita philly burgundy stroganoff kiev cordon bleu marsala"""
FLAVORS = frozenset(f"{_FRUITS} {_SWEETS} {_SAVORY}".split())

# Plain kinds say so with these; they are the absence of a flavor.
PLAIN = frozenset(
    [
        "original",
        "plain",
        "classic",
        "traditional",
        "regular",
        "natural",
        "old",
        "fashioned",
        "homestyle",
        "style",
        "unflavored",
        "simply",
        "simple",
        "pure",
        "real",
        "authentic",
    ]
)

# Words that sell and do not tell one product from another.
PRAISE = frozenset(
    [
        "premium",
        "quality",
        "fresh",
        "delicious",
        "tasty",
        "great",
        "good",
        "best",
        "value",
        "family",
        "size",
        "pack",
        "party",
        "bulk",
        "mega",
        "jumbo",
        "share",
        "sharing",
        "king",
        "super",
        "giant",
        "big",
        "large",
        "small",
        "medium",
        "extra",
        "gourmet",
        "artisan",
        "crafted",
        "signature",
        "select",
        "selects",
        "choice",
        "favorite",
        "special",
        "deluxe",
        "perfect",
        "perfectly",
        "ultimate",
        "proudly",
        "baked",
        "made",
        "with",
        "and",
        "in",
        "of",
        "the",
        "for",
        "to",
        "a",
        "on",
        "usa",
        "source",
        "excellent",
        "vitamin",
        "mineral",
        "individually",
        "wrapped",
        "resealable",
        "bag",
        "box",
        "jar",
        "can",
        "bottle",
        "tub",
        "tray",
        "canister",
        "carton",
        "package",
        "pouch",
        "cup",
        "container",
        "new",
        "easy",
        "ready",
        "quick",
        "microwave",
        "microwavable",
        "oven",
        "naturally",
        "flavored",
        "artificially",
        "flavor",
        "food",
        "snack",
        "kid",
        "office",
        "lunch",
        "breakfast",
        "bar",
        "count",
        "ct",
        "oz",
        "fl",
        "lb",
        "lbs",
        "ounce",
        "gallon",
        "quart",
        "pint",
        "pk",
        "ea",
        "g",
        "mg",
        "each",
        "piece",
        "pieces",
        "variety",
        "assorted",
        "mix",
        "limited",
        "edition",
        "non",
        "gmo",
        "project",
        "verified",
        "kosher",
        "no",
        "artificial",
        "color",
        "preservative",
        "ingredient",
        "hormone",
        "cage",
        "grass",
        "fed",
        "pasture",
        "raised",
        "rbst",
        "free",
        "certified",
        "usda",
        "inspected",
        "brand",
        "company",
        "holiday",
        "halloween",
        "easter",
        "christmas",
        "valentine",
        "serve",
        "serving",
        "may",
        "vary",
        "packaging",
        "great",
        "size",
        "frozen",
        "refrigerated",
        "shelf",
        "stable",
        "enriched",
        "fortified",
        "rich",
        "creamy",
        "smooth",
        "hearty",
        "smart",
        "fit",
        "healthy",
        "health",
        "balance",
        "nutrition",
        "nutritious",
        "wholesome",
        "high",
        "low",
        "less",
        "reduced",
        "light",
        "lite",
        "fat",
        "calorie",
        "protein",
        "fiber",
        "sodium",
        "sugar",
        "gluten",
        "dairy",
        "vegan",
        "organic",
        "whole",
        "grain",
        "your",
        "you",
        "our",
        "my",
        "it",
        "is",
        "that",
        "from",
        "by",
        "or",
        "as",
        "at",
        "more",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "per",
        "box",
        "tin",
        "stand",
        "up",
        "zip",
        "lock",
        "tail",
        "glass",
        "plastic",
        "pet",
        "squeeze",
        "handy",
        "club",
        "pak",
        "pkg",
        "sized",
        "sweet",
    ]
)
