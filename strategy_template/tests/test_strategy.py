"""What the strategy promises, however it is tuned: it stays inside its limit and never quotes nonsense."""

import math
import random

import pytest
from strategy import BOUNDS, PARAMS, Strategy

from alphaloop.contract import Book, Fill, Quote, Trade

LIMIT = Strategy.MAX_POSITION


def a_book(position=0.0, mid=100.0, spread=0.02, **others):
    """A calm book, unless told otherwise."""
    rest = {"bid_size": 2.0, "ask_size": 2.0, "volatility": 0.0, "time": 60.0} | others
    return Book(bid=mid - spread / 2, ask=mid + spread / 2, mid=mid, position=position, **rest)


def test_flat_it_quotes_both_sides_of_the_mid():
    book = a_book()
    bid, ask = Strategy(PARAMS).on_book(book)
    assert (bid.side, ask.side) == ("buy", "sell")
    assert bid.price < book.mid < ask.price


def test_the_defaults_lie_within_their_bounds():
    assert set(BOUNDS) <= set(PARAMS)
    for name, (low, high) in BOUNDS.items():
        assert low <= PARAMS[name] <= high


@pytest.mark.parametrize(("held", "open_side"), [(LIMIT, "sell"), (-LIMIT, "buy")])
def test_at_the_limit_it_quotes_only_the_way_back(held, open_side):
    assert {quote.side for quote in Strategy(PARAMS).on_book(a_book(held))} == {open_side}


@pytest.mark.parametrize("seed", range(20))
def test_no_fill_can_take_it_past_its_limit(seed):
    """Whatever subset of its quotes is filled, and however partly, on a mid that wanders and jumps."""
    chance = random.Random(seed)
    strategy, position, mid = Strategy(PARAMS), 0.0, 100.0
    for second in range(500):
        mid *= math.exp(chance.gauss(0, 0.0005) + chance.choice([0.0] * 50 + [-0.05, 0.05]))
        volatility = mid * chance.choice([0.0, 1e-5, 1e-3])
        quotes = strategy.on_book(a_book(position, mid, time=10.0 + second, volatility=volatility))
        for side, sign in (("buy", 1), ("sell", -1)):
            reach = position + sign * sum(quote.size for quote in quotes if quote.side == side)
            assert sign * reach <= LIMIT + 1e-9
        for quote in quotes:
            if chance.random() < 0.4:
                position += a_fill(strategy, quote, chance.choice([1.0, 0.3]), 10.0 + second)


@pytest.mark.parametrize("seed", range(20))
def test_its_quotes_are_never_crossed_and_never_impossible(seed):
    chance = random.Random(seed)
    params = {name: BOUNDS[name][chance.randrange(2)] if name in BOUNDS else PARAMS[name] for name in PARAMS}
    strategy = Strategy(params)
    for second in range(200):
        book = a_book(
            position=chance.uniform(-LIMIT, LIMIT),
            mid=100 * math.exp(chance.uniform(-7, 7)),
            time=10.0 + second,
            bid_size=chance.choice([0.0, 0.001, 5.0, 1e6]),
            ask_size=chance.choice([0.001, 5.0, 1e6]),
            volatility=chance.choice([0.0, 1e-6, 0.01, 1.0]),
        )
        quotes = strategy.on_book(book)
        for quote in quotes:
            assert math.isfinite(quote.price)
            assert quote.price > 0
            assert math.isfinite(quote.size)
            assert quote.size >= 0
        bids = [quote.price for quote in quotes if quote.side == "buy"]
        asks = [quote.price for quote in quotes if quote.side == "sell"]
        assert max(bids, default=0.0) < min(asks, default=math.inf)


def test_the_same_book_to_a_fresh_strategy_gives_the_same_quotes():
    book = a_book(position=3.0)
    assert Strategy(PARAMS).on_book(book) == Strategy(PARAMS).on_book(book)


def a_fill(strategy, quote: Quote, share: float, time: float) -> float:
    """Tell the strategy of the trade and of its fill, where it listens; answer how its position changed."""
    size = quote.size * share
    aggressor = "sell" if quote.side == "buy" else "buy"
    if hasattr(strategy, "on_trade"):
        strategy.on_trade(Trade(aggressor, quote.price, size, time))
    if hasattr(strategy, "on_fill"):
        strategy.on_fill(Fill(quote.side, quote.price, size, time))
    if hasattr(strategy, "on_timer"):
        strategy.on_timer(time)
    return size if quote.side == "buy" else -size
