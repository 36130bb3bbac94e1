"""The TypeScript example signs in, refreshes by itself, and reads typed errors."""

import shutil
import subprocess
from pathlib import Path

from tests.acceptance.attacks.besieged import PASSWORDS, besieged, populate
from tests.node.installed import installed, node_environment

EXAMPLE = Path(__file__).parents[3] / "examples" / "typescript-client" / "client.ts"


def test_the_example_stays_signed_in(tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path)
    (tmp_path / "node_modules").symlink_to(installed() / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    with besieged(tmp_path, "security.access_token_s=3") as house:
        populate(house)
        told = {
            "MANCIPLE_URL": f"{house.api}/trpc",
            "MANCIPLE_EMAIL": "bob@example.org",
            "MANCIPLE_PASSWORD": PASSWORDS["bob@example.org"],
            "REST_MS": "4100",
        }
        ended = subprocess.run(
            ["node", "--disable-warning=ExperimentalWarning", "client.ts"],
            cwd=tmp_path,
            env={**node_environment(), **told},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == [
        "created From TypeScript",
        "still Bob, with 1 list",
        "typed error: NOT_FOUND 404",
    ]
