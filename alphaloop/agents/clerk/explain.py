"""`/alphaloop explain`: why the change did or did not land, in words."""

from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.agents.explaining import explain
from alphaloop.facts.command import Verb
from alphaloop.ports import Desk
from alphaloop.rules.arguments import nothing
from alphaloop.rules.standing import Circle, Usage


def _answer(desk: Desk, asked: Asked) -> str:
    nothing(asked.argument, Verb.EXPLAIN)
    return explain(desk, asked.number)


COMMAND = Served(
    Usage(Verb.EXPLAIN, "explain", "tells why the change did or did not land", Circle.ANYBODY), _answer
)
