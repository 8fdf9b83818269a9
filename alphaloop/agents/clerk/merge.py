"""`/alphaloop merge <sha>`: SRE merges this head, if the gate approves it now."""

from alphaloop import words
from alphaloop.agents import canary, sre
from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.agents.clerk.speaking import refuse_over
from alphaloop.errors import Refused
from alphaloop.facts.command import Verb
from alphaloop.ports import Desk
from alphaloop.rules.arguments import names_head
from alphaloop.rules.standing import Circle, Usage


def _answer(desk: Desk, asked: Asked) -> str:
    with asked.turning():
        sre.refuse_when_stopped(desk)
        refuse_over(desk, asked)
        change = asked.change(desk)
        names_head(asked.argument, change, Verb.MERGE)
        decided = sre.decide(desk, change)
        if not decided.may_merge:
            return words.decision_comment(decided)
        release = sre.deploy(desk, change, decided)
        if release is None:
            raise Refused(
                f"#{asked.number} is approved and was not merged: SRE said why above. Mend that and say "
                f"`/alphaloop merge {change.head[:12]}` again"
            )
        if not release.judged:
            canary.ended(desk, release)
        return words.merged_answer(release)


COMMAND = Served(
    Usage(
        Verb.MERGE,
        "merge <sha>",
        "has SRE merge this head, if the gate approves it now",
        Circle.HUMANS,
    ),
    _answer,
)
