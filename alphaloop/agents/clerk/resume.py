"""`/alphaloop resume [reason]`: a human's own signature ends a stop."""

from alphaloop.agents import sre
from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.facts.command import Verb
from alphaloop.ports import Desk
from alphaloop.rules.arguments import bounded
from alphaloop.rules.standing import Circle, Usage


def _answer(desk: Desk, asked: Asked) -> str:
    entry = sre.resume(desk, asked.author, bounded(asked.argument, Verb.RESUME))
    return "The desk is not stopped.\n" if entry is None else f"{entry.subject}.\n"


COMMAND = Served(
    Usage(Verb.RESUME, "resume [reason]", "lets the desk go on after a stop", Circle.HUMANS), _answer
)
