"""`alphaloop compile`: make the compiled form of this program, or take it away."""

import click


@click.command()
@click.option("--remove", is_flag=True, help="Take every compiled form away and play from source.")
def command(remove: bool) -> None:
    """Compile what happens between two decisions, so that episodes are faster and otherwise the same.

    Needs mypy, setuptools (`pip install 'alphaloop[compiled]'`), a C compiler and Python's headers.  What it
    makes lies in this program's own __pycache__, is used while the program is what it was made from, byte
    for byte, and never otherwise.
    """
    from alphaloop.compiled import building

    if remove:
        click.echo(f"removed {building.remove()}; the sources play")
        return
    place = building.build(lambda words: click.echo(words, err=True))
    click.echo(f"compiled: {place}")
