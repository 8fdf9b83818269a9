"""`alphaloop sync`: this clone and its origin hold the same afterwards, and nothing was forced."""

from pathlib import Path

import click

from alphaloop.doors.printing import emit


@click.command()
@click.argument("remote", default="origin")
@click.option("--as", "login", help="Who signs what comes along, where several people's keys lie.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(remote: str, login: str | None, as_json: bool) -> None:
    """Fetch, join, import and push to REMOTE: a name of `git remote`, a folder or an address.

    The ledger stays linear: what this clone wrote while REMOTE went on comes as imported entries, which count
    as trials and promote nothing.  Conversations are joined; pull requests keep apart, so one may get a new
    number.  Nothing is ever forced, and a lost race is run again.
    """
    from alphaloop import words
    from alphaloop.doors.syncing import synced

    said = synced(Path(), remote, login)
    if as_json:
        emit({"remote": remote, "words": list(said)})
    else:
        click.echo("\n".join((*said, words.synced(remote))))
