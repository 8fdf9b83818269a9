"""The numbers of METRICS.md, from recorded events only: no event, no number."""

from alphaloop.market.metrics.health import health
from alphaloop.market.metrics.record import record
from alphaloop.market.metrics.score import score

__all__ = ["health", "record", "score"]
