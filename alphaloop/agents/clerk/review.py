"""`/alphaloop review`: every seat that has not answered on this head answers, and the gate decides."""

from alphaloop import words
from alphaloop.agents import board, sre
from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.agents.clerk.speaking import refuse_over
from alphaloop.facts.command import Verb
from alphaloop.ports import Desk
from alphaloop.rules.arguments import nothing
from alphaloop.rules.entries.changes import change_opened, hypothesis_of_change
from alphaloop.rules.standing import Circle, Usage


def reviewed(desk: Desk, asked: Asked) -> str:
    """Let the board answer and the gate decide; raises Refused for a change that is over or while stopped."""
    with asked.turning():
        sre.refuse_when_stopped(desk)
        refuse_over(desk, asked)
        change = asked.change(desk)
        believed = hypothesis_of_change(desk.ledger.entries(), asked.number)
        desk.ledger.append(change_opened(change, believed, 0), asked.author)
        board.review(desk, change)
        return words.decision_comment(sre.decide(desk, change))


def _answer(desk: Desk, asked: Asked) -> str:
    nothing(asked.argument, Verb.REVIEW)
    return reviewed(desk, asked)


COMMAND = Served(
    Usage(
        Verb.REVIEW,
        "review",
        "asks every seat that has not answered on this head, and pays for the test where one is due",
        Circle.HUMANS,
    ),
    _answer,
)
