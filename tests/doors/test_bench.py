"""`alphaloop bench avellaneda-stoikov`: what goes in, what comes out, and when it is a failure."""

import json

import pytest

from alphaloop.errors import SandboxUnavailable
from alphaloop.simulation.isolation import sandbox_named

BENCH = ("bench", "avellaneda-stoikov")
FIGURES = ("profit_mean", "profit_sd", "final_inventory_sd", "certainty_equivalent")
UNLUCKY_SEED = 18
"""Found by trying: its three paths lie 3.8 standard errors away, as honest luck has it once in a while."""


@pytest.fixture
def bench(door, tmp_path):
    try:
        sandbox_named("lockdown")
    except SandboxUnavailable as unavailable:
        pytest.skip(f"nothing isolates a strategy here: {unavailable}")
    return lambda *words: door(tmp_path, *BENCH, *words)


@pytest.mark.parametrize(
    "words",
    [
        ("--paths", 1),
        ("--paths", "many"),
        ("--gamma", 0),
        ("--gamma", 1.5),
        ("--gamma", "nan"),
        ("--seed", -1),
    ],
)
def test_numbers_that_make_no_game_are_refused(door, tmp_path, words):
    answer = door(tmp_path, *BENCH, *words)
    assert (answer.code, answer.out) == (2, "")
    assert words[0] in answer.err


def test_another_publication_is_answered_with_what_there_is(door, tmp_path):
    answer = door(tmp_path, "bench", "glosten-milgrom")
    assert answer.code == 2
    assert "glosten-milgrom" in answer.err


def test_the_table_as_data(bench):
    answer = bench("--paths", 12, "--gamma", 0.1, "--gamma", 0.1, "--json")
    table = json.loads(answer.out)
    assert answer.code == 0
    assert [(row["gamma"], row["strategy"], row["paths"]) for row in table["rows"]] == [
        (0.1, "inventory", 12),
        (0.1, "symmetric", 12),
    ]
    for row in table["rows"]:
        assert all(isinstance(row[figure], float) for figure in FIGURES)
        assert row["ceiling"] == pytest.approx(65.25, abs=0.005)
        assert row["below_ceiling"] == pytest.approx(row["ceiling"] - row["certainty_equivalent"])
    assert table["rows"][0]["model"]["certainty_equivalent"] == pytest.approx(62.79, abs=0.005)
    assert table["risk_neutral_bound"] == pytest.approx(68.67, abs=0.005)
    assert table["holds"] is True


def test_the_table_for_people_says_the_verdict_in_words(bench):
    answer = bench("--paths", 12, "--gamma", 0.1)
    assert answer.code == 0
    assert "no certainty equivalent is above 65.25" in answer.out
    assert "the model's lies 2.46 below" in answer.out
    assert answer.out.rstrip().endswith(
        "Reproduced: every figure lies within 3 standard errors of the model's own."
    )
    assert "gamma 0.1, symmetric: 12 of 12 paths" in answer.err


def test_a_figure_too_far_away_is_exit_code_one(bench):
    answer = bench("--paths", 3, "--gamma", 0.1, "--seed", UNLUCKY_SEED)
    assert answer.code == 1
    assert "NOT reproduced: further than 3 standard errors from the model's own are gamma 0.1, " in answer.out
