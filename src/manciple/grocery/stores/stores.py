"""The stores together, inside one transaction at a time.

    found = await stores.read(lambda tx: tx.products.by_ids(ids))

The work is a plain function: it runs whole in one thread and one transaction, and nothing in it
can wait for anything but the database.
"""

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from sqlalchemy import Connection

from manciple.grocery.stores.access_changes import AccessChanges
from manciple.grocery.stores.audit import Audit
from manciple.grocery.stores.belongings import Belongings
from manciple.grocery.stores.budgets import Budgets
from manciple.grocery.stores.catalogs import Catalogs
from manciple.grocery.stores.conversations import Conversations
from manciple.grocery.stores.corrections import Corrections
from manciple.grocery.stores.households import Households
from manciple.grocery.stores.idempotency import Idempotency
from manciple.grocery.stores.identities import Identities
from manciple.grocery.stores.intents import Intents
from manciple.grocery.stores.lists import Lists
from manciple.grocery.stores.notices import Notices
from manciple.grocery.stores.orders import Orders
from manciple.grocery.stores.pantry import Pantry, Staples
from manciple.grocery.stores.plans import Plans
from manciple.grocery.stores.preferences import PreferenceBook
from manciple.grocery.stores.prices import Prices
from manciple.grocery.stores.products import Products
from manciple.grocery.stores.rate_counts import RateCounts
from manciple.grocery.stores.sessions import Sessions
from manciple.grocery.stores.sign_ins import SignIns
from manciple.grocery.stores.substitutions import Substitutions
from manciple.grocery.stores.users import Users
from manciple.grocery.stores.uses import Uses
from manciple.grocery.stores.watches import Watches
from manciple.grocery.stores.webhook_log import WebhookLog
from manciple.grocery.stores.webhooks import Webhooks
from manciple.kit.clock import Clock
from manciple.platform.bus.outbox import Outbox
from manciple.platform.db.database import Database

T = TypeVar("T")


class Transaction:
    """Every store over one open transaction; `now` is the same instant all through it."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.connection = connection
        self.now = clock.now()

    @cached_property
    def products(self) -> Products:
        """What the shop sells."""
        return Products(self.connection, self.now)

    @cached_property
    def catalogs(self) -> Catalogs:
        """The catalog as a whole."""
        return Catalogs(self.connection)

    @cached_property
    def prices(self) -> Prices:
        """Every price ever seen."""
        return Prices(self.connection)

    @cached_property
    def watches(self) -> Watches:
        """Who watches which price."""
        return Watches(self.connection, self.now)

    @cached_property
    def uses(self) -> Uses:
        """What people use, whoever they are."""
        return Uses(self.connection)

    @cached_property
    def lists(self) -> Lists:
        """Grocery lists and their lines."""
        return Lists(self.connection, self.now)

    @cached_property
    def sessions(self) -> Sessions:
        """Shopping sessions, their picks and their quotes."""
        return Sessions(self.connection, self.now)

    @cached_property
    def budgets(self) -> Budgets:
        """Envelopes, what was spent, what the till adds."""
        return Budgets(self.connection, self.now)

    @cached_property
    def pantry(self) -> Pantry:
        """What is at home."""
        return Pantry(self.connection, self.now)

    @cached_property
    def staples(self) -> Staples:
        """What is bought again and again."""
        return Staples(self.connection, self.now)

    @cached_property
    def preferences(self) -> PreferenceBook:
        """What people like and cannot eat."""
        return PreferenceBook(self.connection, self.now)

    @cached_property
    def orders(self) -> Orders:
        """What was bought."""
        return Orders(self.connection, self.now)

    @cached_property
    def substitutions(self) -> Substitutions:
        """What was said to proposed substitutes."""
        return Substitutions(self.connection, self.now)

    @cached_property
    def intents(self) -> Intents:
        """What sentences were understood as."""
        return Intents(self.connection)

    @cached_property
    def conversations(self) -> Conversations:
        """What was said last."""
        return Conversations(self.connection, self.now)

    @cached_property
    def plans(self) -> Plans:
        """What waits for a yes."""
        return Plans(self.connection, self.now)

    @cached_property
    def corrections(self) -> Corrections:
        """What households mean by their words."""
        return Corrections(self.connection, self.now)

    @cached_property
    def users(self) -> Users:
        """People and their households."""
        return Users(self.connection, self.now)

    @cached_property
    def identities(self) -> Identities:
        """Who can sign in."""
        return Identities(self.connection, self.now)

    @cached_property
    def sign_ins(self) -> SignIns:
        """Sessions of those who did, and tokens."""
        return SignIns(self.connection, self.now)

    @cached_property
    def access_changes(self) -> AccessChanges:
        """What of these ended, and that somebody came."""
        return AccessChanges(self.connection)

    @cached_property
    def rate_counts(self) -> RateCounts:
        """How often people called, where several processes count."""
        return RateCounts(self.connection)

    @cached_property
    def belongings(self) -> Belongings:
        """Everything that is somebody's."""
        return Belongings(self.connection, self.now)

    @cached_property
    def households(self) -> Households:
        """Who lives and shops together."""
        return Households(self.connection, self.now)

    @cached_property
    def audit(self) -> Audit:
        """Who did what."""
        return Audit(self.connection, self.now)

    @cached_property
    def idempotency(self) -> Idempotency:
        """Calls that may come again."""
        return Idempotency(self.connection, self.now)

    @cached_property
    def webhooks(self) -> Webhooks:
        """Where events are sent."""
        return Webhooks(self.connection, self.now)

    @cached_property
    def webhook_log(self) -> WebhookLog:
        """What was sent there."""
        return WebhookLog(self.connection, self.now)

    @cached_property
    def notices(self) -> Notices:
        """Where people are told what happens."""
        return Notices(self.connection, self.now)

    @cached_property
    def outbox(self) -> Outbox:
        """News to be sent once this transaction commits."""
        return Outbox(self.connection, self.now)


class Stores:
    """The door to everything remembered."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []

    @property
    def database(self) -> Database:
        """The database below, for the workers of the job queue."""
        return self._database

    def on_written(self, listener: Callable[[], None]) -> None:
        """Calls `listener` on the event loop after every write of this process that committed."""
        self._listeners.append(listener)

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """What `work` returns, from one consistent snapshot.

        Raises:
            Unavailable: the database cannot answer now.
        """
        return await self._database.read(
            lambda connection: work(Transaction(connection, self._clock))
        )

    async def write(self, work: Callable[[Transaction], T], *, durable: bool = False) -> T:
        """What `work` returns, committed; nothing of it is kept if it raises.

        `durable` is for acknowledged money and orders: the commit survives a power cut.

        Raises:
            Conflict: a rule of the schema says no.
            Unavailable: the database cannot write now.
        """
        result = await self._database.write(
            lambda connection: work(Transaction(connection, self._clock)), durable=durable
        )
        for listener in self._listeners:
            listener()
        return result
