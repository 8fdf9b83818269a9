"""`alphaloop metrics`: the four layers of main's strategy, with targets."""

from dataclasses import asdict
from pathlib import Path

import click

from alphaloop.doors.printing import emit, tell


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
    from alphaloop.market.metrics.health import health
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell, seed=seed) as desk:
        refuse_without_keys(desk)
        record = measure_main(desk)
    overall = health(record)
    if as_json:
        emit(
            {
                "metrics": [asdict(metric) for metric in record.metrics],
                "health": overall,
                "rests_on": record.rests_on,
            }
        )
    else:
        click.echo(words.metric_table(record, overall))
