"""`alphaloop simulate`: one episode, in isolation, promoting nothing."""

from collections import Counter
from pathlib import Path
from typing import Any

import click

from alphaloop.doors.printing import emit, tell


@click.command()
@click.option(
    "--strategy", type=click.Path(path_type=Path), help="A strategy file; main's strategy when left out."
)
@click.option(
    "--tape", type=click.Path(path_type=Path), help="A recording or a tape; its first whole episode."
)
@click.option("--world", help="Another world than market.yaml's.")
@click.option("--scenario", default="", help="A stress, such as flash_crash.")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Which search seed to play."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(
    strategy: Path | None, tape: Path | None, world: str | None, scenario: str, seed: int, as_json: bool
) -> None:
    """Play one episode and print its numbers."""
    from alphaloop import words
    from alphaloop.doors.episode import played
    from alphaloop.errors import Misuse
    from alphaloop.wiring import desk_at

    if tape is not None and world is not None:
        raise Misuse("--tape and --world are two markets: name one")
    with desk_at(Path(), tell, seed=seed) as desk:
        journal, record = played(desk, strategy, tape, world, scenario)
    refused = Counter(str(refusal.cause) for refusal in journal.refusals)
    ended = journal.fault or journal.breach
    if as_json:
        numbers = {metric.name: metric.value for metric in record.metrics}
        facts: dict[str, Any] = {"metrics": numbers, "digest": journal.digest, "refused": refused}
        emit(facts | ({"ended": ended} if ended else {}))
    else:
        click.echo(words.episode_table(record.metrics, refused, journal.digest, ended))
    raise SystemExit(1 if ended else 0)
