"""Histories for Hypothesis to think up: within reach, and drawn to the numbers that the file itself holds."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from alphaloop.checks.proof.reach import Reach
from alphaloop.facts.history import MOST_MOVES, MOST_SILENT_S, MOST_TRADES, History, Move

_WAITS_MS = (100, 100, 100, 1, 20, 50)
_REPEATS = (1, 1, 1, 1, 2, 3, 5, 11, 41, 61)
_SILENT_S = (0, 0, 0, 0, 0, 1, 5, 60, MOST_SILENT_S)
_PARTS = 8


def histories(reach: Reach, constants: tuple[float, ...]) -> SearchStrategy[History]:
    """Histories of up to MOST_MOVES moves; constants: the file's own numbers, in its own units.

    A part of a history is one move, how often it is repeated, and how many ticks it drifts each time.
    """
    part = st.tuples(_moves(reach, constants), st.sampled_from(_REPEATS), st.integers(-3, 3))
    levels = st.just(reach.start_ticks) | st.integers(reach.low_ticks, reach.high_ticks)
    parts = st.lists(part, min_size=1, max_size=_PARTS)
    return st.builds(lambda level, parts: _laid_out(level, parts, reach), levels, parts)


def _moves(reach: Reach, constants: tuple[float, ...]) -> SearchStrategy[Move]:
    """Moves whose bid is still a distance from the level."""
    lot = reach.instrument.lot
    sizes = st.sampled_from((1, 1_000, 5_000, 100_000)) | _whole(1, reach.most_lots, constants, lot)
    most = round(reach.limits.max_position / lot)
    sway = round(reach.start_ticks * reach.sway)
    return st.builds(
        Move,
        wait_ms=st.sampled_from(_WAITS_MS),
        bid_ticks=st.integers(-20, 20) | st.integers(-sway, sway),
        spread_ticks=st.sampled_from((1, 2, 6))
        | _whole(1, reach.widest_ticks, constants, reach.instrument.tick),
        bid_lots=sizes,
        ask_lots=sizes,
        target_lots=st.none() | st.sampled_from((most, -most, 0)) | _whole(-most, most, constants, lot),
        trades=st.lists(sizes | sizes.map(lambda lots: -lots), max_size=MOST_TRADES).map(tuple),
        silent_s=st.sampled_from(_SILENT_S),
        volatility=st.none()
        | _volatilities(reach.least_volatility, reach.most_volatility(reach.low_ticks), constants),
        funding=st.sampled_from((0.0, 0.0001, -0.0001, 0.01, -0.01) if reach.streams else (0.0,)),
    )


def _whole(least: int, most: int, constants: tuple[float, ...], unit: float) -> SearchStrategy[int]:
    """Whole numbers of a unit: any, or one at or beside a number of the file."""
    known = {round(value / unit) + beside for value in constants if abs(value) < 1e9 for beside in (-1, 0, 1)}
    within = sorted(number for number in known if least <= number <= most)
    anything = st.integers(least, most)
    return anything | st.sampled_from(within) if within else anything


def _volatilities(least: float, most: float, constants: tuple[float, ...]) -> SearchStrategy[float]:
    known = {value * factor for value in constants for factor in (0.999, 1.0, 1.001)}
    within = sorted({0.0, most} | {value for value in known if least <= value <= most})
    return st.floats(least, most, allow_nan=False) | st.sampled_from(within)


def _laid_out(level: int, parts: list[tuple[Move, int, int]], reach: Reach) -> History:
    moves: list[Move] = []
    for move, times, drift in parts:
        for number in range(min(times, MOST_MOVES - len(moves))):
            bid = reach.within(level, level + move.bid_ticks + number * drift)
            again = replace(move, bid_ticks=bid)
            moves.append(again if number == 0 else replace(again, silent_s=0, volatility=None))
    return tuple(moves)
