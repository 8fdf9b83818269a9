"""`alphaloop hooks`: let a repository refuse to rewrite what only grows."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Install hooks in DIR, this repository or a bare origin, that refuse to rewrite ledger and main.

    Ledger and pull requests can then neither be deleted nor rewritten, and main not by a push.  Whoever may
    write the repository's files can go around any hook; `alphaloop verify` sees that.
    """
    from alphaloop.forge import hooks

    for place in hooks.install(folder):
        click.echo(f"wrote {place}")
