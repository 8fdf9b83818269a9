"""The canary: harm at once, doubt at the end, both taken back."""

import numpy as np
import pytest

from alphaloop.facts.judgement import Finish
from alphaloop.rules.canary import PAIRS, watch


def test_a_hard_limit_takes_it_back_at_once(a_pair):
    judgement = watch([a_pair(5.0), a_pair(5.0, breach="drawdown"), a_pair(5.0)], 1.0)
    assert judgement.finish is Finish.HARM
    assert judgement.pairs == 2


def test_a_fault_takes_it_back_at_once(a_pair):
    assert watch([a_pair(None, fault="time-out")], 1.0).finish is Finish.HARM


def test_clear_harm_is_seen_early(a_pair):
    judgement = watch([a_pair(-1.0)] * PAIRS, 1.0)
    assert judgement.finish is Finish.HARM
    assert judgement.pairs < 60


def test_it_is_not_confirmed_before_its_time(a_pair):
    assert watch([a_pair(5.0)] * (PAIRS - 1), 1.0).finish is Finish.GOING_ON


def test_no_difference_is_confirmed(a_pair):
    assert watch([a_pair(0.0)] * PAIRS, 1.0).finish is Finish.CONFIRMED


def test_a_loss_beyond_the_margin_is_never_confirmed(a_pair):
    assert watch([a_pair(-0.3)] * PAIRS, 1.0).finish in (Finish.INCONCLUSIVE, Finish.HARM)


@pytest.mark.parametrize("sd", [None])
def test_without_a_scale_it_is_inconclusive(a_pair, sd):
    assert watch([a_pair(0.0)] * PAIRS, sd).finish is Finish.INCONCLUSIVE


def test_without_deviation_one_worse_pair_is_inconclusive(a_pair):
    assert watch([a_pair(0.0)] * PAIRS, 0.0).finish is Finish.CONFIRMED
    assert watch([a_pair(-1e-9)] + [a_pair(0.0)] * PAIRS, 0.0).finish is Finish.INCONCLUSIVE


def test_a_release_without_numbers_is_harm(a_pair):
    assert watch([a_pair(None)] * PAIRS, 1.0).finish is Finish.HARM


def test_a_shadow_without_numbers_is_inconclusive(a_pair):
    pair = a_pair(1.0)
    from dataclasses import replace

    lacking = replace(pair, base=replace(pair.base, objective=None))
    judgement = watch([lacking] * PAIRS, 1.0)
    assert judgement.finish is Finish.INCONCLUSIVE
    assert judgement.missing == ("objective",)


def test_most_equal_releases_are_confirmed_and_worse_ones_hardly_ever(a_pair):
    random = np.random.default_rng(5)
    equal = [watch([a_pair(x) for x in random.normal(0.0, 1.0, PAIRS)], 1.0).finish for _ in range(60)]
    worse = [watch([a_pair(x) for x in random.normal(-0.5, 1.0, PAIRS)], 1.0).finish for _ in range(60)]
    assert equal.count(Finish.CONFIRMED) >= 50
    assert worse.count(Finish.CONFIRMED) == 0


def test_a_rare_ruin_that_clipping_hides_is_not_confirmed(a_pair):
    pairs = [a_pair(-200.0) if place == 150 else a_pair(0.2) for place in range(PAIRS)]
    judgement = watch(pairs, 1.0)
    assert judgement.evidence > 20
    assert judgement.finish is Finish.INCONCLUSIVE
