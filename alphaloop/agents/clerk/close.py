"""`/alphaloop close`."""

from alphaloop import words
from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.agents.clerk.speaking import refuse_over
from alphaloop.errors import Refused
from alphaloop.facts.command import Verb
from alphaloop.facts.role import is_human
from alphaloop.ports import Desk
from alphaloop.rules.arguments import nothing
from alphaloop.rules.standing import Circle, Usage


def _answer(desk: Desk, asked: Asked) -> str:
    nothing(asked.argument, Verb.CLOSE)
    refuse_over(desk, asked)
    change = asked.change(desk)
    if not is_human(asked.author) and asked.author != change.author:
        raise Refused(
            f"a seat closes what it opened, and #{asked.number} is {change.author}'s: ask {change.author} or "
            "a registered human"
        )
    desk.forge.close(asked.number, asked.author, f"{asked.author} asked for it", f"close:{asked.key}")
    return words.closed_answer(asked.number)


COMMAND = Served(
    Usage(
        Verb.CLOSE,
        "close",
        "ends the change without merging it; a seat closes only what it opened",
        Circle.DESK,
    ),
    _answer,
)
