"""What happens in a drill, second after second: states, moments of the clock, and counts."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from alphaloop.checks.bombs.ground import Ground
from alphaloop.checks.bombs.stage import START_NS, Beat
from alphaloop.checks.bombs.thresholds import NEAR, Thresholds

STATIONS = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""Shares of MAX_POSITION at which volatilities, sizes and spreads are all shown."""
STEPS = 20
"""From one limit to the other, beside the file's own positions."""
JOINT = 40
"""Seconds at each station in which volatility, sizes and spread are drawn together."""
WALK_S = 8
"""Seconds that fills have to lead from one position to the next."""
DAY_S, HOUR_S, MINUTE_S = 86_400.0, 3_600.0, 60.0
LONGEST_JUMP_S = 7 * DAY_S
"""The clock never jumps farther: honest code may step through its buckets one by one."""
_STARTED_S = START_NS * 1e-9


def first(ground: Ground) -> Beat:
    """The first second of a drill: everything as it usually is."""
    return Beat(
        told_s=_STARTED_S,
        bid=ground.bid,
        spread=ground.spread,
        bid_lots=ground.lots,
        ask_lots=ground.lots,
        trade_lots=ground.lots,
        volatility=ground.volatility,
        target_lots=0,
        piece_lots=ground.max_lots,
    )


def usual(now: Beat, ground: Ground) -> Beat:
    """Sizes, spread and volatility as they usually are; time, position and fills as they are now."""
    return replace(first(ground), told_s=now.told_s, target_lots=now.target_lots, piece_lots=now.piece_lots)


def later(beat: Beat) -> Beat:
    """The same a second later."""
    return replace(beat, told_s=beat.told_s + 1.0)


def led_to(now: Beat, target_lots: int, seconds: int) -> list[Beat]:
    """So many seconds of fills that lead to a position, as far as the strategy quotes there."""
    aimed = replace(now, target_lots=target_lots)
    return [replace(aimed, told_s=now.told_s + second) for second in range(1, seconds + 1)]


def states(now: Beat, met: Thresholds, ground: Ground) -> Iterator[Beat]:
    """Every position from one limit to the other, and at some of them every volatility, size and spread."""
    now = usual(now, ground)
    grid = {round(ground.max_lots * step * 2 / STEPS) for step in range(STEPS // 2 + 1)}
    both = {*grid, *met.positions_lots}
    stations = {round(ground.max_lots * share) for share in STATIONS}
    yield from (walk := led_to(now, -ground.max_lots, 3 * WALK_S))
    for target in sorted({*both, *(-lots for lots in both)}):
        yield from (walk := led_to(walk[-1], target, WALK_S))
        now = walk[-1]
        for shown in _shown(now, met) if target in stations else ():
            yield replace(shown, told_s=now.told_s + 1.0)
            now = later(now)
        walk = [now]


def _shown(now: Beat, met: Thresholds) -> Iterator[Beat]:
    """Volatility, sizes of either side and spread, one after the other and then together."""
    for volatility in met.volatilities:
        yield from (replace(now, volatility=volatility),) * 2
    for lots in met.sizes_lots:
        yield replace(now, bid_lots=lots, trade_lots=lots)
        yield replace(now, ask_lots=lots, trade_lots=lots)
        yield replace(now, bid_lots=lots, ask_lots=lots)
    for spread in met.spreads:
        yield _as_wide(now, spread)
    # Nobody can write a file for it: what is drawn from are the file's own numbers.
    draw = Random(JOINT)  # noqa: S311  # nosec B311
    for _ in range(JOINT):
        bid_lots, ask_lots, trade_lots = (draw.choice(met.sizes_lots) for _ in range(3))
        joint = replace(now, bid_lots=bid_lots, ask_lots=ask_lots, trade_lots=trade_lots)
        joint = replace(joint, volatility=draw.choice(met.volatilities))
        yield _as_wide(joint, draw.choice(met.spreads or (now.spread,)))


def _as_wide(beat: Beat, spread: int) -> Beat:
    return replace(beat, spread=spread, bid=beat.bid - (spread - beat.spread) // 2)


def clock(now: Beat, met: Thresholds, ground: Ground) -> Iterator[Beat]:
    """Every hour of a week, every minute of an hour, and the file's own times, as time runs on.

    Volatility, size and position go from one of their values to the next meanwhile.
    """
    for place, due_s in enumerate(sorted(_moments(now.told_s, met)) if met.tells_time else ()):
        while due_s - now.told_s > LONGEST_JUMP_S:
            now = replace(now, told_s=now.told_s + LONGEST_JUMP_S)
            yield now
        if due_s > now.told_s:
            now = replace(
                now,
                told_s=due_s,
                volatility=met.volatilities[place % len(met.volatilities)],
                bid_lots=met.sizes_lots[place % len(met.sizes_lots)],
                # Slowly, because fills have to lead there.
                target_lots=round(ground.max_lots * STATIONS[place // WALK_S % len(STATIONS)]),
            )
            yield now
            now = later(now)
            yield now


def _moments(now_s: float, met: Thresholds) -> Iterator[float]:
    day_s = (now_s // DAY_S + 1) * DAY_S
    yield from (day_s + hour * HOUR_S + 7.0 for hour in range(7 * 24))
    for turn in range(len(STATIONS)):
        hour_s = day_s + (12 + turn) * HOUR_S
        yield from (hour_s + minute * MINUTE_S + 1.0 for minute in range(60))
    for elapsed_s in met.elapsed_s:
        yield from (_STARTED_S + elapsed_s - 1.0, _STARTED_S + elapsed_s + 1.0)
        # The same number as a time of the day.
        yield from (day_s + elapsed_s % DAY_S - 1.0, day_s + elapsed_s % DAY_S + 1.0)


def counting(now: Beat, met: Thresholds, ground: Ground) -> Iterator[Beat]:
    """So many books, trades, timers and small fills as the file may wait for, and some more."""
    small = max(1, ground.max_lots // 1_000)
    more = round(met.count * (1 + NEAR)) + 5 if met.count else 0
    for number in range(more):
        aim = ground.max_lots // 10 if number // 100 % 2 else -ground.max_lots // 10
        now = later(replace(usual(now, ground), target_lots=aim, piece_lots=small))
        yield now


def ratchet(now: Beat, seconds: int) -> Iterator[Beat]:
    """A new price, a new size and a new time every second; a week passes at once before the last quarter.

    What is trimmed by age lets go of the past then; what is trimmed by count did so before.
    """
    for second in range(seconds):
        if second == 3 * seconds // 4:
            now = replace(now, told_s=now.told_s + LONGEST_JUMP_S)
        now = later(replace(now, bid=now.bid + 1, bid_lots=now.bid_lots + 1, ask_lots=now.ask_lots + 2))
        yield replace(now, trade_lots=now.bid_lots)
