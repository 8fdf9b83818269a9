"""`/alphaloop help`."""

from collections.abc import Iterable

from alphaloop import words
from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.facts.command import Verb
from alphaloop.ports import Desk
from alphaloop.rules.arguments import nothing
from alphaloop.rules.standing import Circle, Usage

USAGE = Usage(Verb.HELP, "help", "lists the commands", Circle.ANYBODY)


def help_over(others: Iterable[Served]) -> Served:
    """The command that lists itself and `others`."""
    usages = (USAGE, *(one.usage for one in others))

    def answer(desk: Desk, asked: Asked) -> str:
        nothing(asked.argument, Verb.HELP)
        return words.help_answer(usages)

    return Served(USAGE, answer)
