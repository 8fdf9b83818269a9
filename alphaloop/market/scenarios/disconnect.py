"""The line to the venue is cut with orders in the market: nothing is heard, and nothing arrives."""

from dataclasses import replace

from alphaloop.market.scenarios.scenario import Parameter, Scenario, Values, Way, lasting, span
from alphaloop.market.scenarios.silence import silenced
from alphaloop.market.scenarios.trips import refused
from alphaloop.market.tape import Tape


def cut_the_line(tape: Tape, values: Values) -> Tape:
    """`tape` with a silent feed, and every order and cancel lost, for `seconds`.

    What rests at the exchange stays there and can be filled; the trader hears of it when the line is back.
    """
    start_ns, end_ns = span(tape, values["seconds"])
    trips = refused(tape.latency, start_ns, end_ns, round(values["notice"] * 1e9))
    return replace(silenced(tape, start_ns, end_ns), latency=trips)


SCENARIO = Scenario(
    name="disconnect",
    sentence="Whether open orders that can be neither moved nor cancelled do harm while the strategy is cut "
    "off.",
    moves="uptime",
    way=Way.DOWN,
    parameters=(
        Parameter("notice", 0.1, "s", 0.001, 5.0, "until a message that went nowhere counts as lost"),
        lasting(5.0),
    ),
    edit=cut_the_line,
    in_games=False,
)
