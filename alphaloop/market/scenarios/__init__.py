"""Named stresses as data: one file per mechanism, one table of them."""

from collections.abc import Mapping

from alphaloop.market.scenarios import (
    basis_break,
    clock_skew,
    disconnect,
    fat_finger,
    feed_gap,
    flash,
    funding_spike,
    latency_spike,
    liquidation_cascade,
    one_sided_flow,
    quiet_market,
    rate_limit_storm,
    spread_blowout,
    stale_quotes,
    volatility_regime,
)
from alphaloop.market.scenarios.scenario import Parameter, Scenario, Way

__all__ = ["SCENARIOS", "Parameter", "Scenario", "Way"]

SCENARIOS: Mapping[str, Scenario] = {
    stress.name: stress
    for stress in (
        flash.CRASH,
        flash.RALLY,
        feed_gap.SCENARIO,
        stale_quotes.SCENARIO,
        disconnect.SCENARIO,
        latency_spike.SCENARIO,
        rate_limit_storm.SCENARIO,
        one_sided_flow.SCENARIO,
        liquidation_cascade.SCENARIO,
        fat_finger.SCENARIO,
        spread_blowout.SCENARIO,
        volatility_regime.SCENARIO,
        funding_spike.SCENARIO,
        basis_break.SCENARIO,
        clock_skew.SCENARIO,
        quiet_market.SCENARIO,
    )
}
