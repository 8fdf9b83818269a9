"""The exchange of the published game, order by order: who is filled, when, where, and how often."""

import math
from statistics import fmean, stdev

import numpy as np
import pytest

from alphaloop.contract import Quote
from alphaloop.facts.market import Instrument, Limits, WorldSpec
from alphaloop.facts.order import Cause, Event, Side
from alphaloop.market.metrics.pnl import pnl
from alphaloop.market.worlds import make
from alphaloop.market.worlds.game import LEAD_IN_STEPS, STEP_NS
from alphaloop.simulation.anchor.model import Game
from alphaloop.simulation.anchor.paths import venue_of
from alphaloop.simulation.episode import play
from alphaloop.simulation.exchange_lottery import LotteryExchange
from alphaloop.simulation.timeline import timeline

FINE = Instrument("GAME", tick=0.0001, lot=1.0, maker_bps=0.0, taker_bps=0.0)
ONE_GAME = (("games", 1.0),)


class Table:
    """The exchange itself, at the beginning of the game, with quotes at a distance from the mid in ticks."""

    def __init__(self, seed: int, steps: int = 200, world: str = "avellaneda-stoikov") -> None:
        self.made = timeline(make(WorldSpec(world, ONE_GAME), FINE, float(steps), seed))
        self.exchange = LotteryExchange(self.made)
        self.exchange.advance(self.made.start_ns + LEAD_IN_STEPS * STEP_NS)
        self.orders = 0

    @property
    def mid(self) -> int:
        seen = self.made.mid_at(self.exchange.now_ns)
        assert seen is not None
        return round(seen / FINE.tick)

    def quote(self, side: Side, away: int) -> int:
        self.orders += 1
        self.exchange.submit(self.orders, side, self.mid - side * away, 1)
        return self.orders

    def step(self) -> list:
        """To the end of the step; the fills."""
        self.exchange.reports()
        self.exchange.advance(self.exchange.now_ns + STEP_NS)
        return [report for report in self.exchange.reports() if report.event is Event.FILLED]


def test_a_fill_is_at_the_quote_and_matched_before_the_mid_moves():
    table = Table(seed=1)
    began_ns, quoted = table.exchange.now_ns, table.mid + 10_000
    table.quote(Side.BUY, -10_000)
    (fill,) = table.step()
    assert (fill.ticks, fill.lots) == (quoted, 1)
    assert fill.matched_ns == began_ns + STEP_NS - 1
    assert fill.received_ns == began_ns + STEP_NS


def test_both_sides_can_be_filled_in_one_step():
    table = Table(seed=1)
    table.quote(Side.BUY, -10_000)
    table.quote(Side.SELL, -10_000)
    fills = table.step()
    assert {fill.side for fill in fills} == {Side.BUY, Side.SELL}
    assert len({fill.matched_ns for fill in fills}) == 1


def test_one_step_takes_one_quote_a_side_and_the_best():
    table = Table(seed=1)
    near, nearer, nearest = (table.quote(Side.BUY, away) for away in (-9_000, -10_000, -11_000))
    assert [fill.order for fill in table.step()] == [nearest]
    assert [fill.order for fill in table.step()] == [nearer]
    assert [fill.order for fill in table.step()] == [near]
    assert table.step() == []


def test_of_two_quotes_at_one_price_the_older_is_taken():
    table = Table(seed=1)
    older, younger = table.quote(Side.SELL, -10_000), table.quote(Side.SELL, -10_000)
    assert [fill.order for fill in (*table.step(), *table.step())] == [older, younger]


def test_orders_and_cancels_take_effect_at_once():
    table = Table(seed=1)
    order = table.quote(Side.BUY, -10_000)
    (accepted,) = table.exchange.reports()
    assert accepted.received_ns == table.exchange.now_ns
    table.exchange.cancel(order)
    (canceled,) = table.exchange.reports()
    assert (canceled.event, canceled.received_ns) == (Event.CANCELED, table.exchange.now_ns)
    assert table.step() == []


