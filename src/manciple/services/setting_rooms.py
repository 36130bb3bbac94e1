"""Every setting of the house: its meaning, its unit, and why its default is what it is.

Grouped by the room that reads it. Where values come from is told in `settings.py`.
"""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Seconds = Annotated[float, msgspec.Meta(ge=0)]
Count = Annotated[int, msgspec.Meta(ge=1)]
Bytes = Annotated[int, msgspec.Meta(ge=1)]


class Secret(str):
    """A value that is never printed, logged or kept in a repr."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)"

    def __format__(self, _spec: str) -> str:
        return "…"


class Room(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every group of settings derives from."""


class ApiSettings(Room, frozen=True, kw_only=True):
    """The API door."""

    host: str = "127.0.0.1"
    """Address both doors listen on. Only this machine by default: opening the house to a network
    is a decision for its owner; `0.0.0.0` opens it to all."""
    port: Port = 3000
    """TCP port of the API door; 0 takes a free one and says which."""
    base_url: str = ""
    """Address under which clients reach the API door, shown in documents and messages. Empty:
    made from host and port, which is right unless a proxy stands in front."""
    tls_certificate: Path | None = None
    """File with the certificate and what it is signed by, in PEM. With it and `tls_key` every door
    speaks TLS 1.2 or later and nothing else. Unset: HTTP, for this machine or a proxy in front."""
    tls_key: Path | None = None
    """File with the certificate's private key, in PEM, readable by its owner only."""
    drain_s: Seconds = 10.0
    """Seconds that calls in flight get to finish at shutdown. 10 s outlasts every procedure of
    ours and stays below the 30 s after which container platforms kill."""
    keep_alive_s: Seconds = 75.0
    """Seconds an idle connection stays open. Above the 60 s for which proxies keep theirs, so that
    they never send a call into a connection that we are closing."""
    backlog: Count = 2048
    """Connections the system may hold before we accept them; a burst of a full house of
    WebSocket clients reconnecting at once must not be refused."""
    max_connections: Count = 20_000
    """Connections and running calls together above which the door answers 503 rather than
    running out of memory. Twice the WebSocket clients that are promised."""
    diagnostics: bool = False
    """Mounts the `diagnostics` procedures, which delay, crash and count on demand. For
    conformance runs, never for a house in use."""
    metrics_token: Secret | None = None
    """When set, `/metrics` answers only to `Authorization: Bearer <token>`. Unset by default:
    the door listens on this machine only."""


class WebsocketSettings(Room, frozen=True, kw_only=True):
    """The WebSocket door."""

    port: Port = 8080
    """TCP port of the WebSocket door; 0 takes a free one and says which."""
    max_connections: Count = 500
    """Event sockets open at once, on both doors together; one more is told to come again later
    (close code 1013). The specification's 500; the door is measured with 10,000, at some 15 kB
    each."""
    max_per_principal: Count = 500
    """Event sockets of one person. As many as all, since without sign-in everybody is the one
    user of the house; lower it where people sign in."""
    max_per_address: Count = 50
    """Event sockets of strangers from one address, a tenth of all: who does not sign in must not
    keep out who does. A page that reloads needs a few for a moment."""
    messages_per_s: Seconds = 20.0
    """Messages that one client may send a second on average, and ten times that at once. Clients
    subscribe and ping, which takes a few."""
    ping_s: Seconds = 30.0
    """Seconds between questions whether a client still lives; one that gave no sign since the
    last is closed. 30 s is also what keeps proxies from cutting idle connections."""


class PricingSettings(Room, frozen=True, kw_only=True):
    """The service of prices, where it runs in a process of its own."""

    port: Port = 3007
    """TCP port of its door; 0 takes a free one."""


class NlpQueueSettings(Room, frozen=True, kw_only=True):
    """The service of the queue of sentences, where it runs in a process of its own."""

    port: Port = 3008
    """TCP port of its door; 0 takes a free one."""


class CacheWarmerSettings(Room, frozen=True, kw_only=True):
    """The service that keeps answers ready before somebody asks."""

    port: Port = 3006
    """TCP port of its door, where it runs in a process of its own; 0 takes a free one."""
    every_s: Count = 900
    """Seconds between two rounds. 15 minutes, as the specification has it; an instance that is new
    is warmed within seconds."""
    notes_uses: bool = True
    """Notes which searches and products are used, without noting by whom, and forgets them as they
    go out of use. What was asked for once is never written down. Off: nothing is noted, and there
    is nothing to warm."""
    searches: Count = 100
    """Most used searches that a round asks for."""
    products: Count = 100
    """Most used products that a round asks for."""
    calls: Count = 600
    """Calls of one round to all instances together, above which it ends."""
    seconds: Seconds = 20.0
    """Seconds of one round after which it ends. Between calls it rests as long as they take, so
    that an instance never spends more than half of its time on being warmed."""


