"""The review board: Risk first, then every other seat; only what nobody objects to is worth a test."""

from collections.abc import Callable, Mapping

from alphaloop.agents import architect, data, delivery_lead, execution, infrastructure, qa, sre
from alphaloop.agents.answers import answer, answered
from alphaloop.agents.grounds import STRATEGY
from alphaloop.agents.risk import examination, tournament
from alphaloop.agents.risk.seat import SEAT as RISK
from alphaloop.facts.change import Change
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.ports import Desk

REVIEWERS: Mapping[str, Callable[[Desk, Change], Verdict]] = {
    delivery_lead.SEAT: delivery_lead.review,
    qa.SEAT: qa.review,
    execution.SEAT: execution.review,
    infrastructure.SEAT: infrastructure.review,
    data.SEAT: data.review,
    architect.SEAT: architect.review,
    sre.SEAT: sre.review,
}


def review(desk: Desk, change: Change) -> tuple[Verdict, ...]:
    """Every seat's answer on this head and base; a seat that has answered already is not asked again.

    A veto of Risk ends the review, and a hold of anybody keeps the test, and its price, for later.
    """
    judged = answered(desk, change, RISK)
    if judged is not None:
        return (judged,)
    objection = examination.objection(desk, change)
    if objection is not None:
        return (answer(desk, objection),)
    said = tuple(_asked(desk, change, seat) for seat in REVIEWERS if seat != change.author)
    if any(one.stance >= Stance.HOLD for one in said):
        return said
    return (*said, answer(desk, _risk(desk, change)))


def _asked(desk: Desk, change: Change, seat: str) -> Verdict:
    return answered(desk, change, seat) or answer(desk, REVIEWERS[seat](desk, change))


def _risk(desk: Desk, change: Change) -> Verdict:
    if STRATEGY in change.files:
        return tournament.tested(desk, change)
    return examination.harmless(desk, change)
