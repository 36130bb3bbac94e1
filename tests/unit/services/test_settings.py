"""Where settings come from, and what is said of those that are wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manciple.kit.errors import InvalidInput
from manciple.services.setting_kinds import Secret
from manciple.services.settings import Settings, every_setting, load, shown

NAMES = {setting.variable for setting in every_setting()}


def test_without_any_source_the_defaults_hold() -> None:
    loaded = load(environ={})
    assert (loaded.settings.api.port, loaded.settings.websocket.port) == (3000, 8080)
    assert loaded.settings.database.path == Path("data/walmart_grocery.db")
    assert loaded.settings.cache.ttl_s == 300
    assert set(loaded.origins.values()) == {"default"}


def test_a_file_yields_to_the_environment_and_that_to_arguments(tmp_path: Path) -> None:
    file = tmp_path / "here.toml"
    file.write_text("[api]\nport = 1\n[websocket]\nport = 2\n[cache]\nttl_s = 3\n")
    environ = {"WALMART_WS_PORT": "20", "MANCIPLE_CACHE_TTL_S": "30"}
    loaded = load({"cache.ttl_s": "300.5"}, environ=environ, file=file)
    settings = loaded.settings
    assert (settings.api.port, settings.websocket.port, settings.cache.ttl_s) == (1, 20, 300.5)
    assert loaded.origins["api.port"] == f"file {file}"
    assert loaded.origins["websocket.port"] == "environment WALMART_WS_PORT"
    assert loaded.origins["cache.ttl_s"] == "argument"


def test_the_names_of_the_specification_are_honored() -> None:
    environ = {
        "WALMART_API_PORT": "4000",
        "WALMART_API_BASE_URL": "https://groceries.example/",
        "WALMART_DB_PATH": "/var/lib/x.db",
        "WALMART_WS_PORT": "0",
    }
    settings = load(environ=environ).settings
    assert settings.api.port == 4000
    assert settings.base_url == "https://groceries.example"
    assert settings.database.path == Path("/var/lib/x.db")
    assert settings.websocket.port == 0


def test_every_wrong_value_is_named_with_its_variable() -> None:
    environ = {
        "WALMART_API_PORT": "many",
        "WALMART_WS_PORT": "70000",
        "MANCIPLE_LOG_LEVEL": "loud",
        "MANCIPLE_DIAGNOSTICS": "maybe",
    }
    with pytest.raises(InvalidInput) as caught:
        load({"cache.tl": "1"}, environ=environ)
    said = {str(problem).partition(":")[0]: str(problem) for problem in caught.value.problems}
    assert set(said) == {*environ, "cache.tl"}
    assert "int, not 'many'" in said["WALMART_API_PORT"]
    assert "debug or info or warning or error" in said["MANCIPLE_LOG_LEVEL"]
    assert "did you mean cache.ttl_s?" in said["cache.tl"]


def test_an_empty_variable_counts_as_not_set() -> None:
    empty = {"WALMART_API_PORT": "", "MANCIPLE_API_HOST": "", "MANCIPLE_SECURITY_SIGNING_KEY": ""}
    loaded = load(environ=empty)
    assert loaded.settings == Settings()
    assert set(loaded.origins.values()) == {"default"}


def test_an_unknown_variable_of_ours_is_warned_of_with_its_likely_name() -> None:
    loaded = load(environ={"MANCIPLE_DIAGNOSTIC": "1", "OTHER_THING": "1"})
    assert loaded.warnings == (
        "unknown variable MANCIPLE_DIAGNOSTIC; did you mean MANCIPLE_DIAGNOSTICS?",
    )


def test_an_unknown_name_in_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "here.toml"
    file.write_text("[api]\nprot = 1\n")
    with pytest.raises(InvalidInput, match="did you mean api"):
        load(environ={}, file=file)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        load(environ={"MANCIPLE_CONFIG": str(tmp_path / "none.toml")})


def test_a_secret_can_be_read_from_a_file_and_is_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("open sesame\n")
    loaded = load(environ={"MANCIPLE_API_METRICS_TOKEN_FILE": str(file)})
    token = loaded.settings.api.metrics_token
    assert token == "open sesame"
    printed = {setting.key: value for setting, value, _ in shown(loaded)}
    assert printed["api.metrics_token"] == "…"
    assert "sesame" not in f"{loaded!r} {token!r} {token}"


def test_a_password_in_an_address_is_not_shown() -> None:
    address = "https://ann:sesame@traces.example:4318/v1/traces?at=noon@home"
    loaded = load(environ={"MANCIPLE_TRACES_URL": address})
    assert loaded.settings.traces.url == address
    printed = {setting.key: value for setting, value, _ in shown(loaded)}
    assert printed["traces.url"] == "https://…@traces.example:4318/v1/traces?at=noon@home"


def test_texts_lists_truths_and_nothing_are_read_leniently() -> None:
    environ = {
        "MANCIPLE_WIRE_CORS_ORIGINS": "https://a.example, https://b.example",
        "MANCIPLE_DIAGNOSTICS": "Yes",
        "MANCIPLE_WIRE_WS_PING_S": "off",
    }
    settings = load(environ=environ).settings
    assert settings.wire.cors_origins == ("https://a.example", "https://b.example")
    assert settings.api.diagnostics is True
    assert settings.wire.ws_ping_s is None


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.text(max_size=12)))
def test_any_environment_gives_settings_or_names_its_variables(environ: dict[str, str]) -> None:
    assert _blamed(environ) <= set(environ)


def _blamed(environ: dict[str, str]) -> set[str | int]:
    try:
        load(environ=environ)
    except InvalidInput as error:
        return {problem.where[0] for problem in error.problems}
    return set()


def test_every_setting_has_a_variable_of_its_own() -> None:
    assert len(NAMES) == len(list(every_setting()))


def test_a_secret_hides_itself_in_every_way_it_is_written() -> None:
    assert "hush" not in f"{Secret('hush')} {Secret('hush')!r} {[Secret('hush')]}"
