"""The review board: Risk first, then every other seat; only what nobody objects to is worth a test."""

from collections.abc import Callable, Mapping, Sequence

from alphaloop.agents import architect, data, delivery_lead, execution, infrastructure, qa, sre
from alphaloop.agents.answers import answer, answered
from alphaloop.agents.claiming import claimed
from alphaloop.agents.grounds import STRATEGY, constitution_at
from alphaloop.agents.judging import refuse_other_judge
from alphaloop.agents.risk import examination, tournament
from alphaloop.agents.risk.scaled import scaled
from alphaloop.agents.risk.seat import SEAT as RISK
from alphaloop.facts.change import Change
from alphaloop.facts.step import Step, Todo
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.ports import Desk
from alphaloop.rules.entries.overrides import overrides_on
from alphaloop.rules.entries.verdicts import silenced
from alphaloop.rules.gate import overrides_now
from alphaloop.rules.overriding import overridden

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

    A veto of Risk ends the review, and a hold of anybody keeps the test, and its price, for later.  Whose key
    was changed since is asked again.
    """
    refuse_other_judge(desk, change.base, change.head)
    judged = answered(desk, change, RISK)
    if judged is not None:
        return (*_asked_again(desk, change, judged), judged)
    overrides = len(overrides_on(desk.ledger.entries(), change.number))
    inputs = f"review of #{change.number}, {change.head} on {change.base}, {overrides} overrides"
    with claimed(desk, RISK, Todo(Step.REVIEW, change.number), inputs):
        return _reviewed(desk, change)


def _reviewed(desk: Desk, change: Change) -> tuple[Verdict, ...]:
    objection = examination.objection(desk, change)
    if objection is not None:
        return (answer(desk, objection, change.judged_by),)
    said = tuple(_asked(desk, change, seat) for seat in REVIEWERS if seat != change.author)
    if _objections(desk, change, said):
        return said
    return (*said, answer(desk, _risk(desk, change), change.judged_by))


def _objections(desk: Desk, change: Change, said: Sequence[Verdict]) -> list[Verdict]:
    """What keeps the test for later: every hold, but those that a person overrides."""
    seats = constitution_at(desk, change.base).seats
    overrides = overrides_now(desk.ledger.entries(), change.number, desk.today())
    objecting = (one for one in said if one.stance >= Stance.HOLD)
    return [one for one in objecting if overridden(change, seats, one, overrides) is None]


def _asked_again(desk: Desk, change: Change, judged: Verdict) -> tuple[Verdict, ...]:
    """The answers of those who spoke with a key that was changed since; the others' stand.

    Behind an approval of Risk everybody must have spoken, in whatever order that came.
    """
    lost = silenced(desk.ledger.entries(), change.number, change.head, change.base)
    due = (
        one for one in REVIEWERS if one in lost or (judged.stance is Stance.APPROVE and one != change.author)
    )
    return tuple(_asked(desk, change, seat) for seat in due if answered(desk, change, seat) is None)


def _asked(desk: Desk, change: Change, seat: str) -> Verdict:
    said = answered(desk, change, seat)
    return said or answer(desk, REVIEWERS[seat](desk, change), change.judged_by)


def _risk(desk: Desk, change: Change) -> Verdict:
    if change.scaling is not None:
        return scaled(desk, change, change.scaling)
    if STRATEGY in change.files:
        return tournament.tested(desk, change)
    return examination.harmless(desk, change)
