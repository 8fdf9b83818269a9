"""The numbers of one episode that the tournament compares."""

from alphaloop.facts.episode import Score
from alphaloop.market.journal import Journal
from alphaloop.market.metrics.drawdown import max_drawdown
from alphaloop.market.metrics.fills import filled_volume
from alphaloop.market.metrics.markout import markout
from alphaloop.market.metrics.objective import objective
from alphaloop.market.metrics.pnl import pnl
from alphaloop.market.metrics.position import max_abs_position


def score(journal: Journal) -> Score:
    """What `journal` is worth; objective is None after a fault.  Raises Broken when it holds a NaN."""
    return Score(
        objective=objective(journal),
        pnl=pnl(journal),
        max_drawdown=max_drawdown(journal),
        max_abs_position=max_abs_position(journal),
        markout_1s=markout((journal,), 1.0),
        filled_volume=filled_volume(journal),
        breach=journal.breach,
        digest=journal.digest,
    )
