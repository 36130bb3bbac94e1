"""The settings of the house, and the only place that reads the environment.

Later sources win: defaults, then a TOML file, then environment variables, then arguments of the
command line. What each setting means stands in `settings_of_services.py` and
`settings_of_house.py`.
"""

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from manciple.kit.errors import InvalidInput, Problem
from manciple.platform.rpc.settings import WireSettings
from manciple.services.setting_kinds import Secret
from manciple.services.setting_values import convert, expected, masked
from manciple.services.settings_of_house import (
    CacheSettings,
    DatabaseSettings,
    EventSettings,
    LanguageModelSettings,
    LanguageSettings,
    LogSettings,
    NotificationsSettings,
    SecuritySettings,
    SourcesSettings,
    TracesSettings,
    WebhooksSettings,
)
from manciple.services.settings_of_services import (
    ApiSettings,
    CacheWarmerSettings,
    MemoryMonitorSettings,
    MeshSettings,
    NlpQueueSettings,
    PricingSettings,
    WebsocketSettings,
)

PREFIX = "MANCIPLE_"
DEFAULT_FILE = Path("manciple.toml")
# Names that the specification gives, and those that read better short.
_VARIABLES = {
    "api.port": "WALMART_API_PORT",
    "api.base_url": "WALMART_API_BASE_URL",
    "database.path": "WALMART_DB_PATH",
    "websocket.port": "WALMART_WS_PORT",
    "api.diagnostics": "MANCIPLE_DIAGNOSTICS",
    "sources.brightdata_key": "BRIGHTDATA_API_TOKEN",
}
# The same under another name; the one above wins.
_ALIASES = {"BRIGHTDATA_API_KEY": "sources.brightdata_key"}
_FILE_VARIABLE = "MANCIPLE_CONFIG"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Every setting, grouped by the room that reads it."""

    api: ApiSettings = ApiSettings()
    websocket: WebsocketSettings = WebsocketSettings()
    pricing: PricingSettings = PricingSettings()
    nlp_queue: NlpQueueSettings = NlpQueueSettings()
    cache_warmer: CacheWarmerSettings = CacheWarmerSettings()
    memory_monitor: MemoryMonitorSettings = MemoryMonitorSettings()
    database: DatabaseSettings = DatabaseSettings()
    cache: CacheSettings = CacheSettings()
    events: EventSettings = EventSettings()
    language: LanguageSettings = LanguageSettings()
    language_model: LanguageModelSettings = LanguageModelSettings()
    log: LogSettings = LogSettings()
    traces: TracesSettings = TracesSettings()
    mesh: MeshSettings = MeshSettings()
    sources: SourcesSettings = SourcesSettings()
    security: SecuritySettings = SecuritySettings()
    notifications: NotificationsSettings = NotificationsSettings()
    webhooks: WebhooksSettings = WebhooksSettings()
    wire: WireSettings = WireSettings()

    @property
    def base_url(self) -> str:
        """Where clients reach the API door, without a slash at the end."""
        host = "localhost" if self.api.host in {"127.0.0.1", "0.0.0.0", "::"} else self.api.host  # noqa: S104 - compared, not bound
        scheme = "https" if self.api.tls_certificate else "http"
        return self.api.base_url.rstrip("/") or f"{scheme}://{host}:{self.api.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting: `key` is `room.name`, `variable` its environment variable."""

    key: str
    variable: str
    type: Any
    default: Any

    @property
    def is_secret(self) -> bool:
        """Whether its value must never be shown."""
        return self.type in {Secret, Secret | None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Settings, where each value came from (`origins[key]`), and what looked odd on the way."""

    settings: Settings
    origins: Mapping[str, str]
    warnings: tuple[str, ...]
    arguments: Mapping[str, str]
    file: Path | None

    def with_arguments(self, arguments: Mapping[str, str | None]) -> "Loaded":
        """The same with more arguments, as a command adds them to the program's; None adds none.

        Raises:
            InvalidInput: an argument has a wrong type or range.
        """
        given = {key: text for key, text in arguments.items() if text is not None}
        return load({**self.arguments, **given}, file=self.file)


def every_setting() -> Iterator[Setting]:
    """All settings, room by room, in the order they are written."""
    rooms = Settings()
    for room_name in Settings.__struct_fields__:
        room = getattr(rooms, room_name)
        for name, kind in get_type_hints(type(room), include_extras=True).items():
            key = f"{room_name}.{name}"
            yield Setting(
                key=key, variable=variable_of(key), type=kind, default=getattr(room, name)
            )


def variable_of(key: str) -> str:
    """The environment variable of a setting, which is named as `room.name`."""
    return _VARIABLES.get(key, PREFIX + key.replace(".", "_").upper())


def load(
    arguments: Mapping[str, str] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> Loaded:
    """The settings of this process; `arguments` are keyed by `room.name`.

    Without `file`, `MANCIPLE_CONFIG` names it, else `manciple.toml` is read where it exists.

    Raises:
        InvalidInput: values of a wrong type or range, each named; or the file is unreadable.
    """
    environ = os.environ if environ is None else environ
    settings = {setting.key: setting for setting in every_setting()}
    found = _Found(settings)
    found.read_file(file, environ)
    found.read_environment(environ)
    for key, text in (arguments or {}).items():
        found.take(key, text, origin="argument", label=key)
    if found.problems:
        raise InvalidInput(*found.problems)
    return Loaded(
        settings=_assemble(found.values),
        origins={key: found.origins.get(key, "default") for key in settings},
        warnings=tuple(found.warnings),
        arguments=dict(arguments or {}),
        file=file,
    )


def shown(loaded: Loaded) -> Iterator[tuple[Setting, Any, str]]:
    """Each setting with its value fit to be printed (secrets masked) and its origin."""
    for setting in every_setting():
        room, name = setting.key.split(".")
        value = getattr(getattr(loaded.settings, room), name)
        yield setting, masked(value, is_secret=setting.is_secret), loaded.origins[setting.key]


class _Found:
    """Values gathered so far; a later source overwrites an earlier one."""

    def __init__(self, settings: Mapping[str, Setting]) -> None:
        self.settings = settings
        self.values: dict[str, Any] = {}
        self.origins: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.warnings: list[str] = []

    def take(self, key: str, raw: Any, *, origin: str, label: str) -> None:
        """Keeps one value, or the problem with it under the name `label`."""
        setting = self.settings.get(key)
        if setting is None:
            hint = _did_you_mean(key, self.settings)
            self.problems.append(Problem((label,), f"no such setting{hint}"))
            return
        try:
            self.values[key] = convert(raw, setting.type)
        except msgspec.ValidationError as error:
            given = "the value given" if setting.is_secret else repr(raw)
            wanted = expected(setting.type, error)
            self.problems.append(Problem((label,), f"expected {wanted}, not {given}"))
        else:
            self.origins[key] = origin

    def read_file(self, file: Path | None, environ: Mapping[str, str]) -> None:
        """Takes the values of the TOML file, if there is one."""
        if file is None and environ.get(_FILE_VARIABLE):
            file = Path(environ[_FILE_VARIABLE])
        if file is None:
            file = DEFAULT_FILE if DEFAULT_FILE.is_file() else None
        if file is None:
            return
        try:
            rooms = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InvalidInput(Problem((str(file),), f"cannot be read: {error}")) from error
        for room, values in rooms.items():
            for name, value in values.items() if isinstance(values, dict) else [("", values)]:
                key = f"{room}.{name}".rstrip(".")
                self.take(key, value, origin=f"file {file}", label=f"{file}: {key}")

    def read_environment(self, environ: Mapping[str, str]) -> None:
        """Takes the variables that are ours; warns of those that only look like it.

        An empty one counts as not set: it is what `${NAME:-}` of a compose file becomes.
        """
        environ = {name: text for name, text in environ.items() if text}
        by_variable = {setting.variable: setting for setting in self.settings.values()}
        known = {*by_variable, _FILE_VARIABLE}
        known |= {f"{v}_FILE" for v, setting in by_variable.items() if setting.is_secret}
        for name in sorted(environ):
            if name.startswith(PREFIX) and name not in known:
                self.warnings.append(f"unknown variable {name}{_did_you_mean(name, known)}")
        for name, key in _ALIASES.items():
            if name in environ:
                self.take(key, environ[name], origin=f"environment {name}", label=name)
        for name, setting in by_variable.items():
            if setting.is_secret and f"{name}_FILE" in environ:
                self._read_secret(setting, environ[f"{name}_FILE"])
            if name in environ:
                self.take(setting.key, environ[name], origin=f"environment {name}", label=name)

    def _read_secret(self, setting: Setting, path: str) -> None:
        label = f"{setting.variable}_FILE"
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            self.problems.append(Problem((label,), f"cannot be read: {error}"))
            return
        self.take(setting.key, text, origin=f"file of {label}", label=label)


def _assemble(values: Mapping[str, Any]) -> Settings:
    rooms: dict[str, dict[str, Any]] = {name: {} for name in Settings.__struct_fields__}
    for key, value in values.items():
        room, name = key.split(".")
        rooms[room][name] = value
    defaults = Settings()
    return Settings(**{n: type(getattr(defaults, n))(**values) for n, values in rooms.items()})


def _did_you_mean(name: str, known: Mapping[str, object] | set[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""
