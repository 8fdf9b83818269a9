"""The emergency stop of a runner: every order is pulled, late fills are booked, a human lets it go on."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from alphaloop.contract import Quote
from alphaloop.errors import Refused
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.order import Cause
from alphaloop.facts.role import Seat, Seats
from alphaloop.rules.emergency import Stage
from alphaloop.trading import flag
from alphaloop.trading.halt import Halt
from alphaloop.trading.plan import Stage as Way

SEATS = Seats((Seat("risk", "paranoid", (), (), frozenset()),), ("alice",), 3)
WELL = (100.0, 0, 1e9)
QUOTES = [Quote("buy", 99.9, 1.0), Quote("sell", 100.1, 1.0)]


def entry(number, kind, signer, ends=None):
    body = {"by": signer, "reason": ""} | ({} if ends is None else {"ends": ends})
    return Entry(number, f"{number:040x}", signer, kind, f"{number}", "", body)


def ended(signer="human:alice", number=1):
    """A ledger with one stop, and one resume that ends it."""
    return [entry(0, Kind.STOP, "risk"), entry(number, Kind.RESUME, signer, 0)]


@pytest.fixture
def place(tmp_path):
    return tmp_path / flag.NAME


@pytest.fixture
def busy(floor):
    """A floor with an order resting on each side."""
    made = floor(1)
    made.exchange.chance.seed(3)
    made.quote(QUOTES, *WELL)
    for order in list(made.exchange.live):
        made.hear([report for report in made.exchange.air if report.order == order])
    made.exchange.air.clear()
    assert [order.stage for order in made.orders.open.values()] == [Way.RESTING] * 2
    return made


def test_a_stop_pulls_every_order_and_sends_none(busy, place):
    halt = Halt(place, busy.risk, busy.orders, -1)
    halt.trip("drawdown")
    busy.messages.clear()
    halt.pull(busy.sent)
    assert busy.messages == ["cancel", "cancel"]
    assert halt.stage is Stage.STOPPING
    busy.quote(QUOTES, *WELL)
    assert busy.messages == ["cancel", "cancel"]
    assert {(one.rule, one.cause) for one in busy.risk.refusals} == {("emergency_stop", Cause.CIRCUMSTANCE)}


def test_a_fill_that_arrives_while_stopping_is_booked(busy, place):
    halt = Halt(place, busy.risk, busy.orders, -1)
    halt.trip("drawdown")
    halt.pull(busy.sent)
    busy.exchange.fill(1, 400)
    busy.hear(busy.exchange.air)
    halt.pull(busy.sent)
    assert busy.account.position_lots == busy.exchange.position == 400
    assert halt.stage is Stage.STOPPING


def test_it_is_stopped_when_nothing_is_open_any_more(busy, place):
    halt = Halt(place, busy.risk, busy.orders, -1)
    halt.trip("drawdown")
    halt.pull(busy.sent)
    while halt.stage is Stage.STOPPING:
        busy.hear(busy.exchange.reports())
        halt.pull(busy.sent)
    assert halt.stage is Stage.STOPPED
    assert not busy.orders.open
    assert halt.why == "runner: drawdown"


def test_a_flag_that_is_up_stops_a_runner_that_starts(floor, place):
    flag.hoist(place, "human:alice", "fire")
    made = floor(1)
    halt = Halt(place, made.risk, made.orders, -1)
    assert (halt.stage, halt.why) == (Stage.STOPPING, "human:alice: fire")
    assert made.risk.stopped
    halt.pull(made.sent)
    assert halt.stage is Stage.STOPPED


def test_a_flag_that_goes_up_or_becomes_unreadable_stops_a_runner_that_runs(floor, place):
    made = floor(1)
    halt = Halt(place, made.risk, made.orders, -1)
    assert halt.stage is Stage.RUNNING
    place.mkdir()
    halt.look()
    assert halt.stage is Stage.STOPPING
    place.rmdir()
    halt.look()
    assert halt.stage is Stage.STOPPING, "a flag that vanishes starts nothing"


def test_a_stop_stands_where_the_flag_cannot_be_written(floor, tmp_path):
    made = floor(1)
    folder = tmp_path / "runner"
    folder.mkdir()
    halt = Halt(folder / flag.NAME, made.risk, made.orders, -1)
    folder.rmdir()
    halt.trip("drawdown")
    assert made.risk.stopped
    assert "could not be raised" in halt.why


def stopped(floor, place, acted=-1):
    made = floor(1)
    halt = Halt(place, made.risk, made.orders, acted)
    halt.trip("drawdown")
    halt.pull(made.sent)
    assert halt.stage is Stage.STOPPED
    return made, halt


def test_a_humans_signature_and_then_a_lowered_flag_let_it_go_on(floor, place):
    made, halt = stopped(floor, place)
    halt.resume(ended(), SEATS)
    assert halt.stage is Stage.RESUMING
    made.quote(QUOTES, *WELL)
    assert made.messages == []
    flag.lower(place)
    halt.ready(ended())
    assert (halt.stage, halt.why) == (Stage.RUNNING, "")
    made.quote(QUOTES, *WELL)
    assert made.messages == ["submit", "submit"]


def test_while_the_flag_is_up_a_resume_does_not_start_it(floor, place):
    made, halt = stopped(floor, place)
    halt.resume(ended(), SEATS)
    with pytest.raises(Refused):
        halt.ready(ended())
    assert made.risk.stopped


def test_the_flag_that_the_resume_is_about_to_lower_is_no_new_stop_and_another_is(floor, place):
    _, halt = stopped(floor, place)
    halt.resume(ended(), SEATS)
    halt.look()
    assert halt.stage is Stage.RESUMING
    flag.lower(place)
    flag.hoist(place, "risk", "another")
    halt.look()
    assert halt.stage is Stage.STOPPING


def test_a_flag_that_went_down_and_up_again_is_a_new_stop(floor, place):
    _, halt = stopped(floor, place)
    halt.resume(ended(), SEATS)
    flag.lower(place)
    halt.look()
    flag.hoist(place, "runner", "drawdown")
    halt.look()
    assert halt.stage is Stage.STOPPING


def test_a_stop_in_the_ledger_stops_a_runner_at_any_stage(floor, place):
    made = floor(1)
    halt = Halt(place, made.risk, made.orders, -1)
    halt.heed(ended())
    assert halt.stage is Stage.RUNNING
    halt.heed(ended()[:1])
    assert (halt.stage, halt.why) == (Stage.STOPPING, "risk: no reason given")


def test_a_stop_after_the_resume_is_seen_before_it_runs(floor, place):
    made, halt = stopped(floor, place)
    halt.resume(ended(), SEATS)
    flag.lower(place)
    with pytest.raises(Refused):
        halt.ready([*ended(), entry(2, Kind.STOP, "risk")])
    assert made.risk.stopped


def test_a_lowered_flag_alone_does_not_start_it(floor, place):
    made, halt = stopped(floor, place)
    flag.lower(place)
    with pytest.raises(Refused, match="no human has resumed"):
        halt.ready(ended())
    assert made.risk.stopped


@pytest.mark.parametrize("signer", ["sre", "risk", "runner", "human:mallory", "human:"])
def test_nobody_but_a_registered_human_resumes_it(floor, place, signer):
    made, halt = stopped(floor, place)
    with pytest.raises(Refused):
        halt.resume(ended(signer), SEATS)
    assert made.risk.stopped


def test_an_old_signature_does_not_end_a_new_stop(floor, place):
    made, halt = stopped(floor, place, acted=1)
    with pytest.raises(Refused, match="no new resume"):
        halt.resume(ended(), SEATS)
    halt.resume(ended(number=2), SEATS)
    flag.lower(place)
    halt.ready(ended())
    halt.trip("again")
    halt.pull(made.sent)
    with pytest.raises(Refused, match="no new resume"):
        halt.resume(ended(number=2), SEATS)


class Day(RuleBasedStateMachine):
    """A runner with a flag, at an exchange whose reports Hypothesis delays, repeats or brings forward."""

    @initialize(seed=st.integers(0, 2**16))
    def open(self, seed):
        self.folder = Path(tempfile.mkdtemp())
        self.made = Day.floor(seed)
        self.place = self.folder / flag.NAME
        self.halt = Halt(self.place, self.made.risk, self.made.orders, -1)
        self.signed = 0
        self.human = True

    def teardown(self):
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    @rule(
        quotes=st.lists(
            st.builds(
                Quote,
                st.sampled_from(["buy", "sell"]),
                st.integers(9_980, 10_020).map(lambda ticks: ticks / 100),
                st.sampled_from([0.5, 2.0, 2.4]),
            ),
            max_size=5,
        ),
        pause_ms=st.integers(0, 2_000),
    )
    def quote(self, quotes, pause_ms):
        self.made.exchange.now_ns += pause_ms * 1_000_000
        self.halt.look()
        self.made.messages.clear()
        if self.halt.stage is Stage.RUNNING:
            self.made.quote(quotes, *WELL)
        else:
            self.halt.pull(self.made.sent)
            assert "submit" not in self.made.messages

    @precondition(lambda self: self.made.exchange.live)
    @rule(data=st.data())
    def fill(self, data):
        order = data.draw(st.sampled_from(sorted(self.made.exchange.live)))
        self.made.exchange.fill(order, data.draw(st.integers(1, self.made.exchange.live[order][2])))

    @precondition(lambda self: self.made.exchange.cancelling)
    @rule(data=st.data())
    def end(self, data):
        self.made.exchange.end(data.draw(st.sampled_from(sorted(self.made.exchange.cancelling))))

    @precondition(lambda self: self.made.exchange.air)
    @rule(data=st.data(), again=st.booleans())
    def tell(self, data, again):
        report = data.draw(st.sampled_from(self.made.exchange.air))
        self.made.hear([report])
        if not again:
            self.made.exchange.air.remove(report)

    @rule()
    def stop(self):
        self.halt.trip("the machine says so")
        self.human = False

    @rule()
    def raise_the_flag(self):
        flag.hoist(self.place, "human:alice", "by hand")

    @rule()
    def resume(self):
        self.signed += 1
        try:
            self.halt.resume(ended(number=self.signed), SEATS)
            self.human = True
        except Refused:
            assert self.halt.stage is Stage.STOPPING

    @rule()
    def lower_the_flag(self):
        flag.lower(self.place)

    @rule()
    def ready(self):
        try:
            self.halt.ready(ended(number=self.signed) if self.signed else [])
        except Refused:
            up = bool(flag.raised(self.place))
            assert up or self.halt.stage in (Stage.STOPPING, Stage.STOPPED)

    @invariant()
    def within_the_limit(self):
        if hasattr(self, "made"):
            self.made.check()

    @invariant()
    def never_running_without_a_human(self):
        if hasattr(self, "halt"):
            assert self.human or self.halt.stage is not Stage.RUNNING
            assert self.made.risk.stopped is (self.halt.stage is not Stage.RUNNING)


def test_whatever_happens_in_a_day_the_limit_and_the_stop_hold(floor):
    Day.floor = staticmethod(floor)
    machine = Day.TestCase
    machine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
    machine().runTest()
