"""The settings of what all services share: memory, sources, news, safety, language.

Each with its meaning, its unit, and why its default is what it is.
"""

from pathlib import Path
from typing import Literal

from manciple.services.setting_kinds import Bytes, Count, Room, Seconds, Secret


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
    """Who may register once the house has its owner: whoever brings an invitation of a household,
    everybody, or only those whom the owner adds with `manciple user add`."""
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
    write_timeout_s: Seconds = 60.0
    """Seconds for which a client may make no room for an answer or a stream that waits for it; then
    its connection is cut. A slow network is no reason; a program is that reads less than some 7 kB
    a second of more than fits into its buffers. 0 never cuts, nor does a system without Linux."""


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
