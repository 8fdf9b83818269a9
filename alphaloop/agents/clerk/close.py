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
    if not is_human(asked.author):
        _refuse_unless_theirs(asked, asked.change(desk).author)
    desk.forge.close(asked.number, asked.author, f"{asked.author} asked for it", f"close:{asked.key}")
    return words.closed_answer(asked.number)


def _refuse_unless_theirs(asked: Asked, author: str) -> None:
    if asked.author != author:
        raise Refused(
            f"a seat closes what it opened, and #{asked.number} is {author}'s: ask {author} or a registered "
            "human"
        )


COMMAND = Served(
    Usage(
        Verb.CLOSE,
        "close",
        "ends the change without merging it; a seat closes only what it opened",
        Circle.DESK,
    ),
    _answer,
)
