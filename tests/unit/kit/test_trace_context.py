import pytest

from manciple.kit import trace_context

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_trace_is_carried_within_its_block_only() -> None:
    with trace_context.carrying(TRACE):
        assert trace_context.carried() == TRACE
    assert trace_context.carried() is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        TRACE.upper(),
        "ff" + TRACE[2:],
        TRACE.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32),
        TRACE.replace("00f067aa0ba902b7", "0" * 16),
        TRACE + "-x",
        TRACE + "\r\nx: y",
    ],
)
def test_what_is_no_traceparent_is_not_carried(text: str) -> None:
    with trace_context.carrying(text):
        assert trace_context.carried() is None
