"""Arenas that play: real files, real episodes, a truth that is known, and what an interrupt leaves."""

import ast
import re

import numpy as np
import pytest

from alphaloop.agents.arena.gates import LARGEST, OTHERS, OURS
from alphaloop.agents.arena.ground import TARGET, WORLDS, ground
from alphaloop.agents.arena.loops import Wanted, arena
from alphaloop.agents.arena.model import target_of, worth
from alphaloop.agents.arena.store import Stock, Store, mirrored, stocked
from alphaloop.checks.source import bytes_findings
from alphaloop.checks.static.table import rule_findings
from alphaloop.checks.subject import Subject
from alphaloop.errors import Misuse, SandboxUnavailable
from alphaloop.facts.episode import Pair, Score
from alphaloop.facts.finding import vetoes
from alphaloop.simulation.anchor.model import Game
from alphaloop.simulation.isolation import sandbox_named


@pytest.fixture(scope="module")
def isolated():
    try:
        sandbox_named("lockdown")
    except SandboxUnavailable as unavailable:
        pytest.skip(f"nothing isolates a strategy here: {unavailable}")


def params(source):
    return ast.literal_eval(re.search(r"PARAMS = (\{.*\})", source.decode())[1])


@pytest.mark.parametrize("world", WORLDS)
def test_the_files_of_an_arena_are_strategies_that_the_gate_would_let_pass(world):
    here = ground(world)
    for source in (here.standing, here.useless, *([here.good(0.3)] if world != "null" else [])):
        subject = Subject("strategy.py", source, None, here.venue.limits)
        assert vetoes(bytes_findings(subject)) == vetoes(rule_findings(subject)) == ()


def test_the_useless_proposal_is_the_mirror_image_of_what_stands():
    here = ground("avellaneda-stoikov")
    standing, useless = params(here.standing), params(here.useless)
    assert useless.pop("target") == -standing.pop("target") == -TARGET
    assert useless == standing


def test_an_effect_that_no_proposal_has_is_refused_before_anything_is_played():
    with pytest.raises(Misuse, match="no proposal of this world is better by 2"):
        stocked(ground("avellaneda-stoikov"), Stock(40, 40, 2.9, 1), 1, lambda words: None)


def test_a_target_lies_where_the_worth_first_reaches_the_effect():
    # Worth .1 a unit: .3 is reached three units above the lowest target.
    assert target_of(0.3, 4.0, lambda target: 0.1 * (target + 4.0)) == pytest.approx(-1.0)


def test_the_mirror_image_is_worth_nothing_in_the_model_and_less_risk_is_worth_something():
    def gain(target):
        return worth(Game(), 0.1, 0.1, ((0.7, TARGET), (0.7, target)))

    # Of 20,000 paths the error is .007.
    assert abs(gain(-TARGET)) < 0.025
    assert gain(0.0) > 0.3


def test_a_mirrored_pair_changes_sides_and_back():
    pair = Pair(1, Score(2.0, 2.0, 0.1, 1.0, 0.5, 3.0, "", "c"), Score(1.0, 1.0, 0.2, 2.0, 0.1, 4.0, "", "b"))
    assert mirrored(pair).gain == -pair.gain
    assert mirrored(pair).advantage("max_drawdown") == -pair.advantage("max_drawdown")
    assert mirrored(mirrored(pair)) == pair


def test_useless_pairs_are_dealt_mirrored_half_of_the_time_and_good_ones_as_they_are():
    base = Score(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, "", "b")
    pair = Pair(1, Score(1.0, 1.0, 0.0, 0.0, 0.0, 0.0, "", "c"), base)
    store = Store([pair], [pair])
    (useless,) = store.dealt(np.random.default_rng(1), 1, 0.0)
    (good,) = store.dealt(np.random.default_rng(1), 1, 1.0)
    assert (useless[0], good[0], len(useless[1]), len(good[1])) == (False, True, LARGEST, LARGEST)
    gains = [dealt.gain for dealt in useless[1]]
    assert set(gains) == {1.0, -1.0}
    assert abs(sum(gains)) < 4 * LARGEST**0.5
    assert {dealt.gain for dealt in good[1]} == {1.0}


def test_an_arena_counts_every_loop_for_every_gate(isolated, one_core):
    wanted = Wanted("avellaneda-stoikov", loops=2, proposals=4, share=0.5, effect=0.6, seed=1, pairs=40)
    made = arena(wanted, lambda words: None)
    assert [tally.gate for tally in made.tallies] == [OURS, *OTHERS]
    assert all(len(loop) == 4 for tally in made.tallies for loop in tally.loops)
    truth = [[one.good for one in loop] for loop in made.tallies[0].loops]
    assert all([[one.good for one in loop] for loop in tally.loops] == truth for tally in made.tallies)
    assert made.played == 80
    assert made.measured > 0.2
    assert abs(made.zero) < 0.6


def test_a_seed_plays_the_same_pairs_again_and_another_seed_others(isolated):
    here = ground("avellaneda-stoikov")
    first, again, other = (
        stocked(here, Stock(4, 0, None, seed), 1, lambda words: None).useless for seed in (1, 1, 2)
    )
    assert first == again
    assert not {pair.seed for pair in first} & {pair.seed for pair in other}


def test_an_interrupt_keeps_what_was_played_and_a_short_pilot_is_not_enough(isolated, monkeypatch):
    real = Pair(1, *(Score(float(side), 0.0, 0.0, 0.0, 0.0, 0.0, "", "x") for side in (1, 0)))

    def interrupted(after):
        def play(*asked):
            yield from [real] * after
            raise KeyboardInterrupt

        return play

    said = []
    monkeypatch.setattr("alphaloop.agents.arena.store.play_pairs", interrupted(50))
    store = stocked(ground("avellaneda-stoikov"), Stock(90, 0, None, 1), 1, said.append)
    assert len(store.useless) == 50
    assert any("interrupted" in words and "50 of 90" in words for words in said)
    monkeypatch.setattr("alphaloop.agents.arena.store.play_pairs", interrupted(39))
    with pytest.raises(KeyboardInterrupt):
        stocked(ground("avellaneda-stoikov"), Stock(90, 0, None, 1), 1, said.append)
