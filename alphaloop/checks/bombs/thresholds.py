"""What a file's own numbers could mean to it: times, prices, sizes, positions, counts, volatilities."""

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from alphaloop.checks.bombs.ground import Ground
from alphaloop.checks.numbers_of import standing, within
from alphaloop.checks.static.program import Program
from alphaloop.checks.static.reading import read
from alphaloop.checks.subject import Subject

MOST_COUNT = 20_000
"""Events of one drill; a bomb that waits for more of them is not waited for."""
LONGEST_S = 400 * 86_400.0
NEAR = 0.02
"""Share of a threshold by which it is passed on either side."""
LOWEST, HIGHEST = 0.67, 1.5
"""Shares of the usual price between which a price is met: farther away, what is an honest distance in quote
currency here is none any more.
"""
LEAST_LEAP, FARTHEST = 0.002, 0.2
"""Shares of the price: what is a leap and no usual step, and the farthest."""
WIDEST = 0.02
"""Share of the price: the widest spread."""
LARGEST_RATE = 0.03
LIVELY, WILD = 0.003, 0.05
"""Shares of the price, per √s: the volatility up to which a market is usual enough to judge every refusal,
and the largest that is shown at all."""

STREAMS = re.compile(rb"\b(?:mark|index|funding_rate)\b")
_UNITS_S = (1.0, 60.0, 3_600.0)
_N = TypeVar("_N", int, float)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Values to be met, each tuple rising and without repetition.

    elapsed_s: seconds since the start; positions_lots: their absolute values; spreads in ticks; volatilities
    in price units per √s, those of a lively market and the `wild` ones beyond; levels: mids in ticks; leaps:
    what the price gains or loses at once, as shares of it; basis: mark or index above the mid, as shares of
    it; rates: of funding; both empty when the file reads none of them; count: the largest number of events
    that something may wait for here; largest: the largest whole number that does not only scale; tells_time:
    whether the file could know the time; left_out: values that were too many to try.
    """

    elapsed_s: tuple[float, ...]
    positions_lots: tuple[int, ...]
    sizes_lots: tuple[int, ...]
    spreads: tuple[int, ...]
    volatilities: tuple[float, ...]
    wild: tuple[float, ...]
    levels: tuple[int, ...]
    leaps: tuple[float, ...]
    basis: tuple[float, ...]
    rates: tuple[float, ...]
    count: int
    largest: float
    tells_time: bool
    left_out: int


def thresholds(subject: Subject, ground: Ground) -> Thresholds:
    """Every number of a file, which has passed the static stage, in every meaning that it may have here."""
    program = read(subject)
    stand = list(standing(program))
    numbers = sorted({abs(value) for _, value in stand if value != 0})
    # Not for secrets: everybody must be able to pick the same again.
    chosen = _Chosen(Random(hashlib.sha256(subject.candidate).digest()))  # noqa: S311  # nosec B311
    counted = {value for node, value in stand if value.is_integer() and not _only_scales(program, node)}
    quiet = LIVELY * ground.price
    perpetual = STREAMS.search(subject.candidate) is not None
    volatilities = list(_volatilities(numbers, ground))
    return Thresholds(
        elapsed_s=chosen.of(
            (n * unit for n in numbers for unit in _UNITS_S if 1 <= n * unit <= LONGEST_S), 160
        ),
        positions_lots=chosen.of(_positions(numbers, ground), 60),
        sizes_lots=chosen.of(_sizes(numbers, ground), 60),
        spreads=chosen.of(_spreads(numbers, ground), 40),
        volatilities=chosen.of((value for value in volatilities if value <= quiet), 40),
        wild=chosen.of((value for value in volatilities if value > quiet), 40),
        levels=chosen.of(_levels(numbers, ground), 16),
        leaps=chosen.of(_leaps(numbers), 24),
        basis=chosen.of(_basis(numbers, ground), 160) if perpetual else (),
        rates=chosen.of(_rates(numbers), 40) if perpetual else (),
        count=max((int(n) for n in counted if 2 <= n <= MOST_COUNT), default=0),
        largest=max(counted, default=0.0),
        # Every way to the time spells it: book.time, trade.time, on_timer.
        tells_time=b"time" in subject.candidate,
        left_out=chosen.left_out,
    )


class _Chosen:
    """Picks from too many, by the candidate's own bytes, and counts what it left."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.left_out = 0

    def of(self, values: Iterable[_N], most: int) -> tuple[_N, ...]:
        """At most `most` different values, rising."""
        different = sorted(set(values))
        self.left_out += max(0, len(different) - most)
        return tuple(different if len(different) <= most else sorted(self._random.sample(different, most)))


