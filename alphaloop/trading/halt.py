"""The emergency stop of one runner: it reads the flag, stops the engine, and pulls every order."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from alphaloop.errors import Refused, RepositoryFailure
from alphaloop.facts.entry import Entry
from alphaloop.facts.role import Seats
from alphaloop.rules.emergency import Hand, Signal, Stage, after, hand_of
from alphaloop.rules.stopped import resumption, why_stopped
from alphaloop.trading import flag
from alphaloop.trading.orders import Orders
from alphaloop.trading.plan import Open
from alphaloop.trading.risk.engine import RiskEngine

_RUNNER = "runner"


class Halt:
    """Where the stop stands, and why.

    acted: the number of the ledger's last resume that is history to this runner, -1 for none; each resume
    starts it once, so that an old signature does not end a new stop.
    """

    def __init__(self, place: Path, risk: RiskEngine, orders: Orders, acted: int) -> None:
        self.stage = Stage.RUNNING
        self.why = self._up = ""
        self._flag, self._risk, self._orders, self._acted = place, risk, orders, acted
        self.look()

    def look(self) -> None:
        """Read the flag: to be called before every decision."""
        why = flag.raised(self._flag)
        # A human signs before the flag is lowered: until then the same flag is no new stop.
        if why and not (self.stage is Stage.RESUMING and why == self._up):
            self._stop(why)
        self._up = why

    def heed(self, entries: Iterable[Entry]) -> None:
        """Stop when a stop is in force in the ledger: to be called whenever it could be read."""
        why = why_stopped(entries)
        if why:
            self._stop(why)

    def trip(self, reason: str) -> None:
        """Stop by the runner's own judgement, and put the flag up so that a restart is stopped too."""
        self._stop(f"{_RUNNER}: {reason}")
        try:
            flag.hoist(self._flag, _RUNNER, reason)
        except RepositoryFailure as failed:
            # This runner is stopped whatever happens to the file; whoever reads why must know of it.
            self.why += f" ({failed})"
        self._up = flag.raised(self._flag)

    def pull(self, sent: Callable[[str, Open], None]) -> None:
        """Take back every order while stopped: to be called after each batch of reports, fills booked."""
        if self.stage is Stage.RUNNING:
            return
        self._orders.want([])
        self._orders.work(_nothing, sent)
        self._move(Signal.ALIVE if self._orders.open else Signal.PULLED, Hand.RUNNER)

    def resume(self, entries: Sequence[Entry], seats: Seats) -> None:
        """Let go on, by the resume that ended the ledger's last stop; raises Refused without one.

        seats: those of main, whose registered humans are the only ones that may.
        """
        found = resumption(entries)
        if found is None or found.number <= self._acted:
            raise Refused("the ledger holds no new resume that a human signed: `alphaloop resume`")
        self._move(Signal.RESUME, hand_of(found.signer, seats))
        self._acted = found.number

    def ready(self, entries: Sequence[Entry]) -> None:
        """Run again, when neither ledger nor flag says stop; raises Refused while one does."""
        self.heed(entries)
        self.look()
        if self._up:
            raise Refused(f"the stop flag is up ({self._up}): `alphaloop resume` takes it down")
        self._move(Signal.READY, Hand.RUNNER)
        self.why = ""

    def _stop(self, why: str) -> None:
        self._move(Signal.STOP, Hand.RUNNER)
        self.why = self.why or why

    def _move(self, signal: Signal, hand: Hand) -> None:
        self.stage = after(self.stage, signal, hand)
        self._risk.stopped = self.stage is not Stage.RUNNING


def _nothing(order: object) -> bool:
    """No order may go while stopped."""
    return False
