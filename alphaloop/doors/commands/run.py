"""`alphaloop run`: turns of the loop on the local forge."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from alphaloop.doors import isolating
from alphaloop.doors.printing import emit, tell
from alphaloop.facts.turn import Turn


@click.command()
@click.option(
    "--turns", "count", type=click.IntRange(1), default=1, show_default=True, help="How many turns."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Governs the search only.")
@click.option(
    "--dry-run", is_flag=True, help="In a throw-away clone: moves neither main nor the error budget."
)
@isolating.option
@click.option("--unsafe", is_flag=True, help="Run strategies without isolation; such evidence never merges.")
@click.option(
    "--cluster", metavar="HOST:PORT", default="", help="Play episodes on the Ray cluster with this head."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a turn on standard output.")
def command(
    count: int, seed: int, dry_run: bool, sandbox: str, unsafe: bool, cluster: str, as_json: bool
) -> None:
    """Propose, review, decide, release and learn, as many times as --turns says.

    A run that was killed is taken up where it stopped.
    """
    from contextlib import nullcontext

    from alphaloop import loop, words
    from alphaloop.doors.whoami import refuse_without_keys
    from alphaloop.wiring import alone, desk_at, repository_root

    chosen = isolating.chosen(sandbox, unsafe)
    root = repository_root(Path())
    taken: list[Turn] = []
    with (
        nullcontext() if dry_run else alone(root),
        desk_at(root, tell, seed=seed, rehearsal=dry_run, sandbox=chosen, cluster=cluster) as desk,
    ):
        refuse_without_keys(desk)
        try:
            for turn in loop.turns(desk, count):
                taken.append(turn)
                if as_json:
                    emit(_row(turn))
        finally:
            # What ends a run early ends no turn that was taken.
            if taken and not as_json:
                table = words.turn_table(taken, desk.ledger.entries())
                click.echo(f"\n{table}\n{words.where_to_read(taken, dry_run)}")
    raise SystemExit(exit_code(taken))


def exit_code(taken: list[Turn]) -> int:
    """0 when the last turn merged or would, or found nothing to propose; 3 when it broke, else 1."""
    last = taken[-1].decision
    if last in ("merged", "would_merge", "none"):
        return 0
    return 3 if last == "broken" else 1


def _row(turn: Turn) -> dict[str, Any]:
    row = asdict(turn)
    row["stances"] = {seat: stance.name.lower() for seat, stance in turn.stances.items()}
    row["seconds"] = round(turn.seconds, 3)
    return row
