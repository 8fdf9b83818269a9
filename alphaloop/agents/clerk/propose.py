"""`/alphaloop propose <idea>`: an idea in the backlog, for people and for minds that read."""

from alphaloop import words
from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.facts.command import Verb
from alphaloop.ports import Desk
from alphaloop.rules.arguments import reason
from alphaloop.rules.entries.ideas import idea
from alphaloop.rules.standing import Circle, Usage


def _answer(desk: Desk, asked: Asked) -> str:
    said = reason(asked.argument, Verb.PROPOSE)
    entry = desk.ledger.append(idea(asked.author, said, asked.number, asked.key), asked.author)
    return words.idea_answer(entry)


COMMAND = Served(
    Usage(
        Verb.PROPOSE,
        "propose <idea>",
        "writes an idea into the backlog, task.md",
        Circle.DESK,
    ),
    _answer,
)
