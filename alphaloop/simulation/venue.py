"""Where strategies are played."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from alphaloop.errors import Misuse
from alphaloop.facts.market import Limits, Market
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.market.tape import Tape
from alphaloop.market.worlds import make


@dataclass(frozen=True, slots=True)
class Venue:
    """The market, its limits, and how a strategy is isolated there.

    sandbox: a backend's name; scenario: the stress that every tape undergoes, "" for none; tapes: the folder
    of the recorded tape that a world may be made of.  Names, because a venue travels to other processes.
    """

    market: Market
    limits: Limits
    sandbox: str
    scenario: str = ""
    tapes: Path | None = None

    def __post_init__(self) -> None:
        if self.scenario and self.scenario not in SCENARIOS:
            near = get_close_matches(self.scenario, SCENARIOS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(SCENARIOS)}"
            raise Misuse(f"there is no scenario {self.scenario!r}; {hint}")


def tape_of(venue: Venue, seed: int) -> Tape:
    """The tape of `seed` at a venue, its scenario applied."""
    market = venue.market
    tape = make(market.world, market.instrument, market.episode_s, seed, venue.tapes)
    return SCENARIOS[venue.scenario].apply(tape) if venue.scenario else tape
