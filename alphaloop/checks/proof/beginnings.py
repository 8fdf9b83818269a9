"""Beginnings: concrete histories that bring a strategy to the states from which symbols take over."""

from dataclasses import dataclass

from alphaloop.checks.proof.play import Counterexample, Heard, play
from alphaloop.checks.proof.reach import Reach
from alphaloop.checks.proof.walk import Walk
from alphaloop.facts.history import MOST_SILENT_S, History, Move
from alphaloop.ports import Sandbox

_CALM = 45
_FILLED = 40
_STOPS = 4
"""How many positions on each side symbols start from."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A history, all that a strategy is told in it, and where it ends.

    open: side, ticks and lots of each order that rests; second_ns: the next second that will be told; floor:
    the least volatility after the longest silence; quote currency per √s.
    """

    history: History
    heard: tuple[Heard, ...]
    position_lots: int
    open: tuple[tuple[int, int, int], ...]
    now_ns: int
    second_ns: int
    volatility: float
    floor: float


class _Course:
    """Writes down every state that one history goes through."""

    def __init__(self, history: History) -> None:
        self.reached: dict[int, Beginning] = {}
        self._history = history
        self._heard: list[Heard] = []

    def watch(self, count: int, told: tuple[Heard, ...], walk: Walk) -> None:
        self._heard += told
        begun = _beginning(self._history[:count], tuple(self._heard), walk)
        self.reached[begun.position_lots] = begun


def beginnings(
    source: bytes, reach: Reach, sandbox: Sandbox
) -> tuple[tuple[Beginning, ...], Counterexample | None]:
    """Where a fresh start, a calm market, and fills on one side lead, or what breaks on the way.

    Raises Broken when the platform fails.
    """
    found = [_beginning((), (), Walk(reach))]
    courses = _courses(reach)
    for history in courses:
        course = _Course(history)
        broken = play(source, history, reach, sandbox, course.watch)
        if broken is not None:
            return (), broken
        held = [one for one in course.reached.values() if one.position_lots or history is courses[0]]
        found += _spread(held)
    return tuple(found), None


def _courses(reach: Reach) -> tuple[History, ...]:
    """A market that breathes: with nothing filled, with every bid filled, with every offer filled."""
    most = round(reach.limits.max_position / reach.instrument.lot)
    calm = tuple(_breath(reach, number, None) for number in range(_CALM))
    bought = tuple(_breath(reach, number, most if number else None) for number in range(_FILLED))
    sold = tuple(_breath(reach, number, -most if number else None) for number in range(_FILLED))
    return calm, bought, sold


def _breath(reach: Reach, number: int, target_lots: int | None) -> Move:
    bid = reach.within(reach.start_ticks, reach.start_ticks + (number * 7) % 5 - 2)
    trade = 1_000 if number % 2 else -1_500
    sizes = (2_000 + 300 * (number % 7), 2_000 + 500 * (number % 4))
    return Move(100, bid, min(2, reach.widest_ticks), *sizes, target_lots, (trade,))


def _spread(reached: list[Beginning]) -> list[Beginning]:
    """At most _STOPS of the states, the last of them first."""
    last = len(reached) - 1
    if last < _STOPS:
        return reached[::-1]
    return [reached[round(stop * last / (_STOPS - 1))] for stop in reversed(range(_STOPS))]


def _beginning(history: History, heard: tuple[Heard, ...], walk: Walk) -> Beginning:
    return Beginning(
        history=history,
        heard=heard,
        position_lots=walk.account.position_lots,
        open=tuple((int(want.side), want.ticks, want.lots) for want in walk.open),
        now_ns=walk.now_ns,
        second_ns=walk.second_ns,
        volatility=walk.volatility,
        floor=walk.volatility_after(MOST_SILENT_S) if history else 0.0,
    )
