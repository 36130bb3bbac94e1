"""What the look for secrets and loose pins finds."""

import pytest

from tools.audit_dependencies import lock_problems, main, secrets_in


def test_a_pin_without_hash_or_with_an_address_is_found() -> None:
    good = "a==1 \\\n    --hash=sha256:00\n"
    assert list(lock_problems("x", good)) == []
    assert list(lock_problems("x", good + "b==2\n")) == ["x: b==2 has no hash"]
    assert "x: holds an address" in list(lock_problems("x", f"# https{'://'}x\n{good}"))


@pytest.mark.parametrize(
    "made",
    ["mat_" + "Ab1" * 14 + "x", "AKIA" + "Q" * 16, "ghp" + "_" + "x1" * 18],
)
def test_a_secret_is_found(made: str) -> None:
    assert list(secrets_in(f"key = '{made}'"))


def test_there_is_none_in_this_repository() -> None:
    assert main() == 0
