"""How far the mark was from taking the position away."""

from collections.abc import Iterator, Sequence

from alphaloop.market.journal import Journal
from alphaloop.market.margin import liquidation_price
from alphaloop.market.metrics.finite import finite


def liquidation_buffer(journals: Sequence[Journal]) -> float | None:
    """= min over time of side × (mark − liquidation price) / mark, a ratio, while there is a position.

    Over all marks of the account in all episodes; None without a position in any.  A long position that no
    price above 0 liquidates counts 1.  Trap: it is abs(mark − liquidation price) / mark until the mark has
    passed that price, and negative from then on; an absolute value would call a jump through it a
    comfortable distance.
    """
    return min((buffer for journal in journals for buffer in _buffers(journal)), default=None)


def _buffers(journal: Journal) -> Iterator[float]:
    marks = journal.marks[journal.marks["position_lots"] != 0]
    position = marks["position_lots"] * journal.instrument.lot
    mark = finite(marks["mid"], "mark")
    cash = finite(marks["equity"], "equity") - position * mark
    for row in zip(cash.tolist(), position.tolist(), mark.tolist(), strict=True):
        yield _buffer(*row, journal.instrument.maintenance_margin)


def _buffer(cash: float, position: float, mark: float, rate: float) -> float:
    price = liquidation_price(cash, position, rate) or 0.0
    return (mark - price) / mark if position > 0 else (price - mark) / mark
