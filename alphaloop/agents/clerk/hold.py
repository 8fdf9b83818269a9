"""`/alphaloop hold [reason]`: an objection, which outlives pushes, and what it shares with a veto."""

from alphaloop import words
from alphaloop.agents import canary
from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.agents.clerk.speaking import spoken
from alphaloop.errors import Refused
from alphaloop.facts.command import Verb
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.verdict import Stance
from alphaloop.ports import Desk
from alphaloop.rules.arguments import bounded
from alphaloop.rules.entries.releases import canary as running_canary
from alphaloop.rules.entries.releases import release_of
from alphaloop.rules.life import release_entry, state
from alphaloop.rules.standing import Circle, Usage


def _held(desk: Desk, asked: Asked) -> str:
    why = bounded(asked.argument, Verb.HOLD) or "no reason given"
    return objected(desk, asked, Stance.HOLD, Finding("hold", Severity.WARNING, why))


def objected(desk: Desk, asked: Asked, stance: Stance, finding: Finding) -> str:
    """Record an objection, and take the change back at once where it runs as a canary."""
    change, entries = asked.change(desk), desk.ledger.entries()
    running = running_canary(entries)
    runs = running is not None and release_of(running).change == asked.number
    if release_entry(entries, asked.number) is not None and not runs:
        raise Refused(
            f"#{asked.number} is {state(entries, change)}, and nothing holds what is no canary any more: "
            f"`alphaloop pr revert {asked.number}` proposes to undo what has landed"
        )
    said = spoken(desk, asked, change, stance, finding)
    return f"{said}\n{_taken_back(desk, asked, finding.message)}" if runs else said


def _taken_back(desk: Desk, asked: Asked, why: str) -> str:
    try:
        with asked.turning():
            desk.forge.recover()
            return words.taken_back_answer(canary.abandon(desk, f"{asked.author}: {why}"))
    except Refused as busy:
        return words.refused_answer(f"{busy}. Whoever turns the loop there takes it back")


COMMAND = Served(
    Usage(
        Verb.HOLD,
        "hold [reason]",
        "holds the change over every push until it is lifted; a canary is taken back",
        Circle.HUMANS,
    ),
    _held,
)
