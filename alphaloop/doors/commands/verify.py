"""`alphaloop verify`: recompute everything that the ledger says; no network, no model."""

from collections import Counter
from pathlib import Path

import click

from alphaloop.doors.printing import emit, tell


@click.command()
@click.option(
    "--replay",
    "pairs",
    type=click.IntRange(0),
    default=2,
    show_default=True,
    help="Pairs to play again, per test.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a claim on standard output.")
def command(pairs: int, as_json: bool) -> None:
    """Check every signature, link and anchor, recompute every judgement and decision, replay the evidence.

    Each claim is ok, recomputed, replayed, not replayable here (and why), or false.
    """
    from alphaloop import words
    from alphaloop.doors.verifying import verified
    from alphaloop.facts.claim import Holds

    counts: Counter[Holds] = Counter()
    for claim in verified(Path(), pairs, tell):
        counts[claim.holds] += 1
        if as_json:
            emit({"what": claim.what, "holds": claim.holds, "words": claim.words})
        else:
            click.echo(words.claim_line(claim))
    if not as_json:
        click.echo(words.verified(counts))
    raise SystemExit(3 if counts[Holds.FALSE] else 0)
