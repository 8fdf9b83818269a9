"""What an episode costs over the matching engine alone, on the same tape in the same run.

The peer is the bare engine, stepped through the tape as often as the episode stops, with no strategy, no
account and no orders.  Prints milliseconds of wall time (best of five) and the ratio.
"""

from collections.abc import Callable
from time import perf_counter

from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.market.tape import Tape
from alphaloop.simulation.exchange_book import BookExchange
from alphaloop.simulation.side import play_source
from alphaloop.simulation.timeline import timeline
from alphaloop.simulation.venue import Venue, tape_of

STRATEGY = b"""
from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        pass

    def on_book(self, book):
        away, lean = book.mid * 3e-4, book.position * 0.01
        return [Quote("buy", book.mid - lean - away, 0.5), Quote("sell", book.mid - lean + away, 0.5)]
"""
LIMITS = Limits(10.0, 5.0, 1_000.0, 3.0, 0.2, 200.0, 3, 100.0, 0.0, 200.0)
ROUNDS = 5


def bare(tape: Tape, stops: int) -> None:
    """Step the engine alone."""
    exchange = BookExchange(timeline(tape))
    stride_ns = max(1, (tape.end_ns - exchange.now_ns) // stops)
    while exchange.advance(exchange.now_ns + stride_ns):
        exchange.reports()
    exchange.close()


def best_ms(work: Callable[[], object]) -> float:
    """The shortest of a few rounds."""
    seconds = []
    for _ in range(ROUNDS):
        began = perf_counter()
        work()
        seconds.append(perf_counter() - began)
    return min(seconds) * 1e3


def main() -> None:
    """Compare on the default world."""
    market = Market(Instrument("BENCH", 0.01, 0.001, 2.0, 5.0), 10_000.0, 1e-4, 60.0, WorldSpec("book"))
    venue = Venue(market, LIMITS, "lockdown")
    tape = tape_of(venue, 1)
    journal = play_source(STRATEGY, tape, venue)
    assert not journal.fault
    assert len(journal.fills) > 0
    assert play_source(STRATEGY, tape, venue).digest == journal.digest
    peer = best_ms(lambda: bare(tape, journal.decisions))
    ours = best_ms(lambda: play_source(STRATEGY, tape, venue))
    happened = f"{journal.decisions} decisions, {journal.messages} messages, {len(journal.fills)} fills"
    print(f"{len(tape.events)} rows, {happened}")
    print(f"bare engine {peer:8.2f} ms")
    print(f"episode     {ours:8.2f} ms, with its worker's start and end")
    print(f"ratio       {ours / peer:8.1f}")


if __name__ == "__main__":
    main()
