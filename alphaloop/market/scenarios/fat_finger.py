"""Somebody sells far too much by mistake: one sweep through the bids, and the book is back at once."""

from alphaloop.market.replay import touches
from alphaloop.market.scenarios.moved_book import moved
from alphaloop.market.scenarios.rewriting import Move
from alphaloop.market.scenarios.scenario import Parameter, Scenario, Values, Way, lasting, place_of, span
from alphaloop.market.scenarios.sweeps import swept
from alphaloop.market.tape import SELL, Tape


def slip(tape: Tape, values: Values) -> Tape:
    """`tape` with one sale through all bids down to `size` below, which are empty for `seconds`."""
    start_ns, end_ns = span(tape, values["seconds"])
    first = touches(tape)
    far = max(1, round(float(first.bid[0] + first.ask[0]) / 2 * values["size"]))
    moves = [Move(place_of(tape, start_ns), -far, 0), Move(place_of(tape, end_ns))]
    # Mark and index stay: they are made so that one absurd trade does not move them.
    return moved(*swept(tape, moves, SELL), follow=())


SCENARIO = Scenario(
    name="fat_finger",
    sentence="Whether the strategy quotes around an absurd print, and pays when the book is back.",
    moves="effective_spread",
    way=Way.UP,
    parameters=(
        Parameter("size", 0.03, "share of price", 0.0005, 0.08, "how far below the bid the last lot trades"),
        lasting(0.5),
    ),
    edit=slip,
    in_games=False,
)
