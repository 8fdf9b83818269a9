"""What a picture of an episode shows."""

from dataclasses import dataclass

from alphaloop.doors.pictures.thinning import Numbers, Times
from alphaloop.market.journal import Journal
from alphaloop.market.tape import Tape


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn: one run over one tape, and the stress that it was under.

    title: the first line; struck_ns: begin and end of the scenario at the exchange, None without one.
    """

    title: str
    journal: Journal
    tape: Tape
    struck_ns: tuple[int, int] | None = None

    def seconds(self, times_ns: Times) -> Numbers:
        """Market time since the tape's start."""
        passed: Numbers = (times_ns - self.tape.start_ns) / 1e9
        return passed

    @property
    def end_ns(self) -> int:
        """The later of the tape's last event and the run's end."""
        return max(self.tape.end_ns, self.journal.end_ns)
