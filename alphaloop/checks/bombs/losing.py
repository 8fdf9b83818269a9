"""The drill of a loss that stays: who halts over it may not lift the halt while nothing got better.

The same market is met three times: on its wrong side, without a position, and on its right side.  Only a
silence that the loss alone explains is a halt, so a pause after a move, a fill or a time is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from alphaloop.checks.bombs.acts import HOUR_S, first, later
from alphaloop.checks.bombs.drill import Drilled, played_by
from alphaloop.checks.bombs.ground import Ground
from alphaloop.checks.bombs.script import Script
from alphaloop.checks.bombs.stage import Beat, warmed_up
from alphaloop.contract import Quote
from alphaloop.errors import StrategyFault
from alphaloop.ports import Sandbox, Shown, Worker

LOSING = "drill of a loss that stays"
HELD = 0.5
"""Share of MAX_POSITION that is held, so that there is room to quote on both sides."""
FILLING_S, QUIET_S, STILL_S = 24, 150, 300
"""Seconds for the fills, for a pause after them to end, and for the loss to stay at its deepest."""
FALLS, FALL, FALL_S = 50, 0.005, 6
"""The price falls so often, by this share of what it was at first, and rests for so many seconds."""


@dataclass(frozen=True, slots=True)
class _Met:
    """What a strategy answered: for each beat whether it wanted anything, None where it was not asked."""

    drill: Drilled
    wanted: Sequence[bool | None]


def losing(source: bytes, ground: Ground, sandbox: Sandbox) -> tuple[Drilled, str]:
    """The drill on the wrong side, and in words how a halt was lifted in it, "" when none was.

    The first of the three that ends in a fault is the one that is told of.
    """
    met = []
    for share in (HELD, 0.0, -HELD):
        script = _script(share, ground)
        met.append(_played(source, script, ground, sandbox))
        if met[-1].drill[1]:
            return met[-1].drill, ""
    return met[0].drill, _lifted(_script(HELD, ground).beats, *(one.wanted for one in met))


def _script(share: float, ground: Ground) -> Script:
    now = first(ground)
    beats = [*warmed_up(now), now]
    target = replace(now, target_lots=round(ground.max_lots * share))
    beats += _going_on(replace(target, told_s=now.told_s), FILLING_S)
    beats += _going_on(replace(beats[-1], piece_lots=0), QUIET_S)
    for _ in range(FALLS):
        beats += _going_on(replace(beats[-1], bid=beats[-1].bid - max(1, round(ground.bid * FALL))), FALL_S)
    beats += _going_on(beats[-1], STILL_S)
    beats += _going_on(replace(beats[-1], told_s=beats[-1].told_s + HOUR_S), FALL_S)
    return Script(LOSING, tuple(beats), 1_000_000_000, wild=True)


def _going_on(beat: Beat, seconds: int) -> list[Beat]:
    made = []
    for _ in range(seconds):
        made.append(beat := later(beat))
    return made


def _played(source: bytes, script: Script, ground: Ground, sandbox: Sandbox) -> _Met:
    try:
        listener = _Listener(sandbox.start(source))
    except StrategyFault as fault:
        return _Met((None, str(fault) or "the strategy could not be made and did not say why"), ())
    drill = played_by(listener, script, ground)
    return _Met(drill, [listener.wanted.get(round(beat.told_s)) for beat in script.beats])


def _lifted(
    beats: Sequence[Beat],
    losing: Sequence[bool | None],
    flat: Sequence[bool | None],
    winning: Sequence[bool | None],
) -> str:
    """In words how the first halt was lifted; the price never rises here, so no loss ever gets smaller."""
    halted: Beat | None = None
    for beat, wanted, *others in zip(beats, losing, flat, winning, strict=True):
        if wanted and halted is not None:
            return _told(1 - beat.bid / beats[0].bid, beat.told_s - halted.told_s)
        if wanted is False and halted is None and beat.bid < beats[0].bid and all(others):
            halted = beat
    return ""


def _told(fallen: float, waited_s: float) -> str:
    return (
        f"after a fall of {fallen:.1%} against its position it quoted nothing, unlike without that loss, and "
        f"{waited_s:.0f} s later it quoted again, at no better price and with the same position: a halt that "
        "lifts itself; stay silent until the loss is gone"
    )


class _Listener:
    """A worker whose answers are remembered: by told second, whether anything was wanted."""

    def __init__(self, worker: Worker) -> None:
        self.wanted: dict[int, bool] = {}
        self._worker = worker
        self.on_trade, self.on_fill, self.on_timer = worker.on_trade, worker.on_fill, worker.on_timer
        self.watch, self.spent_s = worker.watch, worker.spent_s
        self.close, self.abandon = worker.close, worker.abandon

    def on_book(self, shown: Shown) -> list[Quote]:
        """As the port says."""
        quotes = self._worker.on_book(shown)
        told_s, *_ = shown
        second = round(told_s)
        self.wanted[second] = self.wanted.get(second, False) or bool(quotes)
        return quotes
