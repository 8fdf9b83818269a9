"""`alphaloop pr`: the local forge's pull requests, by hand; a comment runs its commands."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alphaloop.doors.printing import emit, tell

if TYPE_CHECKING:
    from alphaloop.facts.mark import Mark
    from alphaloop.ports import Desk

_NUMBER = click.argument("number", type=click.IntRange(1))
_WHO = click.option("--as", "login", help="Who you are, where several people's keys lie.")
_BRANCH = click.option("--branch", help="A local branch of yours, instead of files; every commit is signed.")
_DELETE = click.option("--delete", "deleted", multiple=True, metavar="FILE", help="A file that shall go.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")


@click.group()
def command() -> None:
    """Open, read and change pull requests; plain `git log refs/alphaloop/pr/N` reads them too.

    Approving, vetoing, holding, overriding, merging and closing are comments: `/alphaloop help`.
    """


@command.command("list", short_help="Every pull request, with where it stands.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a pull request on standard output.")
def list_(as_json: bool) -> None:
    """List every pull request with where it stands."""
    from alphaloop import words
    from alphaloop.agents.legible import labels_on, legible
    from alphaloop.rules.life import state
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell) as desk:
        entries = desk.ledger.entries()
        changes = [*legible(desk, desk.forge.numbers())]
        rows = [(change, state(entries, change), labels_on(desk, change.number)) for change in changes]
    for change, where, named in rows:
        if as_json:
            facts = {"pr": change.number, "author": change.author, "title": change.title, "head": change.head}
            emit({**facts, "state": where, "labels": named})
        else:
            click.echo(words.change_line(change, where) + "".join(f" [{name}]" for name in named))
    if not rows and not as_json:
        click.echo("no pull requests yet: `alphaloop run` opens the first, and `alphaloop pr open` yours")


@command.command(short_help="The whole conversation, and where it stands.")
@_NUMBER
@_JSON
def show(number: int, as_json: bool) -> None:
    """Show what was proposed, what every seat said, and why it landed or did not."""
    from alphaloop import words
    from alphaloop.agents.clerk.status import status
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell) as desk:
        said = desk.forge.conversation(number)
        standing = status(desk, number)
    if as_json:
        told = [{"by": s.author, "verb": s.verb, "text": s.text} for s in said]
        emit({"pr": number, "status": standing, "said": told})
    else:
        click.echo(words.conversation(number, said, standing))


@command.command(short_help="Say something; it may hold commands.")
@_NUMBER
@click.argument("text")
@_WHO
@click.option(
    "--key", default="", help="What you call this comment: said again, it is neither kept nor done."
)
def comment(number: int, text: str, login: str | None, key: str) -> None:
    """Say TEXT on pull request NUMBER; `/alphaloop help` lists the commands that it may hold.

    With `-` as TEXT it is read from standard input.
    """
    from alphaloop import words
    from alphaloop.agents.clerk.hearing import MAX_BYTES, heard
    from alphaloop.wiring import alone, repository_root

    if text == "-":
        text = sys.stdin.buffer.read(MAX_BYTES + 1).decode("utf-8", "replace")
    with _seated(login) as (desk, author):
        answers = heard(desk, number, author, text, key, partial(alone, repository_root(Path())))
    click.echo("\n\n".join(map(words.answered, answers)) or words.kept(number, author))
    raise SystemExit(int(any(said.startswith(words.REFUSED) for said in answers)))


@command.command("open", short_help="Propose a change of your own.")
@click.argument("title")
@click.argument("files", nargs=-1)
@_BRANCH
@_DELETE
@click.option("--body", default="", help="What people should know; nothing that judges reads it.")
@click.option("--draft", is_flag=True, help="Nothing merges it until you say that it is ready.")
@_WHO
def open_(title: str, body: str, draft: bool, login: str | None, **given: Any) -> None:
    """Open a pull request TITLE of FILES as they lie in the work tree, or of a branch, signed by you."""
    from alphaloop.doors.handing_in import one_of, opened
    from alphaloop.facts.mark import Mark

    wanted = one_of(given["files"], given["deleted"], given["branch"])
    with _seated(login) as (desk, author):
        change = opened(desk, author, title, body, wanted)
        if draft:
            desk.forge.mark(change.number, author, Mark.DRAFTED, f"draft:{change.number}:opened")
    judged = f"`alphaloop pr comment {change.number} '/alphaloop review'` has it judged"
    click.echo(f"#{change.number} is open at {change.head[:12]}: {judged}")


@command.command(short_help="Give a pull request a new head.")
@_NUMBER
@click.argument("files", nargs=-1)
@_BRANCH
@_DELETE
@click.option("--words", default="Push", show_default=True, help="What the commit says.")
@_WHO
def push(number: int, words: str, login: str | None, **given: Any) -> None:
    """Push FILES as they lie in the work tree, or a branch; every approval before it ends."""
    from alphaloop.doors.handing_in import one_of, pushed

    wanted = one_of(given["files"], given["deleted"], given["branch"])
    with _seated(login) as (desk, author):
        change = pushed(desk, author, number, words, wanted)
    click.echo(f"#{number} is now {change.head[:12]}; what was approved before does not count for it")


@command.command(short_help="Propose to undo what has landed.")
@_NUMBER
@_WHO
def revert(number: int, login: str | None) -> None:
    """Open a pull request that puts the files of merged pull request NUMBER back to what they were."""
    from alphaloop.agents.reverting import reverted

    with _seated(login) as (desk, author):
        change = reverted(desk, number, author)
    click.echo(f"#{change.number} is open at {change.head[:12]}, and undoes #{number}")


@command.command(short_help="Nothing merges it until it is ready.")
@_NUMBER
@_WHO
def draft(number: int, login: str | None) -> None:
    """Make a pull request a draft."""
    from alphaloop.facts.mark import Mark

    _marked(number, login, Mark.DRAFTED)


@command.command(short_help="It is no draft any more.")
@_NUMBER
@_WHO
def ready(number: int, login: str | None) -> None:
    """Say that a draft is ready to be merged."""
    from alphaloop.facts.mark import Mark

    _marked(number, login, Mark.READIED)


@command.command(short_help="Open it again after it was closed.")
@_NUMBER
@_WHO
def reopen(number: int, login: str | None) -> None:
    """Reopen a closed pull request; every hold and veto of a person is as it was."""
    from alphaloop.facts.mark import Mark

    _marked(number, login, Mark.REOPENED)


@command.command(short_help="Put a label on, or take it off.")
@_NUMBER
@click.argument("name")
@click.option("--off", is_flag=True, help="Take it off.")
@_WHO
def label(number: int, name: str, off: bool, login: str | None) -> None:
    """Label pull request NUMBER with NAME; labels are for people, and nothing is decided by them."""
    from alphaloop.agents.labels import labels

    with _seated(login) as (desk, author):
        said = desk.forge.conversation(number)
        if (name in labels(said)) == off:
            desk.forge.label(number, author, name, f"label:{len(said)}:{author}:{name}", on=not off)
        now = labels(desk.forge.conversation(number))
    click.echo(f"#{number}: {', '.join(now) or 'no label'}")


@command.command(short_help="Say how a check of the head went.")
@_NUMBER
@click.argument("name")
@click.argument("outcome", type=click.Choice(["passed", "failed"]))
@click.argument("words", default="")
@_WHO
def check(number: int, name: str, outcome: str, words: str, login: str | None) -> None:
    """Say that check NAME of the head passed or failed; for people, and never an input of the gate."""
    with _seated(login) as (desk, author):
        place = len(desk.forge.conversation(number))
        desk.forge.check(number, author, name, outcome, words, f"check:{place}:{author}:{name}")
    click.echo(f"#{number}: {name} {outcome}")


@contextmanager
def _seated(login: str | None) -> Iterator[tuple["Desk", str]]:
    """The desk here, and the person who sits at it."""
    from alphaloop.doors.whoami import human_here
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell) as desk:
        yield desk, human_here(desk, login)


def _marked(number: int, login: str | None, done: "Mark") -> None:
    with _seated(login) as (desk, author):
        place = len(desk.forge.conversation(number))
        desk.forge.mark(number, author, done, f"{done}:{number}:{place}")
    click.echo(f"#{number} {done}")
