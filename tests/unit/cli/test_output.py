"""What commands print, at any width."""

from decimal import Decimal

import pytest

from manciple.cli.output import money, print_table


def test_on_a_narrow_screen_a_long_id_breaks_and_nothing_is_lost(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    id_ = "webhook_01a224c0c21d7c4890086835c5a14b68"
    print_table(("id", "address"), [(id_, "https://example.com/hook")])
    cells = [line.split("│") for line in capsys.readouterr().out.splitlines() if "│" in line]
    assert "".join(cell[1].strip() for cell in cells) == id_


@pytest.mark.parametrize(
    ("amount", "shown"), [("3.97", "$3.97"), ("-1.00", "-$1.00"), ("0.00", "$0.00")]
)
def test_money_has_its_sign_before_the_dollar(amount: str, shown: str) -> None:
    assert money(Decimal(amount)) == shown


def test_money_that_is_not_known_is_an_empty_cell() -> None:
    assert money(None) == ""
