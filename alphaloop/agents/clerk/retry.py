"""`/alphaloop retry`: once more, with the same seeds, after the platform failed."""

from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.agents.clerk.review import reviewed
from alphaloop.agents.clerk.speaking import refuse_over
from alphaloop.errors import Refused
from alphaloop.facts.command import Verb
from alphaloop.facts.verdict import Stance
from alphaloop.ports import Desk
from alphaloop.rules.arguments import nothing
from alphaloop.rules.entries.decisions import last_decision
from alphaloop.rules.standing import Circle, Usage


def _answer(desk: Desk, asked: Asked) -> str:
    nothing(asked.argument, Verb.RETRY)
    refuse_over(desk, asked)
    decided = last_decision(desk.ledger.entries(), asked.number)
    if decided is None or decided.stance is not Stance.BROKEN:
        came_to = "was not decided" if decided is None else f"is {decided.word}"
        raise Refused(
            f"only what the platform broke is tried again, and #{asked.number} {came_to}: a verdict stands "
            "until a push, and `/alphaloop review` asks whoever has not answered"
        )
    return reviewed(desk, asked)


COMMAND = Served(
    Usage(
        Verb.RETRY,
        "retry",
        "asks those again whose answer the platform broke, with the same seeds",
        Circle.HUMANS,
    ),
    _answer,
)
