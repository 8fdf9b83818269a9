"""Which metrics make up each layer, with their units, in the order in which people read them.

Metrics whose events nobody records yet stand here as missing, so that a target on one is seen to be unmet and
not forgotten: uptime and api_weight need a connection, impact needs parent orders, liquidation_buffer a
margin account, basis_std a spot stream, funding_yield a funding stream, overfit_probability every trial's own
episodes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from alphaloop.facts.order import Cause
from alphaloop.market.ingest.report import IngestReport
from alphaloop.market.journal import Attribution, Journal
from alphaloop.market.metrics import returns
from alphaloop.market.metrics.deflated import deflated_sharpe, probabilistic_sharpe
from alphaloop.market.metrics.drawdown import max_drawdown
from alphaloop.market.metrics.feed import drop_rate, sequence_gaps
from alphaloop.market.metrics.fills import fill_rate, filled_volume, message_ratio
from alphaloop.market.metrics.markout import markout
from alphaloop.market.metrics.objective import objective
from alphaloop.market.metrics.pnl import attribution, pnl
from alphaloop.market.metrics.position import inventory_bands, max_abs_position, position_share
from alphaloop.market.metrics.prices import effective_spread, slippage
from alphaloop.market.metrics.refusals import refused_for
from alphaloop.market.metrics.speed import tick_to_trade
from alphaloop.market.metrics.value_at_risk import value_at_risk_99

BANDS = ("inventory_0_20", "inventory_20_50", "inventory_50_80", "inventory_80_100")
HORIZONS_S = (1, 5, 60)
Journals = tuple[Journal, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A measured number or None, with its unit."""

    name: str
    value: float | None
    unit: str


def infrastructure(journals: Journals, reports: Sequence[IngestReport]) -> list[Reading]:
    """Layer 1."""
    return [
        Reading("tick_to_trade_p50", tick_to_trade(journals, 50), "ms"),
        Reading("tick_to_trade_p99", tick_to_trade(journals, 99), "ms"),
        Reading("sequence_gaps", sequence_gaps(reports), "count"),
        Reading("drop_rate", drop_rate(reports), "ratio"),
        Reading("uptime", None, "ratio"),
        Reading("api_weight", None, "ratio"),
    ]


def execution(journals: Journals) -> list[Reading]:
    """Layer 2."""
    return [
        Reading("slippage", slippage(journals), "bps"),
        Reading("fill_rate", fill_rate(journals), "ratio"),
        *(Reading(f"markout_{horizon}s", markout(journals, horizon), "bps") for horizon in HORIZONS_S),
        Reading("effective_spread", effective_spread(journals), "bps"),
        Reading("impact", None, "bps"),
        Reading("message_ratio", message_ratio(journals), "ratio"),
        Reading("filled_volume", returns.mean(each(journals, filled_volume)), "base"),
    ]


def risk(journals: Journals) -> list[Reading]:
    """Layer 3; extremes are over all episodes."""
    shares = _bands(journals)
    at_risk = value_at_risk_99(each(journals, pnl)) or (None, None, None)
    return [
        Reading("max_abs_position", _worst(journals, max_abs_position), "base"),
        Reading("position_share", _worst(journals, position_share), "ratio"),
        *(Reading(name, share, "ratio") for name, share in zip(BANDS, shares, strict=True)),
        Reading("max_drawdown", _worst(journals, max_drawdown), "ratio"),
        Reading("liquidation_buffer", None, "ratio"),
        Reading("basis_std", None, "price"),
        Reading("funding_yield", None, "per year"),
        Reading("value_at_risk_99", at_risk[0], "quote"),
        Reading("value_at_risk_99_low", at_risk[1], "quote"),
        Reading("value_at_risk_99_high", at_risk[2], "quote"),
        Reading("refused_orders", refused_for(journals), "count"),
        Reading("refused_orders_own", refused_for(journals, Cause.OWN), "count"),
        Reading("refused_orders_circumstance", refused_for(journals, Cause.CIRCUMSTANCE), "count"),
    ]


def strategy(journals: Journals, trials: int) -> list[Reading]:
    """Layer 4; pnl, its parts and the objective are means over episodes."""
    profits = each(journals, pnl)
    gammas = {journal.gamma for journal in journals}
    equivalent = returns.certainty_equivalent(profits, gammas.pop()) if len(gammas) == 1 else None
    return [
        Reading("pnl", returns.mean(profits), "quote"),
        Reading("pnl_spread", returns.mean(each(journals, _part(lambda parts: parts.spread))), "quote"),
        Reading("pnl_inventory", returns.mean(each(journals, _part(lambda parts: parts.inventory))), "quote"),
        Reading("pnl_fees", returns.mean(each(journals, _part(lambda parts: -parts.fees))), "quote"),
        Reading("pnl_funding", returns.mean(each(journals, _part(lambda parts: parts.funding))), "quote"),
        Reading("sharpe", returns.sharpe(profits), "per episode"),
        Reading("sharpe_error", returns.sharpe_error(profits), "per episode"),
        Reading("sharpe_annual", None, "per year"),
        Reading("sortino", returns.sortino(profits), "per episode"),
        Reading("sortino_annual", None, "per year"),
        Reading("certainty_equivalent", equivalent, "quote"),
        Reading("objective", returns.mean(each(journals, objective)), "quote"),
        Reading("win_rate", returns.win_rate(profits), "ratio"),
        Reading("probabilistic_sharpe", probabilistic_sharpe(profits), "ratio"),
        Reading("deflated_sharpe", deflated_sharpe(profits, trials), "ratio"),
        Reading("overfit_probability", None, "ratio"),
    ]


def each(journals: Journals, measure: Callable[[Journal], float | None]) -> returns.Profits:
    """`measure` of every episode, shape (n,); empty as soon as one is missing.

    An average over the episodes that happen to have a value would be an average over the survivors.
    """
    values = [measure(journal) for journal in journals]
    return np.array(
        [value for value in values if value is not None] if None not in values else [], np.float64
    )


def _part(of: Callable[[Attribution], float]) -> Callable[[Journal], float | None]:
    def measure(journal: Journal) -> float | None:
        parts = attribution(journal)
        return None if parts is None else of(parts)

    return measure


def _worst(journals: Journals, measure: Callable[[Journal], float | None]) -> float | None:
    return max(each(journals, measure).tolist(), default=None)


def _bands(journals: Journals) -> Sequence[float | None]:
    """Time-weighted over all episodes."""
    shares = [inventory_bands(journal) for journal in journals]
    if not shares or None in shares:
        return (None,) * len(BANDS)
    spans = [float(journal.end_ns - journal.marks["time_ns"][0]) for journal in journals]
    averaged: list[float] = np.average(np.array(shares, np.float64), axis=0, weights=spans).tolist()
    return averaged
