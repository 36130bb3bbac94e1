"""Words that show what is wanted, and patterns that need more than neighbors to be seen."""

import re

_CUES = """
    add put remove delete take off out drop get buy order need want find search show look tell
    what whats which when where who why how much many is are do does did have has had can could
    should would will list cart basket price cost costs expensive cheap cheaper cheapest stock
    available left back sale deal deals coupon coupons discount clearance rollback compare
    versus vs or than better difference instead substitute alternative replacement replace swap
    like similar recommend suggest suggestions ideas running low last ever usually always never
    only paid pay spent spend spending bought ordered history again reorder usual same repeat
    more checkout check place submit cancel track status arrive delivery pickup curbside store
    shopping start begin schedule alert notify watch know if under below over allergic allergy
    prefer avoid budget vegan diet mark done got picked change make update increase reduce
    quantity total estimate everything all new create clear empty contain calories ingredients
    nutrition not no dont without with to from for on in at my i we you it that this them those
    one another and then help account refund recipe cook open close play call your person human
    made gone up down been was were
"""
CUE_WORDS = frozenset(_CUES.split())
PATTERNS = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "ends_question",
            r"\?\s*$",
        ),
        (
            "add_to",
            (
                r"\b(?:add|put|stick|throw|toss|include)\b.*\b(?:to|on|in|"
                r"into)\b.*\b(?:list|cart|basket)\b"
            ),
        ),
        (
            "off_list",
            r"\b(?:take|cross|scratch|pull|kick|get|leave)\b.*\b(?:off|out)\b",
        ),
        (
            "remove_all",
            (
                r"\b(?:remove|delete|clear|empty|wipe|erase|dump|"
                r"trash)\b.*\b(?:everything|all|cart|basket|lists?)\b\W*$"
            ),
        ),
        (
            "got",
            (
                r"^(?:i |we |just |already |ive |i've |i have )*(?:got|grabbed|found|"
                r"bought|picked up)\b"
            ),
        ),
        (
            "from_to",
            r"\bfrom\b.*\bto\b",
        ),
        (
            "change_to",
            (
                r"\b(?:change|update|set|make|switch|put|bump|increase|reduce|"
                r"edit)\b.*\b(?:to|by|down|up)\b"
            ),
        ),
        (
            "make_number",
            r"^(?:\w+ )?make (?:it|that|those) ",
        ),
        (
            "how_much_is",
            r"\bhow much (?:is|are|does|do|for)\b",
        ),
        (
            "how_much_did",
            r"\bhow much (?:did|have|has|was|were)\b",
        ),
        (
            "spend",
            r"\bspen[dt]|\bspending\b|\bbudget\b|\bexpenses\b",
        ),
        (
            "past_price",
            (
                r"\b(?:paid?|cost|price)\b.*\b(?:last|ago|before|history|used to|"
                r"yesterday|went|gone)\b"
            ),
        ),
        (
            "gone_up",
            r"\b(?:gone|gotten|going|go|went) (?:up|down|cheaper|more)\b",
        ),
        (
            "last_bought",
            (
                r"\b(?:last|ever|usually|normally|often|times|always)\b.*\b(?:buy|"
                r"bought|get|got|order|ordered)\b"
            ),
        ),
        (
            "always_buy",
            r"\b(?:always|usually|normally|regular) (?:buy|get|order)\b",
        ),
        (
            "in_stock",
            (
                r"\b(?:in stock|available|sold out|out of stock|any .* left|"
                r"back in stock)\b"
            ),
        ),
        (
            "do_you_have",
            r"^\W*(?:do|does|did|have|has) (?:you|u|the store|they|walmart|ya)\b",
        ),
        (
            "when_then",
            (
                r"\b(?:when|if|once|as soon as)\b.*\b(?:sale|drop|drops|below|under|"
                r"stock|available|cheaper|back)\b"
            ),
        ),
        (
            "tell_me_when",
            (
                r"\b(?:tell|notify|alert|ping|text|email|let me know|know)\b.*\b(?:when|"
                r"if|once)\b"
            ),
        ),
        (
            "versus",
            r"\bvs?\b\.?|\bversus\b",
        ),
        (
            "which_or",
            r"\b(?:which|what|better|cheaper|healthier|best|lower|higher|or)\b.* or ",
        ),
        (
            "comparative_than",
            r"\b(?:er|more|less|better|cheaper|healthier)\b.*\bthan\b",
        ),
        (
            "than_time",
            r"\bthan (?:last|before|it|they|usual|a )",
        ),
        (
            "instead",
            (
                r"\binstead\b|\bin place of\b|\balternatives?\b|\bsubstitut|\breplace|"
                r"\bsubs? for"
            ),
        ),
        (
            "be_person",
            r"^(?:i'?m|im|i am|we'?re|we are) ",
        ),
        (
            "allergy",
            r"\ballerg|\bintoleran|\bceliac",
        ),
        (
            "everything",
            r"\beverything\b|\bwhole list\b|\bentire list\b|\ball of it\b",
        ),
        (
            "my_order",
            r"\b(?:my|the|an|this) (?:\w+ )?order\b",
        ),
        (
            "order_number",
            r"\border (?:number |no\.? )?#?\d{3,}|#\d{3,}",
        ),
        (
            "cancel_order",
            r"\bcancel\b.*\b(?:order|delivery|pickup)\b",
        ),
        (
            "usual",
            (
                r"\busual\b|\bregular\b|\bsame\b.*\bas\b|\bagain\b|\brestock|\brefill|"
                r"\breorder|\bre-order"
            ),
        ),
        (
            "out_of",
            r"\b(?:out of|ran out|low on|no more|all out)\b",
        ),
        (
            "new_list",
            (
                r"\b(?:new|another|fresh|blank|separate)\b(?: \w+){0,3} list\b|"
                r"\blist (?:called|named|for)\b"
            ),
        ),
        (
            "whats_on",
            (
                r"\bwhat'?s? (?:is |are )?(?:all |left )?(?:on|in)\b.*\b(?:list|cart|"
                r"basket)\b"
            ),
        ),
        (
            "on_list_question",
            r"^(?:is|are|do|did|does|have|was) .*\b(?:list|cart|basket|there)\b",
        ),
        (
            "how_do_i",
            r"\bhow (?:do|can|should|to|would) ?(?:i|we|you)?\b",
        ),
        (
            "cook",
            (
                r"\brecipes?\b|\bcook|\bbake\b|\bfridge\b|\bfreez|\boven\b|\bboil\b|"
                r"\bgrill\b"
            ),
        ),
        (
            "human",
            (
                r"\brefund|\bmoney back\b|\bcustomer service\b|\brepresentative\b|"
                r"\bhuman\b|\bagent\b|\bmanager\b"
            ),
        ),
        (
            "account",
            (
                r"\baccount\b|\bpassword\b|\bcredit card\b|\bpayment method\b|"
                r"\bmembership\b|\baddress\b"
            ),
        ),
        (
            "store_hours",
            r"\b(?:open|close|closed|hours|located|location|nearest|directions)\b",
        ),
        (
            "inject",
            (
                r"\binstructions\b|\bsystem prompt\b|\byou are now\b|\bpretend\b|"
                r"\bact as\b|\bignore (?:all|your|previous)\b"
            ),
        ),
        (
            "deal",
            (
                r"\bdeals?\b|\bcoupons?\b|\bon sale\b|\bclearance\b|\brollbacks?\b|"
                r"\bdiscount|\bspecials?\b"
            ),
        ),
        (
            "money",
            r"\$\s?\d|\b\d+ (?:dollars|bucks|cents)\b",
        ),
        (
            "long_number",
            r"\d{6,}",
        ),
        (
            "amount_first",
            (
                r"^\W*(?:\d|an? (?:\w+ )?(?:of|bag|box|can|bottle|jar|pack|dozen|loaf|"
                r"head|bunch|gallon)\b|one|two|three|four|five|six|half)"
            ),
        ),
        (
            "amount_last",
            r"\b(?:x\s?)?\d+\W*$",
        ),
        (
            "commas",
            r",.*,|,",
        ),
    )
)
