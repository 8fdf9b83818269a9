"""The game as mathematics: what a rule comes to, and what the best of all rules does."""

import math
from itertools import product
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alphaloop.errors import Broken
from alphaloop.simulation.anchor import ceiling
from alphaloop.simulation.anchor.ceiling import best
from alphaloop.simulation.anchor.exact import exact
from alphaloop.simulation.anchor.model import Game, formula

GAME = Game()
SHORT = Game(steps=3, move=0.8, chance=0.7, decay=1.5, limit=2)


def test_the_ceiling_at_a_tenth_is_65_25_and_the_formula_reaches_62_79():
    assert best(GAME, 0.1).certainty_equivalent == pytest.approx(65.25, abs=0.005)
    own = exact(GAME, formula(GAME, 0.1, leaning=True), 0.1).figures.certainty_equivalent
    assert own == pytest.approx(62.79, abs=0.005)


@pytest.mark.parametrize(
    ("gamma", "leaning", "mean", "sd", "left"),
    [
        (0.1, True, 64.90, 6.54, 2.93),
        (0.1, False, 68.0, 13.27, 8.40),
        (0.01, True, 68.39, 8.97, 5.22),
        (0.01, False, 68.64, 13.65, 8.71),
    ],
)
def test_two_hundred_thousand_drawn_paths_say_the_same(gamma, leaning, mean, sd, left):
    """Figures drawn by another program: within three standard errors, and the rounding of what it wrote."""
    model = exact(GAME, formula(GAME, gamma, leaning), gamma)
    errors = model.errors(200_000)
    assert model.figures.profit_mean == pytest.approx(mean, abs=3 * errors.profit_mean + 0.005)
    assert model.figures.profit_sd == pytest.approx(sd, abs=3 * errors.profit_sd + 0.005)
    assert model.figures.final_inventory_sd == pytest.approx(left, abs=3 * errors.final_inventory_sd + 0.005)


def test_no_mean_profit_is_above_the_risk_neutral_bound():
    assert GAME.risk_neutral == pytest.approx(2 * 140 / (1.5 * math.e))
    # At 1/k from the mid each side of each step earns the most; the limit of 50 costs next to nothing.
    constant = np.full(len(GAME.inventories), 1 / 1.5)
    reached = exact(GAME, lambda left: (constant, constant), 0.1).figures.profit_mean
    assert GAME.risk_neutral - 1e-4 < reached <= GAME.risk_neutral


@pytest.mark.parametrize("gamma", [0.0001, 0.01, 0.1, 1.0])
def test_the_best_quotes_reach_the_ceiling_when_they_are_played(gamma):
    found = best(GAME, gamma)
    played = exact(GAME, found.quotes, gamma).figures.certainty_equivalent
    assert played == pytest.approx(found.certainty_equivalent, abs=1e-6)
    assert found.certainty_equivalent < GAME.risk_neutral


@settings(max_examples=40)
@given(
    gamma=st.floats(0.01, 1.0),
    away=st.floats(-0.3, 3.0),
    lean=st.floats(-1.0, 1.0),
    steps=st.integers(1, 12),
)
def test_no_linear_rule_is_ever_above_the_ceiling(gamma, away, lean, steps):
    game = Game(steps=steps, move=0.5, chance=0.7, decay=1.5, limit=4)
    held = game.inventories
    rule = (np.full(len(held), away) + lean * held, np.full(len(held), away) - lean * held)
    reached = exact(game, lambda left: rule, gamma).figures.certainty_equivalent
    assert reached <= best(game, gamma).certainty_equivalent + 1e-9


GRID = np.arange(-0.3, 3.0, 0.02)
BIDS, ASKS = np.meshgrid(GRID, GRID, indexing="ij")


def chance(away, allowed):
    return np.minimum(1.0, 0.7 * np.exp(-1.5 * away)) * allowed


def tried(gamma, held, later):
    """The least mean loss of one step over every pair of distances, and the pair; `later` by inventory."""
    total = np.zeros_like(BIDS)
    buys, sells = chance(BIDS, held < 2), chance(ASKS, held > -2)
    for bought, sold, move in product((0, 1), (0, 1), (-0.8, 0.8)):
        after = held + bought - sold
        likely = 0.5 * (buys if bought else 1 - buys) * (sells if sold else 1 - sells)
        gained = bought * BIDS + sold * ASKS + after * move
        total += likely * np.exp(-gamma * gained) * later.get(after, 0.0)
    place = np.unravel_index(total.argmin(), total.shape)
    return float(total[place]), float(BIDS[place]), float(ASKS[place])


