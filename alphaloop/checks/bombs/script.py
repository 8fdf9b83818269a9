"""The scripts of the drills: in which order thresholds are met, so that any two of them meet too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle

from alphaloop.checks.bombs import acts
from alphaloop.checks.bombs.acts import LONGEST_JUMP_S, STATIONS, WALK_S, first, later, led_to, usual
from alphaloop.checks.bombs.ground import Ground
from alphaloop.checks.bombs.stage import START_NS, Beat, warmed_up
from alphaloop.checks.bombs.thresholds import LOWEST, Thresholds

NUMBERS, STILL, WILD, WATCHED = (
    "drill of its numbers",
    "drill in a market that stands still",
    "drill of wild volatility",
    "drill in which it is watched",
)
LEAPS = "drill of leaps of the price"
PERPETUAL = "drill of mark, index and funding"
LEAST_RATCHET_S, MOST_RATCHET_S = 1_600, 8_000
HELD_S = 6
"""Seconds that nothing moves in: two to settle, and more than three in which orders that are pulled count."""
_STILL_WALK_S = 2


@dataclass(frozen=True, slots=True)
class Script:
    """One drill.

    silence_ns: after which the strategy is asked again; wild: beyond what any market shows, so that quotes
    far from the mid are not held against it; streams: of a perpetual, by name, one value a beat.
    """

    name: str
    beats: tuple[Beat, ...]
    silence_ns: int
    wild: bool = False
    streams: tuple[tuple[str, tuple[float, ...]], ...] = ()


def scripts(met: Thresholds, ground: Ground) -> tuple[Script, ...]:
    """All drills of one file, the same for the same file on the same ground."""
    second_ns, tenth_ns = 1_000_000_000, 100_000_000
    drills = [
        Script(NUMBERS, tuple(_numbers(met, ground)), second_ns),
        Script(STILL, tuple(_still(met, ground)), tenth_ns),
    ]
    if met.wild:
        drills.append(Script(WILD, tuple(_wild(met, ground)), second_ns, wild=True))
    if met.leaps:
        drills.append(Script(LEAPS, tuple(_leaps(met, ground)), second_ns, wild=True))
    if met.rates:
        drills.append(_perpetual(met, ground))
    tick = ground.market.instrument.tick
    for level in met.levels:
        drills.append(
            Script(f"drill of the price {level * tick:.12g}", tuple(_level(level, ground)), second_ns)
        )
    return tuple(drills)


def watched(met: Thresholds, ground: Ground) -> tuple[Script, tuple[int, ...]]:
    """The drill in which a file is watched: states, the clock, and a market in which nothing comes twice.

    With the beats at which the quarters of that market begin and the last one ends; none when it is too short
    for what the file may count to, so that growth cannot be told from filling up.
    """
    begun, now = _begun(first(ground), ground)
    beats = [*begun, *acts.states(now, met, ground)]
    beats += acts.clock(beats[-1], met, ground)
    last = usual(beats[-1], ground)
    # Long enough for whatever is trimmed by a count of the file's own to be trimmed by then.
    seconds = max(LEAST_RATCHET_S, 2 * min(met.count, MOST_RATCHET_S // 2))
    lowest = replace(last, bid=round(LOWEST * last.bid), bid_lots=1, ask_lots=1)
    beats += acts.ratchet(lowest, seconds)
    start = len(beats) - seconds
    judged = met.largest <= seconds * 0.7
    quarters = tuple(start + seconds * quarter // 4 for quarter in range(5)) if judged else ()
    # Prices leap to where that market begins, so that averages lie far from them for a while.
    return Script(WATCHED, tuple(beats), 1_000_000_000, wild=True), quarters


def _begun(beat: Beat, ground: Ground) -> tuple[list[Beat], Beat]:
    """The warm-up, and how things stand after it."""
    begun = warmed_up(beat)
    return begun, replace(begun[-1], piece_lots=ground.max_lots)


def _numbers(met: Thresholds, ground: Ground) -> Iterator[Beat]:
    """States, as many events as something may wait for, states once more, the clock, and states again.

    Whatever a count or the clock set off is still going on when the states come back.  The counting comes
    first: until then no time was skipped, so that it waits as long as it says.
    """
    begun, now = _begun(first(ground), ground)
    yield from begun
    for act in (acts.states, acts.counting, acts.states, acts.clock, acts.states):
        beats = list(act(replace(now, piece_lots=ground.max_lots), met, ground))
        # No price stands for ever.
        yield from (replace(beat, bid=beat.bid + place // 3 % 2) for place, beat in enumerate(beats))
        now = (beats or [now])[-1]


def _still(met: Thresholds, ground: Ground) -> Iterator[Beat]:
    """Stretches in which nothing moves but the clock, at the file's own times, positions and volatilities."""
    begun, now = _begun(first(ground), ground)
    yield from begun
    for held in _holds(now, met, ground):
        walk = led_to(replace(held, told_s=now.told_s), held.target_lots, _STILL_WALK_S)
        yield from walk
        now = walk[-1]
        now = replace(now, told_s=max(now.told_s + 1.0, held.told_s), bid=now.bid + 1, piece_lots=0)
        for _ in range(HELD_S):
            yield now
            now = later(now)


