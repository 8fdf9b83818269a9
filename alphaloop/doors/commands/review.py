"""`alphaloop review`: judge a candidate against main."""

from pathlib import Path

import click

from alphaloop.doors import isolating
from alphaloop.doors.printing import emit, tell


@click.command()
@click.argument("what", default="strategy.py")
@click.option(
    "--through",
    metavar="STAGE",
    help="The last stage: bytes, static, proof, stress, pre-trade; of a pull request also scope, seats, "
    "tournament",
)
@isolating.option
@click.option("--unsafe", is_flag=True, help="Run the candidate without isolation.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(what: str, through: str | None, sandbox: str, unsafe: bool, as_json: bool) -> None:
    """Judge WHAT against main: a FILE, the number of a pull request, or a revision.

    A file or a revision stops before the tournament, and so does a pull request, whose scope is looked at
    first; nothing is decided.  With --through tournament every seat answers on a pull request, a test is
    opened and paid for, and the decision is recorded.
    """
    from alphaloop import words
    from alphaloop.doors.reviewing import reviewed
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell, sandbox=isolating.chosen(sandbox, unsafe)) as desk:
        result = reviewed(desk, what, through)
    if as_json:
        emit(result.facts())
    else:
        click.echo(words.review_answer(result.decision, result.findings, result.seconds, result.evidence))
    raise SystemExit(result.exit_code)
