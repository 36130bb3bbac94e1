"""Every procedure, asked about what is another household's."""

from typing import Any

import msgspec
import pytest

from manciple.api.app_router import app_table
from manciple.platform.rpc.procedure import Kind, Procedure
from manciple.platform.security.permissions import Grant
from tests.acceptance.attacks.besieged import House, code, data

pytestmark = pytest.mark.xdist_group("attacks")
TABLE = app_table()
GRANTS = {grant.value for grant in Grant}
REFUSALS = {"NOT_FOUND", "FORBIDDEN"}

# Texts that must be one of a few words.
CHOICES = {"action": "pause", "rule": "never", "type": "online", "role": "guest"}


NAMES = (
    "list_id",
    "session_id",
    "token_id",
    "household_id",
    "item_id",
    "order_id",
    "webhook_id",
    "delivery_id",
    "target_id",
)


def naming(procedure: Procedure) -> list[str]:
    """The fields of an input that name something of somebody's."""
    fields = getattr(procedure.input, "__struct_fields__", ())
    return [name for name in fields if name in NAMES]


# Streams are looked at in `test_shared_streams`.
NAMING = sorted(
    path
    for path, procedure in TABLE.items()
    if naming(procedure) and procedure.kind is not Kind.SUBSCRIPTION
)
OPEN = sorted(
    path
    for path, procedure in TABLE.items()
    if procedure.needs != Grant.PUBLIC and procedure.kind is not Kind.SUBSCRIPTION
)
ADMIN = sorted(path for path in TABLE if TABLE[path].needs in {Grant.ADMIN, Grant.SYSTEM})


@pytest.mark.parametrize("path", sorted(TABLE))
def test_every_procedure_says_what_it_needs(path: str) -> None:
    assert TABLE[path].needs in GRANTS


@pytest.fixture(scope="module")
def anns(house: House) -> dict[str, Any]:
    """What Ann has, by the fields that name it."""
    ann = house.as_("ann")
    made = data(ann.do("walmartGrocery.createList", {"name": "Ann's own"}))["list"]
    wanted = {"listId": made["id"], "items": [{"text": "candles"}]}
    contents = data(ann.do("walmartGrocery.addToList", wanted))["list"]
    shopping = data(
        ann.do("walmartGrocery.startShoppingSession", {"listId": made["id"], "type": "online"})
    )
    token = data(ann.do("auth.createToken", {"name": "Ann's"}))["token"]
    home = data(ann.do("households.create", {"name": "Ann's home"}))
    hook = {"url": "https://ann.invalid/hook", "channels": ["*"]}
    which = {"webhookId": data(ann.do("webhooks.create", hook))["webhook"]["webhookId"]}
    ann.do("webhooks.test", which)
    target = data(
        ann.do("notifications.addTarget", {"url": "tgram://123456789:abcdefg_hijklmnop/1/"})
    )
    (sent,) = data(ann.ask("webhooks.deliveries", which))["deliveries"]
    return {
        "listId": made["id"],
        "itemId": contents["items"][0]["id"],
        "sessionId": found(shopping, "sessionId") or found(shopping, "id"),
        "tokenId": token["tokenId"],
        "orderId": "order_1",
        "householdId": home["householdId"],
        "webhookId": which["webhookId"],
        "deliveryId": sent["deliveryId"],
        "targetId": target["targetId"],
    }


def found(value: Any, name: str) -> str:
    """The first field of that name, wherever it is."""
    if isinstance(value, dict):
        if isinstance(value.get(name), str):
            return str(value[name])
        for inner in value.values():
            if text := found(inner, name):
                return text
    return ""


def filled(takes: Any, anns: dict[str, Any]) -> dict[str, Any]:
    """An input that fits, naming Ann's things wherever it can name any."""
    wanted: dict[str, Any] = {}
    for each in msgspec.structs.fields(takes):
        name = each.encode_name
        if name in anns:
            wanted[name] = anns[name]
        elif name in CHOICES:
            wanted[name] = CHOICES[name]
        elif name == "itemIds":
            wanted[name] = [anns["itemId"]]
        elif each.required:
            wanted[name] = sample(each.type, anns)
    return wanted


def sample(kind: Any, anns: dict[str, Any]) -> Any:
    """Something of a type."""
    value: Any
    for value in ("x", 1, True, [], {}, ["x"], "2026-01-01", [1]):
        try:
            msgspec.convert(value, kind, strict=True)
        except (msgspec.ValidationError, TypeError):
            continue
        return value
    inner = getattr(kind, "__args__", (kind,))[0]
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        one = filled(inner, anns)
        return one if inner is kind else [one]
    choices = getattr(inner, "__args__", None)
    return choices[0] if choices else "x"


@pytest.mark.parametrize("path", NAMING)
def test_what_is_anothers_is_not_there(house: House, anns: dict[str, Any], path: str) -> None:
    procedure = TABLE[path]
    eve = house.as_("eve")
    wanted = filled(procedure.input, anns)
    answer = (eve.ask if procedure.kind is Kind.QUERY else eve.do)(path, wanted)
    said = code(answer)
    assert said in REFUSALS or (said == "OK" and not mentions(data(answer), anns)), (wanted, said)


def mentions(value: Any, anns: dict[str, Any]) -> bool:
    text = str(value)
    return any(str(known) in text for known in anns.values() if len(str(known)) > 12)


@pytest.mark.parametrize("path", OPEN)
def test_a_stranger_is_told_to_sign_in(house: House, path: str) -> None:
    stranger = house.stranger
    answer = (stranger.ask if TABLE[path].kind is Kind.QUERY else stranger.do)(path, {})
    assert code(answer) == "UNAUTHORIZED"


@pytest.mark.parametrize("path", ADMIN)
def test_who_is_no_administrator_is_refused(house: House, path: str) -> None:
    eve = house.as_("eve")
    answer = (eve.ask if TABLE[path].kind is Kind.QUERY else eve.do)(path, {})
    assert code(answer) == "FORBIDDEN"


def test_a_user_id_in_the_input_changes_nothing(house: House) -> None:
    for path in sorted(TABLE):
        procedure = TABLE[path]
        if "user_id" not in getattr(procedure.input, "__struct_fields__", ()):
            continue
        if procedure.kind is Kind.SUBSCRIPTION:
            continue
        eve = house.as_("eve")
        wanted = {**filled(procedure.input, {}), "userId": "local"}
        answer = (eve.ask if procedure.kind is Kind.QUERY else eve.do)(path, wanted)
        assert code(answer) in {"FORBIDDEN", "NOT_FOUND", "BAD_REQUEST"}, path


def test_what_was_done_is_on_the_trail_and_the_trail_holds(house: House) -> None:
    made = data(house.as_("bob").do("walmartGrocery.createList", {"name": "Trail"}))
    entries = data(house.as_("ann").ask("security.auditTrail", {"limit": 5}))["entries"]
    assert "walmartGrocery.createList" in {entry["action"] for entry in entries}
    assert made["list"]["name"] == "Trail"
    assert data(house.as_("ann").ask("security.verifyAudit", {}))["ok"] is True
