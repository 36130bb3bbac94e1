from hypothesis import given
from hypothesis import strategies as st

from manciple.platform.mesh.retries import RetryBudget


def test_a_quiet_service_may_try_again_now_and_then() -> None:
    budget = RetryBudget(most=1.0)
    assert budget.spend(0.0)
    assert not budget.spend(0.1)
    assert budget.spend(1.2)


@given(st.lists(st.sampled_from(["call", "retry"]), max_size=400))
def test_retries_never_pass_what_was_saved_and_earned(steps: list[str]) -> None:
    budget = RetryBudget(share=0.2, spare_per_s=0.0, most=5.0)
    calls = retries = 0
    for step in steps:
        if step == "call":
            budget.earn(0.0)
            calls += 1
        else:
            retries += budget.spend(0.0)
    assert retries <= 5 + 0.2 * calls
