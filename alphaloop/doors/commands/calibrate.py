"""`alphaloop calibrate`: a world that looks like a tape, and how much it does."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alphaloop.doors.printing import emit, tell

if TYPE_CHECKING:
    from alphaloop.facts.calibration import Calibration
    from alphaloop.market.calibration.comparison import Compared


@click.command()
@click.argument("tape", type=click.Path(path_type=Path))
@click.option("--world", help="regimes, book or bootstrap; what `init --tape` fits when left out.")
@click.option(
    "--plot", type=click.Path(path_type=Path), help="Draw the comparison into this .svg, .png or .html."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(tape: Path, world: str | None, plot: Path | None, as_json: bool) -> None:
    """Fit a world to a recording or a tape, and compare the two.

    Prints the figures of both with their distance, and the section `world` for market.yaml.
    """
    from alphaloop import words
    from alphaloop.doors.calibrating import calibrated
    from alphaloop.rules.constitution.writing import world_yaml

    if plot is not None:
        _refuse(plot)
    made = calibrated(tape, world, tell)
    if plot is not None:
        _draw(made, plot)
    if as_json:
        emit(_facts(made.calibration))
    else:
        click.echo(f"{words.calibration_table(made.calibration)}\n\n{world_yaml(made.calibration.world)}")


def _refuse(plot: Path) -> None:
    """Before anything is read, because fitting takes a while."""
    from alphaloop.doors.pictures import paper

    paper.refuse(plot)


def _draw(made: "Compared", plot: Path) -> None:
    from alphaloop.doors.pictures import paper
    from alphaloop.doors.pictures.calibration import drawn

    paper.save(drawn(made), plot, f"{made.calibration.tape} and world {made.calibration.world.name}")
    tell(f"drawn: {plot}")


def _facts(made: "Calibration") -> dict[str, object]:
    from alphaloop import words

    world = {"name": made.world.name, "params": dict(made.world.params)}
    if made.world.tape:
        world["tape"] = made.world.tape
    return {
        "tape": made.tape,
        "world": world,
        "tapes": made.tapes,
        "seconds": made.seconds,
        "matches": [{**asdict(match), "near": match.near} for match in made.matches],
        "summary": words.calibration_verdict(made),
    }
