"""What stands beside the evidence for people to read: no gate rests on it."""

from collections.abc import Iterator

import numpy as np

from alphaloop.facts.evidence import Evidence
from alphaloop.facts.finding import Finding, Severity
from alphaloop.market.metrics.deflated import deflated_sharpe
from alphaloop.ports import Desk
from alphaloop.rules.entries.measured import trials_so_far


def reported(desk: Desk, found: Evidence) -> Iterator[Finding]:
    """The deflated Sharpe ratio of the candidate's episodes, with the ledger's count of trials."""
    trials = trials_so_far(desk.ledger.entries())
    profits = [pair.candidate.pnl for pair in found.pairs if pair.candidate.pnl is not None]
    deflated = deflated_sharpe(np.array(profits, np.float64), trials)
    said = "missing" if deflated is None else f"{deflated:.3f}"
    yield Finding(
        "deflated-sharpe",
        Severity.NOTE,
        f"deflated Sharpe {said} over {len(profits)} episodes and {trials} trials",
    )
    yield Finding(
        "overfit-probability",
        Severity.NOTE,
        "overfit probability missing: the ledger keeps no episodes of a trial",
    )
