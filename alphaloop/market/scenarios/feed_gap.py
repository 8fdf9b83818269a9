"""The feed is silent for a while; orders go on as before."""

from alphaloop.market.scenarios.scenario import Scenario, Values, Way, lasting, span
from alphaloop.market.scenarios.silence import silenced
from alphaloop.market.tape import Tape


def lose_the_feed(tape: Tape, values: Values) -> Tape:
    """`tape` with a feed that is silent for `seconds`."""
    return silenced(tape, *span(tape, values["seconds"]))


SCENARIO = Scenario(
    name="feed_gap",
    sentence="Whether the strategy survives seconds without market data while its quotes stay in the market.",
    moves="refused_orders_circumstance",
    way=Way.UP,
    parameters=(lasting(5.0),),
    edit=lose_the_feed,
)
