"""`/alphaloop stop [reason]`: the emergency stop, which needs less authority than its end."""

from alphaloop import words
from alphaloop.agents import sre
from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.facts.command import Verb
from alphaloop.ports import Desk
from alphaloop.rules.standing import Circle, Usage
from alphaloop.rules.stopped import why_stopped


def _answer(desk: Desk, asked: Asked) -> str:
    # Whatever is said after it, and however much: a stop is never refused for its words.
    sre.stop(desk, asked.author, asked.argument)
    return words.stopped_answer(why_stopped(desk.ledger.entries()))


COMMAND = Served(
    Usage(Verb.STOP, "stop [reason]", "stops the desk at once; nothing merges", Circle.DESK), _answer
)
