"""The venue refuses every order and cancel in bursts, while its feed goes on."""

from dataclasses import replace

from alphaloop.market.scenarios.scenario import Parameter, Scenario, Values, Way, lasting, span
from alphaloop.market.scenarios.trips import refused
from alphaloop.market.tape import Tape

REPORTS_NS = 10_000_000
"""Fills of resting orders are still reported in a burst, this late at most."""


def refuse_in_bursts(tape: Tape, values: Values) -> Tape:
    """`tape` with bursts of refusals of `burst`, `pause` apart, for `seconds`."""
    start_ns, end_ns = span(tape, values["seconds"])
    burst_ns, notice_ns = (round(values[name] * 1e9) for name in ("burst", "notice"))
    trips = tape.latency
    for begin_ns in range(start_ns, end_ns, burst_ns + round(values["pause"] * 1e9)):
        trips = refused(trips, begin_ns, min(begin_ns + burst_ns, end_ns), notice_ns, REPORTS_NS)
    return replace(tape, latency=trips)


SCENARIO = Scenario(
    name="rate_limit_storm",
    sentence="Whether the strategy lives with quotes that stay where they are, because orders and cancels "
    "are refused in bursts.",
    moves="filled_volume",
    way=Way.DOWN,
    parameters=(
        Parameter("burst", 2.0, "s", 0.1, 60.0, "how long every message is refused"),
        Parameter("pause", 1.0, "s", 0.1, 60.0, "between two bursts"),
        Parameter("notice", 0.02, "s", 0.001, 5.0, "until a refusal is heard of"),
        lasting(20.0),
    ),
    edit=refuse_in_bursts,
    in_games=False,
)
