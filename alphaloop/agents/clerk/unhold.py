"""`/alphaloop unhold <sha>`: lifts what people hold or veto; a seat's answer is not theirs to lift."""

from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.agents.clerk.speaking import refuse_over, spoken
from alphaloop.agents.grounds import constitution_at
from alphaloop.errors import Refused
from alphaloop.facts.command import Verb
from alphaloop.facts.role import is_human
from alphaloop.facts.verdict import Stance
from alphaloop.ports import Desk
from alphaloop.rules.arguments import names_head
from alphaloop.rules.decide import standing
from alphaloop.rules.entries.verdicts import verdicts_in_force
from alphaloop.rules.required import authors
from alphaloop.rules.standing import Circle, Usage


def _answer(desk: Desk, asked: Asked) -> str:
    refuse_over(desk, asked)
    change = asked.change(desk)
    names_head(asked.argument, change, Verb.UNHOLD)
    seats = constitution_at(desk, change.base).seats
    said = standing(change, seats, verdicts_in_force(desk.ledger.entries(), asked.number))
    givers = [one.seat for one in said if is_human(one.seat) and one.stance >= Stance.HOLD]
    if not givers:
        raise Refused(
            f"no person holds #{asked.number}, so there is nothing to lift: `/alphaloop status` says what "
            "does, and `/alphaloop override` is for the hold of a seat"
        )
    if asked.author in authors(change) and asked.author not in givers:
        raise Refused(
            f"nobody lifts another's word on what they wrote themselves, and {asked.author} wrote a part of "
            f"#{asked.number}: ask {' or '.join(givers)}, or a registered human who wrote none of it"
        )
    return spoken(desk, asked, change, Stance.ABSTAIN)


COMMAND = Served(
    Usage(
        Verb.UNHOLD,
        "unhold <sha>",
        "lifts every person's hold and veto; who wrote a part of the change lifts only their own",
        Circle.HUMANS,
    ),
    _answer,
)
