"""The overfit probability: by hand, by a walk through all halvings, and where it must be missing."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Broken
from alphaloop.market.metrics.overfit import overfit_probability


def test_fourteen_of_twenty_halvings_by_hand() -> None:
    """Two candidates whose difference is 5, 1, 1, −1, −1, −1 an episode, 4 in all.

    A half that holds the 5 sums to 7 (1 way), 5 (6 ways) or 3 (3 ways), and the other half to −3, −1 or 1:
    the winner of the one loses the other in 7 of 10.  The halves without the 5 are the same ten mirrored:
    sums −3, −1 and 1 against 7, 5 and 3, so again 7 of 10.  14 / 20.
    """
    scores = np.array([[5.0, 1.0, 1.0, -1.0, -1.0, -1.0], [0.0] * 6])
    assert overfit_probability(scores) == pytest.approx(0.7)


def test_one_that_is_always_best_was_not_found_by_luck() -> None:
    noise = np.random.default_rng(1).normal(size=(9, 16))
    assert overfit_probability(np.vstack([noise, np.full(16, 9.0)])) == 0.0


@pytest.mark.parametrize("candidates", [2, 3, 4, 5])
def test_a_choice_among_equals_is_one_half_however_many_there_are(candidates) -> None:
    assert overfit_probability(np.ones((candidates, 8))) == 0.5


@pytest.mark.parametrize("candidates", [3, 10])
def test_noise_is_near_one_half(candidates) -> None:
    generator = np.random.default_rng(7)
    found = [overfit_probability(generator.normal(size=(candidates, 12))) for _ in range(100)]
    assert np.mean([value for value in found if value is not None]) == pytest.approx(0.5, abs=0.1)


def test_the_rows_are_the_candidates() -> None:
    """Transposed it is another number: one candidate leads in each of 16 episodes, and 16 do not."""
    scores = np.zeros((6, 16))
    scores[0] = np.arange(1.0, 17.0)
    assert overfit_probability(scores) == 0.0
    assert overfit_probability(scores.T) != 0.0


@pytest.mark.parametrize("shape", [(1, 16), (0, 0), (5, 5), (5, 0)])
def test_too_little_to_choose_from_or_to_halve_is_missing(shape) -> None:
    assert overfit_probability(np.ones(shape)) is None


@pytest.mark.parametrize("poison", [math.nan, math.inf])
def test_a_score_that_is_no_number_is_refused(poison) -> None:
    scores = np.ones((3, 6))
    scores[1, 2] = poison
    with pytest.raises(Broken, match="score of a candidate"):
        overfit_probability(scores)


@given(st.lists(st.lists(st.integers(-3, 3), min_size=8, max_size=8), min_size=2, max_size=5))
def test_it_is_what_a_walk_through_all_halvings_finds(rows) -> None:
    assert overfit_probability(np.array(rows, np.float64)) == pytest.approx(_walked(rows))


def _walked(rows: list[list[int]]) -> float:
    disappointed = 0.0
    halves = list(combinations(range(8), 4))
    for half in halves:
        inside = [sum(row[place] for place in half) for row in rows]
        outside = [sum(row[place] for place in range(8) if place not in half) for row in rows]
        best = outside[inside.index(max(inside))]
        below, beside = (sum(one < best for one in outside), sum(one == best for one in outside))
        rank, median = below + (beside + 1) / 2, (len(rows) + 1) / 2
        disappointed += 1.0 if rank < median else 0.5 * (rank == median)
    return disappointed / len(halves)
