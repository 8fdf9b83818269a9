"""`/alphaloop veto <reason>`."""

from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.agents.clerk.hold import objected
from alphaloop.facts.command import Verb
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.verdict import Stance
from alphaloop.ports import Desk
from alphaloop.rules.arguments import reason
from alphaloop.rules.standing import Circle, Usage


def _answer(desk: Desk, asked: Asked) -> str:
    why = reason(asked.argument, Verb.VETO)
    return objected(desk, asked, Stance.VETO, Finding("veto", Severity.VETO, why))


COMMAND = Served(
    Usage(
        Verb.VETO,
        "veto <reason>",
        "refuses the change over every push until it is lifted; a canary is taken back",
        Circle.HUMANS,
    ),
    _answer,
)
