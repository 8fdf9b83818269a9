"""Which metrics make up each layer, with their units, in the order in which people read them.

A metric that no event carries stands in the record as missing, so that a target on it is seen to be unmet and
not forgotten; `carried_by` says what would carry it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from alphaloop.facts.metric import Layer
from alphaloop.facts.order import Cause
from alphaloop.market.journal import Attribution, Journal
from alphaloop.market.metrics import daily, returns
from alphaloop.market.metrics.basis import basis_std, basis_zscore
from alphaloop.market.metrics.connection import api_weight, uptime
from alphaloop.market.metrics.deflated import deflated_sharpe, probabilistic_sharpe
from alphaloop.market.metrics.drawdown import max_drawdown
from alphaloop.market.metrics.feed import drop_rate, sequence_gaps
from alphaloop.market.metrics.fills import fill_rate, fill_rate_by_size, filled_volume, message_ratio
from alphaloop.market.metrics.funding import funding_yield
from alphaloop.market.metrics.impact import impact
from alphaloop.market.metrics.margin import liquidation_buffer
from alphaloop.market.metrics.markout import markout
from alphaloop.market.metrics.measure import Material, Measure, Read, each, mean_of, over, worst_of
from alphaloop.market.metrics.objective import objective
from alphaloop.market.metrics.overfit import overfit_probability
from alphaloop.market.metrics.pnl import attribution, pnl
from alphaloop.market.metrics.position import bands_over, inventory_bands, max_abs_position, position_share
from alphaloop.market.metrics.prices import effective_spread, slippage
from alphaloop.market.metrics.refusals import refused_for
from alphaloop.market.metrics.speed import tick_to_trade
from alphaloop.market.metrics.value_at_risk import LEAST_EPISODES, value_at_risk_99

VENUE = "an order, and messages_per_second in market.yaml, which the venue allows"
EPISODE, ORDER, FILL = "an episode that was played to its end", "an order", "a fill"
RECORDING, DAYS = "a recording", f"{daily.LEAST_DAYS} days of trading in whole-day episodes"
TWO, LOSS = "two episodes that differ in PnL", "an episode that lost"
TAIL = f"{LEAST_EPISODES} episodes"


def _band(place: int) -> Read:
    def read(material: Material) -> float | None:
        shares = bands_over(material.journals)
        return None if shares is None else shares[place]

    return read


def _value_at_risk(place: int) -> Read:
    def read(material: Material) -> float | None:
        found = value_at_risk_99(each(material.journals, pnl))
        return None if found is None else found[place]

    return read


def _part(of: Callable[[Attribution], float]) -> Read:
    def measure(journal: Journal) -> float | None:
        parts = attribution(journal)
        return None if parts is None else of(parts)

    return mean_of(measure)


def _profits(of: Callable[[returns.Profits], float | None]) -> Read:
    return lambda material: of(each(material.journals, pnl))


def _certainty_equivalent(material: Material) -> float | None:
    gammas = {journal.gamma for journal in material.journals}
    if len(gammas) != 1:
        return None
    return returns.certainty_equivalent(each(material.journals, pnl), gammas.pop())


def _deflated(material: Material) -> float | None:
    return deflated_sharpe(each(material.journals, pnl), material.trials)


def _overfit(material: Material) -> float | None:
    return None if material.tried is None else overfit_probability(material.tried)


INFRASTRUCTURE = (
    Measure("tick_to_trade_p50", "ms", ORDER, tick_to_trade, over(tick_to_trade, 50)),
    Measure("tick_to_trade_p99", "ms", ORDER, tick_to_trade, over(tick_to_trade, 99)),
    Measure("sequence_gaps", "count", RECORDING, sequence_gaps, lambda of: sequence_gaps(of.reports)),
    Measure("drop_rate", "ratio", RECORDING, drop_rate, lambda of: drop_rate(of.reports)),
    Measure("uptime", "ratio", EPISODE, uptime, over(uptime)),
    Measure("api_weight", "ratio", VENUE, api_weight, over(api_weight)),
)

EXECUTION = (
    Measure("slippage", "bps", FILL, slippage, over(slippage)),
    Measure("fill_rate", "ratio", ORDER, fill_rate, over(fill_rate)),
    Measure("fill_rate_by_size", "ratio", ORDER, fill_rate_by_size, over(fill_rate_by_size)),
    *(
        Measure(
            f"markout_{s}s", "bps", f"a fill {s} s before the end of its episode", markout, over(markout, s)
        )
        for s in (1, 5, 60)
    ),
    Measure("effective_spread", "bps", FILL, effective_spread, over(effective_spread)),
    Measure(
        "impact", "bps", "parent orders, which quoting has none of", impact, lambda of: impact(of.parents)
    ),
    Measure("message_ratio", "ratio", FILL, message_ratio, over(message_ratio)),
    Measure("filled_volume", "base", EPISODE, filled_volume, mean_of(filled_volume)),
)

_BANDS = ("inventory_0_20", "inventory_20_50", "inventory_50_80", "inventory_80_100")
_OWN, _CIRCUMSTANCE = (partial(refused_for, cause=cause) for cause in (Cause.OWN, Cause.CIRCUMSTANCE))

RISK = (
    Measure("max_abs_position", "base", EPISODE, max_abs_position, worst_of(max_abs_position)),
    Measure("position_share", "ratio", EPISODE, position_share, worst_of(position_share)),
    *(Measure(name, "ratio", EPISODE, inventory_bands, _band(place)) for place, name in enumerate(_BANDS)),
    Measure("max_drawdown", "ratio", EPISODE, max_drawdown, worst_of(max_drawdown)),
    Measure("liquidation_buffer", "ratio", "a position", liquidation_buffer, over(liquidation_buffer)),
    Measure("basis_std", "price", "an index stream", basis_std, over(basis_std)),
    Measure(
        "basis_zscore", "σ", "an index stream that the price moves against", basis_zscore, over(basis_zscore)
    ),
    Measure(
        "funding_yield", "per year", "a funding stream and a position", funding_yield, over(funding_yield)
    ),
    Measure("value_at_risk_99", "quote", TAIL, value_at_risk_99, _value_at_risk(0)),
    Measure("value_at_risk_99_low", "quote", TAIL, value_at_risk_99, _value_at_risk(1)),
    Measure("value_at_risk_99_high", "quote", TAIL, value_at_risk_99, _value_at_risk(2)),
    Measure("refused_orders", "count", EPISODE, refused_for, over(refused_for)),
    Measure("refused_orders_own", "count", EPISODE, refused_for, over(_OWN)),
    Measure("refused_orders_circumstance", "count", EPISODE, refused_for, over(_CIRCUMSTANCE)),
)

STRATEGY = (
    Measure("pnl", "quote", EPISODE, pnl, mean_of(pnl)),
    Measure("pnl_spread", "quote", EPISODE, attribution, _part(lambda parts: parts.spread)),
    Measure("pnl_inventory", "quote", EPISODE, attribution, _part(lambda parts: parts.inventory)),
    Measure("pnl_fees", "quote", EPISODE, attribution, _part(lambda parts: -parts.fees)),
    Measure("pnl_funding", "quote", EPISODE, attribution, _part(lambda parts: parts.funding)),
    Measure("sharpe", "per episode", TWO, returns.sharpe, _profits(returns.sharpe)),
    Measure("sharpe_error", "per episode", TWO, returns.sharpe_error, _profits(returns.sharpe_error)),
    Measure("sharpe_annual", "per year", DAYS, daily.sharpe_annual, over(daily.sharpe_annual)),
    Measure(
        "sharpe_annual_error", "per year", DAYS, daily.sharpe_annual_error, over(daily.sharpe_annual_error)
    ),
    Measure("sortino", "per episode", LOSS, returns.sortino, _profits(returns.sortino)),
    Measure("sortino_annual", "per year", DAYS, daily.sortino_annual, over(daily.sortino_annual)),
    Measure("certainty_equivalent", "quote", EPISODE, returns.certainty_equivalent, _certainty_equivalent),
    Measure("objective", "quote", EPISODE, objective, mean_of(objective)),
    Measure("win_rate", "ratio", EPISODE, returns.win_rate, _profits(returns.win_rate)),
    Measure("probabilistic_sharpe", "ratio", TWO, probabilistic_sharpe, _profits(probabilistic_sharpe)),
    Measure("deflated_sharpe", "ratio", "a search, whose trials it counts", deflated_sharpe, _deflated),
    Measure("overfit_probability", "ratio", "a search with two candidates", overfit_probability, _overfit),
)

LAYERS: Mapping[Layer, Sequence[Measure]] = {
    Layer.INFRASTRUCTURE: INFRASTRUCTURE,
    Layer.EXECUTION: EXECUTION,
    Layer.RISK: RISK,
    Layer.STRATEGY: STRATEGY,
}


def carriers() -> Mapping[str, str]:
    """The event that each metric is missing without: name → words."""
    return {measure.name: measure.carried_by for measures in LAYERS.values() for measure in measures}
