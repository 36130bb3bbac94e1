import socket
import sys
from pathlib import Path

import msgspec
import pytest

from manciple.kit.errors import Refused
from manciple.platform.mesh.launcher import Launch
from manciple.services.doors.sockets import listen, port_of
from manciple.services.everything import EVERY_SERVICE
from manciple.services.instance_program import MODULE, Start
from manciple.services.mesh import SECTIONS, bind, command, mesh_of, run_directory
from manciple.services.settings import load


def test_ports_are_set_where_the_services_say() -> None:
    assert {one.spec.name: one.section for one in EVERY_SERVICE} == SECTIONS


def taken() -> socket.socket:
    return listen("127.0.0.1", 0, variable="X", backlog=8)


def test_a_taken_port_is_told_by_the_names_of_the_service_and_of_the_setting() -> None:
    with taken() as other:
        port = port_of(other)
        settings = load({"pricing.port": str(port)}, environ={}).settings
        with pytest.raises(Refused) as refused:
            bind(settings, "walmart-pricing", None)
    assert str(refused.value).startswith(f"walmart-pricing: port {port} is taken")
    assert f"MANCIPLE_PRICING_PORT={port + 1} manciple up" in str(refused.value)


def test_where_any_port_will_do_the_one_from_before_is_kept_if_it_is_free() -> None:
    settings = load({"pricing.port": "0"}, environ={}).settings
    with taken() as other:
        before = port_of(other)
        with bind(settings, "walmart-pricing", before) as found:
            assert port_of(found) not in {0, before}
    with bind(settings, "walmart-pricing", before) as found:
        assert port_of(found) == before


def test_an_instance_is_started_with_what_its_supervisor_was_told(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text("")
    loaded = load({"database.path": "x.db", "api.port": "0"}, environ={}, file=file)
    launch = Launch(
        id="walmart-pricing-1",
        service="walmart-pricing",
        generation=2,
        fd=5,
        ports={"walmart-api-server": 3100, "walmart-pricing": 3107},
        door=Path("d"),
        handover=Path("h"),
        log=Path("l"),
    )
    program, *lean, dash_m, module, service, text = command(loaded)(launch)
    assert lean == ["-P", "-X", "no_debug_ranges"]
    assert (program, dash_m, module) == (sys.executable, "-m", MODULE)
    assert service == "walmart-pricing"
    start = msgspec.json.decode(text, type=Start)
    assert start.file == str(file)
    assert start.arguments == {
        "database.path": "x.db",
        "api.port": "3100",
        "pricing.port": "3107",
    }
    assert start.instance == {
        "id": "walmart-pricing-1",
        "service": "walmart-pricing",
        "generation": 2,
        "fd": 5,
        "door": "d",
        "handover": "h",
        "log": "l",
    }


def test_a_mesh_is_the_only_one_before_it_opens_its_database(tmp_path: Path) -> None:
    loaded = load({"database.path": str(tmp_path / "x.db")}, environ={})
    run = run_directory(loaded.settings)
    run.open()
    another = mesh_of(loaded, on_turn=lambda _: None)
    with run.locked(), pytest.raises(Refused, match="is up already"), another:
        pass
    assert not loaded.settings.database.path.exists()
    with mesh_of(loaded, on_turn=lambda _: None):
        assert run.is_locked()
    assert not run.is_locked()


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux can tell")
def test_a_service_cuts_off_clients_that_take_nothing() -> None:
    given = {"pricing.port": "0", "security.write_timeout_s": "7.5"}
    with bind(load(given, environ={}).settings, "walmart-pricing", None) as found:
        timeout_ms = found.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    assert timeout_ms == 7500
