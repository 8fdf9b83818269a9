"""`/alphaloop status`: where a change stands and why, from the ledger alone."""

from alphaloop import words
from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.agents.grounds import constitution_at
from alphaloop.agents.legible import change_or_why
from alphaloop.facts.command import Verb
from alphaloop.ports import Desk
from alphaloop.rules.arguments import nothing
from alphaloop.rules.bound import counted
from alphaloop.rules.decide import standing
from alphaloop.rules.entries.decisions import last_decision
from alphaloop.rules.gate import overrides_now
from alphaloop.rules.life import state
from alphaloop.rules.overriding import why_void
from alphaloop.rules.standing import Circle, Usage
from alphaloop.rules.stopped import why_stopped


def status(desk: Desk, number: int) -> str:
    """Where a change stands: its state, every override, the last decision, and whose word counts now."""
    entries = desk.ledger.entries()
    change = change_or_why(desk.forge, number)
    seats = constitution_at(desk, change.base).seats
    said = standing(change, seats, counted(entries, change))
    given = overrides_now(entries, number, desk.today())
    overrides = [(one, why_void(change, seats, one, given.day)) for one in given.given]
    decided = last_decision(entries, number)
    return words.status_answer(change, state(entries, change), decided, said, overrides, why_stopped(entries))


def _answer(desk: Desk, asked: Asked) -> str:
    nothing(asked.argument, Verb.STATUS)
    return status(desk, asked.number)


COMMAND = Served(
    Usage(Verb.STATUS, "status", "says where the change stands, and why", Circle.ANYBODY), _answer
)
