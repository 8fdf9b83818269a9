"""The position never passes the limit: 100,000 steps of a hostile strategy at a hostile exchange."""

import math
from collections import Counter

import pytest

from alphaloop.contract import Quote
from alphaloop.facts.order import Side

STEPS = 100_000
PAUSES_NS = (0, 1_000_000, 10_000_000, 100_000_000)
SEEDS = 4
# What strategy and market provoke in every run; the drawdown and the stop have tests of their own.
RULES = {
    ("number", "own"),
    ("side", "own"),
    ("collar", "own"),
    ("order_size", "own"),
    ("order_value", "own"),
    ("quotes_per_side", "own"),
    ("duplicate", "own"),
    ("self_cross", "own"),
    ("position", "own"),
    ("no_mid", "circumstance"),
    ("stale_data", "circumstance"),
    ("open_position", "circumstance"),
    ("leverage", "circumstance"),
    ("message_rate", "circumstance"),
}


class Lying(float):
    """A number that agrees with every comparison."""

    __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: True


POISON = (
    math.nan, math.inf, -math.inf, 0.0, -1.0, 1e308, 5e-324, 10**400, 2**63, -(10**30),
    True, False, None, "1", b"1", "NaN", 1j, [], (1.0,), {}, object(), Lying(99.0),
)  # fmt: skip


def poisoned(chance, step):
    """Whatever is no quote, and quotes of whatever is no number."""
    wrong = [
        Quote(
            chance.choice(("buy", "sell", "BUY", "", None, 1, True)),
            chance.choice(POISON),
            chance.choice(POISON),
        ),
        Quote("buy", 99.0, chance.choice(POISON)),
        Quote("sell", chance.choice(POISON), 1.0),
        chance.choice(POISON),
    ]
    return chance.sample(wrong, chance.randint(1, 4)) + greedy(chance, step)


def stuffed(chance, step):
    """64 quotes, one price after the other."""
    side, away = chance.choice((("buy", -0.01), ("sell", 0.01)))
    return [Quote(side, 100.0 + away * place, 0.4) for place in range(64)]


def flipping(chance, step):
    """All that can be had towards one end of the limit for a while, and then towards the other."""
    side = "sell" if step // 200 % 2 else "buy"
    price = 100.0 + chance.randint(-3, 3) / 100
    return [Quote(side, price - place / 100, 2.49) for place in range(3)]


def greedy(chance, step):
    """Too much, at random, on both sides."""
    return [
        Quote(
            chance.choice(("buy", "sell")),
            100.0 + chance.randint(-100, 100) / 100,
            chance.choice((0.0004, 0.5, 1, 2.0, 2.4, 2.9, 9.0)),
        )
        for _ in range(chance.randint(0, 6))
    ]


def creeping(chance, step):
    """Hardly anything where large orders may rest, so that they keep their places, and one more."""
    side = "sell" if step // 200 % 2 else "buy"
    kept = [Quote(side, 100.0 + away / 100, chance.choice((0.01, 2.49))) for away in (0, 1)]
    return [*kept, Quote(side, 100.0 + chance.randint(-3, -1) / 100, 2.49)]


def far(chance, step):
    """Outside of the collar, on either side."""
    return [Quote("buy", 100.0 * chance.choice((0.5, 0.949, 1.052)), 0.1), Quote("sell", 107.0, 0.1)]


STRATEGIES = (*[flipping] * 8, *[creeping] * 6, *[greedy] * 4, poisoned, far, stuffed)


def market(chance):
    """Mid, age of the data, and equity: mostly well."""
    if chance.random() < 0.9:
        return 100.0 + chance.randint(-50, 50) / 100, chance.randint(0, 2_000_000_000), 1e9
    mid = chance.choice((100.0, None, math.nan, 0.0, -1.0, math.inf, 5e-324))
    return (
        mid,
        chance.choice((0, -1, 2_000_000_001)),
        chance.choice((1e9, 1.0, 0.0, -1e9, math.nan, math.inf)),
    )


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_position_never_passes_the_limit_worst_case_included(floor, seed):
    made = floor(seed)
    chance, refused, furthest, fills = made.exchange.chance, Counter(), 0, 0
    for step in range(STEPS // SEEDS):
        made.exchange.advance(made.exchange.now_ns + chance.choice(PAUSES_NS))
        before = made.exchange.position
        made.hear(made.exchange.reports())
        made.check()
        made.quote(chance.choice(STRATEGIES)(chance, step), *market(chance))
        made.check()
        fills += made.exchange.position != before
        furthest = max(furthest, abs(made.exchange.position))
        refused.update((refusal.rule, refusal.cause.value) for refusal in made.risk.refusals)
        made.risk.refusals.clear()
    assert made.most >= furthest > 0.95 * made.most, "never near the limit, so this shows nothing"
    assert fills > STEPS // SEEDS // 20
    assert set(refused) >= RULES


def test_when_all_has_been_told_we_know_the_true_position_and_every_open_order(floor):
    made = floor(99)
    chance = made.exchange.chance
    for step in range(2_000):
        made.exchange.advance(made.exchange.now_ns + 100_000_000)
        made.hear(made.exchange.reports())
        made.quote(flipping(chance, step), 100.0, 0, 1e9)
        if chance.random() < 0.1:
            made.hear(made.exchange.air)
            made.exchange.air.clear()
            assert made.account.position_lots == made.exchange.position
            for side in Side:
                live = [left for way, _, left in made.exchange.live.values() if way == side]
                assert made.orders.open_lots(side) == sum(live)
