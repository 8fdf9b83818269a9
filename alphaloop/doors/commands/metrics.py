"""`alphaloop metrics`: the four layers of main's strategy, with target, threshold and colour."""

import os
import sys
from pathlib import Path

import click

from alphaloop.doors.printing import emit, tell

COLOURS = {"meets": "green", "misses": "yellow", "beyond": "red", "missing": "bright_black"}


@click.command()
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Which search seeds to play."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(seed: int, as_json: bool) -> None:
    """Measure main's strategy on search seeds; a number that no event carries is missing."""
    from alphaloop import words
    from alphaloop.agents.data import measure_main
    from alphaloop.doors.whoami import refuse_without_keys
    from alphaloop.facts.metric import OWNERS
    from alphaloop.market.metrics.health import health
    from alphaloop.market.metrics.layers import carriers
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell, seed=seed) as desk:
        refuse_without_keys(desk)
        record = measure_main(desk)
    overall, carried_by = health(record), carriers()
    if not as_json:
        coloured = _wants_colour()
        paint = _coloured if coloured else _plain
        click.echo(words.metric_table(record, overall, carried_by, paint), color=coloured)
        return
    fields = ("name", "layer", "value", "unit", "target", "threshold", "status")
    emit(
        {
            "metrics": [{field: getattr(metric, field) for field in fields} for metric in record.metrics],
            "owners": OWNERS,
            "missing": {one.name: carried_by[one.name] for one in record.metrics if one.value is None},
            "health": overall,
            "rests_on": record.rests_on,
        }
    )


def _wants_colour() -> bool:
    """Whether a person looks at it, and has not said that they want none: https://no-color.org."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _coloured(line: str, status: str) -> str:
    return click.style(line, fg=COLOURS[status]) if status in COLOURS else line


def _plain(line: str, status: str) -> str:
    return line
