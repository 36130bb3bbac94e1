"""An alarm that does not flutter: raised above one mark, cleared below a lower one. Pure."""

from dataclasses import dataclass, field

# Cleared only a tenth below the mark, and either only after two looks in a row.
_CLEAR_SHARE = 0.9
_LOOKS = 2


@dataclass(slots=True)
class Alarm:
    """One figure against its mark; what is at the mark is not above it."""

    mark: float
    is_raised: bool = False
    _in_a_row: int = field(default=0, repr=False)

    def look(self, value: float) -> bool:
        """Whether this look raised or cleared the alarm."""
        is_over = value > self.mark
        is_under = value < self.mark * _CLEAR_SHARE
        wants_change = is_under if self.is_raised else is_over
        self._in_a_row = self._in_a_row + 1 if wants_change else 0
        if self._in_a_row < _LOOKS:
            return False
        self.is_raised = not self.is_raised
        self._in_a_row = 0
        return True
