"""Whether pairs are bet on one by one or five at a time: the pilot says, and nothing that is judged."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.facts.episode import GUARDS
from alphaloop.facts.evidence import Scales
from alphaloop.facts.judgement import Finish
from alphaloop.rules.betting import judge
from alphaloop.rules.blocks import ALONE, BLOCK, block_of, block_sd, line, neighbours, pooled
from alphaloop.rules.entries.fields import Fields
from alphaloop.rules.entries.opened import test_opened as opened
from alphaloop.rules.entries.scales import scales_body, scales_in
from alphaloop.rules.pilots import false_pilots, with_earlier
from alphaloop.rules.power import smallest_effect_sd
from alphaloop.rules.wagers import PILOTS, STRETCH, scales_of, stretch

LEVEL = 5e-5


def test_an_impossible_correlation_is_refused_at_birth(scales):
    with pytest.raises(ValueError, match="correlation"):
        replace(scales, neighbours=1.5)


@pytest.mark.parametrize("gains", [[], [1.0], [1.0, 2.0], [3.0] * 40])
def test_without_deviation_or_neighbours_there_is_no_correlation(gains):
    assert neighbours(gains) == 0.0


def test_the_correlation_is_that_of_each_gain_with_the_next():
    # Mean 2.5; deviations −1.5, −.5, .5, 1.5: (.75 − .25 + .75) / (2.25 + .25 + .25 + 2.25) = 1.25 / 5.
    assert neighbours([1.0, 2.0, 3.0, 4.0]) == pytest.approx(0.25)
    # Deviations 2, −4, 2 thirds: (−8 − 8) / (4 + 16 + 4), however large the numbers.
    assert neighbours([1e308, -1e308, 1e308]) == pytest.approx(-2 / 3)


def test_the_pilot_alone_switches_to_blocks(a_pair):
    away = [1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0] * 5
    assert len(away) == PILOTS
    assert block_of(scales_of([a_pair(gain) for gain in away])) == BLOCK
    assert block_of(scales_of([a_pair((-1.0) ** place) for place in range(PILOTS)])) == 1


def test_of_independent_pilots_one_in_twenty_switches():
    random = np.random.default_rng(3)
    found = [neighbours(random.standard_normal(PILOTS).tolist()) > ALONE for _ in range(4_000)]
    assert 0.035 < np.mean(found) < 0.065


def test_a_block_without_correlation_would_have_the_deviation_of_a_mean_of_five(scales):
    # r = .24 + (1 + .72)/40 = .283; 1 + 2 (.8 r + .6 r² + .4 r³ + .2 r⁴) = 1.5699; over 5, its root.
    assert block_sd(replace(scales, neighbours=0.24)) == pytest.approx((1.5699 / 5) ** 0.5, rel=1e-3)
    assert block_sd(scales) == 1.0
    assert stretch(scales) == STRETCH


def test_a_block_counts_once_it_is_full_and_as_its_mean(scales, a_pair):
    blocks = replace(scales, neighbours=0.3)
    gains = [0.5, -0.5, 2.0, 0.0, 0.5]
    assert judge([a_pair(gain) for gain in gains[:4]], blocks, LEVEL).evidence == 1.0
    whole = judge([a_pair(gain) for gain in gains], blocks, LEVEL)
    x = 0.5 / stretch(blocks)
    assert whole.evidence == pytest.approx(sum(1 + stake * x for stake in (0.10, 0.17, 0.24)) / 3)
    assert judge([a_pair(0.5)] * 5, blocks, LEVEL).evidence == whole.evidence


def test_a_breach_in_the_middle_of_a_block_ends_the_test_at_once(scales, a_pair):
    blocks = replace(scales, neighbours=0.3)
    judged = judge([a_pair(1.0), a_pair(1.0, breach="drawdown"), a_pair(1.0)], blocks, LEVEL)
    assert (judged.finish, judged.pairs) == (Finish.HARM, 2)


def test_one_number_that_the_candidate_lacks_makes_its_block_the_worst(scales, a_pair):
    blocks = replace(scales, neighbours=0.3)
    lacking = judge([a_pair(9.0)] * 4 + [a_pair(None)], blocks, LEVEL)
    assert lacking.evidence == pytest.approx(sum(1 - 4 * stake for stake in (0.10, 0.17, 0.24)) / 3)


def test_a_clear_gain_is_better_in_blocks_too_and_the_power_is_told(scales, a_pair):
    blocks = replace(scales, neighbours=0.3)
    judged = judge([a_pair(1.0)] * 400, blocks, LEVEL)
    assert judged.finish is Finish.BETTER
    assert judged.pairs % BLOCK == 0
    assert smallest_effect_sd(LEVEL, 400, blocks) > smallest_effect_sd(LEVEL, 400, scales)


def test_many_pilots_see_what_one_cannot_and_the_line_falls_with_them(scales):
    # (4 × .15 + .1)/5 = .14, above .23/√5 = .103; alone, .1 is far below .23.
    many = replace(scales, neighbours=0.1, earlier=4, earlier_neighbours=0.15)
    assert pooled(many) == pytest.approx(0.14)
    assert (block_of(many), block_of(replace(scales, neighbours=0.1))) == (BLOCK, 1)
    assert (line(1), line(4), line(1_000)) == (ALONE, pytest.approx(0.115), 0.1)
    few = replace(scales, neighbours=0.4, earlier=40, earlier_neighbours=-0.02)
    assert block_of(few) == 1, "one pilot in twenty shows as much by luck"


def test_a_ledger_tells_every_test_of_the_other_pilots_before_it(ledger, a_change, scales):
    for number, correlation in enumerate((0.3, 0.1, 0.2)):
        plays = f"sha256:{number}"
        own = with_earlier(replace(scales, neighbours=correlation), ledger.entries, plays)
        ledger.add(opened(ledger.entries, a_change(head=str(number) * 40), 5e-5, 0, own, plays))
    assert (own.earlier, own.earlier_neighbours) == (2, pytest.approx(0.2))
    assert false_pilots(ledger.entries) == ()
    again = with_earlier(own, ledger.entries, "sha256:2")
    assert again == own, "the same contest is no other pilot"
    silent = replace(own, earlier=0, earlier_neighbours=0.0)
    ledger.add(opened(ledger.entries, a_change(head="7" * 40), 5e-5, 0, silent, "sha256:new"))
    assert [test.number for test in false_pilots(ledger.entries)] == [4]


FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(FINITE, max_size=60))
def test_the_correlation_is_always_one(gains):
    assert -1 <= neighbours(gains) <= 1


@given(
    st.lists(st.one_of(st.none(), FINITE), max_size=30), FINITE.filter(lambda sd: sd > 0), st.floats(0.3, 1)
)
def test_blocks_of_any_finite_numbers_are_always_judged(scales, a_pair, gains, sd, beside):
    hostile = replace(scales, objective=sd, neighbours=beside, pilots=0, guards=dict.fromkeys(GUARDS, sd))
    judged = judge([a_pair(gain, markout_1s=gain) for gain in gains], hostile, 0.05)
    assert 0 <= judged.evidence < float("inf")


@pytest.mark.parametrize("more", [{"pilots": -1}, {"earlier": -1}, {"earlier": 10**400}])
def test_pilots_that_nobody_played_are_refused_at_birth(scales, more):
    with pytest.raises(ValueError, match="pilots count"):
        replace(scales, **more)


@given(st.floats(-1, 1), st.one_of(st.none(), st.floats(0, 1e9)))
def test_scales_always_read_back_as_they_were_written(scales, beside, sd):
    written = replace(scales, neighbours=beside, objective=sd)
    assert scales_in(Fields(scales_body(written), "here")) == written
    assert isinstance(written, Scales)
