"""What is kept of failures, and what is not."""

from manciple.services.error_book import MAX_KEPT, ErrorBook, where
from manciple.services.metrics import DoorMetrics
from tests.fakes import FakeClock


def failure() -> Exception:
    try:
        DoorMetrics().call_done("a.b", "OK", took_s="secret")  # type: ignore[arg-type]  # fails
    except TypeError as error:
        return error
    raise AssertionError


def test_a_failure_is_kept_without_its_text() -> None:
    clock = FakeClock()
    book = ErrorBook(clock)
    book.note("a.b", ValueError("password: hunter2"), reference="err_1")
    (note,) = book.newest()
    assert (note.reference, note.path, note.kind, note.at) == (
        "err_1",
        "a.b",
        "ValueError",
        clock.now(),
    )
    assert "hunter2" not in repr(note)


def test_where_is_the_last_line_of_ours() -> None:
    place = where(failure())
    assert place.startswith("manciple/services/metrics.py:")
    assert place.endswith(" in call_done")
    assert where(ValueError()) == ""


def test_only_the_newest_are_kept() -> None:
    book = ErrorBook(FakeClock())
    for number in range(MAX_KEPT + 5):
        book.note("a.b", ValueError(), reference=f"err_{number}")
    newest = book.newest()
    assert (len(newest), newest[0].reference) == (MAX_KEPT, f"err_{MAX_KEPT + 4}")
