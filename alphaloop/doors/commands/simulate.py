"""`alphaloop simulate`: one episode, in isolation, promoting nothing."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alphaloop.doors import isolating
from alphaloop.doors.printing import emit, tell

if TYPE_CHECKING:
    from alphaloop.doors.episode import Asked


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
    "--param", "params", multiple=True, metavar="NAME=VALUE", help="Another value for one of its parameters."
)
@click.option("--scenarios", is_flag=True, help="List the stresses with their parameters, and play nothing.")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Which search seed to play."
)
@click.option(
    "--plot", type=click.Path(path_type=Path), help="Draw the episode into this .svg, .png or .html."
)
@isolating.option
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(scenarios: bool, plot: Path | None, sandbox: str, as_json: bool, **asked: Any) -> None:
    """Play one episode and print its numbers."""
    from alphaloop.doors.episode import Asked

    if scenarios:
        _list(as_json)
        return
    wanted = Asked(**asked)
    if plot is not None:
        from alphaloop.doors.pictures import paper

        paper.refuse(plot)
    _play(wanted, plot, sandbox, as_json)


def _list(as_json: bool) -> None:
    from dataclasses import asdict

    from alphaloop.market.scenarios import SCENARIOS

    if as_json:
        listed = []
        for one in SCENARIOS.values():
            about = {"name": one.name, "sentence": one.sentence, "moves": one.moves, "way": one.way.value}
            listed.append(
                about | {"in_games": one.in_games, "parameters": [asdict(each) for each in one.parameters]}
            )
        emit({"scenarios": listed})
        return
    for one in SCENARIOS.values():
        click.echo(f"{one.name}\n  {one.sentence}\n  {one.effect}.")
        for parameter in one.parameters:
            click.echo(f"    {parameter}")


def _play(wanted: "Asked", plot: Path | None, sandbox: str, as_json: bool) -> None:
    from alphaloop import words
    from alphaloop.doors.episode import played
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell, seed=wanted.seed, sandbox=sandbox) as desk:
        shown, record = played(desk, wanted)
    journal = shown.journal
    if plot is not None:
        from alphaloop.doors.pictures import paper
        from alphaloop.doors.pictures.episode import drawn

        paper.save(drawn(shown), plot, shown.title)
        tell(f"drawn: {plot}")
    refused = Counter(str(refusal.cause) for refusal in journal.refusals)
    ended = journal.fault or journal.breach
    if as_json:
        numbers = {metric.name: metric.value for metric in record.metrics}
        facts: dict[str, Any] = {"metrics": numbers, "digest": journal.digest, "refused": refused}
        emit(facts | ({"ended": ended} if ended else {}))
    else:
        click.echo(words.episode_table(record.metrics, refused, journal.digest, ended))
    raise SystemExit(1 if ended else 0)
