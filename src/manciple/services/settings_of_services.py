"""The settings of what runs: the doors, the services, the mesh.

Each with its meaning, its unit, and why its default is what it is.
"""

from pathlib import Path

from manciple.services.setting_kinds import Bytes, Count, Port, Room, Seconds, Secret


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
