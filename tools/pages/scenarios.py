"""docs/scenarios.md: every stress, what it moves, and its picture."""

from rendering import table

from alphaloop.market.scenarios import SCENARIOS

ABOUT = """
A scenario is a pure edit of a tape: it strikes in the middle of the episode and leaves a tape that could have
been recorded. The stress stage of the gate plays a candidate through all of them, on a tape that the file's
own bytes choose. `alphaloop simulate --scenario NAME --param NAME=VALUE --plot FILE` plays and draws one, and
`--scenarios` lists them. Written by `make docs` from the code; the pictures by `make pictures`.

Every picture shows the shipped strategy in the shipped market, on the tape of `--seed 0`. The scenario is
shaded; where the trader is cut off it is hatched `///`, where the venue refuses orders the other way. Grey
are the best bid and ask at the exchange, blue (solid) and vermilion (dashed) the best own quotes that rested
there. A filled triangle that points up is a purchase, a hollow one that points down a sale, both at the time
of the match. Position and equity are what the trader knows: a fill while the line is cut shows there when it
is heard of. Mark and index are drawn where they leave the book; delays, funding and a wrong clock below.

One picture is one tape. That each metric moves as it is said, over several tapes, is a test:
`tests/market/test_scenarios_move_metrics.py`. The shipped strategy reads no clock, so `clock_skew` leaves it
as it was, and the test plays one that does.
"""


def scenarios() -> str:
    """Every scenario: what it tests, its parameters, the metric that it moves, and its picture."""
    lines = ["# Scenarios", ABOUT]
    for one in SCENARIOS.values():
        lines += [f"## {one.name}", "", one.sentence, "", f"Moves: `{one.moves}` {one.way}.", ""]
        if not one.in_games:
            lines += ["Leaves a tape whose fills come by chance (the published game) as it is.", ""]
        lines += table(
            ("parameter", "value", "from", "to", "unit", "meaning"),
            (
                (
                    f"`{each.name}`",
                    f"{each.value:g}",
                    f"{each.low:g}",
                    f"{each.high:g}",
                    each.unit,
                    each.meaning,
                )
                for each in one.parameters
            ),
        )
        lines += ["", f"![The shipped strategy under {one.name}](pictures/scenario-{one.name}.svg)", ""]
    return "\n".join(lines).rstrip() + "\n"
