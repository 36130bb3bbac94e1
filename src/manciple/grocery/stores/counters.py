"""Numbers that only grow, given out inside a write; and which life of the database this is."""

from sqlalchemy import Connection, select

from manciple.grocery.stores.schema import counters
from manciple.platform.db.upsert import insert_or

GENERATION = "generation"


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


def generation_of(connection: Connection) -> int:
    """A number of its own for each life of the database: made anew, or restored; 0 for none yet.

    Revisions of two generations do not compare.
    """
    found: int | None = connection.execute(
        select(counters.c.value).where(counters.c.name == GENERATION)
    ).scalar_one_or_none()
    return found or 0


def begin_generation(connection: Connection, generation: int) -> None:
    """Keeps the number of this life, unless it has one."""
    insert = insert_or(connection, counters).values(name=GENERATION, value=generation)
    connection.execute(insert.on_conflict_do_nothing(index_elements=["name"]))