def test_nothing_is_filled_in_the_lead_in():
    made = timeline(make(WorldSpec("avellaneda-stoikov", ONE_GAME), FINE, 5.0, 1))
    exchange = LotteryExchange(made)
    exchange.submit(1, Side.BUY, 1_100_000, 1)
    exchange.reports()
    exchange.advance(made.start_ns + LEAD_IN_STEPS * STEP_NS)
    assert exchange.reports() == []
    exchange.advance(made.start_ns + (LEAD_IN_STEPS + 1) * STEP_NS)
    assert [report.event for report in exchange.reports()] == [Event.FILLED]


def test_quotes_are_filled_as_often_as_the_paper_says():
    """min(1, 140 · 0.005 · exp(−1.5 δ)), so 0.7 at the mid, and certain below log(0.7) / 1.5 = −0.2378."""
    distances = (-10_000, -2_378, 0, 2_500, 5_000, 10_000, 15_000, 25_000)
    rounds = 2_000
    table = Table(seed=12345, steps=rounds * len(distances))
    filled = {(side, away): 0 for side in Side for away in distances}
    for place in range(rounds * len(distances)):
        away = distances[place % len(distances)]
        asked = [table.quote(side, away) for side in Side]
        for fill in table.step():
            filled[fill.side, away] += 1
        for order in asked:
            table.exchange.cancel(order)
    surprise, free = 0.0, 0
    for (_, away), count in filled.items():
        chance = min(1.0, 0.7 * math.exp(-1.5 * away * FINE.tick))
        if chance == 1.0:
            assert count == rounds
        else:
            surprise += (count - rounds * chance) ** 2 / (rounds * chance * (1 - chance))
            free += 1
    # Twelve squared deviations, two sides of six distances: a sum of 32.9 is passed once in a thousand times.
    assert free == 12
    assert surprise < 32.9


def one_sided(book):
    return [Quote("buy", book.mid - 0.01, 1.0)]


def skewed(book):
    """Leans the wrong way: the more it holds, the more it wants."""
    lean = 0.05 * book.position
    return [Quote("buy", book.mid - 0.5 + lean, 1.0), Quote("sell", book.mid + 0.5 + lean, 1.0)]


def huge(book):
    """Half the limit at every turn."""
    return [Quote("buy", book.mid - 0.2, 25.0), Quote("sell", book.mid + 0.2, 25.0)]


def beyond(book):
    """Through the mid on whichever side it is short of."""
    return [Quote("buy", book.mid + 0.3, 5.0)] if book.position < 0 else [Quote("sell", book.mid - 0.3, 5.0)]


def doubling():
    """Buys twice as much after every fall, and sells all after a rise."""
    last = []

    def answer(book):
        fell = bool(last) and book.mid < last[-1]
        last.append(book.mid)
        if fell:
            return [Quote("buy", book.mid + 0.3, max(1.0, book.position))]
        return [Quote("sell", book.mid - 0.3, book.position)] if book.position > 0 else []

    return answer


@pytest.mark.parametrize("made", [lambda: one_sided, lambda: skewed, lambda: huge, lambda: beyond, doubling])
def test_no_hostile_strategy_has_an_edge_in_the_null_world(strategy, made):
    limits = Limits(50.0, 50.0, 1e5, 300.0, 1.0, 9_000.0, 3, 50.0, 0.0, 9_000.0)
    market = venue_of(Game(), 0.1).market
    profits = []
    for seed in range(150):
        journal = play(strategy(made()), make(WorldSpec("null"), FINE, 40.0, seed), market, limits)
        assert len(journal.fills)
        profits.append(pnl(journal))
    assert stdev(profits) > 0
    assert abs(fmean(profits)) < 3 * stdev(profits) / len(profits) ** 0.5


def test_fifty_units_are_all_that_can_be_held(strategy):
    venue = venue_of(Game(), 0.1)
    tape = make(venue.market.world, FINE, 200.0, 7)
    worker = strategy(lambda book: [Quote("buy", book.mid + 1.0, 1.0)])
    journal = play(worker, tape, venue.market, venue.limits)
    assert journal.marks["position_lots"].max() == 50
    assert len(journal.fills) == 50
    refused = {(refusal.rule, refusal.cause, refusal.value) for refusal in journal.refusals}
    assert refused == {("position", Cause.OWN, 51.0)}
    # One unit a step from step 0 on, so the fiftieth comes at the end of step 49.
    assert np.diff(journal.fills["matched_ns"]) == pytest.approx(STEP_NS)