class MemoryMonitorSettings(Room, frozen=True, kw_only=True):
    """The service that looks after memory, processor, files and disk."""

    port: Port = 3009
    """TCP port of its door, where it runs in a process of its own; 0 takes a free one."""
    every_s: Count = 5
    """Seconds between two looks, as the specification has it."""
    memory_mb: Count = 600
    """Megabytes of one process above which it counts as too much. Five times what the whole house
    needs at rest, so that a large catalog still fits."""
    cpu_share: Seconds = 0.95
    """Share of one core above which a process counts as busy; 1.0 is all of it."""
    open_files: Count = 12_000
    """Open files and sockets of one process above which it counts as too many. Ten thousand
    clients fit."""
    loop_lag_s: Seconds = 0.5
    """Seconds by which the event loop may be late. People notice half a second."""
    wal_mb: Count = 256
    """Megabytes of the database's log above which something keeps it from being tidied."""
    disk_share: Seconds = 0.95
    """Share of the disk in use above which it counts as full."""
    leak_window_s: Count = 600
    """Seconds over which memory must grow steadily to count as a leak. Caches fill within ten
    minutes, leaks go on."""
    leak_mb: Count = 100
    """Megabytes of such growth within the window at which a process counts as leaking; in the mesh
    it is then replaced."""


class MeshSettings(Room, frozen=True, kw_only=True):
    """The processes of `manciple up`."""

    memory_limit_bytes: Bytes = 512 * 1024 * 1024
    """Bytes of memory above which an instance is replaced by a fresh one; at four times as much
    the system refuses it more. A busy API server takes some 150 MB."""
    log_bytes: Bytes = 10_000_000
    """Bytes above which the log of a service is set aside and a new one begun; three older ones
    are kept. 10 MB hold a day of a busy house."""


class EventSettings(Room, frozen=True, kw_only=True):
    """News that are kept for those who come back."""

    keep_days: Seconds = 7.0
    """Days for which a client that was away can ask for what it missed; what is older is
    forgotten, and the client is told so. A holiday week."""
    retention_every_s: Seconds = 600.0
    """Seconds between two looks for news that are too old."""


class NotificationsSettings(Room, frozen=True, kw_only=True):
    """Being told outside the house, by Apprise; needs `manciple[notify]`."""

    allow_inside: bool = False
    """Lets notifications go to services on this machine and in its network, such as an ntfy of
    your own. Off by default, since whoever may set a target could reach what only they can."""
    timeout_s: Seconds = 30.0
    """Seconds that a service may take; mail servers need some."""


class WebhooksSettings(Room, frozen=True, kw_only=True):
    """Events that are sent to programs outside."""

    allow_loopback: bool = False
    """Lets webhooks lead to programs on this very machine, and without TLS. Off by default, since
    whoever may make a webhook could then reach what only this machine can."""
    trusted: tuple[str, ...] = ()
    """Places inside the network, as `host:port`, that webhooks may lead to, without TLS too; such
    as a home automation. None by default: addresses inside are refused."""
    timeout_s: Seconds = 15.0
    """Seconds that one attempt may take, as Standard Webhooks recommends."""
    at_once: Count = 8
    """Webhooks that are sent to at a time; each gets its messages one after the other."""
    kept: Count = 500
    """Deliveries that the log of one webhook keeps."""


class DatabaseSettings(Room, frozen=True, kw_only=True):
    """Where the house remembers."""

    path: Path = Path("data/walmart_grocery.db")
    """SQLite file; its folder is made at first start."""


class CacheSettings(Room, frozen=True, kw_only=True):
    """Answers kept in memory."""

    ttl_s: Seconds = 300.0
    """Seconds an answer counts as fresh. Five minutes, as the specification has it; a change of
    a product drops its answers at once."""
    stale_s: Seconds = 60.0
    """Seconds after that in which an old answer is still given while a new one is made."""
    max_bytes: Bytes = 64 * 1024 * 1024
    """Bytes of answers kept before the least used go. 64 MiB holds about 8,000 searches of 20
    products and keeps the whole process below 150 MB."""


class SourcesSettings(Room, frozen=True, kw_only=True):
    """Live sources of products and prices. None is asked unless it is set up here."""

    pages_url: str = ""
    """Address below which the shop's pages are read: that of `manciple fake-retailer`, or of a
    proxy of yours that fetches them. Empty: no pages are read."""
    saved_pages: Path | None = None
    """Folder of the shop's pages that you saved in a browser (HTML or JSON, gzip is fine). Their
    prices are as old as their files. Unset: none are read."""
    brightdata_key: Secret | None = None
    """Key of a Bright Data account, which is paid by the record. Unset: it is not asked."""
    brightdata_url: str = ""
    """Address of Bright Data's API; empty is its own, `manciple fake-retailer` has one too."""
    affiliate_id: str = ""
    """Consumer id of Walmart's affiliate API (walmart.io); needs the key as well."""
    affiliate_key: Path | None = None
    """PEM file of the private RSA key that requests to the affiliate API are signed with."""
    affiliate_key_version: str = "1"
    """Version of that key, as walmart.io shows it."""
    affiliate_url: str = ""
    """Address of the affiliate API; empty is its own."""
    fresh_s: Seconds = 300.0
    """Seconds for which an observed price counts as current. Prices move by the day; five minutes
    keep one person's clicks from asking twice."""
    refresh_s: Seconds = 300.0
    """Seconds between two looks at what is watched. Five minutes, as the specification has it."""
    requests_per_hour: Count = 600
    """Requests to all sources together in any hour, retries included. One each six seconds is
    what a patient person would do."""
    keep_looks_days: Count = 7
    """Days for which every single look at a price is kept; older ones become one row a day, from
    which figures, lows and plots are still exact. A week is what people scroll back."""


