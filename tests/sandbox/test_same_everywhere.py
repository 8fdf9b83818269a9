"""An episode is the same whatever isolates it: same tape, same strategy, same digest."""

from pathlib import Path

import pytest

from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.ports import Sandbox
from alphaloop.sandbox.docker.backend import Docker
from alphaloop.sandbox.lockdown import Lockdown
from alphaloop.simulation.isolation import sandbox_named
from alphaloop.simulation.pairs import play_pair
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue, tape_of

STRATEGY = (Path(__file__).resolve().parents[2] / "strategy_template" / "strategy.py").read_bytes()
# Elementwise functions whose last digit depends on the processor's instructions, unless they are pinned.
NUMERIC = b"""
import numpy as np
from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.mids = []

    def on_book(self, book):
        self.mids = [*self.mids[-63:], book.mid]
        mids = np.array(self.mids)
        weights = np.exp(-np.arange(len(mids)) / 7.0)
        fair = float(np.dot(np.log(mids), weights) / weights.sum())
        away = book.mid * (5e-4 + float(np.std(np.sqrt(mids))) * 1e-3)
        quotes = []
        if book.position < 5.0:
            quotes.append(Quote("buy", float(np.exp(fair)) - away, 1.0))
        if book.position > -5.0:
            quotes.append(Quote("sell", float(np.exp(fair)) + away, 1.0))
        return quotes
"""


def venue(world: str, sandbox: str) -> Venue:
    instrument = Instrument("TEST", 0.01, 0.001, 2.0, 5.0)
    limits = Limits(10.0, 10.0, 1e9, 1_000.0, 1.0, 1_000.0, 3, 1e4, 0.0, 1_000.0)
    return Venue(Market(instrument, 1e4, 1e-4, 30.0, WorldSpec(world)), limits, sandbox)


@pytest.mark.parametrize("world", ["book", "avellaneda-stoikov"])
@pytest.mark.parametrize("source", [STRATEGY, NUMERIC], ids=["template", "numeric"])
def test_lockdown_and_docker_play_the_same_episode(
    lockdown: Lockdown, contained: Docker, world: str, source: bytes
) -> None:
    def digest(sandbox: Sandbox) -> str:
        played = play_source(source, tape_of(at, 7), at, sandbox)
        assert (played.fault, played.breach) == ("", "")
        assert len(played.orders) > 0
        return played.digest

    at = venue(world, "lockdown")
    assert digest(lockdown) == digest(contained)


def test_a_pair_in_docker_scores_what_it_scores_in_lockdown(contained: Docker) -> None:
    here, there = (
        play_pair(STRATEGY, NUMERIC, 3, venue("book", name)) for name in ("lockdown", contained.name)
    )
    assert here == there
    sandbox_named(contained.name).close()
