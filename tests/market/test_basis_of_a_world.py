"""The basis of a recorded perpetual, given to a world and found again."""

from dataclasses import replace

import numpy as np
import pytest

from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.calibration.basis import with_basis
from alphaloop.market.tape import Channel
from alphaloop.market.worlds import make

# Quiet enough for the mid to stay where it is while the index is on its way.
CALM = {"price": 100.0, "sigma": 0.005, "trades": 5.0, "size": 0.5, "depth": 50.0, "informed": 0.0}
PLAIN = WorldSpec("book", tuple(sorted(CALM.items())))
INSTRUMENT = Instrument("TEST", 0.01, 0.001, 0.0, 0.0)


def _made(seconds=1_200.0, **basis):
    return make(replace(PLAIN, params=(*PLAIN.params, *basis.items())), INSTRUMENT, seconds, 3)


def test_a_basis_that_was_made_is_found_again():
    """Of 1,200 values 2 s apart by memory: about 200 independent ones, so a deviation is good to 5 %."""
    found = dict(with_basis(PLAIN, _made(basis_bps=4.0, basis_half_life_s=2.0)).params)
    assert found["trades"] == 5.0
    assert found["basis_bps"] == pytest.approx(4.0, rel=0.2)
    assert found["basis_half_life_s"] == pytest.approx(2.0, rel=0.4)


def test_without_an_index_or_a_move_of_it_the_world_stays_as_it_is():
    tape = _made(60.0)
    assert with_basis(PLAIN, tape) == PLAIN
    assert with_basis(PLAIN, _made(20.0, basis_bps=4.0)) == PLAIN, "twenty seconds tell nothing"
    still = replace(tape, events=tape.events[:2], gaps_ns=())
    constant = Channel("index", np.array([tape.start_ns]), np.array([50.0]))
    assert with_basis(PLAIN, replace(still, channels=(constant,))) == PLAIN


def test_what_was_stated_before_gives_way():
    stated = replace(PLAIN, params=(*PLAIN.params, ("basis_bps", 99.0), ("basis_half_life_s", 99.0)))
    names = [name for name, _ in with_basis(stated, _made(120.0, basis_bps=4.0)).params]
    assert names == [*sorted(CALM), "basis_bps", "basis_half_life_s"]


def test_seconds_inside_a_gap_say_nothing():
    tape = _made(200.0, basis_bps=4.0)
    index = tape.channel("index")
    middle = (tape.start_ns + 50 * 10**9, tape.start_ns + 150 * 10**9)
    inside = (index.times_ns > middle[0]) & (index.times_ns < middle[1])
    wild = Channel("index", index.times_ns, np.where(inside, 1.0, index.values))
    torn = replace(tape, channels=(wild,), gaps_ns=(middle,))
    assert dict(with_basis(PLAIN, torn).params)["basis_bps"] < 8.0