def _holds(now: Beat, met: Thresholds, ground: Ground) -> Iterator[Beat]:
    for target in (0, ground.max_lots, -ground.max_lots, *_few(met.positions_lots, 6)):
        yield replace(now, target_lots=round(target))
    for volatility in _few(met.volatilities, 8):
        yield replace(now, volatility=volatility)
    soon = [elapsed_s for elapsed_s in met.elapsed_s if elapsed_s < LONGEST_JUMP_S]
    for elapsed_s in _few(soon, 12) if met.tells_time else ():
        yield replace(now, told_s=START_NS * 1e-9 + elapsed_s + 1.0)


def _few(values: Sequence[float], most: int) -> list[float]:
    """At most so many of them, evenly from the smallest to the largest."""
    return list(values[:: -(-len(values) // most)]) if values else []


def _wild(met: Thresholds, ground: Ground) -> Iterator[Beat]:
    """Volatilities that no market here shows, at every station of the position."""
    begun, now = _begun(first(ground), ground)
    yield from begun
    for share in STATIONS:
        walk = led_to(usual(now, ground), round(ground.max_lots * share), 2 * WALK_S)
        yield from walk
        now = walk[-1]
        for volatility in met.wild:
            shown = led_to(replace(now, volatility=volatility), now.target_lots, 2)
            yield from shown
            now = shown[-1]


def _leaps(met: Thresholds, ground: Ground) -> Iterator[Beat]:
    """The price leaps away and, a while later, back, at every station of the position."""
    begun, now = _begun(first(ground), ground)
    yield from begun
    for share in STATIONS:
        walk = led_to(now, round(ground.max_lots * share), 2 * WALK_S)
        yield from walk
        for leap in met.leaps:
            away = led_to(replace(walk[-1], bid=round(ground.bid * (1 + leap))), walk[-1].target_lots, 2)
            yield from away
            walk = led_to(replace(away[-1], bid=ground.bid), away[-1].target_lots, 3)
            yield from walk
        now = walk[-1]


def _perpetual(met: Thresholds, ground: Ground) -> Script:
    """Mark, index and funding at every station of the position, first one by one and then as they come."""
    begun, now = _begun(first(ground), ground)
    beats, told = list(begun), [(0.0, 0.0, 0.0)] * len(begun)
    alone = [(0.0, 0.0, rate) for rate in met.rates]
    alone += [(share, other, 0.0) for share in met.basis for other in (0.0, share)]
    alone += [(0.0, share, 0.0) for share in met.basis]
    joint = zip(met.basis, reversed(met.basis), cycle(met.rates), strict=False)
    shown = [*alone, *joint]
    for share in STATIONS:
        walk = led_to(now, round(ground.max_lots * share), 2 * WALK_S + len(shown))
        beats += walk
        told += [(0.0, 0.0, 0.0)] * (2 * WALK_S) + shown
        now = walk[-1]
    marks, indices, rates = zip(*told, strict=True)
    streams = (
        ("mark", tuple(ground.price * (1 + share) for share in marks)),
        ("index", tuple(ground.price * (1 + share) for share in indices)),
        ("funding", tuple(rates)),
    )
    return Script(PERPETUAL, tuple(beats), 1_000_000_000, wild=True, streams=streams)


def _level(level: int, ground: Ground) -> Iterator[Beat]:
    """The price walks up through a level and down again, tick by tick near to it, long and then short."""
    bid = level - ground.spread // 2
    step = max(3, level // 2_000)
    away = (-4 * step, -2 * step, -step, -2, -1, 0, 1, 2, step, 2 * step, 4 * step)
    begun, now = _begun(replace(first(ground), bid=max(1, bid + away[0])), ground)
    yield from begun
    for share in (0.5, -0.5):
        for ticks in (*away, *away[::-1]):
            walk = led_to(replace(now, bid=max(1, bid + ticks)), round(ground.max_lots * share), 3)
            yield from walk
            now = walk[-1]
