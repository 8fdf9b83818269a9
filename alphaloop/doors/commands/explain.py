"""`alphaloop explain`: why a change did or did not land."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alphaloop.doors.printing import emit

if TYPE_CHECKING:
    from alphaloop.facts.explanation import Explanation, Played


@click.command()
@click.argument("asked", metavar="SHA|PR")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(asked: str, as_json: bool) -> None:
    """Tell why SHA or PR landed or did not: the idea, every verdict, the test, the decision, what to do.

    SHA may be a head, a merge on main or a ledger entry; a branch does too.
    """
    from alphaloop import words
    from alphaloop.agents.explaining import explanation_of, number_meant
    from alphaloop.forge.local import LocalForge
    from alphaloop.wiring import repository_root

    # Neither keys nor a sandbox: whoever reads a bare clone on another machine may ask too.
    forge = LocalForge(repository_root(Path()))
    try:
        told = explanation_of(forge, forge.ledger, number_meant(forge, forge.ledger, asked))
    finally:
        forge.shut()
    if as_json:
        emit(_facts(told))
    else:
        click.echo(words.answered(words.explanation(told)))


def _facts(told: "Explanation") -> dict[str, Any]:
    change, idea, decision = told.change, told.hypothesis, told.decision
    return {
        "pr": change.number,
        "state": told.state,
        "author": change.author,
        "title": change.title,
        "head": change.head,
        "base": change.base,
        "landed": told.landed or None,
        "hypothesis": None if idea is None else {"key": idea.key, "claim": idea.claim, "metric": idea.metric},
        "predicted": None if idea is None else idea.predicted,
        "measured": told.measured,
        "verdicts": [
            {
                "seat": one.verdict.seat,
                "stance": one.verdict.stance.name.lower(),
                "counts": one.counts,
                "findings": [{"check": f.check, "message": f.message} for f in one.verdict.findings],
                "rests_on": one.verdict.rests_on,
            }
            for one in told.said
        ],
        "tests": [_played(one) for one in told.tests],
        "decision": None if decision is None else decision.word,
        "reasons": [] if decision is None else list(decision.reasons),
        "current": told.current,
        "canary": None if told.beside is None else _played(told.beside),
        "taken_back": told.taken_back or None,
        "recorded": list(told.asides),
        "stopped": told.stopped or None,
        "next": list(told.ways),
    }


def _played(one: "Played") -> dict[str, Any]:
    return {
        "test": one.test or None,
        "level": one.level,
        "pairs": one.pairs,
        "finish": one.finish or None,
        "gain": one.gain,
        "words": one.words,
        "counts": one.here,
    }
