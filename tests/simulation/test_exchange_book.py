"""hftbacktest behind the port: what it reports is what happened, also where it is known to be wrong."""

import pytest

from alphaloop.facts.order import Event, Side
from alphaloop.market.tape import BUY, DEPTH, SELL, TRADE
from alphaloop.simulation import exchange_book
from alphaloop.simulation.exchange_book import BookExchange
from alphaloop.simulation.timeline import timeline
from alphaloop.trading.account import Account

MS = 1_000_000

# Beside the exchanges: when compiled, they take no attribute that is not their own.
STARTED_NS: dict[int, int] = {}


def heard(exchange, until_ms):
    """(ms of receipt, event, lots) of every report until then, ms counted from the trader's start."""
    start_ns = STARTED_NS[id(exchange)]
    told = []
    while exchange.now_ns < start_ns + until_ms * MS:
        exchange.advance(start_ns + until_ms * MS)
        told += [
            ((report.received_ns - start_ns) / MS, report.event, report.lots) for report in exchange.reports()
        ]
    return told


@pytest.fixture
def opened():
    exchanges = []

    def make(tape):
        exchange = BookExchange(timeline(tape))
        STARTED_NS[id(exchange)] = exchange.now_ns
        exchanges.append(exchange)
        return exchange

    yield make
    for exchange in exchanges:
        exchange.close()


def test_an_order_that_would_take_is_rejected(maker, opened):
    exchange = opened(maker.tape())
    exchange.submit(1, Side.BUY, 110, 5)
    assert heard(exchange, 100) == [(20.0, Event.REJECTED, 5)]


def test_a_dead_connection_rejects_the_order(maker, opened):
    tape = maker.tape()
    tape.latency["exch_ts"] = 0
    exchange = opened(tape)
    exchange.submit(1, Side.BUY, 100, 5)
    assert [event for _, event, _ in heard(exchange, 100)] == [Event.REJECTED]


def test_an_order_is_accepted_filled_behind_its_queue_and_reported_after_the_latency(maker, opened):
    exchange = opened(maker.tape((200, TRADE | SELL, 100, 8), (300, TRADE | SELL, 100, 4)))
    exchange.submit(1, Side.BUY, 100, 5)
    # Ten lots were there before: eight and two of the next four are theirs.  The trader starts 5 ms late.
    assert heard(exchange, 500) == [(20.0, Event.ACCEPTED, 5), (305.0, Event.FILLED, 2)]


def test_three_partial_fills_of_four_make_ten_of_ten(maker, opened):
    trades = [(200 + 50 * place, TRADE | SELL, 105, 4) for place in range(3)]
    exchange = opened(maker.tape(*trades))
    account = Account(timeline(maker.tape()).tape.instrument, 10_000.0)
    exchange.submit(1, Side.BUY, 105, 10)
    filled = [lots for _, event, lots in heard(exchange, 1_000) if event is Event.FILLED]
    for lots in filled:
        account.fill(Side.BUY, 105, lots, mid=105.0)
    assert filled == [4, 4, 2]
    assert account.position_lots == 10


def test_an_order_that_a_trade_uses_up_exactly_is_over(maker, opened):
    # hftbacktest 2.4.4 keeps such an order and fails at the next trade that reaches it.
    exchange = opened(maker.tape(*((at, TRADE | SELL, 105, 5) for at in (200, 300, 400))))
    exchange.submit(1, Side.BUY, 105, 5)
    assert heard(exchange, 1_000)[-1] == (205.0, Event.FILLED, 5)


def test_a_cancel_that_comes_too_late_ends_in_the_fill_alone(maker, opened):
    exchange = opened(maker.tape((100, TRADE | SELL, 105, 5)))
    exchange.submit(1, Side.BUY, 105, 5)
    assert heard(exchange, 90) == [(20.0, Event.ACCEPTED, 5)]
    exchange.cancel(1)
    assert heard(exchange, 500) == [(105.0, Event.FILLED, 5)]


