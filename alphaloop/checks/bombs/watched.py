"""The drill in which a strategy is watched from inside: what it reaches, what it keeps, what it returned."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from alphaloop.checks.bombs.drill import Drilled, played_by
from alphaloop.checks.bombs.ground import Ground
from alphaloop.checks.bombs.script import Script
from alphaloop.contract import Quote
from alphaloop.errors import StrategyFault
from alphaloop.ports import Sandbox, Shown, Worker

LEAST_KEPT = 0.5
"""Keys kept for each second of a market in which nothing comes twice: whoever keeps that many in every
quarter of it keeps them for ever.
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch saw: the lines that were reached, and how many keys were kept at the quarters."""

    lines: frozenset[int]
    kept: tuple[int, ...]

    def grows(self, seconds: int) -> bool:
        """Whether what is kept grew in every quarter of so many seconds."""
        least = LEAST_KEPT * seconds / 4
        return len(self.kept) == 5 and all(after - before >= least for before, after in pairwise(self.kept))


def watched(
    source: bytes, script: Script, quarters: Sequence[int], ground: Ground, sandbox: Sandbox
) -> tuple[Drilled, Watched | None]:
    """Play a drill with a watch; None when the strategy failed before it could be told of."""
    try:
        worker = sandbox.start(source)
    except StrategyFault as fault:
        return (None, str(fault) or "the strategy could not be made and did not say why"), None
    probe = _Probe(worker, [script.beats[second].told_s for second in quarters[:-1]])
    drill = played_by(probe, script, ground)
    return drill, None if drill[1] else Watched(probe.lines, tuple(probe.kept) if quarters else ())


class _Probe:
    """A worker that is looked at whenever the told time passes one of these, and at its end."""

    def __init__(self, worker: Worker, times_s: Sequence[float]) -> None:
        self.lines: frozenset[int] = frozenset()
        self.kept: list[int] = []
        self._worker = worker
        self._times_s = list(times_s)
        self._begun = False
        self.on_trade, self.on_fill = worker.on_trade, worker.on_fill
        self.on_timer, self.watch, self.spent_s = worker.on_timer, worker.watch, worker.spent_s
        self.abandon = worker.abandon

    def on_book(self, shown: Shown) -> list[Quote]:
        """As the port says."""
        if not self._begun:
            self._begun = True
            self._worker.watch()
        told_s, *_ = shown
        while self._times_s and told_s >= self._times_s[0]:
            self._times_s.pop(0)
            self._look()
        return self._worker.on_book(shown)

    def close(self) -> None:
        """As the port says; what was not delivered yet goes with the last look, and may be a fault."""
        self._look()
        self._worker.close()

    def _look(self) -> None:
        kept, self.lines = self._worker.watch()
        self.kept.append(kept)
