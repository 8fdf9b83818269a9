"""Named stresses: one file per scenario, one table of them."""

from collections.abc import Mapping

from alphaloop.market.scenarios import (
    feed_gap,
    flash_crash,
    latency_spike,
    one_sided_flow,
    spread_blowout,
    stale_quotes,
)
from alphaloop.market.scenarios.scenario import Scenario

__all__ = ["SCENARIOS", "Scenario"]

SCENARIOS: Mapping[str, Scenario] = {
    stress.SCENARIO.name: stress.SCENARIO
    for stress in (flash_crash, feed_gap, stale_quotes, latency_spike, one_sided_flow, spread_blowout)
}
