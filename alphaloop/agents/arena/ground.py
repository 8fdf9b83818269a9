"""Where arenas are held: worlds, the strategy that stands, and proposals whose worth is known.

The strategy that stands likes to hold `TARGET` units. Its mirror image, which likes to hold as much on the
other side, is worth exactly the same in a world that does not know up from down: the useless proposal. One
that holds less risks less, and by how much follows from its target: the good one. It quotes a little closer
too, so that it trades as much, because less volume is a guard's business.
"""

import math
import re
from dataclasses import dataclass, replace
from importlib.resources import files

from alphaloop.agents.arena.model import target_of, worth
from alphaloop.errors import Broken
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.simulation.anchor.model import Game
from alphaloop.simulation.anchor.paths import venue_of
from alphaloop.simulation.venue import Venue

WORLDS = ("avellaneda-stoikov", "null", "book")
TARGET = 4.0
GAMMA = 0.1
"""Risk aversion in the game, 1 / quote currency: dear enough that holding four units instead of one shows."""
BOOK_GAMMA = 1.0
BOOK_SHARE = 0.65
"""Of the gain over its deviation that risk alone would make: half of an episode is spent on the way to the
target.  Measured on 300 pairs; every arena tells what it measured itself."""
_LITERAL = '(?<="{name}": )-?[0-9.]+'


@dataclass(frozen=True, slots=True)
class Ground:
    """A world, and how strategies are set there: distances in quote currency, lean in the same per unit."""

    venue: Venue
    half_spread: float
    closer: float
    lean: float

    @property
    def standing(self) -> bytes:
        """The strategy that every proposal is held against."""
        return self._file(self.half_spread, TARGET)

    @property
    def useless(self) -> bytes:
        """Its mirror image."""
        return self._file(self.half_spread, -TARGET)

    def good(self, effect: float) -> bytes:
        """One that is better by `effect` deviations of a paired difference; raises Misuse where none is."""
        return self._file(self.closer, target_of(effect, TARGET, self._worth))

    def _worth(self, target: float) -> float:
        market = self.venue.market
        if market.world.name == "book":
            sigma = dict(market.world.params)["sigma"] * math.sqrt(market.episode_s)
            return BOOK_SHARE * market.gamma * sigma * (TARGET + target) / 2
        sides = ((self.half_spread, TARGET), (self.closer, target))
        return worth(Game(), market.gamma, self.lean, sides)

    def _file(self, half_spread: float, target: float) -> bytes:
        text = (files(f"{__package__}.strategies") / "drawn.py").read_text(encoding="utf-8")
        for name, value in (("half_spread", half_spread), ("lean", self.lean), ("target", target)):
            text, places = re.subn(_LITERAL.format(name=name), repr(value), text)
            if places != 1:
                raise Broken(
                    f"strategies/drawn.py has {places} literals of {name}, not one; install it again"
                )
        return text.replace("= 50.0", f"= {self.venue.limits.max_position!r}").encode()


def ground(world: str) -> Ground:
    """The ground of a world; `null` is the game with fills at the mid, where nothing is worth anything."""
    if world == "book":
        return Ground(_book(), half_spread=0.08, closer=0.076, lean=0.01)
    venue = venue_of(Game(), GAMMA)
    if world == "null":
        venue = replace(venue, market=replace(venue.market, gamma=0.0, world=WorldSpec("null")))
    return Ground(venue, half_spread=0.7, closer=0.695, lean=0.1)


def _book() -> Venue:
    """The market of a new strategy repository, half as long, and without orders that know the future."""
    params = {"price": 100.0, "spread": 6.0, "sigma": 0.06, "trades": 5.0, "size": 3.0}
    world = WorldSpec("book", tuple(params.items()))
    instrument = Instrument("SYNTHETIC", tick=0.01, lot=0.001, maker_bps=0.0, taker_bps=5.0)
    limits = Limits(
        max_position=10.0,
        max_order_size=5.0,
        max_order_value=1_000.0,
        max_leverage=2.0,
        max_drawdown=0.1,
        price_collar_bps=500.0,
        max_quotes_per_side=5,
        max_messages_per_second=100.0,
        min_spread_bps=0.5,
        max_spread_bps=400.0,
    )
    return Venue(Market(instrument, 1_000.0, BOOK_GAMMA, 30.0, world), limits, "lockdown")
