"""Both sides step back from the mid, and return."""

from alphaloop.market.replay import touches
from alphaloop.market.scenarios.moved_book import moved
from alphaloop.market.scenarios.rewriting import Move
from alphaloop.market.scenarios.scenario import Parameter, Scenario, Values, Way, lasting, place_of, span
from alphaloop.market.tape import Tape


def blow_out(tape: Tape, values: Values) -> Tape:
    """`tape` with both sides `step_back` farther from the mid for `seconds`."""
    start_ns, end_ns = span(tape, values["seconds"])
    first = touches(tape)
    ticks = max(1, round(float(first.bid[0] + first.ask[0]) / 2 * values["step_back"]))
    return moved(tape, [Move(place_of(tape, start_ns), -ticks, ticks), Move(place_of(tape, end_ns))])


SCENARIO = Scenario(
    name="spread_blowout",
    sentence="Whether the strategy keeps sane prices when the book around it empties and the spread is 40 "
    "bps wider.",
    moves="effective_spread",
    way=Way.DOWN,
    parameters=(
        Parameter("step_back", 0.002, "share of price", 0.0001, 0.05, "how far each side steps back"),
        lasting(10.0),
    ),
    edit=blow_out,
)
