"""The loop: seven steps, each a call.

Every step first looks whether the ledger already holds what it would do, so a killed turn is taken up where
it stopped: nothing is searched, tested, merged or charged twice.
"""

from collections.abc import Iterator
from time import monotonic

from alphaloop.agents import board, canary, data, delivery_lead, judging, quant, sre, steps, tapes
from alphaloop.facts.change import Change
from alphaloop.facts.hypothesis import Plan
from alphaloop.facts.metric import Record
from alphaloop.facts.release import Outcome, Release
from alphaloop.facts.step import Done, Todo
from alphaloop.facts.turn import Turn
from alphaloop.facts.verdict import Verdict
from alphaloop.ports import Desk
from alphaloop.rules.next_step import unlocked

MOST_STEPS = 8
"""Of one run of `advance`, so that a run ends and what comes meanwhile is seen by the next."""


def turns(desk: Desk, count: int) -> Iterator[Turn]:
    """Take `count` turns, one after the other; what a killed run left is finished first."""
    for _ in range(count):
        _put_right(desk)
        delivery_lead.catch_up(desk)
        yield turn(desk)


def advance(desk: Desk) -> Iterator[Done]:
    """Take the steps that are unlocked, one after the other, at most `MOST_STEPS` in a run.

    The same loop, driven by what pull requests and ledger hold now, so it may be run at any time, any number
    of times and at several places at once: what another is at is left to it, and nothing is begun that nobody
    asked for.
    """
    _put_right(desk)
    tried: set[Todo] = set()
    while len(tried) < MOST_STEPS:
        todo = next((one for one in unlocked(steps.sight(desk)) if one not in tried), None)
        if todo is None:
            break
        tried.add(todo)
        yield Done(todo, steps.taken(desk, todo))
    delivery_lead.render(desk)


def turn(desk: Desk) -> Turn:
    """Pass once through the seven steps."""
    began_s = monotonic()
    record = review_performance(desk)
    plan = propose(desk, record)
    change = implement(desk, plan)
    review(desk, change)
    release = deploy(desk, change)
    outcome = execute(desk, release)
    return learn(desk, change, outcome, began_s)


def review_performance(desk: Desk) -> Record:
    """1: Quant reads what Data measured of main's strategy on search seeds."""
    tapes.refuse_other_tapes(desk, desk.forge.main())
    return data.measure_main(desk)


def propose(desk: Desk, record: Record) -> Plan:
    """2: Quant states a hypothesis, with the effect that it predicts."""
    return quant.propose(desk, record)


def implement(desk: Desk, plan: Plan) -> Change | None:
    """3: Quant opens a branch and a pull request, inside the seat's own files; None without a hypothesis."""
    return quant.implement(desk, plan)


def review(desk: Desk, change: Change | None) -> tuple[Verdict, ...]:
    """4: Risk examines first, then every other seat; only what nobody objects to is tested."""
    return () if change is None else board.review(desk, change)


def deploy(desk: Desk, change: Change | None) -> Release | None:
    """5: the gate decides on the signed verdicts that it reads back; SRE merges, or not."""
    if change is None:
        return None
    return sre.released(desk, change) or sre.deploy(desk, change, sre.decide(desk, change))


def execute(desk: Desk, release: Release | None) -> Outcome | None:
    """6: SRE runs the release beside a shadow of the last confirmed version; confirms it, or rolls back."""
    return None if release is None else canary.ended(desk, release)


def learn(desk: Desk, change: Change | None, outcome: Outcome | None, began_s: float) -> Turn:
    """7: Delivery Lead writes down what was learned, escalates what is stuck, and renders the pages."""
    return delivery_lead.learn(desk, change, outcome, began_s)


def _put_right(desk: Desk) -> None:
    """Finish what a killed run left; go on where main is answered for, may be judged, and nobody stopped."""
    recovered = desk.forge.recover()
    if recovered:
        desk.tell(f"recovered: {recovered}")
    desk.forge.vouch()
    judging.refuse_other_judge(desk, desk.forge.main())
    sre.refuse_when_stopped(desk)
    sre.stop_when_unlawful(desk)
