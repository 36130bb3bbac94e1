"""What commands print, at any width."""

from decimal import Decimal

import pytest

from manciple.cli.output import counted, money, print_table


def test_on_a_narrow_screen_a_long_id_breaks_and_nothing_is_lost(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    id_ = "webhook_01a224c0c21d7c4890086835c5a14b68"
    print_table(("id", "address"), [(id_, "https://example.com/hook")])
    cells = [line.split("│") for line in capsys.readouterr().out.splitlines() if "│" in line]
    assert "".join(cell[1].strip() for cell in cells) == id_


def test_an_id_stays_in_one_piece_while_sentences_can_give_way(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    id_ = "pantry_01a224c0c21d7c4890086835c5a14b68"
    print_table(("thing", "id"), [("Crepini Egg Thins with Cauliflower, 1.5 oz, 8 ct", id_)])
    assert id_ in capsys.readouterr().out


def test_where_room_is_short_the_id_is_whole_before_an_address(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    id_ = "webhook_01a224c0c21d7c4890086835c5a14b68"
    row = ("https://example.com/a-long-path/to-the-hook", "fine", id_)
    print_table(("address", "state", "id"), [row])
    assert id_ in capsys.readouterr().out


def test_a_title_is_not_folded_to_the_width_of_its_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    title = "weekly · list_01a224c0c21d7c4890086835c5a14b68"
    print_table(("#",), [(1,)], title=title)
    assert capsys.readouterr().out.splitlines()[0] == title


def test_a_table_without_rows_has_its_head(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("thing", "id"), [])
    assert "thing" in capsys.readouterr().out


@pytest.mark.parametrize(("count", "said"), [(0, "0 boxes"), (1, "1 box"), (1200, "1,200 boxes")])
def test_one_of_a_thing_is_told_from_many(count: int, said: str) -> None:
    assert counted(count, "box", "boxes") == said


@pytest.mark.parametrize(
    ("amount", "shown"), [("3.97", "$3.97"), ("-1.00", "-$1.00"), ("0.00", "$0.00")]
)
def test_money_has_its_sign_before_the_dollar(amount: str, shown: str) -> None:
    assert money(Decimal(amount)) == shown


def test_money_that_is_not_known_is_an_empty_cell() -> None:
    assert money(None) == ""
