"""`/alphaloop rollback`: takes the running canary back."""

from alphaloop import words
from alphaloop.agents import canary
from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.errors import Refused
from alphaloop.facts.command import Verb
from alphaloop.ports import Desk
from alphaloop.rules.arguments import nothing
from alphaloop.rules.entries.releases import canary as running_canary
from alphaloop.rules.entries.releases import release_of
from alphaloop.rules.standing import Circle, Usage


def _answer(desk: Desk, asked: Asked) -> str:
    nothing(asked.argument, Verb.ROLLBACK)
    with asked.turning():
        desk.forge.recover()
        running = running_canary(desk.ledger.entries())
        if running is not None and release_of(running).change != asked.number:
            raise Refused(
                f"the canary that runs is #{release_of(running).change}, not #{asked.number}: say it there"
            )
        return words.taken_back_answer(canary.abandon(desk, f"{asked.author} asked for it"))


COMMAND = Served(
    Usage(
        Verb.ROLLBACK,
        "rollback",
        "takes this change back while it runs as a canary",
        Circle.RELEASERS,
    ),
    _answer,
)
