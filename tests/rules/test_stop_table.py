"""The emergency stop's table: nothing starts what is stopped but a human's own hand."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Refused
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.role import Seat, Seats
from alphaloop.rules.emergency import HANDS, TABLE, Hand, Signal, Stage, after, hand_of
from alphaloop.rules.stopped import resumption, stop_in_force

ALL = st.lists(st.tuples(st.sampled_from(Signal), st.sampled_from(Hand)), max_size=40)
NO_HUMAN = st.lists(
    st.tuples(st.sampled_from(Signal), st.sampled_from([Hand.SEAT, Hand.RUNNER, Hand.STRANGER])), max_size=40
)


def walk(stage, signals):
    """Every stage on the way; what is refused changes nothing."""
    for signal, hand in signals:
        with suppress(Refused):
            stage = after(stage, signal, hand)
        yield stage


@pytest.mark.parametrize("stage", [Stage.STOPPING, Stage.STOPPED])
@given(NO_HUMAN)
def test_without_a_human_what_is_stopped_never_runs_again(stage, signals):
    assert set(walk(stage, signals)) <= {Stage.STOPPING, Stage.STOPPED}


@given(st.sampled_from(Stage), ALL)
def test_from_stopped_to_running_leads_only_a_humans_resume_and_then_a_lowered_flag(stage, signals):
    for (signal, hand), now in zip(signals, walk(stage, signals), strict=True):
        if now is Stage.RUNNING and stage is not Stage.RUNNING:
            assert (stage, signal, hand) == (Stage.RESUMING, Signal.READY, Hand.RUNNER)
        if now is Stage.RESUMING and stage is not Stage.RESUMING:
            assert (stage, signal, hand) == (Stage.STOPPED, Signal.RESUME, Hand.HUMAN)
        stage = now


@pytest.mark.parametrize("hand", [Hand.SEAT, Hand.HUMAN, Hand.RUNNER])
@pytest.mark.parametrize("stage", Stage)
def test_a_stop_is_allowed_at_every_stage_and_a_second_one_changes_nothing(stage, hand):
    once = after(stage, Signal.STOP, hand)
    assert once in (Stage.STOPPING, Stage.STOPPED)
    assert after(once, Signal.STOP, hand) is once


@pytest.mark.parametrize("signal", Signal)
@pytest.mark.parametrize("stage", Stage)
def test_a_stranger_moves_nothing(stage, signal):
    with pytest.raises(Refused, match="nobody of this desk"):
        after(stage, signal, Hand.STRANGER)


@pytest.mark.parametrize("hand", [Hand.SEAT, Hand.RUNNER, Hand.STRANGER])
@pytest.mark.parametrize("stage", Stage)
def test_only_a_human_resumes(stage, hand):
    with pytest.raises(Refused, match="may not signal 'resume'"):
        after(stage, Signal.RESUME, hand)


def test_a_resume_is_refused_while_orders_are_open():
    with pytest.raises(Refused, match="orders are still open"):
        after(Stage.STOPPING, Signal.RESUME, Hand.HUMAN)


def test_an_order_that_shows_up_after_the_stop_is_pulled_too():
    assert after(Stage.STOPPED, Signal.ALIVE, Hand.RUNNER) is Stage.STOPPING
    assert after(Stage.RESUMING, Signal.ALIVE, Hand.RUNNER) is Stage.STOPPING


@pytest.mark.parametrize("signal", Signal)
@pytest.mark.parametrize("stage", Stage)
def test_every_stage_answers_every_signal_with_a_stage_or_a_reason(stage, signal):
    hand = min(HANDS[signal])
    if (stage, signal) in TABLE:
        assert after(stage, signal, hand) is TABLE[stage, signal]
    else:
        with pytest.raises(Refused, match="is refused while"):
            after(stage, signal, hand)


def test_a_hand_is_known_by_the_desks_seats():
    seats = Seats((Seat("risk", "paranoid", (), (), frozenset()),), ("alice",), 3)
    assert hand_of("human:alice", seats) is Hand.HUMAN
    assert hand_of("risk", seats) is Hand.SEAT
    assert hand_of("human:mallory", seats) is Hand.STRANGER
    assert hand_of("runner", seats) is Hand.STRANGER


def ledger(*said):
    """Entries of (kind, signer, ends)."""
    return [
        Entry(
            number,
            f"{number:040x}",
            signer,
            kind,
            f"{number}",
            "",
            {"by": signer, "reason": ""} | ({} if ends is None else {"ends": ends}),
        )
        for number, (kind, signer, ends) in enumerate(said)
    ]


def test_the_resume_that_counts_is_the_humans_that_ended_the_last_stop():
    entries = ledger(
        (Kind.STOP, "risk", None),
        (Kind.RESUME, "sre", 0),
        (Kind.RESUME, "human:alice", 7),
        (Kind.RESUME, "human:alice", 0),
    )
    assert resumption(entries[:3]) is None
    assert stop_in_force(entries[:3]) is not None
    found = resumption(entries)
    assert found is not None
    assert found.number == 3
    assert resumption([*entries, *ledger((Kind.STOP, "risk", None))]) is None
    assert resumption([]) is None
