"""`stop` and `resume` move ledger and flag together; each alone is a stop."""

import pytest

from alphaloop.agents import sre
from alphaloop.errors import Refused, Stopped
from alphaloop.facts.entry import Kind
from alphaloop.rules.stopped import resumption, why_stopped
from alphaloop.trading import flag

ALICE = "human:alice"


@pytest.fixture
def desk(null, copied, sit):
    return sit(copied(null))


def test_a_stop_is_in_the_ledger_and_on_the_flag_and_a_resume_ends_both(desk):
    sre.stop(desk, ALICE, "fire")
    assert flag.raised(desk.flag) == why_stopped(desk.ledger.entries()) == f"{ALICE}: fire"
    sre.resume(desk, ALICE, "out")
    assert flag.raised(desk.flag) == why_stopped(desk.ledger.entries()) == ""
    sre.refuse_when_stopped(desk)


def test_a_flag_alone_stops_the_desk_and_a_humans_resume_writes_both_down(desk):
    flag.hoist(desk.flag, "runner", "drawdown")
    with pytest.raises(Stopped, match="runner: drawdown"):
        sre.refuse_when_stopped(desk)
    resumed = sre.resume(desk, ALICE, "looked at it")
    entries = desk.ledger.entries()
    assert [entry.kind for entry in entries[-2:]] == [Kind.STOP, Kind.RESUME]
    assert resumption(entries) == resumed
    sre.refuse_when_stopped(desk)


def test_a_flag_that_cannot_be_written_does_not_keep_the_ledger_from_stopping(desk):
    desk.flag.mkdir()
    sre.stop(desk, ALICE, "fire")
    assert why_stopped(desk.ledger.entries()) == f"{ALICE}: fire"
    with pytest.raises(Stopped):
        sre.refuse_when_stopped(desk)


def test_a_machine_neither_resumes_nor_lowers_the_flag(desk):
    sre.stop(desk, "risk", "a seat may stop")
    with pytest.raises(Refused, match="only a human"):
        sre.resume(desk, "sre", "it is fine")
    assert flag.raised(desk.flag)


def test_a_resume_that_cannot_take_the_flag_down_ends_nothing(desk):
    sre.stop(desk, ALICE, "fire")
    desk.flag.unlink()
    desk.flag.mkdir()
    with pytest.raises(Refused, match="by hand"):
        sre.resume(desk, ALICE, "out")
    assert why_stopped(desk.ledger.entries())


def test_a_rehearsal_has_a_flag_of_its_own(null, copied, sit):
    place = copied(null)
    rehearsal, real = sit(place, rehearsal=True), sit(place)
    sre.stop(rehearsal, "sre", "only practised")
    assert flag.raised(rehearsal.flag)
    assert flag.raised(real.flag) == ""


def test_a_stop_that_came_while_the_flag_was_being_lowered_raises_it_again(desk, monkeypatch):
    sre.stop(desk, ALICE, "fire")
    lower = flag.lower

    def lowered_late(place):
        sre.stop(desk, "risk", "more fire")
        lower(place)

    monkeypatch.setattr(flag, "lower", lowered_late)
    sre.resume(desk, ALICE, "out")
    assert "more fire" in why_stopped(desk.ledger.entries())
    assert "more fire" in flag.raised(desk.flag)
