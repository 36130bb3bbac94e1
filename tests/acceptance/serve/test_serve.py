"""The product as processes: it opens, says what to open, drains, and ends with 0."""

import json
import re
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from manciple.services.table import SERVICES
from tests.acceptance.product import ONLY_SERVE, Product, program, started

DELAY = "/trpc/diagnostics.delay"


def running(folder: Path, *settings: str) -> AbstractContextManager[Product]:
    return started(folder / "x" / "test.db", *settings)


def get(product: Product, path: str, **parts: Any) -> requests.Response:
    return requests.get(product.api + path, timeout=120, **parts)


def socket_of(product: Product, door: str) -> str:
    return product.websocket if door == "websocket" else product.api.replace("http", "ws", 1)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("house"), "api.diagnostics=1") as found:
        yield found


def test_the_first_start_makes_and_stocks_a_house(house: Product) -> None:
    found = get(house, "/health")
    assert found.status_code == 200
    report = found.json()
    assert report["status"] == "healthy"
    assert set(report["services"]) == {"database", "nlp", "websocket", "external"}
    assert report["services"]["database"]["status"] == "healthy"
    assert report["services"]["database"]["latency"] >= 0
    assert report["timestamp"].endswith("Z")


@pytest.mark.parametrize("probe", ["/livez", "/readyz", "/startupz", "/health"])
def test_probes_say_yes_at_both_doors(house: Product, probe: str) -> None:
    websocket_door = house.websocket.replace("ws://", "http://")
    assert get(house, probe).status_code == 200
    assert requests.get(websocket_door + probe, timeout=120).status_code == 200


