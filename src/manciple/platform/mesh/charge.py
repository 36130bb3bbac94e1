"""One instance in a supervisor's charge: its process, and what was last seen of it."""

import os
from dataclasses import dataclass

from manciple.platform.mesh.fleet import Member, Phase
from manciple.platform.mesh.process import Process
from manciple.platform.mesh.registry import Entry
from manciple.platform.mesh.run_directory import Record

_ORDER = {phase: number for number, phase in enumerate(Phase)}


@dataclass(slots=True, kw_only=True)
class Charge:
    """`is_child` is false for one that an earlier supervisor started; how that ends, none tells.

    Times are of the supervisor's own clock, so that no change of the wall clock counts as age.
    """

    record: Record
    process: Process
    is_child: bool = False
    began_s: float
    since_s: float
    beat_s: float
    phase: Phase = Phase.STARTING
    entry: Entry | None = None
    is_unwanted: bool = False
    was_asked: bool = False
    why: str | None = None
    exit_code: int | None = None

    @property
    def id(self) -> str:
        """The instance's id."""
        return self.record.id

    def enter(self, phase: Phase, now_s: float) -> None:
        """Goes on to a later phase; never back."""
        if _ORDER[phase] > _ORDER[self.phase]:
            self.phase, self.since_s = phase, now_s

    def leave_out(self, lost_s: float) -> None:
        """Counts so much of the time that passed neither as silence nor towards any limit."""
        self.since_s += lost_s
        self.beat_s += lost_s

    def see(self, entry: Entry, now_s: float) -> None:
        """Takes in what its lease says now."""
        if self.entry is None or entry.beat_s != self.entry.beat_s:
            self.beat_s = now_s
        self.entry = entry
        # That it ends by itself is its own affair, and no crash.
        self.was_asked = self.was_asked or entry.phase in {Phase.DRAINING, Phase.STOPPING}
        self.enter(entry.phase, now_s)

    def member(self) -> Member:
        """The instance as the fleet's decisions see it."""
        entry = self.entry
        return Member(
            id=self.id,
            service=self.record.service,
            phase=self.phase,
            since_s=self.since_s,
            beat_s=self.beat_s,
            in_flight=entry.vitals.in_flight if entry else 0,
            generation=self.record.generation,
            is_leaking=entry is not None and entry.is_leaking,
            is_unwanted=self.is_unwanted,
        )

    def has_ended(self) -> bool:
        """Whether its process is gone; a child of ours is buried thereby, so ask once."""
        if not self.is_child:
            return not self.process.is_running()
        try:
            pid, status = os.waitpid(self.record.pid, os.WNOHANG)
        except ChildProcessError:
            return True
        if pid:
            self.exit_code = os.waitstatus_to_exitcode(status)
        return pid != 0

    def how_it_ended(self) -> str:
        """In words: why it was killed, its exit code or signal, as far as is known."""
        code = self.exit_code
        if self.why is not None or code is None:
            return self.why or "ended"
        return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
