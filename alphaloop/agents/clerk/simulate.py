"""`/alphaloop simulate [scenario]`: one episode of the change's strategy on a search seed."""

from collections import Counter
from difflib import get_close_matches

from alphaloop import words
from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.agents.grounds import strategy_at, venue_at
from alphaloop.errors import Refused
from alphaloop.facts.command import Verb
from alphaloop.market.metrics.record import record
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.ports import Desk
from alphaloop.rules import seeds
from alphaloop.rules.standing import Circle, Usage
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import tape_of


def _answer(desk: Desk, asked: Asked) -> str:
    name = asked.argument
    if name and name not in SCENARIOS:
        near = get_close_matches(name, SCENARIOS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(SCENARIOS)}"
        raise Refused(f"{name[:60]!r} is no scenario; {hint}")
    change = asked.change(desk)
    venue = venue_at(desk, change.judged_by)
    (seed,) = seeds.search(desk.seed, "simulate", 1)
    tape = tape_of(venue, seed)
    tape = SCENARIOS[name].apply(tape, {}) if name else tape
    journal = play_source(strategy_at(desk, change.head), tape, venue, desk.sandbox)
    refused = Counter(str(refusal.cause) for refusal in journal.refusals)
    ended = journal.fault or journal.breach
    numbers = record((journal,), (), 0).metrics
    table = words.episode_table(numbers, refused, journal.digest, ended)
    return words.simulated_answer(change, name or "calm", table)


COMMAND = Served(
    Usage(
        Verb.SIMULATE,
        "simulate [scenario]",
        "plays one episode of the change's strategy on a search seed, which promotes nothing",
        Circle.DESK,
    ),
    _answer,
)
