"""Quote deeper after one-sided fills: who was just hit on one side steps back on that side for a while."""

from alphaloop.facts.metric import Record
from alphaloop.minds.search.idea import Draft, Idea, inserted
from alphaloop.minds.search.insertion import Insertion
from alphaloop.minds.search.measures import below
from alphaloop.minds.search.reading import Reading

INSERTION = Insertion(
    parameter="deeper_bps",
    value=5.0,
    span=(0.5, 50.0),
    coins=("run", "deeper"),
    state="self.run = 0.0\n",
    before="""
# Farther out on the side that was just filled again and again; at most by deeper_bps.
deeper = BOOK.mid * self.deeper_bps / 10_000 * max(-1.0, min(1.0, self.run))
""",
    buy="PRICE - max(deeper, 0.0)",
    sell="PRICE - min(deeper, 0.0)",
    methods={
        "on_fill": """
def on_fill(self, fill):
    # Bought less sold, in shares of MAX_POSITION.
    self.run += (fill.size if fill.side == "buy" else -fill.size) / self.MAX_POSITION
""",
        "on_timer": """
def on_timer(self, now):
    # Every second; half is forgotten after ten.
    self.run *= 0.933
""",
    },
)


def urgency(record: Record) -> float | None:
    """Fills are followed by a move against them within five seconds."""
    return below(record, "markout_5s", 0.0, scale=4.0)


def draft(reading: Reading) -> Draft | None:
    """Unless the strategy listens to its fills already."""
    return inserted(INSERTION, reading)


IDEA = Idea(
    key="quote deeper after one-sided fills",
    claim="Stepping back on the side that was just filled repeatedly avoids buying all the way down.",
    metric="markout_5s",
    urgency=urgency,
    draft=draft,
)
