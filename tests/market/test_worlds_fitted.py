"""What a fit reads off a tape beside its moments: how large orders are split, how often the makers look."""

from dataclasses import replace

import pytest

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.replay import touches
from alphaloop.market.worlds import WORLDS, fit, make
from alphaloop.market.worlds.observed import market_orders, side_autocorrelation
from alphaloop.market.worlds.pace_fitting import DEFAULTS, PACES, mean_spread, pace_of

INSTRUMENT = Instrument("TEST", 0.01, 0.001, 0.0, 0.0)
UNCAUSED = {"trades": 10.0, "size": 0.01, "clustering": 0.0, "wild": 1.0, "rush": 1.0, "informed": 0.0}
"""Orders that nobody brought forth and nobody informed sent: random sides, but for what is split.  They are
small, so that the book can fill every one.
"""


def _regimes(seconds: float = 600.0, **params: float):
    return make(WorldSpec("regimes", tuple((UNCAUSED | params).items())), INSTRUMENT, seconds, 5)


def test_parts_of_an_order_repeat_its_side_and_nothing_else_changes():
    """A side is repeated with probability q, else drawn: the autocorrelation at lag k is q to the k."""
    plain, split = _regimes(), _regimes(splitting=0.8)
    orders = market_orders(split)
    acf = side_autocorrelation(orders.sides, 4)
    # 6,000 orders in runs of five on average: a standard error of about 0.02.
    assert acf == pytest.approx([0.8, 0.64, 0.512, 0.41], abs=0.06)
    assert side_autocorrelation(market_orders(plain).sides, 4) == pytest.approx([0.0] * 4, abs=0.04)
    assert abs(len(orders.sides) - len(market_orders(plain).sides)) < 0.03 * len(orders.sides)


def test_a_world_without_splitting_keeps_its_bytes():
    assert _regimes(20.0).digest() == _regimes(20.0, splitting=0.0).digest()
    assert _regimes(20.0).digest() != _regimes(20.0, splitting=0.1).digest()


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(BadConfiguration, match="splitting"):
        _regimes(20.0, splitting=share)


def test_a_split_flow_is_found_again():
    found = dict(fit(_regimes(splitting=0.9, clustering=0.5, persistence=0.5)).params)
    assert found["splitting"] >= 0.8


PACED = WorldSpec("book", (("sigma", 0.05), ("trades", 4.0), ("size", 3.0)))


def _paced(requotes: float, seconds: float = 400.0):
    params = (*PACED.params, ("requotes", requotes))
    return make(replace(PACED, params=params), INSTRUMENT, seconds, 77)


@pytest.mark.parametrize("requotes", [2.0, 3.0, 40.0])
def test_a_world_of_the_found_pace_has_the_spread_of_the_tape(requotes):
    tape = _paced(requotes)
    wanted = mean_spread(tape, touches(tape))
    found = pace_of(wanted, 400.0, WORLDS["book"], PACED, INSTRUMENT)
    assert (found < DEFAULTS["requotes"]) is (requotes < DEFAULTS["requotes"])
    again = _paced(found)
    assert mean_spread(again, touches(again)) == pytest.approx(wanted, rel=0.2)


def test_a_tape_that_does_not_tell_keeps_the_usual_pace():
    tape = _paced(DEFAULTS["requotes"], 60.0)
    assert pace_of(mean_spread(tape, touches(tape)), 60.0, WORLDS["book"], PACED, INSTRUMENT) == 8.0


def test_a_spread_beyond_all_that_is_tried_gives_the_nearest_pace():
    for spread, pace in ((1e6, PACES[0]), (1e-6, PACES[-1])):
        assert pace_of(spread, 60.0, WORLDS["book"], PACED, INSTRUMENT) == pytest.approx(pace)


def test_a_world_that_cannot_be_played_at_any_pace_keeps_its_own():
    leaping = replace(PACED, params=(("sigma", 50.0), ("price", 1e6)))
    finest = Instrument("TEST", 1e-6, 0.001, 0.0, 0.0)
    assert pace_of(5.0, 60.0, WORLDS["book"], leaping, finest) == DEFAULTS["requotes"]
