"""What the columns of exports are called, and how their cells are read."""

import re
from decimal import Decimal

from manciple.grocery.connectors.order_money import decimal_of, printed_cents
from manciple.grocery.connectors.order_words import AGAIN, NAMES, NAMES_TOO, Row
from manciple.grocery.domain.orders import Fee, Payment
from manciple.kit.errors import InvalidInput

_CAME = ("delivered", "fulfilled", "received", "shipped", "picked", "final")
# What each fact may be headed with, the most telling first.
_COLUMNS = {
    "order": (
        "ordernumber",
        "orderid",
        "orderno",
        "ordernum",
        "order",
        "receiptnumber",
        "invoicenumber",
        "invoiceno",
        "invoice",
        "receiptno",
        "receiptid",
        "tc",
        "tcnumber",
        "transactionid",
        "transactionnumber",
        "transactionno",
        "confirmationnumber",
    ),
    "date": (
        "orderdate",
        "purchasedate",
        "orderplaced",
        "dateordered",
        "orderedon",
        "dateplaced",
        "placedon",
        "purchasedon",
        "datepurchased",
        "dateofpurchase",
        "transactiondate",
        "orderedat",
        "purchasedat",
        "date",
    ),
    "name": (*NAMES, *NAMES_TOO),
    "quantity": (
        # What came counts, and not what was asked for.
        *(way + qty for way in _CAME for qty in ("qty", "quantity")),
        *(qty + way for way in _CAME for qty in ("qty", "quantity")),
        "qty",
        "quantity",
        "quantityordered",
        "qtyordered",
        "orderedqty",
        "orderedquantity",
        "quantitypurchased",
        "qtypurchased",
        "itemqty",
        "itemquantity",
        "units",
        "count",
    ),
    "line_price": (
        "lineprice",
        "linetotal",
        "itemtotal",
        "totalprice",
        "itemsubtotal",
        "extprice",
        "extendedprice",
        "lineamount",
        "amountpaid",
        "pricepaid",
        "paid",
        "amount",
        # The least telling of all: beside another of these it is the price of one.
        "price",
    ),
    "unit_price": (
        "itemprice",
        "unitprice",
        "priceperunit",
        "priceeach",
        "eachprice",
        "unitcost",
        "priceperitem",
    ),
    "status": ("status", "itemstatus", "orderstatus", "deliverystatus"),
    "kind": ("ordertype", "type", "fulfillmenttype", "channel"),
    "link": ("productlink", "producturl", "itemurl", "link", "url"),
    "product_id": ("usitemid", "productid", "itemid", "itemnumber", "sku"),
    "seller": ("seller", "sellername", "soldby"),
    "subtotal": ("subtotal", "ordersubtotal"),
    "tax": ("tax", "taxes", "taxtotal", "ordertax"),
    "total": ("ordertotal", "grandtotal", "total"),
    "discount": ("associatediscount", "discount", "discounts", "savings"),
    "tip": ("tip", "drivertip"),
    "donation": ("donation", "donations"),
    "refund": ("refund", "refunds", "refundtotal"),
    "payment": ("paymentmethod", "paymentmethods", "payment", "payments", "paidwith"),
    "currency": ("currency", "currencycode"),
    "store": ("storelocation", "store", "storename"),
}
_FEES = {
    "deliveryfee": "Delivery fee",
    "bagfee": "Bag fee",
    "servicefee": "Service fee",
    "shipping": "Shipping",
    "shippingfee": "Shipping",
    "belowminimumfee": "Below order minimum fee",
    "fees": "Fees",
    "fee": "Fee",
}
_QUANTITY = re.compile(
    r"(?:qty:?|x|\u00d7)?\s*(?P<minus>[-\u2212])?\s*(?P<digits>[\d.,]*\d)\s*"
    r"(?:x|\u00d7|(?P<weight>lbs?|pounds?|oz|kg|g)|ea|each|ct|count|pcs?|pieces?|units?)?\.?",
    re.IGNORECASE,
)
_PER = re.compile(r"\s*(?:/|\bper\b)\s*([a-z]+)\.?$", re.IGNORECASE)
_PIECES = re.compile(r"ea|each|ct|count|item|unit|piece|pc", re.IGNORECASE)
_TENDER = re.compile(r"^(?P<method>.*?)[\s:(]*(?P<amount>[-\u2212]?\$\s*[\d,]+(?:\.\d+)?)\)?$")
# A line of more pieces is a broken file.
_MAX_QUANTITY = Decimal(100_000)


