"""`alphaloop policy`: what would happen to an imagined change, by the rules of a commit."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from alphaloop.doors.printing import emit

if TYPE_CHECKING:
    from alphaloop.facts.imagined import Foreseen, Imagined
    from alphaloop.facts.role import Seats


OWN_CASES = Path("tests/policy.yaml")


@click.group()
def command() -> None:
    """Ask the rules of roles.yaml about a change before anybody makes it."""


@command.command(short_help="Say what would happen to an imagined change, or check a file of them.")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--author", help="Who writes it: a seat, or human:<login>.")
@click.option("--path", "writes", multiple=True, help="A path that it changes; may be given again.")
@click.option("--delete", "deletes", multiple=True, help="A path that it deletes; may be given again.")
@click.option("--rev", default="main", show_default=True, help="The commit whose roles.yaml judges.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a change on standard output.")
def test(
    file: Path | None,
    author: str | None,
    writes: tuple[str, ...],
    deletes: tuple[str, ...],
    rev: str,
    as_json: bool,
) -> None:
    """Say who may make a change, who must answer on it, and whether a person must approve it.

    Without --author, say which cases of FILE, a YAML file, come out otherwise than they expect; the
    repository's own are in tests/policy.yaml.  Nothing is judged that must be measured first.  Exit code 1
    when the change is out of scope, or a case comes out otherwise.
    """
    from alphaloop.doors.foreseeing import seats_at

    if (file is not None and author is not None) or (author is None and (writes or deletes)):
        raise click.UsageError("give either a FILE of cases, or --author with --path or --delete")
    seats = seats_at(rev)
    if author is None:
        fine = _cases(file or OWN_CASES, seats, as_json)
    else:
        fine = _one(author, writes, deletes, seats, as_json)
    raise SystemExit(0 if fine else 1)


def _one(
    author: str, writes: tuple[str, ...], deletes: tuple[str, ...], seats: "Seats", as_json: bool
) -> bool:
    from alphaloop import words
    from alphaloop.facts.imagined import Imagined
    from alphaloop.rules.foreseen import foreseen

    try:
        imagined = Imagined(author, writes, deletes)
    except ValueError as wrong:
        raise click.UsageError(f"{wrong}: give --path or --delete") from wrong
    found = foreseen(imagined, seats)
    if as_json:
        emit(_facts(imagined, found))
    else:
        click.echo(words.foreseen_answer(imagined, found))
    return found.in_scope


def _cases(file: Path, seats: "Seats", as_json: bool) -> bool:
    from alphaloop import words
    from alphaloop.doors.foreseeing import read_cases
    from alphaloop.rules.foreseen import differences, foreseen

    listed, wrong = read_cases(file), 0
    for case in listed:
        found = foreseen(case.imagined, seats)
        differs = differences(case.expected, found)
        wrong += bool(differs)
        if as_json:
            emit({"name": case.imagined.name, **_facts(case.imagined, found), "differs": list(differs)})
        else:
            click.echo(words.case_line(case, differs))
    if not as_json:
        click.echo(words.cases_line(len(listed), wrong))
    return not wrong


def _facts(imagined: "Imagined", found: "Foreseen") -> dict[str, object]:
    return {
        "author": imagined.author,
        "writes": list(imagined.writes),
        "deletes": list(imagined.deletes),
        "scope": "in" if found.in_scope else "out",
        "vetoes": list(found.vetoes),
        "seats": list(found.required),
        "human": list(found.human),
        "merges": list(found.merges),
    }