def test_an_unknown_path_is_a_problem_document(house: Product) -> None:
    answer = get(house, "/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


def test_the_six_services_are_listed(house: Product) -> None:
    services = get(house, "/trpc/monitoring.services").json()["result"]["data"]
    assert [service["name"] for service in services] == [spec.name for spec in SERVICES]
    listening = [int(url.rpartition(":")[2]) for url in (house.api, house.websocket)]
    assert [service["port"] for service in services[:2]] == listening
    assert [service["status"] for service in services] == ["running"] * 6


def test_calls_and_requests_are_counted(house: Product) -> None:
    get(house, "/trpc/monitoring.health")
    get(house, "/trpc/no.such")
    text = get(house, "/metrics").text
    assert is_counted(text, "manciple_calls_total", code="OK", path="monitoring.health")
    assert is_counted(text, "manciple_calls_total", code="NOT_FOUND", path="unknown")
    requests_s = "http_server_request_duration_seconds_count"
    assert is_counted(text, requests_s, method="GET", route="/trpc", status="404")
    assert get(house, "/trpc/monitoring.metrics").json()["result"]["data"]["memoryBytes"] > 0


def is_counted(text: str, name: str, **labels: str) -> bool:
    """Whether a sample has these labels; in a mesh there are those of the instance beside them."""
    wanted = {f'{label}="{value}"' for label, value in labels.items()}
    samples = re.findall(rf"^{name}{{(.*)}}", text, re.MULTILINE)
    return any(wanted <= set(sample.split(",")) for sample in samples)


def test_the_local_user_is_no_administrator(house: Product) -> None:
    answer = get(house, "/trpc/diagnostics.adminOnly")
    assert answer.status_code == 403
    assert answer.json()["error"]["data"]["code"] == "FORBIDDEN"


def test_a_crash_is_logged_under_the_reference_that_the_client_got(house: Product) -> None:
    message = get(house, "/trpc/diagnostics.crash").json()["error"]["message"]
    reference = message.split()[-1]
    assert reference.startswith("err_")
    assert reference in house.log()
    assert "boom" not in message


def test_every_request_is_one_line_of_json_without_its_query(tmp_path: Path) -> None:
    with running(tmp_path) as fresh:
        get(fresh, "/livez", params={"token": "hush"})
        assert fresh.stop() == 0
    lines = [json.loads(line) for line in fresh.log().splitlines()]
    (line,) = [line for line in lines if line.get("path") == "/livez"]
    assert (line["method"], line["status"]) == ("GET", 200)
    assert "hush" not in fresh.log()


def test_metrics_can_need_a_token(tmp_path: Path) -> None:
    with running(tmp_path, "api.metrics_token=sesame") as house:
        assert get(house, "/metrics").status_code == 401
        bearer = {"authorization": "Bearer sesame"}
        assert get(house, "/metrics", headers=bearer).status_code == 200


@ONLY_SERVE
def test_a_taken_port_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = subprocess.run(
            program(tmp_path / "test.db", "serve", "--port", str(port), "--ws-port", "0"),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert ended.returncode == 4
    assert f"port {port} is taken" in ended.stderr
    assert "WALMART_API_PORT=" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_call_in_flight_is_finished_before_the_end(tmp_path: Path, how: signal.Signals) -> None:
    with running(tmp_path, "api.diagnostics=1") as house:
        answers: list[Any] = []

        def ask() -> None:
            url = house.api + DELAY
            given = {"input": '{"ms":1200,"value":"done"}'}
            with requests.get(url, params=given, timeout=120) as answer:
                answers.append(answer.json())

        asking = threading.Thread(target=ask)
        asking.start()
        # The call is in flight once a second one, begun later, was answered.
        get(house, DELAY, params={"input": '{"ms":100}'})
        assert house.stop(how) == 0
        asking.join(timeout=120)
    assert answers == [{"result": {"data": {"value": "done"}}}]
    with socket.socket() as after:
        assert after.connect_ex(("127.0.0.1", int(house.api.rpartition(":")[2]))) != 0


@pytest.mark.parametrize("door", ["api", "websocket"])
def test_procedures_can_be_called_over_sockets_at_both_doors(house: Product, door: str) -> None:
    with connect(socket_of(house, door) + "/trpc", open_timeout=120) as client:
        client.send('{"id":1,"method":"query","params":{"path":"monitoring.health"}}')
        answer = json.loads(client.recv(timeout=120))
    assert answer["result"]["data"]["status"] == "healthy"


@pytest.mark.parametrize("door", ["api", "websocket"])
def test_a_socket_on_an_unknown_path_is_turned_away_with_404(house: Product, door: str) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(socket_of(house, door) + "/nowhere", open_timeout=120),
    ):
        pass
    assert refused.value.response.status_code == 404


def test_a_call_over_a_socket_is_finished_before_the_end(tmp_path: Path) -> None:
    with (
        running(tmp_path, "api.diagnostics=1") as house,
        connect(house.websocket + "/trpc", open_timeout=120) as client,
    ):
        wanted = {"path": "diagnostics.delay", "input": {"ms": 1200, "value": "done"}}
        client.send(json.dumps({"id": 1, "method": "query", "params": wanted}))
        client.send("PING")
        assert client.recv(timeout=120) == "PONG"
        house.process.send_signal(signal.SIGTERM)
        # In a mesh the API server is drained before: the answer may be there first.
        told = [json.loads(client.recv(timeout=120)) for _ in range(2)]
        assert {"id": None, "method": "reconnect"} in told
        assert {"id": 1, "result": {"type": "data", "data": {"value": "done"}}} in told
        assert house.process.wait(timeout=120) == 0


def test_the_page_is_served_with_all_that_it_names(house: Product) -> None:
    page = get(house, "/")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for link in re.findall(r'(?:href|src)="([a-z][^":]*)"', page.text):
        assert get(house, "/" + link).status_code == 200, link


def test_search_answers_the_same_when_its_answer_is_at_hand(house: Product) -> None:
    url = house.api + "/trpc/walmartGrocery.searchProducts"
    first, second = (requests.post(url, json={"query": "milk"}, timeout=120) for _ in range(2))
    assert first.status_code == 200
    assert first.json()["result"]["data"]["count"] > 0
    assert second.content == first.content
    unstable = {"date"}
    assert {k: v for k, v in second.headers.items() if k.lower() not in unstable} == {
        k: v for k, v in first.headers.items() if k.lower() not in unstable
    }


def test_the_drain_time_bounds_the_end(tmp_path: Path) -> None:
    options = ("api.diagnostics=1", "api.drain_s=0.5")
    with running(tmp_path, *options) as house:
        held = requests.get(house.api + "/trpc/diagnostics.idle", stream=True, timeout=120)
        assert held.status_code == 200
        assert house.stop() == 0
        held.close()


@ONLY_SERVE
def test_a_second_signal_ends_at_once(tmp_path: Path) -> None:
    with running(tmp_path, "api.diagnostics=1", "api.drain_s=60") as house:
        url = f"{house.api}{DELAY}?input=%7B%22ms%22%3A60000%7D"
        asking = threading.Thread(target=_ask_in_vain, args=(url,))
        asking.start()
        get(house, DELAY, params={"input": '{"ms":100}'})
        house.process.send_signal(signal.SIGTERM)
        _wait_until_refused(house.api)
        assert house.stop() == -signal.SIGTERM
        asking.join(timeout=120)


def _ask_in_vain(url: str) -> None:
    with pytest.raises(requests.RequestException):
        requests.get(url, timeout=120)


def _wait_until_refused(api: str) -> None:
    port = int(api.rpartition(":")[2])
    until_s = time.monotonic() + 120
    while time.monotonic() < until_s:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) != 0:
                return
        select.select((), (), (), 0.005)
    raise AssertionError("the door never stopped listening")
