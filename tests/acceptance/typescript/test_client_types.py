"""What the TypeScript compiler makes of the written `AppRouter`, as a front end sees it."""

import json
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from manciple.api.app_router import app_table
from manciple.api.diagnostics import diagnostics_router
from manciple.kit.clock import SystemClock
from manciple.platform.rpc.door_state import DoorState
from manciple.platform.rpc.typescript import typescript
from tests.node.installed import installed, node_environment
from tests.unit.platform.rpc_faces.tricky import table

HERE = Path(__file__).parent
_SNIPPET = re.compile(r"^// wrong: (.+)\n((?:(?!// wrong: ).+\n)+)", re.MULTILINE)
WRONG = dict(_SNIPPET.findall((HERE / "wrong.ts").read_text()))
RIGHT = 'await client.walmartGrocery.search.query({ query: "milk" });\n'
_PREAMBLE = """\
import { client } from "./good.js";
import type { TRPCClientError } from "@trpc/client";
import type { AppRouter } from "./app_router.js";
declare const error: unknown;
export type Used = [TRPCClientError<AppRouter>, typeof client, typeof error];
"""
_ERROR = re.compile(r"^(\w+)\.ts\(\d+,\d+\): error (TS\d+): (.*)$", re.MULTILINE)


def _file_of(name: str) -> str:
    return "wrong_" + re.sub(r"\W+", "_", name)


def _readme_code() -> str:
    readme = (HERE.parents[2] / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```ts\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    return str(code)


def _compile(folder: Path, compiler: str, *, is_lax: bool) -> dict[str, list[str]]:
    """The compiler's complaints by file."""
    options = {
        "strict": True,
        "exactOptionalPropertyTypes": True,
        "noEmit": True,
        "skipLibCheck": is_lax,
        "target": "es2022",
        "module": "esnext",
        "moduleResolution": "bundler",
        "lib": ["es2022", "dom", "dom.iterable"],
        "types": [],
    }
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options}))
    done = subprocess.run(
        ["node", f"node_modules/{compiler}/bin/tsc", "--project", ".", "--pretty", "false"],
        cwd=folder,
        env=node_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    found = defaultdict(list)
    for name, code, text in _ERROR.findall(done.stdout):
        found[name].append(f"{code} {text}")
    assert found, done.stdout + done.stderr
    return found


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(("typescript", True), id="newest-skipLibCheck"),
        pytest.param(("typescript", False), id="newest"),
        pytest.param(("typescript-5", True), id="five-skipLibCheck"),
        pytest.param(("typescript-5", False), id="five"),
    ],
)
def complaints(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    compiler, is_lax = request.param
    folder = tmp_path_factory.mktemp("front_end")
    (folder / "node_modules").symlink_to(installed() / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "app_router.ts").write_text(typescript(table))
    whole = app_table(diagnostics_router(DoorState(), SystemClock()))
    (folder / "product.ts").write_text(typescript(whole))
    for name in ("good.ts", "real.ts"):
        (folder / name).write_text((HERE / name).read_text())
    (folder / "readme.ts").write_text(_readme_code().replace("./app-router", "./product.js"))
    (folder / "right.ts").write_text(_PREAMBLE + RIGHT)
    for name, code in WRONG.items():
        (folder / f"{_file_of(name)}.ts").write_text(_PREAMBLE + code)
    return _compile(folder, compiler, is_lax=is_lax)


@pytest.mark.xdist_group("tsc")
def test_right_code_compiles_and_its_types_are_the_declared_ones(
    complaints: dict[str, list[str]],
) -> None:
    assert complaints.get("app_router", []) == []
    assert complaints.get("good", []) == []
    assert complaints.get("right", []) == []


@pytest.mark.xdist_group("tsc")
def test_the_types_of_the_product_itself_compile_in_a_client(
    complaints: dict[str, list[str]],
) -> None:
    assert complaints.get("product", []) == []
    assert complaints.get("real", []) == []


@pytest.mark.xdist_group("tsc")
def test_the_code_of_the_readme_compiles(complaints: dict[str, list[str]]) -> None:
    assert complaints.get("readme", []) == []


@pytest.mark.xdist_group("tsc")
@pytest.mark.parametrize("name", WRONG)
def test_the_compiler_refuses(name: str, complaints: dict[str, list[str]]) -> None:
    assert complaints.get(_file_of(name), []), f"compiled: {WRONG[name]}"


def test_there_are_many_wrong_snippets() -> None:
    assert len(WRONG) >= 30
    assert len({_file_of(name) for name in WRONG}) == len(WRONG)
