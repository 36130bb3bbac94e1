"""Things that inputs name by an `id`, a `jobId` or a `token`, asked for by somebody else."""

from typing import Any

import pytest

from manciple.api.app_router import app_table
from manciple.platform.rpc.procedure import Kind
from manciple.platform.security.permissions import Grant
from tests.acceptance.attacks.besieged import Client, House, code, data

pytestmark = pytest.mark.xdist_group("attacks")
TABLE = app_table()
NAMES = {"id", "job_id", "token"}
ROWS = sorted(
    path
    for path, procedure in TABLE.items()
    if NAMES.intersection(getattr(procedure.input, "__struct_fields__", ()))
    and procedure.kind is not Kind.SUBSCRIPTION
    and procedure.needs not in {Grant.PUBLIC, Grant.ADMIN}
)
# Last of all: it takes away what the others ask for.
LAST = ("agent.confirm", "budgets.forgetSpending", "pantry.forget", "pantry.removeStaple")


def named(ann: Client) -> dict[str, dict[str, Any]]:
    """The inputs that name what Ann has, by the procedures that take them."""
    moved = {"text": "rye flour", "kind": "bought", "quantity": 1}
    stock = {"id": data(ann.do("pantry.move", moved))["id"]}
    staple = data(ann.do("pantry.keepStaple", {"text": "rye flour", "everyDays": 7}))
    spent = data(ann.do("budgets.spend", {"amount": 5}))["spendings"][0]
    job = {"jobId": data(ann.do("groceryNLPQueue.processQuery", {"query": "some milk"}))["jobId"]}
    asked = data(ann.do("agent.ask", {"sentence": "add candles to my list"}))
    return {
        "agent.confirm": {"token": asked["token"]},
        "budgets.forgetSpending": {"id": spent["id"]},
        "groceryNLPQueue.cancel": job,
        "groceryNLPQueue.position": job,
        "groceryNLPQueue.replay": job,
        "groceryNLPQueue.status": job,
        "pantry.forget": stock,
        "pantry.history": stock,
        "pantry.removeStaple": {"id": staple["id"]},
        "pantry.undo": stock,
        "sources.collection": job,
    }


def asked(client: Client, path: str, wanted: dict[str, Any]) -> str:
    is_query = TABLE[path].kind is Kind.QUERY
    return code((client.ask if is_query else client.do)(path, wanted))


@pytest.fixture(scope="module")
def anns(house: House) -> dict[str, dict[str, Any]]:
    return named(house.as_("ann"))


@pytest.mark.parametrize("path", ROWS)
def test_a_row_of_somebody_else_is_not_there(
    house: House, anns: dict[str, dict[str, Any]], path: str
) -> None:
    assert asked(house.as_("eve"), path, anns[path]) == "NOT_FOUND"


def test_for_whose_they_are_they_are_there(house: House) -> None:
    ann = house.as_("ann")
    anns = named(ann)
    # A job is no collection; a sentence that was read can be neither canceled nor replayed.
    not_this = {"sources.collection", "groceryNLPQueue.cancel", "groceryNLPQueue.replay"}
    there = [path for path in ROWS if path not in not_this]
    said = {path: asked(ann, path, anns[path]) for path in sorted(there, key=LAST.__contains__)}
    assert said == dict.fromkeys(there, "OK")
