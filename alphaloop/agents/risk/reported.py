"""What stands beside the evidence for people to read: no gate rests on it."""

from collections.abc import Iterator, Sequence

import numpy as np

from alphaloop.agents.risk.ruin import unseen_ruin
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.evidence import Evidence
from alphaloop.facts.finding import Finding, Severity
from alphaloop.market.metrics.deflated import deflated_sharpe
from alphaloop.market.metrics.overfit import LEAST_EPISODES, overfit_probability, tried
from alphaloop.ports import Desk
from alphaloop.rules.entries.changes import change_of, turn_of_change
from alphaloop.rules.entries.measured import Scores, scores_of_turn, trials_so_far


def reported(desk: Desk, found: Evidence) -> Iterator[Finding]:
    """The deflated Sharpe ratio over the ledger's trials, how overfit the search was, and what none saw."""
    entries = desk.ledger.entries()
    trials = trials_so_far(entries)
    profits = [pair.candidate.pnl for pair in found.pairs if pair.candidate.pnl is not None]
    deflated = deflated_sharpe(np.array(profits, np.float64), trials)
    said = "missing" if deflated is None else f"{deflated:.3f}"
    yield Finding(
        "deflated-sharpe",
        Severity.NOTE,
        f"deflated Sharpe {said} over {len(profits)} episodes and {trials} trials",
    )
    yield _overfit(scores_of_turn(entries, _turn(entries, found.change)))
    yield unseen_ruin(desk, found)


def _turn(entries: Sequence[Entry], change: int) -> int:
    """The turn that proposed a change, 0 for a person's own."""
    opened = (entry for entry in entries if entry.kind is Kind.CHANGE)
    return next((turn_of_change(entry) for entry in opened if change_of(entry).number == change), 0)


def _overfit(scores: Scores) -> Finding:
    """The overfit probability of the search that the candidate was the best of."""
    table = tried(scores)
    found = None if table is None else overfit_probability(table)
    if table is None or found is None:
        least = f"at least 2 candidates on {LEAST_EPISODES} episodes"
        words = f"overfit probability missing: the ledger keeps no search behind this change with {least}"
    else:
        words = f"overfit probability {found:.2f} among {len(table)} candidates on {table.shape[1]} episodes"
    return Finding("overfit-probability", Severity.NOTE, words)