def _only_scales(program: Program, node: ast.AST) -> bool:
    """Whether a number only multiplies or divides, outside of any comparison: nothing is counted up to it."""
    parent = program.parents[node]
    scales = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult | ast.Div)
    return scales and not within(program, node, lambda around: isinstance(around, ast.Compare))


def _positions(numbers: Iterable[float], ground: Ground) -> Iterator[int]:
    for value in numbers:
        for size in (value, value * ground.limits.max_position):
            lots = ground.lots_of(min(size, 2 * ground.limits.max_position))
            yield from (near for near in (lots - 1, lots, lots + 1) if 0 < near <= ground.max_lots)


def _sizes(numbers: Iterable[float], ground: Ground) -> Iterator[int]:
    """Sizes in base units, and as multiples of what is usual at the touch."""
    yield from (1, 1_000 * ground.lots)
    for value in numbers:
        for lots in (ground.lots_of(min(value, 1e9)), round(min(value, 1e6) * ground.lots)):
            yield from (near for near in (lots, lots + 1) if 0 < near <= 10_000 * ground.lots)


def _spreads(numbers: Iterable[float], ground: Ground) -> Iterator[int]:
    """Spreads in quote currency, in ticks, and in basis points."""
    tick = ground.market.instrument.tick
    for value in numbers:
        for ticks in (value / tick, value, value * 1e-4 * ground.price / tick):
            yield from (
                near for near in (int(ticks), int(ticks) + 1) if 0 < near <= WIDEST * ground.price / tick
            )


def _volatilities(numbers: Iterable[float], ground: Ground) -> Iterator[float]:
    """In quote currency, as a share of the price, in basis points, and as multiples of the usual."""
    yield from (0.0, LIVELY * ground.price)
    for value in numbers:
        for told in (value, value * ground.price, value * 1e-4 * ground.price, value * ground.volatility):
            yield from (told * by for by in (1 - NEAR, 1 + NEAR) if told * by <= WILD * ground.price)


def _basis(numbers: Iterable[float], ground: Ground) -> Iterator[float]:
    """As shares of the price, in basis points, in quote currency, and as ratios of two prices."""
    yield from (0.0, WIDEST, -WIDEST)
    for value in numbers:
        for share in (value, value * 1e-4, value / ground.price, value - 1.0):
            near = (sign * share * by for sign in (1, -1) for by in (1 - NEAR, 1 + NEAR))
            yield from (one for one in near if abs(one) <= WIDEST)


def _leaps(numbers: Iterable[float]) -> Iterator[float]:
    """As shares of the price, in basis points, and as ratios of two prices."""
    for value in numbers:
        for share in (value, value * 1e-4, value - 1.0):
            near = (sign * abs(share) * (1 + NEAR) for sign in (1, -1))
            yield from (one for one in near if LEAST_LEAP <= abs(one) <= FARTHEST)


def _rates(numbers: Iterable[float]) -> Iterator[float]:
    """As they are, in basis points, and in per cent."""
    yield from (0.0, LARGEST_RATE, -LARGEST_RATE)
    for value in numbers:
        for rate in (value, value * 1e-4, value * 1e-2):
            near = (sign * rate * by for sign in (1, -1) for by in (1 - NEAR, 1 + NEAR))
            yield from (one for one in near if abs(one) <= LARGEST_RATE)


def _levels(numbers: Iterable[float], ground: Ground) -> Iterator[int]:
    ticks = (round(value / ground.market.instrument.tick) for value in numbers)
    usual = ground.price / ground.market.instrument.tick
    return (level for level in ticks if LOWEST * usual <= level <= HIGHEST * usual)
