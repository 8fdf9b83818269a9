"""`alphaloop pr`: the local forge's pull requests, by hand; a comment runs its commands."""

from pathlib import Path

import click

from alphaloop.doors.printing import emit, tell


@click.group()
def command() -> None:
    """List, show and comment pull requests; plain `git log refs/alphaloop/pr/N` reads them too."""


@command.command("list", short_help="Every pull request, with where it stands.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a pull request on standard output.")
def list_(as_json: bool) -> None:
    """List every pull request with where it stands."""
    from alphaloop import words
    from alphaloop.rules.life import state
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell) as desk:
        entries = desk.ledger.entries()
        changes = [desk.forge.change(number) for number in desk.forge.numbers()]
        rows = [(change, state(entries, change)) for change in changes]
    for change, where in rows:
        if as_json:
            facts = {"pr": change.number, "author": change.author, "title": change.title, "head": change.head}
            emit({**facts, "state": where})
        else:
            click.echo(words.change_line(change, where))
    if not rows and not as_json:
        click.echo("no pull requests yet: `alphaloop run` opens the first")


@command.command(short_help="The whole conversation, and where it stands.")
@click.argument("number", type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def show(number: int, as_json: bool) -> None:
    """Show what was proposed, what every seat said, and why it landed or did not."""
    from alphaloop import words
    from alphaloop.agents.clerk import status
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell) as desk:
        said = desk.forge.conversation(number)
        standing = status(desk, number)
    if as_json:
        emit(
            {
                "pr": number,
                "status": standing,
                "said": [{"by": s.author, "verb": s.verb, "text": s.text} for s in said],
            }
        )
    else:
        click.echo(words.conversation(number, said, standing))


@command.command(short_help="Say something; it may hold commands.")
@click.argument("number", type=click.IntRange(1))
@click.argument("text")
@click.option("--as", "login", help="Who you are, where several people's keys lie.")
def comment(number: int, text: str, login: str | None) -> None:
    """Say TEXT on pull request NUMBER; `/alphaloop help` lists the commands that it may hold."""
    from alphaloop import words
    from alphaloop.agents.clerk import heard
    from alphaloop.doors.whoami import human_here
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell) as desk:
        author = human_here(desk, login)
        answers = heard(desk, number, author, text)
    click.echo("\n\n".join(map(words.answered, answers)) or words.kept(number, author))
