"""`alphaloop bench`: published results, reproduced with the product's own parts."""

import math
from dataclasses import asdict
from typing import Any

import click

from alphaloop.doors.printing import emit, tell
from alphaloop.facts.anchor import Anchor, AnchorRow


@click.group()
def command() -> None:
    """Play what others have published, and compare with what it must come to."""


@command.command("avellaneda-stoikov", short_help="The market maker's game of Avellaneda and Stoikov (2008).")
@click.option(
    "--paths", type=click.IntRange(2, 1_000_000), default=1_000, show_default=True, help="Games of each row."
)
@click.option(
    "--gamma",
    "gammas",
    type=click.FloatRange(1e-4, 1.0),
    multiple=True,
    default=(0.1, 0.01),
    show_default=True,
    help="Risk aversion, 1 / quote currency; may be given again.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Which games are drawn.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def avellaneda_stoikov(paths: int, gammas: tuple[float, ...], seed: int, as_json: bool) -> None:
    """Reproduce Avellaneda and Stoikov's table (2008) and tell the distance to the best possible.

    Their inventory strategy and the symmetric one are strategy files, isolated and played as any other
    through the exchange with fills by chance.  Exit code 1 when a figure lies further than three standard
    errors from what infinitely many paths of the model come to.
    """
    from alphaloop import words
    from alphaloop.simulation.anchor.table import anchor

    made = anchor(_finite(gammas), paths, seed, tell)
    if as_json:
        emit(_facts(made))
    else:
        click.echo(words.anchor_table(made))
    raise SystemExit(0 if made.holds else 1)


def _finite(gammas: tuple[float, ...]) -> tuple[float, ...]:
    """Each once; NaN is inside every range, because no comparison with it is true."""
    if any(math.isnan(gamma) for gamma in gammas):
        raise click.BadParameter("nan is no risk aversion; it lies from 0.0001 to 1", param_hint="'--gamma'")
    return tuple(dict.fromkeys(gammas))


def _facts(made: Anchor) -> dict[str, Any]:
    return {
        "rows": [_row(row) for row in made.rows],
        "seed": made.seed,
        "risk_neutral_bound": made.risk_neutral,
        "holds": made.holds,
    }


def _row(row: AnchorRow) -> dict[str, Any]:
    return {
        "gamma": row.gamma,
        "strategy": row.strategy,
        "paths": row.paths,
        **dict(row.measured.named()),
        "standard_errors": dict(row.errors.named()),
        "model": dict(row.model.named()),
        "published": None if row.published is None else asdict(row.published),
        "distances": row.distances,
        "ceiling": row.ceiling,
        "below_ceiling": row.gap,
        "holds": row.holds,
    }
