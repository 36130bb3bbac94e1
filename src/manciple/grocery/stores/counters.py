"""Numbers that only grow, given out inside a write."""

from sqlalchemy import Connection

from manciple.grocery.stores.schema import counters
from manciple.platform.db.upsert import insert_or


def next_numbers(connection: Connection, name: str, how_many: int) -> range:
    """The next `how_many` numbers of the counter `name`, from 1; given to nobody else.

    The counter's row stays locked until the transaction ends, so numbers become visible in
    order. A transaction that fails gives its numbers back.
    """
    if how_many == 0:
        return range(0)
    insert = insert_or(connection, counters).values(name=name, value=how_many)
    statement = insert.on_conflict_do_update(
        index_elements=["name"], set_={"value": counters.c.value + how_many}
    ).returning(counters.c.value)
    last = connection.execute(statement).scalar_one()
    return range(last - how_many + 1, last + 1)
