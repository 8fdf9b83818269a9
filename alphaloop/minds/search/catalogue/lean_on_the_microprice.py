"""Lean on the micro-price: both quotes move towards the side that is about to give way.

Stoikov (2018), "The micro-price: a high-frequency estimator of future prices"; the size-weighted mid is its
first approximation.
"""

from alphaloop.facts.metric import Record
from alphaloop.minds.search.idea import Draft, Idea, inserted
from alphaloop.minds.search.insertion import Insertion
from alphaloop.minds.search.measures import below
from alphaloop.minds.search.reading import Reading

INSERTION = Insertion(
    parameter="lean_share",
    value=0.5,
    span=(0.1, 0.9),
    coins=("resting", "lean"),
    before="""
# Both quotes follow the size-weighted mid; a share below 1 keeps them inside the best prices.
resting = BOOK.bid_size + BOOK.ask_size
lean = (BOOK.bid_size - BOOK.ask_size) / resting if resting > 0 else 0.0
lean *= self.lean_share * (BOOK.ask - BOOK.bid) / 2
""",
    buy="PRICE + lean",
    sell="PRICE + lean",
)


def urgency(record: Record) -> float | None:
    """Fills are followed by a move against them within a second."""
    return below(record, "markout_1s", 0.0, scale=4.0)


def draft(reading: Reading) -> Draft | None:
    """Unless prices already depend on the sizes at the best prices."""
    if reading.quoting is None or {"bid_size", "ask_size"} & reading.quoting.priced_by:
        return None
    return inserted(INSERTION, reading)


IDEA = Idea(
    key="lean on the micro-price",
    claim="Following the size-weighted mid takes the quote out of the way of one-sided flow.",
    metric="markout_1s",
    urgency=urgency,
    draft=draft,
)
