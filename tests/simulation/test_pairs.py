"""Pairs in the real sandbox: fair, in order, and the same wherever they are played."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from alphaloop.errors import Misuse, SandboxUnavailable
from alphaloop.facts.market import Limits
from alphaloop.simulation.isolation import sandbox_named
from alphaloop.simulation.pairs import play_pair, play_pairs
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue, tape_of

SOURCE = """
from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": %s}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]

    def on_book(self, book):
        away = book.mid * self.half_spread_bps * 1e-4
        quotes = []
        if book.position + 1 <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - away, 1.0))
        if book.position - 1 >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + away, 1.0))
        return quotes
"""
NARROW, WIDE = (SOURCE % "3.0").encode(), (SOURCE % "6.0").encode()


@pytest.fixture(scope="module")
def venue(market, limits):
    try:
        sandbox_named("lockdown")
    except SandboxUnavailable as error:
        pytest.skip(f"no lockdown here: {error}")
    return Venue(market, limits, "lockdown")


def test_an_unknown_sandbox_or_scenario_is_refused(market, limits):
    with pytest.raises(Misuse, match="choose lockdown, docker or unsafe"):
        sandbox_named("chroot")
    with pytest.raises(Misuse, match="did you mean 'flash_crash'"):
        Venue(market, limits, "lockdown", "flash_crush")


def test_a_strategy_that_cannot_be_made_scores_nothing_and_says_why(venue):
    pair = play_pair(b"import does_not_exist", NARROW, 1, venue)
    assert pair.gain is None
    assert pair.candidate.fault
    assert pair.base.objective is not None
    assert not pair.base.fault


def test_a_strategy_that_fails_on_the_way_scores_nothing_and_says_where(venue):
    opening = b"        quotes = []\n"
    failing = NARROW.replace(
        opening, opening + b"        quotes[0 if book.time > 1_700_000_012 else slice(0)]\n"
    )
    pair = play_pair(failing, NARROW, 1, venue)
    assert pair.candidate.objective is None
    assert "IndexError" in pair.candidate.fault


def test_a_strategy_against_itself_is_a_draw(venue):
    pair = play_pair(NARROW, NARROW, 5, venue)
    assert pair.candidate == pair.base
    assert pair.gain == 0.0


def test_pairs_come_in_the_order_of_their_seeds_and_do_not_depend_on_the_cores(venue):
    seeds = [11, 3, 7, 5, 2, 13, 17, 1, 19]
    alone = list(play_pairs(WIDE, NARROW, seeds, venue, cores=1))
    together = list(play_pairs(WIDE, NARROW, seeds, venue, cores=2))
    assert [pair.seed for pair in alone] == seeds
    assert alone == together
    assert all(pair.gain is not None for pair in alone)


def test_a_test_that_stops_early_leaves_the_rest_unplayed(venue):
    asked = []

    class Seeds(list):
        def __iter__(self):
            for seed in list.__iter__(self):
                asked.append(seed)
                yield seed

    pairs = play_pairs(WIDE, NARROW, Seeds([1, 2, 3, 4]), venue, cores=1)
    next(pairs)
    pairs.close()
    assert asked == [1]


def test_a_scenario_changes_the_tape(venue):
    crash = replace(venue, scenario="flash_crash")
    assert tape_of(crash, 1).digest() != tape_of(venue, 1).digest()
    assert play_pair(WIDE, NARROW, 1, crash).base.digest != play_pair(WIDE, NARROW, 1, venue).base.digest


@pytest.mark.parametrize("hash_seed", ["0", "123"])
def test_the_digest_is_the_same_in_another_process_with_another_hash_seed(venue, hash_seed):
    here = play_source(NARROW, tape_of(venue, 4), venue)
    program = (
        "import sys, json\n"
        "from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec\n"
        "from alphaloop.simulation.side import play_source\n"
        "from alphaloop.simulation.venue import Venue, tape_of\n"
        "source, limits = json.loads(sys.stdin.read())\n"
        "market = Market(Instrument('SYN', 0.01, 0.001, 0.0, 5.0), 10_000.0, 1e-4, 20.0, WorldSpec('book'))\n"
        "venue = Venue(market, Limits(**limits), 'lockdown')\n"
        f"print(play_source(source.encode(), tape_of(venue, 4), venue, hash_seed={hash_seed}).digest)\n"
    )
    limits = {name: getattr(venue.limits, name) for name in Limits.__dataclass_fields__}
    there = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps([NARROW.decode(), limits]),
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert there.stdout.strip() == here.digest
