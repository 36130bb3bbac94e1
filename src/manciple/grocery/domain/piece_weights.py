"""What one piece of a packaged food usually weighs; settles "6 ct 11.6 oz" against "12 ct 8 oz".

Read by eye from a few hundred American package labels. Only the order of magnitude matters, since
the two readings that it decides between lie a factor of the whole count apart. First match wins.
"""

import re

_ROWS: tuple[tuple[str, float], ...] = (
    (r"k-?cups?|pods?\b", 0.4),
    (r"tea bags?|\bteas?\b.*\b(?:bags|ct|count)", 0.07),
    (r"creamer singles|half & half.*(?:singles|ct|count)", 0.4),
    (r"drink mix|drink packets|singles to go|kool-aid|crystal light|sweetener|sugar packets", 0.3),
    (r"oatmeal|grits|cocoa|hot chocolate|breakfast essentials|instant coffee|packets?\b", 1.3),
    (r"(?:energy|protein|granola|cereal|snack|nutrition|breakfast|fiber|meal|nut) bars?\b", 1.5),
    (r"pop-tarts|toaster (?:pastries|strudel)", 1.7),
    (r"tortillas?\b", 1.5),
    (r"biscotti|sugar cones|cake cones|waffle cones", 0.7),
    (r"pizza rolls|egg rolls|spring rolls", 0.8),
    (r"\bbuns?\b|dinner rolls|enriched rolls|danish", 2.2),
    (r"microwave popcorn", 3.0),
    (r"ice cream|frozen dairy|frozen dessert|popsicle|\bpops\b|sherbet|frozen yogurt|gelato", 3.5),
    (r"mac(?:aroni)? (?:&|and|n) cheese|shells & cheese|shells and cheese", 7.0),
    (r"ravioli|spaghetti|lasagna|ramen|noodle soup", 10.0),
    (
        r"cottage cheese|yogurt|pudding|gelatin|jell-o|applesauce|apple sauce|fruit (?:cup|bowl)",
        4.5,
    ),
    (r"\bparfait|\bbaby food|\bpouch(?:es)?\b|\bdips?\b|hummus|guacamole", 3.5),
    (r"\bin (?:\d+% )?(?:fruit )?juice|in (?:light|heavy) syrup|fruit mix|\bcups\b", 4.2),
    (r"\bshrimp|\bscallops", 0.7),
    (r"tuna|sardines|salmon|anchov|deviled|potted meat|vienna sausage", 4.0),
    (r"shakes?\b|water|juice|soda|\bdrinks?\b|beverage|lemonade|smoothie|cola\b|cold brew", 10.0),
    (r"\bmilk\b(?! chocolate)|iced tea|bottles?\b|\bfl oz\b|\bbroth|\bstock\b", 10.0),
    (
        r"cans?\b|soup|\bchili\b(?! mango)|tomatoes|\bbeans\b|\bcorn\b|\bpeas\b|carrots|\bjars?\b",
        12.0,
    ),
    (r"\bgum\b|\bmints?\b|peppermint|miniatures|fun size|snack size|pieces|caramels", 0.6),
    (r"fruit snacks|roll-?ups|gummies|fruit leather|seaweed", 0.85),
    (
        r"chips|pretzels|crackers|crisps|puffs|snack mix|popcorn|goldfish|doritos|cheetos|nuts\b",
        1.1,
    ),
    (r"almonds|cashews|peanuts|pistachios|trail mix|raisins", 1.2),
    (r"candy|chocolates?\b", 1.5),
    (r"\bbars?\b|granola", 1.5),
    (r"cheese", 0.9),
    (r"jerky|meat sticks?|beef sticks?|pepperoni", 0.8),
    (r"pizza rolls|bites|nuggets|taquitos|egg rolls|tots|poppers|pot ?stickers|meatballs", 0.8),
    (r"wraps|taco shells|tostadas|pitas?\b", 1.5),
    (r"waffles?|pancakes?|french toast", 1.3),
    (r"bacon|sausage (?:links|patties)|breakfast sausage", 1.2),
    (r"franks|hot dogs|wieners|bratwurst|sausages?", 2.0),
    (r"\bburgers?\b|patties", 4.5),
    (r"pizzas?\b|meals?\b|dinners?\b|entree", 8.0),
    (r"burritos?|sandwich(?:es)?|hot pockets|corn dogs|pot pie", 4.5),
    (r"buns?\b|rolls?\b|bagels?|muffins?|croissants?|do(?:ugh)?nuts|biscuits?|pastries", 2.2),
    (r"cookies|brownies|cakes?\b|treats|wafers", 1.3),
)
_PATTERN = re.compile("|".join(f"(?P<r{index}>{words})" for index, (words, _) in enumerate(_ROWS)))
_USUAL_OZ = 2.5


def usual_piece_oz(name: str) -> float:
    """Ounces (or fluid ounces) of one piece of what a name in lower case speaks of."""
    rows = [int(match.lastgroup[1:]) for match in _PATTERN.finditer(name) if match.lastgroup]
    return _ROWS[min(rows)][1] if rows else _USUAL_OZ
