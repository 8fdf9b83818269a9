"""What may come between a proposal and its confirmation, each told over the product's own rules."""

from collections.abc import Iterator

import pytest
from protocol_objects import COMMITS, commit
from protocol_people import person
from protocol_scenarios import IDEA, TESTS
from protocol_story import begun, kinds, until, where
from protocol_world import ALICE, SEATS, World, advance, model, told, unlocked_here

from alphaloop import loop, words
from alphaloop.agents import canary, sre, steps
from alphaloop.errors import Refused, Stopped
from alphaloop.facts.change import State
from alphaloop.facts.entry import Kind
from alphaloop.facts.hypothesis import Hypothesis, Plan, Proposal
from alphaloop.rules import gate
from alphaloop.rules.entries import changes, marks
from alphaloop.rules.entries.lessons import turn_of
from alphaloop.rules.entries.plans import plan
from alphaloop.rules.stopped import why_stopped


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    """The model's constitution, and answers instead of measurements."""
    with model():
        yield


def test_a_change_goes_all_the_way_and_then_there_is_nothing_to_do():
    world = begun()
    seen = []
    while unlocked_here(world):
        seen.append((unlocked_here(world), where(world)))
        advance(world, "a", "approve")
    assert seen == [
        ("review", State.PROPOSED),
        ("decide", State.IN_REVIEW),
        ("merge", State.APPROVED),
        ("watch", State.CANARY),
    ]
    assert where(world) is State.CONFIRMED
    ended = world.store.refs
    advance(world, "a", "approve")
    assert world.store.refs == ended


def test_a_turn_that_was_begun_is_ended_and_no_other_is_begun():
    world = begun()
    idea = Hypothesis("wider", "it helps", "objective")
    planned = Plan(1, Proposal(idea, {"strategy.py": "planned"}), world.store.main())
    world.store.append(plan(planned, 0), "quant")
    until(world, "implement", "veto")
    assert where(world, 1) is State.CLOSED
    until(world, "")
    (lesson,) = kinds(world, Kind.LESSON)
    turn = turn_of(lesson)
    assert (turn.turn, turn.pr, turn.hypothesis, turn.decision) == (1, 2, "wider", "merged")
    assert where(world, 2) is State.CONFIRMED


def test_a_plan_that_was_overtaken_by_another_change_is_dropped_and_its_turn_ended():
    world = begun()
    idea = Hypothesis("wider", "it helps", "objective")
    planned = Plan(1, Proposal(idea, {"strategy.py": "planned"}), world.store.main())
    world.store.append(plan(planned, 0), "quant")
    until(world, "")
    (lesson,) = kinds(world, Kind.LESSON)
    assert (turn_of(lesson).pr, turn_of(lesson).decision) == (None, "none")
    assert world.store.numbers() == (1,)


def test_a_turn_that_takes_a_change_up_ends_with_what_became_of_it():
    world = begun()
    world.store.append(plan(Plan(1, None, world.store.main(), 1), 0), "quant")
    until(world, "")
    (lesson,) = kinds(world, Kind.LESSON)
    assert (turn_of(lesson).pr, turn_of(lesson).decision) == (1, "merged")


def test_a_persons_change_is_driven_too_and_is_not_closed_by_a_veto():
    world = begun((ALICE, "strategy.py", "hers"))
    until(world, "", "veto")
    assert where(world) is State.VETOED
    person(world, "push:1")
    until(world, "")
    assert where(world) is State.CONFIRMED


def test_a_veto_after_the_approval_beats_the_merge():
    world = begun()
    until(world, "merge")
    person(world, "veto:1")
    assert (unlocked_here(world), where(world)) == ("decide", State.IN_REVIEW)
    until(world, "")
    assert where(world) is State.CLOSED
    assert not kinds(world, Kind.RELEASE)


def test_a_hold_after_the_merge_takes_the_canary_back():
    world = begun()
    until(world, "watch")
    person(world, "hold:1")
    assert unlocked_here(world) == "take back"
    until(world, "")
    assert where(world) is State.ROLLED_BACK
    assert dict(COMMITS[world.store.main()].files)["strategy.py"] == "small"


def test_a_hold_that_is_lifted_in_time_takes_nothing_back():
    world = begun()
    until(world, "watch")
    person(world, "hold:1")
    person(world, "lift:1")
    until(world, "")
    assert where(world) is State.CONFIRMED


def test_a_hold_while_the_canary_is_being_confirmed_is_not_lost():
    world = begun()
    until(world, "watch")
    writes = 0

    def before() -> None:
        nonlocal writes
        writes += 1
        # The claim, the evidence, and then the outcome.
        if writes == 3:
            person(world, "hold:1")

    world.store.before = before
    advance(world, "a", "approve")
    assert where(world) is State.ROLLED_BACK


def test_nothing_rolls_a_rollback_back_but_a_new_change():
    world = begun(IDEA, IDEA)
    until(world, "watch")
    person(world, "rollback")
    with pytest.raises(Refused, match="a human proposes"):
        canary.abandon(world.desk, "once more")
    person(world, "push:2")
    paid = len(kinds(world, Kind.TEST_OPENED))
    until(world, "")
    assert where(world, 1) is State.ROLLED_BACK
    assert where(world, 2) is State.CONFIRMED
    assert len(kinds(world, Kind.TEST_OPENED)) == paid + 1, "the new change paid a test of its own"