def test_trying_every_pair_of_quotes_finds_the_same_ceiling():
    """Backwards over three steps, each on a grid of distances; outcome by outcome, and nothing derived."""
    gamma, losses = 1.0, dict.fromkeys(range(-2, 3), 1.0)
    found = best(SHORT, gamma)
    for left in (1, 2, 3):
        made = {held: tried(gamma, held, losses) for held in losses}
        losses = {held: loss for held, (loss, _, _) in made.items()}
        bids, asks = found.quotes(left)
        # At the limit there is no quote to compare.
        assert bids[:4] == pytest.approx([made[held][1] for held in range(-2, 2)], abs=0.03)
        assert asks[1:] == pytest.approx([made[held][2] for held in range(-1, 3)], abs=0.03)
    on_the_grid = -math.log(losses[0]) / gamma
    assert on_the_grid <= found.certainty_equivalent < on_the_grid + 1e-3


def test_following_every_path_of_a_short_game_gives_the_same_figures():
    gamma, policy = 0.5, formula(SHORT, 0.5, leaning=True)
    ends = []
    for outcomes in product(product((0, 1), (0, 1), (-0.8, 0.8)), repeat=3):
        likely, held, earned = 1.0, 0, 0.0
        for left, (bought, sold, move) in zip((3, 2, 1), outcomes, strict=True):
            bid, ask = (float(away[held + 2]) for away in policy(left))
            buys, sells = float(chance(bid, held < 2)), float(chance(ask, held > -2))
            likely *= 0.5 * (buys if bought else 1 - buys) * (sells if sold else 1 - sells)
            if likely == 0.0:
                break
            held += bought - sold
            earned += bought * bid + sold * ask + held * move
        else:
            ends.append((likely, earned, held))
    chances, earned, left = np.array(ends).T
    assert chances.sum() == pytest.approx(1.0)

    def around(values, power):
        return float(chances @ (values - chances @ values) ** power)

    model = exact(SHORT, policy, gamma)
    figures = model.figures
    assert figures.profit_mean == pytest.approx(float(chances @ earned))
    assert figures.profit_sd == pytest.approx(around(earned, 2) ** 0.5)
    assert figures.final_inventory_sd == pytest.approx(around(left, 2) ** 0.5)
    assert model.profit_kurtosis == pytest.approx(around(earned, 4) / around(earned, 2) ** 2)
    assert model.inventory_kurtosis == pytest.approx(around(left, 4) / around(left, 2) ** 2)
    utility = np.exp(-gamma * earned)
    assert figures.certainty_equivalent == pytest.approx(-math.log(chances @ utility) / gamma)
    assert model.excess == pytest.approx(math.log(chances @ utility**2 / (chances @ utility) ** 2))


def test_standard_errors_are_those_of_repeated_draws():
    """Four hundred paths at a time from the exact distribution of a one-step game, 4,000 times."""
    game, gamma = Game(steps=1, move=0.5, limit=3), 0.3
    away = np.full(7, 0.4)
    errors = exact(game, lambda left: (away, away), gamma).errors(400)
    drawn = np.random.Generator(np.random.PCG64(11))
    chance = 0.7 * math.exp(-1.5 * 0.4)
    bought, sold = (drawn.random((4_000, 400)) < chance for _ in range(2))
    left = bought.astype(float) - sold
    moves = np.where(drawn.random((4_000, 400)) < 0.5, 0.5, -0.5)
    profits = 0.4 * (bought.astype(float) + sold) + left * moves
    equivalents = -np.log(np.exp(-gamma * profits).mean(axis=1)) / gamma
    for error, figures in (
        (errors.profit_mean, profits.mean(axis=1)),
        (errors.profit_sd, profits.std(axis=1, ddof=1)),
        (errors.final_inventory_sd, left.std(axis=1, ddof=1)),
        (errors.certainty_equivalent, equivalents),
    ):
        # 4,000 draws know a deviation to 1.1 %.
        assert figures.std() == pytest.approx(error, rel=0.05)


def test_a_certainty_equivalent_that_hangs_on_rare_ruin_has_no_error():
    settled, open_ = (exact(GAME, formula(GAME, 0.1, leaning), 0.1) for leaning in (True, False))
    assert settled.errors(1_000).certainty_equivalent == pytest.approx(0.2246, abs=1e-3)
    assert open_.errors(1_000_000).certainty_equivalent is None


def test_the_best_quotes_mirror_each_other():
    found = best(GAME, 0.1)
    assert found.bids == pytest.approx(found.asks[:, ::-1], abs=1e-9)


def test_with_one_step_to_go_nothing_leans_more_than_one_move_asks():
    """Without inventory the best distance is between 1/k, the risk-neutral one, and a little more."""
    found = best(GAME, 0.1)
    assert 1 / 1.5 - 0.05 < found.bids[0][GAME.limit] < 1 / 1.5 + 0.05
    assert fmean(np.diff(found.bids[0][40:60])) > 0


def test_a_search_that_does_not_settle_is_broken(monkeypatch):
    monkeypatch.setattr(ceiling, "TURNS", 1)
    with pytest.raises(Broken, match="not found in 1 turns"):
        best(GAME, 0.1)
