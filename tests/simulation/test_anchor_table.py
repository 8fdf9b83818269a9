"""The table of the anchor, as the product plays it."""

import ast
from dataclasses import replace

import pytest

from alphaloop.checks.source import bytes_findings
from alphaloop.checks.static.table import static_findings
from alphaloop.checks.subject import Subject
from alphaloop.errors import Broken, SandboxUnavailable
from alphaloop.facts.anchor import Anchor, AnchorRow, Figures
from alphaloop.simulation.anchor.model import Game
from alphaloop.simulation.anchor.paths import STRATEGIES, played, source_of, venue_of
from alphaloop.simulation.anchor.table import anchor
from alphaloop.simulation.isolation import sandbox_named
from alphaloop.words import anchor_table


@pytest.fixture(scope="module")
def made():
    """The whole table on few paths, and what was told meanwhile."""
    try:
        sandbox_named("lockdown")
    except SandboxUnavailable as unavailable:
        pytest.skip(f"nothing isolates a strategy here: {unavailable}")
    said = []
    return anchor((0.1, 0.01), 25, 3, said.append), said


@pytest.fixture
def row():
    figures = Figures(64.0, 6.0, 3.0, 62.0)
    return AnchorRow(
        gamma=0.1,
        strategy="inventory",
        paths=100,
        measured=figures,
        model=Figures(64.9, 6.5, 2.9, 62.8),
        errors=Figures(0.5, 0.25, 0.1, 0.4),
        published=None,
        ceiling=65.25,
    )


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_two_files_pass_the_products_own_rules(strategy):
    limits = venue_of(Game(), 0.1).limits
    subject = Subject("strategy.py", source_of(strategy, 0.1), None, limits)
    assert bytes_findings(subject) == ()
    assert static_findings(subject) == ()


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("gamma", [1.0, 0.01, 0.0001, 1 / 3])
def test_gamma_is_a_literal_of_the_file(strategy, gamma):
    tree = ast.parse(source_of(strategy, gamma))
    literals = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}
    assert ast.literal_eval(literals["PARAMS"])["gamma"] == gamma


def test_the_product_reproduces_the_game_on_few_paths(made):
    table, said = made
    assert [(row.gamma, row.strategy) for row in table.rows] == [
        (0.1, "inventory"),
        (0.1, "symmetric"),
        (0.01, "inventory"),
        (0.01, "symmetric"),
    ]
    assert table.holds
    assert [row.paths for row in table.rows] == [25] * 4
    assert said[-1] == "  gamma 0.01, symmetric: 25 of 25 paths"
    # Both play the same paths, so their profits are far closer than their errors say.
    inventory, symmetric = (row.measured for row in table.rows[:2])
    assert inventory.profit_sd < symmetric.profit_sd
    assert inventory.final_inventory_sd < symmetric.final_inventory_sd


def test_the_same_seed_gives_the_same_table(made):
    table, _ = made
    assert anchor((0.1,), 25, 3, lambda words: None).rows == table.rows[:2]
    assert anchor((0.1,), 5, 4, lambda words: None).rows != anchor((0.1,), 5, 3, lambda words: None).rows


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ((b"1.0)", b"2.0)"), "order_size"),
        ((b"quotes = []", b"raise ValueError(book.mid)"), "ValueError"),
    ],
)
def test_a_path_that_was_not_played_as_published_is_broken(made, change, why):
    source = source_of("inventory", 0.1)
    assert change[0] in source
    with pytest.raises(Broken, match=why):
        list(played(source.replace(*change), venue_of(Game(), 0.1), [1], cores=1))


def test_a_distance_is_told_in_standard_errors(row):
    assert row.distances == pytest.approx(
        {"profit_mean": -1.8, "profit_sd": -2.0, "final_inventory_sd": 1.0, "certainty_equivalent": -2.0}
    )
    assert row.holds
    assert row.gap == pytest.approx(3.25)


def test_one_figure_beyond_three_errors_breaks_the_row(row):
    errors = replace(row.errors, profit_sd=0.5 / 3.01)
    astray = replace(row, errors=errors)
    assert not astray.holds
    assert replace(row, errors=replace(row.errors, profit_sd=0.5 / 2.99)).holds
    words = anchor_table(Anchor((astray,), 0, 68.67))
    assert "NOT reproduced" in words
    assert "gamma 0.1, inventory: profit, deviation, -3.0" in words


def test_a_figure_without_an_error_is_shown_and_not_compared(row):
    open_ = replace(row, errors=replace(row.errors, certainty_equivalent=None))
    assert open_.distances["certainty_equivalent"] is None
    assert open_.holds
    assert "is not compared" in anchor_table(Anchor((open_,), 0, 68.67))


def test_a_table_without_rows_shows_nothing():
    assert not Anchor((), 0, 68.67).holds
