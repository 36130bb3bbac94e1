import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from manciple.kit.breaker import Breaker, BreakerSettings, Outcome, State, Ticket
from manciple.kit.errors import Unavailable

QUICK = BreakerSettings(window=6, least_calls=3, rest_s=5, longest_rest_s=20, probes=2)


def call(breaker: Breaker, outcome: Outcome, now_s: float) -> None:
    breaker.record(breaker.admit(now_s), outcome, now_s)


def opened(now_s: float = 0.0) -> Breaker:
    breaker = Breaker("shop", QUICK)
    for _ in range(3):
        call(breaker, Outcome.BAD, now_s)
    return breaker


def test_a_breaker_opens_when_most_calls_fail() -> None:
    breaker = opened()

    assert breaker.state(1) is State.OPEN
    with pytest.raises(Unavailable) as refused:
        breaker.admit(1)
    assert refused.value.wait_s == 4


def test_a_few_failures_among_many_are_borne() -> None:
    breaker = Breaker("shop", QUICK)
    for outcome in [Outcome.GOOD, Outcome.GOOD, Outcome.BAD] * 4:
        call(breaker, outcome, 0)

    assert breaker.state(0) is State.CLOSED


def test_the_callers_own_mistakes_do_not_count() -> None:
    breaker = Breaker("shop", QUICK)
    for _ in range(50):
        call(breaker, Outcome.NEUTRAL, 0)

    assert breaker.state(0) is State.CLOSED


def test_a_target_that_crawls_is_left_alone() -> None:
    breaker = Breaker("shop", QUICK)
    for _ in range(3):
        call(breaker, Outcome.SLOW, 0)

    assert breaker.state(0) is State.OPEN


def test_old_failures_are_forgotten() -> None:
    breaker = Breaker("shop", QUICK)
    call(breaker, Outcome.BAD, 0)
    call(breaker, Outcome.BAD, 1)
    call(breaker, Outcome.BAD, 100)

    assert breaker.state(100) is State.CLOSED


def test_after_its_rest_only_the_probes_go_through() -> None:
    breaker = opened()
    breaker.admit(5)
    breaker.admit(5)

    with pytest.raises(Unavailable):
        breaker.admit(5)
    assert breaker.state(5) is State.HALF_OPEN


def test_good_probes_close_it_and_a_bad_one_doubles_the_rest() -> None:
    healed, broken = opened(), opened()
    call(healed, Outcome.GOOD, 5)
    call(healed, Outcome.GOOD, 5)
    call(broken, Outcome.BAD, 5)

    assert healed.state(5) is State.CLOSED
    assert broken.state(14) is State.OPEN
    assert broken.state(15) is State.HALF_OPEN


def test_an_answer_from_before_changes_nothing_now() -> None:
    breaker = Breaker("shop", QUICK)
    late = breaker.admit(0)
    for _ in range(3):
        call(breaker, Outcome.BAD, 0)
    call(breaker, Outcome.GOOD, 5)
    breaker.record(late, Outcome.BAD, 5)

    assert breaker.state(5) is State.HALF_OPEN


class BreakerAgainstAnOracle(RuleBasedStateMachine):
    """The breaker beside the plainest words for what it should do."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        self.breaker = Breaker("shop", QUICK)
        self.state = State.CLOSED
        self.calls: list[tuple[float, Outcome]] = []
        self.until_s = 0.0
        self.rest_s = QUICK.rest_s
        self.good = 0
        self.flying: list[tuple[Ticket, State, int]] = []
        self.era = 0

    def _to(self, state: State) -> None:
        self.state, self.good, self.era = state, 0, self.era + 1

    def _probing(self) -> int:
        return sum(
            1 for _, state, era in self.flying if era == self.era and state is State.HALF_OPEN
        )

    @rule(seconds=st.sampled_from([0.1, 1, 3, 5, 10, 61]))
    def time_passes(self, seconds: float) -> None:
        self.now_s += seconds
        if self.state is State.OPEN and self.now_s >= self.until_s:
            self._to(State.HALF_OPEN)

    @rule()
    def a_call_asks(self) -> None:
        may = self.state is State.CLOSED or (
            self.state is State.HALF_OPEN and self._probing() + self.good < QUICK.probes
        )
        try:
            ticket = self.breaker.admit(self.now_s)
        except Unavailable as error:
            assert not may
            assert error.wait_s > 0  # noqa: PT017 - both ways of the call are checked
        else:
            assert may
            self.flying.append((ticket, self.state, self.era))

    @precondition(lambda self: self.flying)
    @rule(data=st.data(), outcome=st.sampled_from(Outcome))
    def a_call_ends(self, data: st.DataObject, outcome: Outcome) -> None:
        ticket, state, era = self.flying.pop(data.draw(st.integers(0, len(self.flying) - 1)))
        self.breaker.record(ticket, outcome, self.now_s)
        if era != self.era or outcome is Outcome.NEUTRAL:
            return
        if state is State.HALF_OPEN:
            self._probe_ends(outcome)
            return
        self.calls = [*self.calls, (self.now_s, outcome)][-QUICK.window :]
        recent = [o for at_s, o in self.calls if at_s > self.now_s - QUICK.window_s]
        bad = sum(o is Outcome.BAD for o in recent)
        slow = bad + sum(o is Outcome.SLOW for o in recent)
        if len(recent) >= QUICK.least_calls and (
            bad / len(recent) > QUICK.bad_share or slow / len(recent) > QUICK.slow_share
        ):
            self.until_s, self.rest_s = self.now_s + QUICK.rest_s, QUICK.rest_s
            self._to(State.OPEN)

    def _probe_ends(self, outcome: Outcome) -> None:
        if outcome is Outcome.GOOD:
            self.good += 1
            if self.good == QUICK.probes:
                self.calls, self.rest_s = [], QUICK.rest_s
                self._to(State.CLOSED)
            return
        self.rest_s = min(self.rest_s * 2, QUICK.longest_rest_s)
        self.until_s = self.now_s + self.rest_s
        self._to(State.OPEN)

    @invariant()
    def they_agree(self) -> None:
        assert self.breaker.state(self.now_s) is self.state


TestBreakerAgainstAnOracle = BreakerAgainstAnOracle.TestCase
TestBreakerAgainstAnOracle.settings = settings(max_examples=150, stateful_step_count=40)
