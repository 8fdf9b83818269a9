"""`alphaloop resume`: ends a stop, with a registered human's own signature."""

from pathlib import Path

import click

from alphaloop.doors.printing import tell


@click.command()
@click.argument("reason", default="")
@click.option("--as", "login", help="Who you are, where several people's keys lie.")
def command(reason: str, login: str | None) -> None:
    """Let the desk go on after a stop.  REASON is kept in the ledger."""
    from alphaloop.agents import sre
    from alphaloop.doors.whoami import human_here
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell) as desk:
        entry = sre.resume(desk, human_here(desk, login), reason)
        click.echo("the desk is not stopped" if entry is None else entry.subject)