class LogSettings(Room, frozen=True, kw_only=True):
    """What the house tells of its work."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """Least serious line that is written."""
    format: Literal["auto", "console", "json"] = "auto"
    """`json` for machines, `console` for people; `auto` is console on a terminal."""
    requests: bool = True
    """Writes one line for each request. They are collected and written together, at most
    `flush_s` late, so that a busy door does not wait for its log."""
    flush_s: Seconds = 0.2
    """Seconds a request's line may wait to be written with others. People do not notice 0.2 s;
    one write for hundreds of lines is what makes the line cheap."""


class TracesSettings(Room, frozen=True, kw_only=True):
    """Traces for OpenTelemetry; they need the extra `otel`."""

    url: str = ""
    """Where spans are sent by OTLP over HTTP, such as `http://localhost:4318/v1/traces`; empty
    records none, and then nothing of OpenTelemetry is loaded."""


class SecuritySettings(Room, frozen=True, kw_only=True):
    """Who may come in, and how often."""

    open_house: Literal["auto", "on", "off"] = "auto"
    """Whether programs and pages on this very machine need no sign-in. `auto`: as long as nobody
    was ever registered, so that a new house can be tried at once; `on` and `off`: always, never.
    Requests through a proxy, from other machines or from pages of other origins always need it."""
    registration: Literal["invited", "open", "closed"] = "invited"
    """Who may register: whoever brings an invitation of a household, everybody, or only those
    whom the owner adds with `manciple user add`."""
    signing_key: Secret | None = None
    """Secret of at least 32 characters that signs tokens, for houses of several machines. Unset:
    keys are made at first start and kept beside the database, readable by its owner only."""
    access_token_s: Count = 900
    """Seconds that an access token lives. 15 minutes, as the specification has it."""
    session_s: Count = 30 * 24 * 3600
    """Seconds after sign-in at which a session ends, however much it is used. 30 days, as people
    expect of a thing on the kitchen table."""
    idle_s: Count = 7 * 24 * 3600
    """Seconds without any call after which a session ends before its time. A week: who does not
    come by once between two shoppings signs in again."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of proxies whose X-Forwarded-For is believed. None by default:
    anybody can write that header."""
    window_s: Count = 900
    """Seconds of the window in which calls are counted: the specification's 15 minutes."""
    anonymous_limit: Count = 100
    """Calls of strangers in a window, by address: the specification's 100."""
    principal_limit: Count = 30_000
    """Calls of a person who signed in, in a window; 33 a second is no person."""
    local_limit: Count = 100_000_000
    """Calls in a window while the house is open to this machine; more than it can answer."""
    costs: tuple[str, ...] = (
        "auth.signIn=5",
        "auth.register=5",
        "auth.setup=5",
        "auth.changePassword=5",
        "auth.deleteAccount=5",
        "auth.exportData=20",
        "security.verifyAudit=20",
    )
    """Procedures that count as several calls, as `path=calls`: those that hash passwords or read
    whole tables."""
    head_timeout_s: Seconds = 20.0
    """Seconds in which a client must send the whole head of a request; a connection that trickles
    is closed. Phones on bad networks need a few."""


class LanguageSettings(Room, frozen=True, kw_only=True):
    """Plain sentences, and the queue that understands them."""

    history: bool = True
    """Keeps the sentences sent to the queue with what they were understood as, so that they can be
    looked at and judged; each person can erase theirs. Off: only jobs keep them, until they are
    forgotten."""
    retention_days: Count = 90
    """Days after which kept sentences, plans and ended jobs are deleted. A season is enough to see
    what is misunderstood."""
    at_once: Count = 4
    """Sentences of the queue that are read at a time in one process; more than one only helps
    where a language model is waited for."""


class LanguageModelSettings(Room, frozen=True, kw_only=True):
    """A language model as a second opinion, in the queue only. Off unless it is set up."""

    enabled: bool = False
    """Asks the model about sentences that the embedded understander is not sure of, and about
    those whose sender wants it. Off by default: nothing leaves the house unasked."""
    dialect: Literal["ollama", "openai"] = "ollama"
    """Which API the server speaks: Ollama's own, or the one that OpenAI made common."""
    base_url: str = "http://localhost:11434"
    """Address of the server; Ollama's own by default."""
    model: str = "qwen3:0.6b"
    """Name of the model; the specification's by default."""
    api_key: Secret | None = None
    """Key that the server wants, if any."""
    timeout_s: Seconds = 20.0
    """Seconds after which the embedded answer stands. A small model on a CPU answers in 1 to 10."""
    at_once: Count = 1
    """Questions to the model at a time; one, for a model on the same machine only gets slower."""
