"""`alphaloop init`: a strategy repository, whole or not at all."""

import getpass
from pathlib import Path

import click

from alphaloop.doors.printing import emit, tell


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--tape", "recordings", multiple=True, type=click.Path(path_type=Path), help="A recording to fit to."
)
@click.option(
    "--world", help="The world that makes the evidence: book (the default), avellaneda-stoikov or null."
)
@click.option("--human", "login", default=getpass.getuser, show_default="you", help="Your login on the desk.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(folder: Path, recordings: tuple[Path, ...], world: str | None, login: str, as_json: bool) -> None:
    """Make a strategy repository in DIR: files, nine seats and you, all with keys, and a signed commit.

    With --tape the market is fitted to a recording: its tick, lot, price, spread and volatility.
    """
    from alphaloop.doors.newborn import founded

    seats = founded(folder, recordings, world, login, tell)
    if as_json:
        emit({"folder": str(folder.resolve()), "human": login, "seats": list(seats)})
    else:
        click.echo(f"{folder} is a desk of {len(seats)} seats and you, human:{login}.")
        click.echo(
            f"Every key lies in {folder}/.alphaloop/keys: separation is organisational until you move them."
        )
        click.echo(f"Next: cd {folder} && alphaloop run --turns 3")
