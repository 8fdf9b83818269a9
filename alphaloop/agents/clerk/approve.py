"""`/alphaloop approve <sha>`."""

from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.agents.clerk.speaking import refuse_over, spoken
from alphaloop.errors import Refused
from alphaloop.facts.command import Verb
from alphaloop.facts.verdict import Stance
from alphaloop.ports import Desk
from alphaloop.rules.arguments import names_head
from alphaloop.rules.required import authors
from alphaloop.rules.standing import Circle, Usage


def _answer(desk: Desk, asked: Asked) -> str:
    refuse_over(desk, asked)
    change = asked.change(desk)
    names_head(asked.argument, change, Verb.APPROVE)
    if asked.author in authors(change):
        raise Refused(
            f"nobody approves what they wrote a part of, and {asked.author} wrote a part of #{asked.number}: "
            "ask another registered human"
        )
    return spoken(desk, asked, change, Stance.APPROVE)


COMMAND = Served(
    Usage(
        Verb.APPROVE,
        "approve <sha>",
        "approves this head, and lifts what the speaker held before; a push ends it",
        Circle.HUMANS,
    ),
    _answer,
)
