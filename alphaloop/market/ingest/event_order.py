"""One order for two clocks.

The exchange reads the rows that carry EXCHANGE and must find them in the order of `exch_ts`; the trader reads
those that carry LOCAL and must find them in the order of `local_ts`.  A row that was overtaken on the way to
the trader cannot stand in both orders, so it is written twice, once for each clock (hftbacktest's data page,
"event order").
"""

import numpy as np

from alphaloop.errors import BadTape
from alphaloop.market.tape import EXCHANGE, LOCAL, Rows

BOTH = EXCHANGE | LOCAL


def ordered(events: Rows) -> Rows:
    """`events`, in order of receipt and without clock flags, as rows that are in order on both clocks.

    shape (n,) → (m,), n ≤ m ≤ 2n; the number of split rows is m − n.
    """
    happened = np.argsort(events["exch_ts"], kind="stable")
    # Each row's place in the order of receipt, in the order of events: its records stand in both orders.
    receipt = np.empty(len(events), np.int64)
    receipt[np.argsort(events["local_ts"], kind="stable")] = np.arange(len(events))
    heard = receipt[happened]
    in_step = heard == np.maximum.accumulate(heard)
    late = np.flatnonzero(~in_step)
    late = late[np.argsort(heard[late])]
    # A row stands behind so many rows that are in step; those of one clock alone follow in its order.
    place = np.cumsum(in_step)
    behind = np.where(in_step, 0, len(events) + np.arange(len(events)))
    local_place = np.searchsorted(heard[in_step], heard[late])
    width = 2 * len(events) + 1
    spots = np.searchsorted(place * width + behind, local_place * width + len(events) + heard[late], "right")
    in_order: Rows = events[np.insert(happened, spots, happened[late])]
    clocks = np.where(in_step, BOTH, EXCHANGE).astype(np.uint64)
    in_order["ev"] |= np.insert(clocks, spots, np.uint64(LOCAL))
    return in_order


def refuse_disorder(events: Rows, name: str) -> None:
    """Raise BadTape when either clock runs backwards, or a row is for neither clock."""
    if ((events["ev"] & BOTH) == 0).any():
        raise BadTape(f"tape {name}: a row is for neither clock; ingest it again")
    for flag, column in ((EXCHANGE, "exch_ts"), (LOCAL, "local_ts")):
        times = events[column][(events["ev"] & flag) != 0]
        back = np.flatnonzero(np.diff(times) < 0)
        if len(back):
            raise BadTape(f"tape {name}: {column} runs backwards after event {int(back[0])}; make it again")