def test_a_cancel_after_a_partial_fill_gives_back_the_rest(maker, opened):
    exchange = opened(maker.tape((100, TRADE | SELL, 105, 3)))
    exchange.submit(1, Side.BUY, 105, 5)
    heard(exchange, 90)
    exchange.cancel(1)
    assert heard(exchange, 500) == [(105.0, Event.FILLED, 3), (110.0, Event.CANCELED, 2)]


def test_a_cancel_that_is_lost_leaves_the_order_resting(maker, opened):
    tape = maker.tape(seconds=30)
    latency = tape.latency.repeat(3)[:5]
    for place, (at_ms, alive) in enumerate(((0, True), (100, True), (101, False), (300, False), (301, True))):
        at_ns = tape.start_ns + at_ms * MS
        latency[place] = (at_ns, at_ns + 10 * MS if alive else 0, at_ns + 20 * MS, 0)
    object.__setattr__(tape, "latency", latency)
    exchange = opened(tape)
    exchange.submit(1, Side.BUY, 105, 5)
    heard(exchange, 200)
    exchange.cancel(1)
    assert [event for _, event, _ in heard(exchange, 290)] == [Event.ACCEPTED]
    heard(exchange, 400)
    exchange.cancel(1)
    assert [event for _, event, _ in heard(exchange, 600)] == [Event.CANCELED]


def test_a_book_that_moves_through_an_order_fills_it_at_its_own_price(maker, opened):
    exchange = opened(maker.tape((100, DEPTH | SELL, 104, 1)))
    exchange.submit(1, Side.BUY, 105, 5)
    assert heard(exchange, 500)[-1] == (105.0, Event.FILLED, 5)


def test_time_ends_with_the_tape_and_not_before(maker, opened):
    exchange = opened(maker.tape(seconds=1))
    exchange.submit(1, Side.BUY, 100, 5)
    assert exchange.advance(exchange.now_ns + 10 * MS)
    while exchange.advance(1 << 62):
        exchange.reports()
    assert exchange.now_ns == timeline(maker.tape(seconds=1)).end_ns


def test_what_only_the_trader_sees_does_not_match(maker, opened):
    tape = maker.tape((100, TRADE | SELL, 99, 50))
    tape.events["ev"][2] &= ~type(tape.events["ev"][2])(1 << 31)
    exchange = opened(tape)
    exchange.submit(1, Side.BUY, 105, 5)
    assert [event for _, event, _ in heard(exchange, 500)] == [Event.ACCEPTED]


def test_prices_far_from_the_book_are_matched_too(maker, opened):
    exchange = opened(maker.tape((100, DEPTH | BUY, 100, 0), (200, TRADE | SELL, 2, 50)))
    exchange.submit(1, Side.BUY, 3, 5)
    assert heard(exchange, 500)[-1] == (205.0, Event.FILLED, 5)


@pytest.mark.parametrize("side", [BUY, SELL])
def test_closing_twice_is_harmless(maker, side):
    exchange = BookExchange(timeline(maker.tape((100, TRADE | side, 105, 1))))
    exchange.close()
    exchange.close()


def test_an_engine_that_forgets_what_ended_goes_on_with_what_is_open(maker, opened, monkeypatch):
    def story():
        exchange = opened(maker.tape((1_000, TRADE | SELL, 101, 5)))
        exchange.submit(1, Side.BUY, 101, 5)
        told = heard(exchange, 50)
        for order in range(2, 8):
            exchange.submit(order, Side.BUY, 90 + order, 1)
            told += heard(exchange, 100 * order)
            exchange.cancel(order)
            told += heard(exchange, 100 * order + 50)
        return told + heard(exchange, 1_500)

    remembered = story()
    monkeypatch.setattr(exchange_book, "_FORGET_EVERY", 1)
    assert story() == remembered
    assert [event for _, event, _ in remembered].count(Event.CANCELED) == 6
    assert remembered[-1] == (1_005.0, Event.FILLED, 5)
