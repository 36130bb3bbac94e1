"""Units as people name them, and the one name each goes by here."""

_NAMES = {
    "gallon": "gallons gal gals",
    "half gallon": "half-gallon",
    "quart": "quarts qt qts",
    "pint": "pints pt pts",
    "pound": "pounds lb lbs lb.",
    "ounce": "ounces oz oz. ozs",
    "fluid ounce": "",
    "kilogram": "kilograms kg kgs kilo kilos",
    "gram": "grams g gr gm",
    "liter": "liters litre litres l ltr",
    "milliliter": "milliliters ml",
    "cup": "cups",
    "bag": "bags",
    "box": "boxes",
    "can": "cans",
    "bottle": "bottles",
    "jar": "jars",
    "pack": "packs pk pks",
    "package": "packages pkg pkgs",
    "packet": "packets",
    "case": "cases",
    "carton": "cartons ctn",
    "loaf": "loaves loafs",
    "bunch": "bunches",
    "head": "heads",
    "clove": "cloves",
    "stick": "sticks",
    "roll": "rolls",
    "tube": "tubes",
    "tub": "tubs",
    "bar": "bars",
    "slice": "slices",
    "piece": "pieces pcs pc",
    "tray": "trays",
    "container": "containers",
    "jug": "jugs",
    "stalk": "stalks",
    "ear": "ears",
    "sprig": "sprigs",
    "bulb": "bulbs",
    "sack": "sacks",
    "block": "blocks",
    "wedge": "wedges",
    "fillet": "fillets filet filets",
    "pouch": "pouches",
    "sleeve": "sleeves",
    "bundle": "bundles",
    "crate": "crates",
    "flat": "flats",
    "dozen": "dozens",
    "pair": "pairs",
    "set": "sets",
    "tin": "tins",
    "canister": "canisters",
    "keg": "kegs",
    "sheet": "sheets",
    "bouquet": "bouquets",
    "count": "ct counts",
    "barrel": "barrels",
    "twelve pack": "",
}
CANONICAL = {
    name: unit for unit, others in _NAMES.items() for name in (unit, *others.split()) if name
}
UNIT_WORDS = frozenset(name for name in CANONICAL if " " not in name)


def unit_of(phrase: str) -> str:
    """The canonical unit of `phrase` ("lbs" is "pound"); unknown ones stay as they are said."""
    said = " ".join(phrase.lower().split())
    return CANONICAL.get(said, CANONICAL.get(said.rstrip("."), said))


def plural_of(unit: str) -> str:
    """How several of a unit are called: "gallons", "loaves", but "two dozen"; others stay."""
    plural = _NAMES.get(unit, "").partition(" ")[0]
    return plural if plural.endswith("s") and unit != "dozen" else unit
