"""One order for two clocks.

The exchange reads the rows that carry EXCHANGE and must find them in the order of `exch_ts`; the trader reads
those that carry LOCAL and must find them in the order of `local_ts`.  A row that was overtaken on the way to
the trader cannot stand in both orders, so it is written twice, once for each clock (hftbacktest's data page,
"event order").
"""

import numpy as np
from numpy.typing import NDArray

from alphaloop.errors import BadTape
from alphaloop.market.pages import room
from alphaloop.market.tape import EVENT, EXCHANGE, LOCAL, Rows

BOTH = EXCHANGE | LOCAL

Times = NDArray[np.int64]


def ordered(events: Rows) -> Rows:
    """`events`, in order of receipt and without clock flags, as rows that are in order on both clocks.

    shape (n,) → (m,), n ≤ m ≤ 2n; the number of split rows is m − n.
    """
    places, clocks = _both_orders(events["exch_ts"], events["local_ts"])
    in_order: Rows = room(len(places), EVENT)
    # Any other mode than clip goes through a second copy; no place is beyond the rows.
    events.take(places, out=in_order, mode="clip")
    in_order["ev"] |= clocks
    return in_order


def _both_orders(exch_ns: Times, local_ns: Times) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """The row at each place of both orders, and its clocks; shape (m,) both."""
    happened = np.argsort(exch_ns, kind="stable")
    heard = _places(local_ns)[happened]
    in_step = heard == np.maximum.accumulate(heard)
    # A row stands behind so many rows that are in step; those of one clock alone follow in its order.
    width = 2 * len(heard) + 1
    place = np.cumsum(in_step)
    place *= width
    late = np.flatnonzero(~in_step)
    place[late] += len(heard) + late
    late = late[np.argsort(heard[late])]
    local_place = np.searchsorted(heard[in_step], heard[late])
    spots = np.searchsorted(place, local_place * width + len(heard) + heard[late], "right")
    del place, heard
    clocks = np.where(in_step, np.uint32(BOTH), np.uint32(EXCHANGE))
    return np.insert(happened, spots, happened[late]), np.insert(clocks, spots, np.uint32(LOCAL))


def _places(times_ns: Times) -> NDArray[np.int64]:
    """The place of each row in the order of these times."""
    places = np.empty(len(times_ns), np.int64)
    places[np.argsort(times_ns, kind="stable")] = np.arange(len(times_ns))
    return places


def refuse_disorder(events: Rows, name: str) -> None:
    """Raise BadTape when either clock runs backwards, or a row is for neither clock."""
    if ((events["ev"] & BOTH) == 0).any():
        raise BadTape(f"tape {name}: a row is for neither clock; ingest it again")
    for flag, column in ((EXCHANGE, "exch_ts"), (LOCAL, "local_ts")):
        times = events[column][(events["ev"] & flag) != 0]
        back = np.flatnonzero(np.diff(times) < 0)
        if len(back):
            raise BadTape(f"tape {name}: {column} runs backwards after event {int(back[0])}; make it again")
