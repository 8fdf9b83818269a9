"""`alphaloop review`: judge a candidate against main."""

from pathlib import Path

import click

from alphaloop.doors.printing import emit, tell


@click.command()
@click.argument("what", default="strategy.py")
@click.option(
    "--through", help="The last stage: bytes, static, stress, pre-trade; tournament for a pull request."
)
@click.option("--unsafe", is_flag=True, help="Run the candidate without isolation.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(what: str, through: str | None, unsafe: bool, as_json: bool) -> None:
    """Judge WHAT against main: a FILE, the number of a pull request, or a revision.

    A file or a revision stops before the tournament, and nothing is recorded.  A pull request is examined the
    same way; with --through tournament every seat answers, a test is opened, and the decision is recorded.
    """
    from alphaloop import words
    from alphaloop.doors.reviewing import reviewed
    from alphaloop.wiring import desk_at

    with desk_at(Path(), tell, sandbox="unsafe" if unsafe else "lockdown") as desk:
        result = reviewed(desk, what, through)
    if as_json:
        emit(result.facts())
    else:
        click.echo(words.review_answer(result.decision, result.findings, result.seconds))
    raise SystemExit(result.exit_code)
