"""Skew by inventory: both quotes move against the position.

Avellaneda & Stoikov (2008), "High-frequency trading in a limit order book": the reservation price lies
below the mid in proportion to what is held.
"""

from alphaloop.facts.metric import Record
from alphaloop.minds.search.idea import Draft, Idea, inserted
from alphaloop.minds.search.insertion import Insertion
from alphaloop.minds.search.measures import above
from alphaloop.minds.search.reading import Reading

INSERTION = Insertion(
    parameter="skew_bps",
    value=5.0,
    span=(0.5, 20.0),
    coins=("skew",),
    before="""
# Both quotes move against what is held, by skew_bps at the limit; the way home is never paid for with
# more than the best price.
skew = BOOK.mid * self.skew_bps / 10_000 * BOOK.position / self.MAX_POSITION
""",
    buy="min(PRICE - skew, max(PRICE, BOOK.bid))",
    sell="max(PRICE - skew, min(PRICE, BOOK.ask))",
)


def urgency(record: Record) -> float | None:
    """More than a tenth of the time is spent near the limit."""
    return above(record, "inventory_80_100", 0.1)


def draft(reading: Reading) -> Draft | None:
    """Unless prices already depend on the position."""
    if reading.quoting is None or "position" in reading.quoting.priced_by:
        return None
    return inserted(INSERTION, reading)


IDEA = Idea(
    key="skew by inventory",
    claim="Moving both quotes against the position brings it back sooner, so a move of the mid costs less.",
    metric="inventory_80_100",
    urgency=urgency,
    draft=draft,
)
