"""What every command is given, and what it consists of."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from alphaloop.agents.legible import change_or_why
from alphaloop.facts.change import Change
from alphaloop.ports import Desk
from alphaloop.rules.standing import Usage

Turning = Callable[[], AbstractContextManager[None]]
"""Holds the right to turn the loop here while it is open; raises Refused where somebody else has it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One command as it was given: on which pull request, by whom, with which argument.

    usage: how it is written; key: what tells this line of this comment from every other.
    """

    usage: Usage
    number: int
    author: str
    argument: str
    key: str
    turning: Turning

    def change(self, desk: Desk) -> Change:
        """The pull request as it stands now; raises Refused where nobody can read it."""
        return change_or_why(desk.forge, self.number)


@dataclass(frozen=True, slots=True)
class Served:
    """A command and what carries it out: `answer` gives Markdown, or raises Refused with what to do."""

    usage: Usage
    answer: Callable[[Desk, Asked], str]
