"""`alphaloop rollback`: back to the last confirmed release; works offline."""

from pathlib import Path

import click

from alphaloop.doors.printing import tell


@click.command()
@click.argument("reason", default="asked for at the command line")
def command(reason: str) -> None:
    """Take the running canary back: main's release paths become those of the last confirmed release."""
    from alphaloop.agents.canary import abandon
    from alphaloop.wiring import alone, desk_at, repository_root

    root = repository_root(Path())
    with alone(root), desk_at(root, tell) as desk:
        desk.forge.recover()
        outcome = abandon(desk, reason)
    click.echo(f"rolled back #{outcome.release.change}: main is {outcome.restored}")
