"""What comes next: one pure function for a change, one for the desk; `advance` does what these unlock."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from alphaloop.facts.change import Change, State
from alphaloop.facts.entry import Entry
from alphaloop.facts.role import Power, Seats, is_human
from alphaloop.facts.step import Step, Todo
from alphaloop.facts.verdict import Stance
from alphaloop.rules import gate
from alphaloop.rules.bound import counted
from alphaloop.rules.canaries import frozen, recalled
from alphaloop.rules.deadlock import deadlocked
from alphaloop.rules.decide import standing
from alphaloop.rules.entries import releases
from alphaloop.rules.entries.changes import change_of_turn
from alphaloop.rules.entries.decisions import decision_of
from alphaloop.rules.entries.lessons import turns_taken
from alphaloop.rules.entries.plans import plan_of_turn
from alphaloop.rules.entries.verdicts import silenced
from alphaloop.rules.life import release_entry, state
from alphaloop.rules.overriding import overridden
from alphaloop.rules.overtaken import last_decided, overtaken
from alphaloop.rules.required import required
from alphaloop.rules.stopped import stop_in_force


@dataclass(frozen=True, slots=True)
class Sight:
    """What the next step follows from.

    changes: every change of which anything can still become, as it stands now; seats_at: the seats of a
    commit; main: the commit of main; today: in UTC, for overrides that expire.
    """

    entries: Sequence[Entry]
    changes: Sequence[Change]
    seats_at: Callable[[str], Seats]
    main: str
    today: date


def unlocked(sight: Sight) -> Iterator[Todo]:
    """Every step that is unlocked now, the most urgent first; none while an emergency stop is in force.

    What runs comes before what is to run, and nobody's hypothesis is refused once more before it is handed
    over.
    """
    if stop_in_force(sight.entries) is not None:
        return
    found = [(change, next_of(sight, change)) for change in sight.changes]
    steps = [Todo(step, change.number) for change, step in found if step]
    yield from sorted((one for one in steps if one.step in _RUNNING), key=_urgency)
    if deadlocked(sight.entries, sight.seats_at(sight.main).escalate_after):
        yield Todo(Step.ESCALATE, 0)
    yield from (one for one in steps if one.step not in _RUNNING)
    yield from _of_the_turn(sight, {change.number for change, step in found if step})


def next_of(sight: Sight, change: Change) -> Step | None:
    """The step that is unlocked for `change`; None while it waits for somebody, and when it has ended."""
    where = state(sight.entries, change)
    if where in (State.CANARY, State.MERGED, State.ROLLED_BACK):
        return _after_merge(sight, change)
    if where in (State.STOPPED, State.CLOSED, State.CONFIRMED, State.DRAFT):
        return None
    # What does not stand on main waits for a push, and what is frozen for the canary: nothing is spent on it.
    if not change.based or frozen(sight.entries, change):
        return None
    if review_due(sight, change):
        return Step.REVIEW
    if _decision_due(sight, change):
        return Step.DECIDE
    return _decided(where, change)


def review_due(sight: Sight, change: Change) -> bool:
    """Whether the seats must still speak on this head and base.

    Risk speaks last, so its answer ends a review in which all have spoken; an objection of anybody else keeps
    the test, and its price, for when that is lifted or overridden.  Whose key was changed since is asked
    again.
    """
    seats = sight.seats_at(change.base)
    here = (change.head, change.base)
    said = standing(change, seats, counted(sight.entries, change))
    judged = {one.seat: one for one in said if (one.head, one.base) == here and not is_human(one.seat)}
    given = gate.overrides_now(sight.entries, change.number, sight.today)
    objections = (one for one in said if one.stance in (Stance.HOLD, Stance.VETO))
    free = all(overridden(change, seats, one, given) for one in objections)
    if any(_judges(one.seat, seats) and one.stance is not Stance.BROKEN for one in judged.values()):
        silent = any(name not in judged for name in required(change, seats))
        return free and (silent or bool(silenced(sight.entries, change.number, *here)))
    return free


def _after_merge(sight: Sight, change: Change) -> Step | None:
    released = release_entry(sight.entries, change.number)
    if released is None or releases.ended(sight.entries, released) is not None:
        return None
    judged = releases.release_of(released).judged
    back = releases.rolled_back(sight.entries, released)
    if judged and back is None and recalled(sight.entries, released, sight.seats_at(sight.main)):
        return Step.TAKE_BACK
    return Step.WATCH


def _decision_due(sight: Sight, change: Change) -> bool:
    """Whether the gate has not decided on what stands now, or would decide otherwise."""
    last = last_decided(sight.entries, change.number)
    if last is None or overtaken(sight.entries, last) is not None:
        return True
    now = gate.decided(sight.entries, change, sight.seats_at(change.base), sight.today)
    return now != decision_of(last)


def _decided(where: State, change: Change) -> Step | None:
    if where is State.APPROVED:
        return Step.MERGE
    # A person pushes to their own change; to a seat's nobody does.
    return Step.CLOSE if where is State.VETOED and not is_human(change.author) else None


def _of_the_turn(sight: Sight, busy: set[int]) -> Iterator[Todo]:
    """A turn that was begun and not ended is taken up; nobody begins one here."""
    number = turns_taken(sight.entries) + 1
    plan = plan_of_turn(sight.entries, number)
    if plan is None:
        return
    opened = change_of_turn(sight.entries, number)
    about = plan.takes_up or (0 if opened is None else opened.number)
    if plan.proposal is not None and opened is None:
        yield Todo(Step.IMPLEMENT, 0)
    elif about not in busy:
        yield Todo(Step.LEARN, about)


def _judges(name: str, seats: Seats) -> bool:
    seat = seats.named(name)
    return seat is not None and seat.may(Power.VETO)


def _urgency(todo: Todo) -> int:
    return _RUNNING.index(todo.step)


_RUNNING = (Step.TAKE_BACK, Step.WATCH)
