"""`/alphaloop override <seat> <sha> <until> <reason>`: a seat's hold shall not count, for a while."""

from difflib import get_close_matches

from alphaloop import words
from alphaloop.agents.clerk.asked import Asked, Served
from alphaloop.agents.clerk.speaking import follows, refuse_over
from alphaloop.agents.grounds import constitution_at
from alphaloop.errors import Refused
from alphaloop.facts.change import Change
from alphaloop.facts.command import Verb
from alphaloop.facts.override import Override
from alphaloop.facts.role import Seats
from alphaloop.facts.verdict import Stance
from alphaloop.ports import Desk
from alphaloop.rules.arguments import last_day, names_head, reason
from alphaloop.rules.decide import standing
from alphaloop.rules.entries.overrides import override, override_of
from alphaloop.rules.entries.verdicts import verdicts_in_force
from alphaloop.rules.overriding import UNTOUCHED, may_be
from alphaloop.rules.required import authors
from alphaloop.rules.standing import Circle, Usage

_PARTS = 4


def _answer(desk: Desk, asked: Asked) -> str:
    refuse_over(desk, asked)
    parts = asked.argument.split(maxsplit=_PARTS - 1)
    if len(parts) < _PARTS:
        raise Refused(
            f"an override names seat, head, last day and reason, and {len(parts)} of these {_PARTS} are "
            f"there: `{asked.usage.line}`"
        )
    seat, sha, until, why = parts
    change = asked.change(desk)
    seats = constitution_at(desk, change.base).seats
    _refuse_unless_held(desk, change, seats, seat)
    names_head(sha, change, f"override {seat}")
    if asked.author in authors(change):
        raise Refused(
            f"nobody overrides a hold on what they wrote a part of, and {asked.author} wrote a part of "
            f"#{asked.number}: ask another registered human"
        )
    today = desk.today()
    last, said = last_day(until, today), reason(why, Verb.OVERRIDE)
    given = Override(change.number, seat, change.head, change.base, today, last, said, asked.author)
    entry = desk.ledger.append(override(given, asked.key), asked.author)
    return words.override_answer(override_of(entry), follows(desk, change))


def _refuse_unless_held(desk: Desk, change: Change, seats: Seats, name: str) -> None:
    """Raise Refused unless the seat `name` stands at a hold on this head, and may be overridden at all."""
    names = [seat.name for seat in seats.seats]
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
        raise Refused(f"only the hold of a seat is overridden, and {name[:60]!r} is none of them; {hint}")
    said = standing(change, seats, verdicts_in_force(desk.ledger.entries(), change.number))
    stance = next((one.stance for one in said if one.seat == name), None)
    if stance in (Stance.VETO, Stance.BROKEN):
        raise Refused(
            f"nobody overrides a veto or a failure, and {name} stands at {stance.name.lower()} on "
            f"{change.head[:12]}: change the limit or the rule by a change of its own, or the head by a push"
        )
    if not may_be(name, seats):
        powers = " or ".join(UNTOUCHED)
        raise Refused(
            f"whoever has the power {powers} is not overridden, because the landing rests on their answer, "
            f"and {name} has: see to what it holds for"
        )
    if stance is not Stance.HOLD:
        stands = "has not answered" if stance is None else f"stands at {stance.name.lower()}"
        raise Refused(
            f"only a hold is overridden, and {name} {stands} on {change.head[:12]}: `/alphaloop status` says "
            "what keeps the change"
        )


COMMAND = Served(
    Usage(
        Verb.OVERRIDE,
        "override <seat> <sha> <until> <reason>",
        "takes the weight from a seat's hold on this head until the end of a day in UTC; never from a veto",
        Circle.HUMANS,
    ),
    _answer,
)
