"""Worlds that are perpetuals, played: funding is paid once, and the money adds up."""

from dataclasses import replace

import pytest

from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.metrics.basis import basis_std
from alphaloop.market.worlds import make
from alphaloop.simulation.episode import play
from alphaloop.simulation.funding import settlements
from alphaloop.simulation.timeline import timeline

FINE = Instrument("SYN", 0.0001, 0.001, 0.0, 0.0)
COARSE = Instrument("SYN", 0.01, 0.001, 1.0, 5.0)
PRICED = (("basis_bps", 3.0), ("basis_half_life_s", 20.0), ("funding_bps", 5.0))


@pytest.mark.parametrize(("world", "instrument"), [("book", COARSE), ("regimes", COARSE)])
def test_funding_is_paid_within_a_minute_and_the_money_adds_up(
    strategy, market, limits, quoting, world, instrument
):
    paid = 0
    for seed in range(4):
        tape = make(WorldSpec(world, PRICED), instrument, 60.0, seed)
        assert len(settlements(timeline(tape))) == 1
        journal = play(strategy(quoting), tape, market, limits)
        parts = journal.attribution
        pnl = float(journal.marks["equity"][-1]) - journal.capital
        assert (
            abs(pnl - (parts.spread + parts.inventory - parts.fees + parts.funding)) < 1e-9 * journal.capital
        )
        assert parts.funding == pytest.approx(float(journal.funding["received"].sum()))
        assert len(journal.funding) == 1
        assert abs(float(journal.funding["rate"][0])) == pytest.approx(5e-4)
        paid += parts.funding != 0
        assert journal.channels[0].values[-1] == float(journal.marks["mid"][-1])
        assert basis_std((journal,)) > 0
    assert paid > 0


def test_the_published_game_takes_streams_and_its_money_adds_up(strategy, market, limits, quoting):
    spec = WorldSpec("avellaneda-stoikov", (("games", 1.0), *PRICED))
    journal = play(strategy(quoting), make(spec, FINE, 60.0, 3), replace(market, instrument=FINE), limits)
    parts = journal.attribution
    pnl = float(journal.marks["equity"][-1]) - journal.capital
    assert len(journal.fills) > 0
    assert len(journal.funding) == 1
    assert abs(pnl - (parts.spread + parts.inventory - parts.fees + parts.funding)) < 1e-9 * journal.capital


def test_the_null_world_stays_a_martingale_beside_an_index(strategy, market, limits, quoting):
    """With fills at the mid and the end marked to the mid, only inventory can earn, and nothing is spread."""
    spec = WorldSpec("null", (("basis_bps", 3.0),))
    plain, streamed = (
        play(strategy(quoting), make(each, FINE, 60.0, 5), replace(market, instrument=FINE), limits)
        for each in (WorldSpec("null"), spec)
    )
    assert len(streamed.fills) == len(plain.fills) > 0
    assert streamed.attribution.spread == pytest.approx(0.0, abs=1e-9)
    assert streamed.attribution.funding == 0.0
    ends = [float(journal.marks["equity"][-1]) for journal in (plain, streamed)]
    assert ends[0] == pytest.approx(ends[1], abs=1e-9)
