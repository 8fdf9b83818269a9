"""`alphaloop stop`: the emergency stop, for every seat and registered human whose key is here."""

from pathlib import Path

import click

from alphaloop.doors.printing import tell


@click.command()
@click.argument("reason", default="")
@click.option("--as", "login", help="Who you are, where several people's keys lie.")
def command(reason: str, login: str | None) -> None:
    """Stop the desk at once: nothing merges until a human resumes.  REASON is kept in the ledger."""
    from alphaloop.agents import sre
    from alphaloop.doors.whoami import human_here
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell) as desk:
        entry = sre.stop(desk, human_here(desk, login), reason)
        click.echo(f"{entry.subject}. `alphaloop resume` lets the desk go on.")
