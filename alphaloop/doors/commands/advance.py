"""`alphaloop advance`: the steps that are unlocked, and nothing that nobody asked for."""

from pathlib import Path

import click

from alphaloop.doors import isolating
from alphaloop.doors.printing import emit, tell


@click.command()
@isolating.option
@click.option("--unsafe", is_flag=True, help="Run strategies without isolation; such evidence never merges.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a step on standard output.")
def command(sandbox: str, unsafe: bool, as_json: bool) -> None:
    """Review, decide, merge, watch, take back: whatever is unlocked on any pull request, at most eight steps.

    Safe at any time, any number of times, and at several places at once.  It begins no turn of its own.
    """
    from alphaloop import loop, words
    from alphaloop.doors.whoami import refuse_without_keys
    from alphaloop.wiring import desk_at

    steps = 0
    with desk_at(Path(), tell, sandbox=isolating.chosen(sandbox, unsafe)) as desk:
        refuse_without_keys(desk)
        for done in loop.advance(desk):
            steps += 1
            if as_json:
                emit({"step": done.todo.step, "pr": done.todo.change or None, "words": done.words})
            else:
                click.echo(words.step_line(done))
    if not steps and not as_json:
        click.echo("nothing is unlocked: `alphaloop pr list` says what waits, and for whom")
