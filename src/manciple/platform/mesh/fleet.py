"""What a supervisor should do next. Pure: the wanted and the seen go in, actions come out.

An instance goes from starting to ready, then through draining and stopping to gone. One that ends
unasked is started again after a rest that doubles; one that hangs is killed first.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

FIRST_REST_S = 0.2
LONGEST_REST_S = 30.0
# So many unasked ends within the window are a crash loop; it rests long but is never given up.
CRASHES_OF_A_LOOP = 5
CRASH_WINDOW_S = 60.0
# Callers look for changes four times a second; until then they may still call one that drains.
NOTICE_S = 0.5


class Phase(StrEnum):
    """Where an instance stands."""

    STARTING = "starting"
    READY = "ready"
    DRAINING = "draining"
    STOPPING = "stopping"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted of one service.

    `generation` grows with every rolling restart: instances of an older one are replaced one by
    one. A service starts once each service it needs has a ready instance, in order of priority.
    """

    service: str
    wanted: int
    priority: int = 1
    needs: tuple[str, ...] = ()
    generation: int = 0
    start_s: float = 90.0
    hang_s: float = 6.0
    drain_s: float = 20.0
    stop_s: float = 5.0


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One instance as it is seen: in its phase since `since_s`, last alive at `beat_s`.

    One that leaks, or that somebody asked to be rid of, is replaced.
    """

    id: str
    service: str
    phase: Phase
    since_s: float
    beat_s: float
    in_flight: int = 0
    generation: int = 0
    is_leaking: bool = False
    is_unwanted: bool = False


class Start(msgspec.Struct, frozen=True):
    """Start one more instance of a service."""

    service: str


class Drain(msgspec.Struct, frozen=True):
    """Take an instance out of the registry and let it finish what it has."""

    id: str
    reason: str


class Terminate(msgspec.Struct, frozen=True):
    """Ask an instance to end."""

    id: str


class Kill(msgspec.Struct, frozen=True):
    """End an instance that does not end by itself."""

    id: str
    reason: str


Action = Start | Drain | Terminate | Kill


def decide(
    plans: Iterable[Plan],
    members: Sequence[Member],
    crashes: Mapping[str, Sequence[float]],
    now_s: float,
) -> list[Action]:
    """What to do now, services of the lowest priority number first.

    `crashes` has the moments of each service's unasked ends.
    """
    by_service: dict[str, list[Member]] = {}
    for member in members:
        by_service.setdefault(member.service, []).append(member)
    ready = {member.service for member in members if member.phase is Phase.READY}
    actions: list[Action] = []
    for plan in sorted(plans, key=lambda plan: (plan.priority, plan.service)):
        mine = by_service.get(plan.service, [])
        tended = [action for one in mine if (action := _tend(plan, one, now_s))]
        killed = {action.id for action in tended if isinstance(action, Kill)}
        counted = _count(plan, [one for one in mine if one.id not in killed])
        may_start = ready.issuperset(plan.needs) and now_s >= may_start_s(
            crashes.get(plan.service, ())
        )
        actions += tended
        actions += [action for action in counted if may_start or not isinstance(action, Start)]
    return actions


def may_start_s(crashes: Sequence[float]) -> float:
    """The earliest moment for the next start after these unasked ends.

    After a first one at once: most that end unasked do so once, and somebody waits.
    """
    if not crashes:
        return 0.0
    last = max(crashes)
    recent = sum(1 for at_s in crashes if at_s > last - CRASH_WINDOW_S)
    if recent == 1:
        return last
    return last + min(FIRST_REST_S * 2.0 ** (recent - 2), LONGEST_REST_S)


def is_looping(crashes: Sequence[float], now_s: float) -> bool:
    """Whether a service crashes again and again."""
    return sum(1 for at_s in crashes if at_s > now_s - CRASH_WINDOW_S) >= CRASHES_OF_A_LOOP


def _tend(plan: Plan, member: Member, now_s: float) -> Action | None:
    """What one instance needs by itself."""
    in_phase_s = now_s - member.since_s
    match member.phase:
        case Phase.STARTING if in_phase_s > plan.start_s:
            return Kill(member.id, f"not ready after {plan.start_s:g} s")
        case Phase.READY if now_s - member.beat_s > plan.hang_s:
            return Kill(member.id, f"no sign of life for {plan.hang_s:g} s")
        case Phase.DRAINING if in_phase_s > plan.drain_s:
            return Terminate(member.id)
        case Phase.DRAINING if member.in_flight == 0 and in_phase_s >= NOTICE_S:
            return Terminate(member.id)
        case Phase.STOPPING if in_phase_s > plan.stop_s:
            return Kill(member.id, f"did not end within {plan.stop_s:g} s")
        case _:
            return None


def _count(plan: Plan, members: Sequence[Member]) -> list[Action]:
    """Starts what is missing and drains what is too much or out of date, never below the wanted."""
    living = [one for one in members if one.phase in (Phase.STARTING, Phase.READY)]
    worn = [one for one in living if _is_worn(plan, one)]
    # One more while somebody is replaced; nobody is where none is wanted.
    most = plan.wanted + (1 if worn and plan.wanted else 0)
    if len(living) < most:
        return [Start(plan.service) for _ in range(most - len(living))]
    ready = [one for one in living if one.phase is Phase.READY]
    if worn and sum(1 for one in ready if not _is_worn(plan, one)) and len(ready) > plan.wanted:
        return [Drain(_least_useful(plan, worn).id, "replaced")]
    ranked = sorted(living, key=lambda one: _use(plan, one))
    return [_dismissed(one) for one in ranked[: max(0, len(living) - most)]]


def _dismissed(member: Member) -> Drain | Terminate:
    """One that never was ready has nothing to finish."""
    if member.phase is Phase.STARTING:
        return Terminate(member.id)
    return Drain(member.id, "no longer wanted")


def _is_worn(plan: Plan, member: Member) -> bool:
    is_old = member.generation < plan.generation
    return is_old or member.is_leaking or member.is_unwanted


def _least_useful(plan: Plan, members: Sequence[Member]) -> Member:
    return min(members, key=lambda one: _use(plan, one))


def _use(plan: Plan, member: Member) -> tuple[bool, bool, int, str]:
    """What is kept longest: the up to date, the ready, the busy."""
    return (
        not _is_worn(plan, member),
        member.phase is Phase.READY,
        member.in_flight,
        member.id,
    )
