"""What is done for each step that is unlocked: the same acts of the same seats as in a turn."""

from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from alphaloop.agents import board, canary, delivery_lead, quant, sre
from alphaloop.agents.grounds import constitution_at
from alphaloop.agents.legible import legible
from alphaloop.errors import Busy, Untrusted
from alphaloop.facts.entry import Entry
from alphaloop.facts.step import Step, Todo
from alphaloop.facts.verdict import combined
from alphaloop.ports import Desk
from alphaloop.rules.canaries import recalled
from alphaloop.rules.entries import releases
from alphaloop.rules.entries.decisions import decision_of
from alphaloop.rules.entries.lessons import turns_taken
from alphaloop.rules.entries.marks import is_closed
from alphaloop.rules.entries.plans import plan_of_turn
from alphaloop.rules.life import release_entry
from alphaloop.rules.next_step import Sight
from alphaloop.rules.overtaken import last_decided

Act = Callable[[Desk, Todo], str]


def sight(desk: Desk) -> Sight:
    """Everything that the next step follows from, read anew from pull requests and ledger."""
    entries = desk.ledger.entries()
    numbers = (number for number in desk.forge.numbers() if _goes_on(entries, number))
    return Sight(
        entries=entries,
        changes=tuple(legible(desk, numbers)),
        seats_at=lambda commit: constitution_at(desk, commit).seats,
        main=desk.forge.main(),
        today=desk.today(),
    )


def taken(desk: Desk, todo: Todo) -> str:
    """Do what is unlocked, and answer in words what it came to; another's step is left to it.

    What somebody forged stops its own step only: where all rests on it, the next look raises the same.
    """
    try:
        return _ACTS[todo.step](desk, todo)
    except Busy:
        return "another process is at it; nothing was spent"
    except Untrusted as forged:
        return f"not done: {forged}"


def _goes_on(entries: Sequence[Entry], number: int) -> bool:
    """Whether anything can still become of a change: what is closed or ended is not even read."""
    released = release_entry(entries, number)
    return not is_closed(entries, number) and (released is None or releases.ended(entries, released) is None)


def _implement(desk: Desk, todo: Todo) -> str:
    entries = desk.ledger.entries()
    planned = plan_of_turn(entries, turns_taken(entries) + 1)
    change = None if planned is None else quant.implement(desk, planned)
    if change is not None:
        return f"opened #{change.number}"
    return _learned(desk, None)


def _review(desk: Desk, todo: Todo) -> str:
    said = board.review(desk, desk.forge.change(todo.change))
    return f"{len(said)} seats answered, the strictest: {combined(one.stance for one in said).name.lower()}"


def _decide(desk: Desk, todo: Todo) -> str:
    made = sre.decide(desk, desk.forge.change(todo.change))
    return f"{made.word}: {made.reasons[0]}"


def _merge(desk: Desk, todo: Todo) -> str:
    change, entry = desk.forge.change(todo.change), last_decided(desk.ledger.entries(), todo.change)
    landed = None if entry is None else sre.deploy(desk, change, decision_of(entry))
    return "not merged; the pull request says why" if landed is None else f"merged as {landed.commit[:12]}"


def _take_back(desk: Desk, todo: Todo) -> str:
    entries = desk.ledger.entries()
    released = release_entry(entries, todo.change)
    seats = constitution_at(desk, desk.forge.main()).seats
    why = "" if released is None else recalled(entries, released, seats)
    if not why:
        return "nothing speaks against it any more"
    outcome = canary.abandon(desk, why)
    return f"rolled back to {outcome.restored[:12]}"


def _watch(desk: Desk, todo: Todo) -> str:
    released = release_entry(desk.ledger.entries(), todo.change)
    if released is None:
        return "it never landed"
    outcome = canary.ended(desk, releases.release_of(released))
    return "confirmed" if outcome.confirmed else f"rolled back to {outcome.restored[:12]}"


def _close(desk: Desk, todo: Todo) -> str:
    change = desk.forge.change(todo.change)
    delivery_lead.close(desk, change)
    return "closed: what a seat proposed and the gate vetoed is not pushed to"


def _escalate(desk: Desk, todo: Todo) -> str:
    return f"handed to a human: {', '.join(delivery_lead.escalate(desk))}"


def _learn(desk: Desk, todo: Todo) -> str:
    return _learned(desk, todo.change or None)


def _learned(desk: Desk, number: int | None) -> str:
    """The lesson of a begun turn; its seconds are those of the run that ends it."""
    entries = desk.ledger.entries()
    change = None if number is None else desk.forge.change(number)
    released = None if number is None else release_entry(entries, number)
    entry = None if released is None else releases.ended(entries, released)
    outcome = None if entry is None else releases.outcome_of(entries, entry)
    turn = delivery_lead.learn(desk, change, outcome, monotonic())
    return f"turn {turn.turn} ended: {turn.decision.replace('_', ' ')}"


_ACTS: Mapping[Step, Act] = {
    Step.IMPLEMENT: _implement,
    Step.REVIEW: _review,
    Step.DECIDE: _decide,
    Step.MERGE: _merge,
    Step.TAKE_BACK: _take_back,
    Step.WATCH: _watch,
    Step.CLOSE: _close,
    Step.ESCALATE: _escalate,
    Step.LEARN: _learn,
}
