"""A new judge: examined on the corpus and in the null arena, and pinned by a human's own change."""

from collections.abc import Callable
from pathlib import Path

from alphaloop.agents import board, sre
from alphaloop.agents.arena.catching import caught, corpus_in
from alphaloop.agents.arena.gates import OURS
from alphaloop.agents.arena.loops import Wanted, arena
from alphaloop.errors import BadConfiguration, Refused
from alphaloop.facts.arena import wilson
from alphaloop.facts.change import Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.judge import Examined, Judge
from alphaloop.ports import Desk, Forge
from alphaloop.rules.constitution.judge import FILE, judge, judge_lock
from alphaloop.rules.entries.releases import canary, release_of
from alphaloop.simulation import machine

THROUGH = "static"
"""The last stage that the whole corpus is sent through: 44 processor seconds for its 1,839 files."""
NULL = Wanted(world="null", loops=200, proposals=30, pairs=1_000)
"""Where nothing helps: 90 processor seconds.  With no loop of 200 promoting the share is under 1.9 %."""
MOST_PROMOTING = 0.05
"""Of the loops, at the upper end of Wilson's 95 % interval: the promise of the gate."""

Tell = Callable[[str], None]


def examination(corpus: Path, tell: Tell) -> Examined:
    """How this program does on the corpus of `corpus` and in the null arena.

    Raises Misuse where there is no corpus, SandboxUnavailable where nothing isolates.
    """
    tell(f"the corpus of {corpus}, through {THROUGH}")
    catch = caught(corpus_in(corpus, None), THROUGH, tell)
    tell(f"the null arena: {NULL.loops} loops of {NULL.proposals} proposals")
    tally = next(one for one in arena(NULL, tell).tallies if one.gate == OURS)
    missed, alarms = len(catch.missed), len(catch.false_alarms)
    return Examined(
        through=THROUGH,
        files=len(catch.fates),
        missed=missed,
        false_alarms=alarms,
        loops=len(tally.loops),
        proposals=NULL.proposals,
        promoting=tally.promoting_loops,
    )


def refuse_unfit(found: Examined) -> None:
    """Raise Refused for a judge that must not be let in."""
    if found.missed or found.false_alarms:
        raise Refused(
            f"of {found.files} strategies this program lets {found.missed} unsafe ones through and stops "
            f"{found.false_alarms} honest ones; both must be 0. `alphaloop arena catch` names them"
        )
    interval = wilson(found.promoting, found.loops)
    if interval is None or interval[1] > MOST_PROMOTING:
        raise Refused(
            f"{found.promoting} of {found.loops} loops promoted something where nothing helps; with 95 % "
            f"confidence it must be under {MOST_PROMOTING:.0%}. Do not judge with this program"
        )


def pinned_now(forge: Forge) -> Judge | None:
    """The judge that main pins; None when it pins none, or nothing that can be read."""
    try:
        return judge(forge.file(forge.main(), FILE))
    except BadConfiguration:
        return None


def refuse_under_a_canary(desk: Desk) -> None:
    """Raise Refused while a canary runs: whoever released it must end it, and nobody else may play it."""
    running = canary(desk.ledger.entries())
    if running is not None:
        raise Refused(
            f"the release of #{release_of(running).change} is still a canary, and only the program that "
            "released it can end it: run that one once more, or take it back with `alphaloop rollback`"
        )


def upgraded(desk: Desk, human: str, found: Examined) -> tuple[Change, Decision]:
    """Propose this program as `human`, let the desk review the change, and merge it when it is approved.

    Raises Refused for an examination that was not passed, and while a canary runs.
    """
    refuse_unfit(found)
    desk.forge.recover()
    desk.forge.vouch()
    refuse_under_a_canary(desk)
    here = machine.judge()
    title = f"Judge with alphaloop {here.version} {here.program[:19]}"
    key = f"judge:{here}:{desk.forge.main()}"
    change = desk.forge.open(human, title, "", {FILE: judge_lock(here, found)}, key)
    board.review(desk, change)
    decided = sre.decide(desk, change)
    sre.deploy(desk, change, decided)
    return change, decided
