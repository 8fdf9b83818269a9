"""The paper's two strategies, played path after path as any strategy is: isolated, through the contract."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.resources import files

from alphaloop.errors import Broken
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.market.metrics.pnl import pnl
from alphaloop.simulation.anchor.model import Game
from alphaloop.simulation.fan_out import fanned_out
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue, tape_of

_SANDBOX = "lockdown"
STRATEGIES = ("inventory", "symmetric")
_GAMMA = re.compile(rb'(?<="gamma": )[0-9.]+(?=,)')
_FINE = Instrument("GAME", tick=0.0001, lot=1.0, maker_bps=0.0, taker_bps=0.0)
"""A tick of a thousandth of a step, so that rounding is nothing beside the game."""

Path = tuple[float, float]
"""Profit in quote currency, and the inventory that was left in units."""


def source_of(strategy: str, gamma: float) -> bytes:
    """The shipped file of a strategy, with its literal of γ (1/quote) set."""
    shipped = (files(f"{__package__}.strategies") / f"{strategy}.py").read_bytes()
    source, places = _GAMMA.subn(repr(gamma).encode(), shipped)
    if places != 1:
        raise Broken(f"strategies/{strategy}.py has {places} literals of gamma, not one; install it again")
    return source


def venue_of(game: Game, gamma: float) -> Venue:
    """The published game as a market, one game an episode.

    Only its position limit is of the game: the other limits are so wide that they refuse nothing.
    """
    world = WorldSpec("avellaneda-stoikov", (("games", 1.0),))
    limits = Limits(
        max_position=float(game.limit),
        max_order_size=1.0,
        max_order_value=1_000.0,
        max_leverage=10.0,
        max_drawdown=1.0,
        price_collar_bps=9_000.0,
        max_quotes_per_side=1,
        max_messages_per_second=8.0,
        min_spread_bps=0.0,
        max_spread_bps=9_000.0,
    )
    return Venue(Market(_FINE, 10_000.0, gamma, float(game.steps), world), limits, _SANDBOX)


def played(source: bytes, venue: Venue, seeds: Sequence[int], cores: int) -> Iterator[Path]:
    """One path for every seed, each in a fresh worker, in their order; lazy.

    Raises Broken when the outer risk engine or a limit touches the game, or the strategy fails: what is
    measured would not be the game.
    """
    return fanned_out(partial(_path, source, venue), seeds, cores)


def _path(source: bytes, venue: Venue, seed: int) -> Path:
    journal = play_source(source, tape_of(venue, seed), venue)
    profit = pnl(journal)
    refused = [refusal.rule for refusal in journal.refusals]
    if profit is None or refused or journal.breach or journal.fault:
        why = journal.fault or journal.breach or f"the risk engine refused by {refused[:1]}"
        raise Broken(f"path {seed} of the published game was not played as published: {why}; report this")
    return profit, float(journal.marks["position_lots"][-1]) * journal.instrument.lot