# What a table of whole orders may say of each.
_OF_ORDERS = ("date", "status", "kind", "subtotal", "tax", "total", "discount", "tip", "donation")
_OF_ORDERS_TOO = ("refund", "payment", "currency", "store")


def of_orders(row: Row) -> Row:
    """What a row says of an order as a whole; empty where it names none, or nothing of it."""
    facts = (*_OF_ORDERS, *_OF_ORDERS_TOO)
    told = {column: row[column] for fact in facts for column in _COLUMNS[fact] if column in row}
    told |= {column: row[column] for column in _FEES if column in row}
    numbered = {column: row[column] for column in _COLUMNS["order"] if column in row}
    return numbered | told if numbered and told else {}


def has(row: Row, fact: str) -> bool:
    """Whether the table has a column for it."""
    return any(column in row for column in _COLUMNS[fact])


def columns_of(fact: str) -> tuple[str, ...]:
    """What the fact's column may be headed with."""
    return _COLUMNS[fact]


def said(row: Row, fact: str) -> str:
    """What the row says of a fact; empty for nothing."""
    return next((row[column] for column in _COLUMNS[fact] if row.get(column)), "")


def amount(row: Row, fact: str) -> int | None:
    """The signed cents of a fact; None where the row does not say.

    Raises:
        InvalidInput: it is no amount.
    """
    for column in _COLUMNS[fact]:
        if row.get(column + AGAIN):
            both = f"{row[column]!r} and {row[column + AGAIN]!r}"
            raise InvalidInput.at(fact, f"stands in two columns of one name, as {both}")
    try:
        return printed_cents(said(row, fact))
    except InvalidInput as error:
        raise InvalidInput.at(fact, error.problems[0].problem) from error


def quantity(row: Row) -> tuple[Decimal, bool]:
    """How many pieces, or what weight; and whether a unit of weight stands behind it.

    Raises:
        InvalidInput: it is no number, or nobody buys so many.
    """
    printed = said(row, "quantity")
    if not printed:
        raise InvalidInput.at("quantity", "is not told")
    found = _QUANTITY.fullmatch(printed)
    number = decimal_of(found["digits"]) if found else None
    if found is None or number is None:
        raise InvalidInput.at("quantity", f"{printed!r} is no number")
    if number > _MAX_QUANTITY:
        raise InvalidInput.at("quantity", f"{printed} is out of range")
    return (-number if found["minus"] else number), bool(found["weight"])


def each(row: Row) -> int | None:
    """The price of one piece, or of one unit of weight where the quantity is in that unit.

    Raises:
        InvalidInput: it is no amount, or it is for another unit than the quantity's.
    """
    per = _PER.search(said(row, "unit_price"))
    if per is None:
        return amount(row, "unit_price")
    counted = _QUANTITY.fullmatch(said(row, "quantity"))
    unit = counted["weight"] if counted else None
    if _PIECES.fullmatch(per[1]):
        fits = unit is None
    else:
        fits = unit is not None and _unit(unit) == _unit(per[1])
    if fits:
        return printed_cents(said(row, "unit_price")[: per.start()])
    if said(row, "line_price"):
        return None
    problem = f"{said(row, 'unit_price')!r} is for another unit than the quantity"
    raise InvalidInput.at("unit_price", problem)


def is_by_unit(row: Row) -> bool:
    """Whether what stands for the price of one is surely that: it says so, or has a neighbor."""
    return has(row, "line_price") or bool(_PER.search(said(row, "unit_price")))


def _unit(word: str) -> str:
    return "lb" if word.lower().startswith(("lb", "pound")) else word.lower()


def fees(row: Row) -> tuple[Fee, ...]:
    """The charges that have columns of their own.

    Raises:
        InvalidInput: one of them is no amount.
    """
    found = []
    for column, label in _FEES.items():
        if row.get(column):
            cents = printed_cents(row[column])
            if cents is not None:
                found.append(Fee(label=label, cents=cents))
    return tuple(found)


def payments(row: Row) -> tuple[Payment, ...]:
    """The means of payment: `VISA ending in 1234 $20.00; Gift card $6.84` are two."""
    parts = (part.strip() for part in re.split(r"[;|\n]", said(row, "payment")))
    return tuple(_payment(part) for part in parts if part)


def _payment(part: str) -> Payment:
    found = _TENDER.match(part)
    if found is None:
        return Payment(method=part, cents=None)
    return Payment(method=found["method"].strip() or part, cents=printed_cents(found["amount"]))
