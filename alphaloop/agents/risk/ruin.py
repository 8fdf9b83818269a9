"""What a test cannot exclude: a fall so rare that none of its episodes shows it.

What is tested is the clipped mean, so a loss that comes once in a hundred episodes counts as five deviations
however great it is. What bounds it is MAX_DRAWDOWN, which ends an episode at the first mark beyond it: no
more than one move of the price, times the position, is lost on top (docs/decisions/0046).
"""

from alphaloop import words
from alphaloop.agents.grounds import venue_at
from alphaloop.facts.evidence import Evidence
from alphaloop.facts.finding import Finding, Severity
from alphaloop.ports import Desk


def unseen_ruin(desk: Desk, found: Evidence) -> Finding:
    """How deep the candidate fell, and what falls that nobody saw could cost."""
    venue = venue_at(desk, found.base)
    worst = venue.limits.max_drawdown * venue.market.capital
    fallen = [pair.candidate.max_drawdown or 0.0 for pair in found.pairs]
    deepest = max(fallen, default=0.0) * venue.market.capital
    said = words.unseen_ruin(len(found.pairs), deepest, worst, words.mean_gain(found.pairs))
    return Finding("unseen-ruin", Severity.NOTE, said)
