"""An order that the exchange refused was shown to nobody, so surveillance holds it against nobody."""

import numpy as np

from alphaloop.checks.surveillance.conduct import conduct
from alphaloop.facts.market import Instrument
from alphaloop.market.journal import CANCEL, FILL, MARK, MID, ORDER, REJECT, SUBMIT, Attribution, Journal

ORDERS = [
    (10, 1, SUBMIT, 1, 100, 5),
    (20, 2, SUBMIT, -1, 101, 7),
    (30, 2, REJECT, -1, 101, 7),
    (40, 3, SUBMIT, -1, 102, 3),
    (50, 3, CANCEL, -1, 102, 3),
]


def _journal(orders: list[tuple[int, ...]]) -> Journal:
    return Journal(
        instrument=Instrument("HAND", 1.0, 1.0, 0.0, 0.0),
        capital=100.0,
        gamma=0.0,
        sigma=None,
        max_position=10.0,
        start_ns=0,
        end_ns=100,
        fills=np.zeros(0, FILL),
        marks=np.array([(0, 100.0, 0, 100.0), (100, 100.0, 0, 100.0)], MARK),
        mids=np.zeros(0, MID),
        attribution=Attribution(0.0, 0.0, 0.0, 0.0),
        decisions=1,
        refusals=(),
        tick_to_trade_ms=np.zeros(0),
        breach="",
        fault="",
        digest="",
        orders=np.array(orders, ORDER),
    )


def test_a_refused_order_is_never_shown() -> None:
    done = conduct(_journal(ORDERS))
    assert done is not None
    assert done.lots.tolist() == [5, 3]
    assert [done.resting_lots(-1, time_ns) for time_ns in (25, 45, 60)] == [0, 3, 0]


def test_who_was_only_refused_did_nothing() -> None:
    assert conduct(_journal(ORDERS[1:3])) is None
