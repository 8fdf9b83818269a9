"""`alphaloop judge`: which program judges here, and how another one is let in."""

from pathlib import Path

import click

from alphaloop.doors.printing import emit, tell


@click.group()
def command() -> None:
    """The program that judges this repository, as main's judge.lock pins it."""


@command.command("show", short_help="Which program is pinned, and which one this is.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def show(as_json: bool) -> None:
    """Say which judge main pins and which program this is; exit code 2 when they differ."""
    from dataclasses import asdict

    from alphaloop.agents.upgrade import pinned_now
    from alphaloop.forge.local import LocalForge
    from alphaloop.simulation import machine
    from alphaloop.wiring import repository_root

    forge = LocalForge(repository_root(Path()))
    try:
        pinned, here = pinned_now(forge), machine.judge()
    finally:
        forge.shut()
    if as_json:
        emit({"pinned": None if pinned is None else asdict(pinned), "here": asdict(here)})
    else:
        click.echo(f"pinned  {'nothing that can be read' if pinned is None else pinned}")
        click.echo(f"here    {here}")
    raise SystemExit(0 if pinned == here else 2)


@command.command("upgrade", short_help="Examine this program, and pin it with a change of your own.")
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    default=Path("tests") / "corpus",
    show_default=True,
    help="Folder with a manifest.csv: the corpus of a clone of AlphaLoop's repository.",
)
@click.option("--as", "login", help="Who you are, where several people's keys lie.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def upgrade(corpus: Path, login: str | None, as_json: bool) -> None:
    """Run the corpus and the null arena with this program; write judge.lock when it passes.

    The change is yours, signed with your key, and goes through the gate like any other.  Takes a minute or
    two on two cores.
    """
    from alphaloop.agents.upgrade import examination, pinned_now, refuse_under_a_canary, upgraded
    from alphaloop.doors.whoami import human_here, refuse_without_keys
    from alphaloop.simulation import machine
    from alphaloop.wiring import alone, desk_at, repository_root

    root = repository_root(Path())
    with alone(root), desk_at(root, tell) as desk:
        human, here = human_here(desk, login), machine.judge()
        refuse_without_keys(desk)
        if pinned_now(desk.forge) == here:
            code, decision, number = 0, "none", None
        else:
            refuse_under_a_canary(desk)
            change, decided = upgraded(desk, human, examination(corpus, tell))
            code, decision, number = int(not decided.may_merge), decided.word, change.number
    if as_json:
        emit({"judge": str(here), "pr": number, "decision": decision})
    else:
        click.echo(f"{here}\n" + ("is pinned already" if number is None else f"#{number}: {decision}"))
    raise SystemExit(code)
