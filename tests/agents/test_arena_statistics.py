"""The arena's arithmetic: its quick twin of the rule, intervals, gates, and lives of drawn proposals."""

import math

import numpy as np
import pytest

from alphaloop.agents.arena import gates
from alphaloop.agents.arena.differences import KINDS
from alphaloop.agents.arena.swift import ended, neighbours
from alphaloop.agents.arena.synthetic import Drawn, lived, table
from alphaloop.facts.arena import Proposal, Tally, wilson
from alphaloop.facts.episode import Pair, Score
from alphaloop.facts.judgement import Finish
from alphaloop.rules import betting
from alphaloop.rules.blocks import neighbours as one_by_one
from alphaloop.rules.budget import BUDGET
from alphaloop.rules.wagers import PILOTS, scales_of


def pairs(gains):
    base = Score(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, "", "sha256:b")
    return [Pair(1, Score(gain, gain, 0.0, 0.0, 0.0, 0.0, "", "sha256:c"), base) for gain in gains]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("gain", [0.0, 0.3])
def test_the_quick_twin_ends_as_the_rule_does_and_after_as_many_pairs(kind, gain):
    random = np.random.default_rng(11)
    pilot, played = (KINDS[kind](random, (12, count)) + gain for count in (PILOTS, betting.CAP))
    levels = np.full(12, 0.001)
    swift = ended(pilot, played, levels, neighbours(pilot), 1)
    for row in range(12):
        judged = betting.judge(pairs(played[row].tolist()), scales_of(pairs(pilot[row].tolist())), 0.001)
        assert (swift.better[row], swift.pairs[row]) == (judged.finish is Finish.BETTER, judged.pairs)


def test_the_quick_twin_sees_the_same_neighbours():
    pilot = np.random.default_rng(5).standard_normal((20, PILOTS))
    assert neighbours(pilot) == pytest.approx([one_by_one(row.tolist()) for row in pilot])


@pytest.mark.parametrize("kind", KINDS)
def test_drawn_differences_have_no_mean_and_deviation_one(kind):
    drawn = KINDS[kind](np.random.default_rng(1), (200, 500))
    assert drawn.mean() == pytest.approx(0.0, abs=0.02)
    assert drawn.std() == pytest.approx(1.0, abs=0.12)


def test_the_interval_of_a_share_is_wilsons():
    # z = 1.95996: 0 of 10 gives z²/(n + z²) = 3.8415/13.8415; 5 of 10 the centre .5 and half of it by hand.
    assert wilson(0, 10) == pytest.approx((0.0, 0.27753), abs=1e-5)
    low, high = wilson(5, 10)
    assert low + high == pytest.approx(1.0)
    assert high - 0.5 == pytest.approx(1.95996 * math.sqrt(0.025 + 0.0096037) / 1.384146, abs=1e-5)
    assert wilson(0, 0) is None


def test_a_tally_counts_loops_and_not_promotions():
    good, missed = Proposal(True, True, 200), Proposal(True, False, 400)
    false, idle = Proposal(False, True, 90), Proposal(False, False, 80)
    tally = Tally("ours", ((good, false, false, idle), (missed, idle), (good, idle)))
    assert (tally.promoting_loops, tally.false_loops, tally.good, tally.found) == (2, 1, 3, 2)
    assert tally.power == pytest.approx(2 / 3)
    # Two of three promotions of the first loop are false, none elsewhere.
    assert tally.false_discovery_rate == pytest.approx(2 / 9)
    assert tally.pairs(good=True) == pytest.approx(800 / 3)
    assert tally.pairs(good=False) == pytest.approx((90 + 90 + 80 * 3) / 5)
    assert Tally("ours", ((idle,),)).power is None


def test_each_other_gate_promotes_what_its_users_do():
    clear, noise = np.full(100, 1.0) + np.tile([0.5, -0.5], 50), np.tile([1.0, -0.9], 50)
    assert [gate(clear, 1) for gate in gates.OTHERS.values()] == [True] * 4
    assert [gate(noise, 1) for gate in gates.OTHERS.values()] == [True, False, False, False]
    assert not any(gate(-clear, 1) for gate in gates.OTHERS.values())
    better_late = np.concatenate([np.full(50, -0.1), np.full(50, 1.0)]) + np.tile([0.5, -0.5], 50)
    assert gates.uncounted(better_late, 1)
    assert not gates.reused_hold_out(better_late, 1)
    barely = np.tile([1.0, -0.65], 50)
    assert gates.deflated(barely, 1)
    assert not gates.deflated(barely, 30), "thirty trials ask for more"
    assert not gates.deflated(np.full(100, 0.0), 1)


def test_our_gate_pays_for_every_proposal_and_is_paid_back_by_none():
    noise = np.random.default_rng(2).standard_normal(gates.LARGEST).tolist()
    clear = (np.random.default_rng(3).standard_normal(gates.LARGEST) + 1.0).tolist()
    told = list(gates.ours([(False, pairs(noise)), (True, pairs(clear)), (False, pairs([0.0] * 440))]))
    assert [one.promoted for one in told] == [False, True, False]
    assert told[2].finish is Finish.NO_TEST
    assert told[0].pairs < betting.CAP


def test_thirty_useless_proposals_are_promoted_in_at_most_a_twentieth_of_the_loops():
    for row in table(Drawn(200, 30, 0.0, 0.3, 1), lambda words: None):
        assert row.false_lives <= 0.05 * row.lives or row.kind.endswith("no blocks")
        assert row.pairs_useless < 145
        assert row.pairs_good is None


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_thousand_proposals_of_which_a_fifth_is_good_few_promotions_are_false(kind):
    row = lived(kind, KINDS[kind], Drawn(4, 1_000, 0.2, 0.3, 2))
    assert row.false_discovery_rate <= BUDGET
    assert row.found >= 0.7 * row.good


def test_a_thousand_attempts_on_noise_promote_no_more_than_the_budget_allows():
    row = lived("normal", KINDS["normal"], Drawn(40, 1_000, 0.0, 0.3, 3))
    # With 5 % of 40 lives, more than six are expected once in a hundred times.
    assert row.false_lives <= 6
    assert row.false_discovery_rate == row.false_lives / row.lives


def test_blocks_halve_what_neighbours_would_promote():
    drawn = Drawn(600, 30, 0.0, 0.3, 4)
    kind = "AR(1) 0.3"
    with_blocks, without = (lived(kind, KINDS[kind], drawn, blocks=blocks) for blocks in (True, False))
    assert with_blocks.false_lives < without.false_lives


def test_a_planted_effect_is_found_as_often_as_was_promised():
    row = lived("normal", KINDS["normal"], Drawn(300, 3, 1.0, 0.3, 5))
    assert row.found / row.good > 0.86
    assert row.pairs_good < 300
