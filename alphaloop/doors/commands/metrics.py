"""`alphaloop metrics`: the four layers of main or of a kept run, with target, threshold and colour."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alphaloop.doors.printing import emit, tell

if TYPE_CHECKING:
    from alphaloop.doors.measuring import Measured
    from alphaloop.facts.metric import Record

COLOURS = {"meets": "green", "misses": "yellow", "beyond": "red", "missing": "bright_black"}
_FIELDS = ("name", "layer", "value", "unit", "target", "threshold", "status")


@click.command()
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Which search seeds to play."
)
@click.option("--run", "key", help="Measure a run that the store keeps, by the beginning of its key.")
@click.option(
    "--release", is_flag=True, help="Measure what the newest release played, beside its shadow in the canary."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(seed: int, key: str | None, release: bool, as_json: bool) -> None:
    """Measure main's strategy on search seeds; a number that no event carries is missing.

    What metrics/*.sql of the repository say of the same run is shown under the four layers.
    """
    from alphaloop.doors.measuring import measured
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell, seed=seed) as desk:
        found = measured(desk, key, release)
    if as_json:
        emit(_facts(found))
    else:
        _show(found)


def _show(found: "Measured") -> None:
    from alphaloop import words
    from alphaloop.market.metrics.health import health
    from alphaloop.market.metrics.layers import carriers

    coloured = _wants_colour()
    paint = _coloured if coloured else _plain
    overall = health(found.record)
    click.echo(words.metric_table(found.record, overall, carriers(), paint, found.beside), color=coloured)
    if found.extras:
        click.echo(f"\n{words.extra_table(found.extras)}")


def _facts(found: "Measured") -> dict[str, Any]:
    from dataclasses import asdict

    from alphaloop.facts.metric import OWNERS

    facts = _layers(found.record) | {"owners": OWNERS, "extra": [asdict(extra) for extra in found.extras]}
    if found.run:
        facts["run"] = found.run
    return facts if found.beside is None else facts | {"beside": _layers(found.beside)}


def _layers(record: "Record") -> dict[str, Any]:
    from alphaloop.market.metrics.health import health
    from alphaloop.market.metrics.layers import carriers

    carried_by = carriers()
    return {
        "metrics": [{field: getattr(metric, field) for field in _FIELDS} for metric in record.metrics],
        "missing": {one.name: carried_by[one.name] for one in record.metrics if one.value is None},
        "health": health(record),
        "rests_on": record.rests_on,
    }


def _wants_colour() -> bool:
    """Whether a person looks at it, and has not said that they want none: https://no-color.org."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _coloured(line: str, status: str) -> str:
    return click.style(line, fg=COLOURS[status]) if status in COLOURS else line


def _plain(line: str, status: str) -> str:
    return line
