"""What happened is written down as it was, however much of it."""

import hashlib
import struct

import numpy as np

from alphaloop.facts.market import Instrument
from alphaloop.facts.order import Cause, Event, Refusal, Report, Side
from alphaloop.market.journal import CANCEL, FUNDING, MARK, ORDER, SUBMIT
from alphaloop.simulation import record as written
from alphaloop.simulation.record import Record
from alphaloop.trading.account import Account
from alphaloop.trading.plan import Open

SELL = Open(7, Side.SELL, 101, 3)


def test_messages_are_rows_of_the_journal_and_make_the_digest():
    record = Record()
    record.submit(10, SELL)
    record.cancel(20, SELL)
    rows = [(10, 7, SUBMIT, -1, 101, 3), (20, 7, CANCEL, -1, 101, 3)]
    assert record.orders.tolist() == rows
    assert record.orders.dtype == ORDER
    refusal = Refusal("collar", Cause.OWN, None, None, 30)
    body = struct.pack("=9q", SUBMIT, 10, 7, -1, 101, 3, CANCEL, 20, 7) + b"collar own 30\n"
    assert record.digest([refusal]) == f"sha256:{hashlib.sha256(body).hexdigest()}"


def test_a_long_record_has_the_digest_of_a_whole_one(monkeypatch):
    def digest():
        record = Record()
        for time_ns in range(50):
            record.submit(time_ns, SELL)
            record.cancel(time_ns, SELL)
        # Asked twice, because asking must not change it.
        return record.digest([]), record.digest([])

    whole = digest()
    monkeypatch.setattr(written, "_DIGEST_AT_ONCE", 7)
    assert digest() == whole
    assert len(set(whole)) == 1


def test_the_digest_has_fills_where_they_came_and_no_rejections(monkeypatch):
    """Sent, filled, rejected, filled, sent, cancelled, filled: told in that order, but for the rejection."""

    def told():
        record = Record()

        def fill(matched_ns):
            filled = Report(7, Event.FILLED, Side.SELL, 101, 1, matched_ns, matched_ns + 1)
            record.fill(filled, 100.5, 100.0, 0.1)

        record.submit(10, SELL)
        fill(11)
        record.reject(Report(8, Event.REJECTED, Side.BUY, 99, 3, 0, 13))
        fill(14)
        record.submit(16, SELL)
        record.cancel(17, SELL)
        fill(18)
        return record.digest([])

    sent = [(SUBMIT, time_ns, 7, -1, 101, 3) for time_ns in (10, 16)]
    fills = [(3, 7, time_ns, time_ns + 1, -1, 101, 1) for time_ns in (11, 14, 18)]
    numbers = [*sent[0], *fills[0], *fills[1], *sent[1], CANCEL, 17, 7, *fills[2]]
    expected = f"sha256:{hashlib.sha256(struct.pack(f'={len(numbers)}q', *numbers)).hexdigest()}"
    for at_once in (65_536, 4, 3, 2, 1):
        monkeypatch.setattr(written, "_DIGEST_AT_ONCE", at_once)
        assert told() == expected


def test_a_record_of_many_sheets_is_whole():
    """20,000 messages of 48 bytes, an account marked at each tenth and a fill after each hundredth."""
    record, account = Record(), Account(Instrument("HAND", 1.0, 1.0, 0.0, 0.0), 100.0)
    account.mark_to(50.0)
    numbers, sent = [], []
    for time_ns in range(20_000):
        record.submit(time_ns, SELL)
        sent.append((time_ns, 7, SUBMIT, -1, 101, 3))
        numbers += [SUBMIT, time_ns, 7, -1, 101, 3]
        if time_ns % 10 == 0:
            record.mark(time_ns, account)
        if time_ns % 100 == 0:
            record.fill(Report(7, Event.FILLED, Side.SELL, 101, 1, time_ns, time_ns), 100.5, 100.0, 0.1)
            numbers += [3, 7, time_ns, time_ns, -1, 101, 1]
    body = struct.pack(f"={len(numbers)}q", *numbers)
    assert record.digest([]) == f"sha256:{hashlib.sha256(body).hexdigest()}"
    assert record.orders.tolist() == sent
    assert record.marks.tolist() == [(time_ns, 50.0, 0, 100.0) for time_ns in range(0, 20_000, 10)]
    assert record.fills["matched_ns"].tolist() == list(range(0, 20_000, 100))


def test_an_account_is_marked_and_settled_in_rows():
    record, account = Record(), Account(Instrument("HAND", 1.0, 1.0, 0.0, 0.0), 100.0)
    record.mark(1, account)
    account.mark_to(50.0)
    record.mark(2, account)
    record.settle(3, 1e-4, 50.0, -0.5)
    assert record.marks.tolist() == [(2, 50.0, 0, 100.0)]
    assert record.funding.tolist() == [(3, 1e-4, 50.0, -0.5)]
    assert (record.marks.dtype, record.funding.dtype) == (MARK, FUNDING)
    assert len(record.fills) == 0
    assert np.isfinite(record.marks["equity"]).all()