def test_other_changes_merge_under_a_canary_and_it_is_confirmed_all_the_same():
    world = begun(IDEA, TESTS)
    until(world, "watch")
    person(world, "push:2")
    # The canary is claimed by somebody who is at it: the rest of the desk goes on beside it.
    world.processes.append("b")
    assert unlocked_here(world) == "watch"
    assert [str(todo.step) for todo in _todos(world) if todo.change == 2] == ["review"]
    world.processes.clear()
    for _ in range(3):
        _only(world, 2)
    assert where(world, 2) is State.MERGED
    until(world, "")
    assert where(world, 1) is State.CONFIRMED


def test_release_paths_freeze_while_a_canary_runs_and_thaw_after_it():
    world = begun(IDEA, IDEA)
    until(world, "watch")
    person(world, "push:2")
    assert [todo.change for todo in _todos(world)] == [1], "nothing is spent on what cannot land"
    frozen = gate.decided(world.store.entries(), world.store.change(2), SEATS)
    assert "frozen while #1 is a canary" in " ".join(frozen.reasons)
    advance(world, "a", "approve")
    assert 2 in [todo.change for todo in _todos(world)]


def test_a_limit_that_was_tightened_stops_the_desk_where_the_way_back_is_refused():
    world = begun(founding="large")
    until(world, "watch")
    person(world, "tighten")
    with pytest.raises(Stopped, match="too large"):
        canary.abandon(world.desk, "asked for")
    assert why_stopped(world.store.entries())
    assert unlocked_here(world) == ""
    assert where(world) is State.STOPPED


def test_a_canary_that_todays_limits_refuse_is_not_confirmed_however_well_it_ran():
    world = begun(("quant", "strategy.py", "large one"))
    until(world, "watch")
    person(world, "tighten")
    until(world, "")
    assert where(world) is State.ROLLED_BACK
    assert dict(COMMITS[world.store.main()].files) == {"strategy.py": "small", "risk.py": "tight"}


def test_a_strategy_that_a_person_edited_under_a_canary_is_not_overwritten():
    world = begun()
    until(world, "watch")
    person(world, "edit")
    edited = world.store.main()
    advance(world, "a", "approve")
    assert world.store.main() == edited
    assert "neither the canary's nor" in why_stopped(world.store.entries())


def test_a_push_under_an_approval_makes_it_stale_and_the_new_head_pays_anew():
    world = begun()
    until(world, "merge")
    person(world, "push:1")
    assert where(world) is State.STALE
    until(world, "")
    assert where(world) is State.CONFIRMED
    assert len({entry.body["head"] for entry in kinds(world, Kind.TEST_OPENED)}) == 2


def test_a_draft_waits_and_a_change_that_does_not_stand_on_main_waits_for_a_push():
    world = begun()
    change = world.store.change(1)
    drafted = marks.mark(1, marks.Mark.DRAFTED, change.head, change.base, "d")
    world.store.append(drafted, ALICE)
    assert (unlocked_here(world), where(world)) == ("", State.DRAFT)
    world.store.append(marks.mark(1, marks.Mark.READIED, change.head, change.base, "r"), ALICE)
    assert unlocked_here(world) == "review"
    person(world, "tighten")
    assert unlocked_here(world) == "", "it does not stand on main any more"


def test_a_stop_halts_everything_and_after_the_resume_the_gate_is_asked_again():
    world = begun()
    until(world, "merge")
    person(world, "stop")
    assert (unlocked_here(world), where(world)) == ("", State.STOPPED)
    with pytest.raises(Stopped):
        sre.refuse_when_stopped(world.desk)
    person(world, "resume")
    assert unlocked_here(world) == "decide"
    until(world, "")
    assert where(world) is State.CONFIRMED


def test_a_deadlock_is_handed_over_once_and_the_next_of_its_kind_waits_for_a_human():
    world = begun(IDEA, IDEA, IDEA)
    until(world, "", "veto")
    assert [entry.body["refused"] for entry in kinds(world, Kind.ESCALATION)] == [[1, 2]]
    told_people = words.walkthrough_page(world.store.entries())
    assert "Handed to a human: idea, which claims to move objective" in told_people
    assert "- #1: it helps Predicted nothing" in told_people
    assert "- #2: risk answered veto: no" in told_people
    waits = words.task_page(world.store.entries()).partition("## Waits for a human")[2]
    assert "#1, #2" in waits.partition("## ")[0]
    fourth = commit({"strategy.py": "fourth", "risk.py": "wide"}, (world.store.main(),), "quant")
    world.store.authors = {**world.store.authors, 4: "quant"}
    world.store.refs = world.store.refs._replace(heads=(*world.store.refs.heads, fourth))
    idea = changes.hypothesis_of_change(world.store.entries(), 1)
    world.store.append(changes.change_opened(world.store.change(4), idea, 0), "quant")
    assert where(world, 4) is State.ESCALATED
    until(world, "")
    assert where(world, 4) is State.ESCALATED
    person(world, "approve:4")
    until(world, "")
    assert where(world, 4) is State.CONFIRMED
    assert len(kinds(world, Kind.ESCALATION)) == 1


def _todos(world: World) -> list:
    return list(loop.unlocked(steps.sight(world.desk)))


def _only(world: World, number: int) -> None:
    """One step on one change, as a process does that finds the others' steps claimed."""
    todo = next(one for one in _todos(world) if one.change == number)
    world.processes.append("c")
    with told(world):
        steps.taken(world.desk, todo)
    world.processes.pop()
