"""A linear-perpetual account, kept from execution reports and from nothing else.

The matching engine's own account is wrong after partial fills, so ours is the only one.  Traded value is an
integer number of tick × lot, which makes cash exact; only fees, funding and the mark are floats.
"""

from math import inf
from typing import Final

from alphaloop.errors import Broken
from alphaloop.facts.market import Instrument
from alphaloop.facts.order import Side
from alphaloop.market.journal import Attribution
from alphaloop.market.margin import liquidation_price, maintenance


class Account:
    """Position, cash and where the profit came from, in quote currency unless a name says ticks or lots.

    At every moment: equity = capital + spread + inventory − fees + funding, and also
    equity = capital + realised + unrealised − fees + funding.
    """

    def __init__(self, instrument: Instrument, capital: float) -> None:
        self.capital: Final = capital
        self.position_lots = 0
        self.mark: float | None = None
        self.peak = capital
        self.max_drawdown = 0.0
        self.equity = capital
        self._tick, self._lot = instrument.tick, instrument.lot
        self._margin_rate = instrument.maintenance_margin
        self._maker_rate, self._taker_rate = instrument.maker_bps * 1e-4, instrument.taker_bps * 1e-4
        self._flow = 0
        self._cost = 0.0
        self._spread = self._inventory = self._fees = self._funding = self._realised = 0.0

    def mark_to(self, price: float) -> None:
        """Value the position at `price`; the first price starts the account and moves nothing."""
        if price == self.mark:
            # Whatever changed since then has watched for itself.
            return
        if not 0 < price < inf:
            raise Broken(f"the account was marked to {price}; find out which feed gave that price")
        if self.mark is not None:
            self._inventory += self.position_lots * self._lot * (price - self.mark)
        self.mark = price
        self._watch()

    def fill(self, side: Side, ticks: int, lots: int, mid: float, maker: bool = True) -> float:
        """Book a fill whose match happened while the mid was `mid`; answers the fee (negative is a rebate).

        Spread is earned against that mid; what the position is worth beyond it since then is inventory.
        """
        if lots <= 0 or ticks <= 0:
            raise Broken(
                f"a fill of {lots} lots at {ticks} ticks was reported; the matching engine is at fault"
            )
        size = lots * self._lot
        price = ticks * self._tick
        fee = price * size * (self._maker_rate if maker else self._taker_rate)
        self._book(side * lots, ticks)
        self._flow -= side * ticks * lots
        self._fees += fee
        self._spread += side * (mid - price) * size
        if self.mark is None:
            self.mark = mid
        self._inventory += side * size * (self.mark - mid)
        self._watch()
        return fee

    def fund(self, rate: float, price: float) -> float:
        """Settle funding at `rate` of the position's value at `price`: longs pay a positive rate.

        Answers what was received, negative when paid.
        """
        received = -self.position_lots * self._lot * price * rate
        self._funding += received
        self._watch()
        return received

    @property
    def cash(self) -> float:
        """Capital and all flows since, the value of the position left out."""
        return self.capital + self._flow * self._tick * self._lot - self._fees + self._funding

    @property
    def position(self) -> float:
        """The position in base units."""
        return self.position_lots * self._lot

    @property
    def realised(self) -> float:
        """Profit of closed lots against their average entry, before fees and funding."""
        return self._realised

    @property
    def unrealised(self) -> float:
        """Profit of the open position against its average entry, at the mark."""
        if self.mark is None or self.position_lots == 0:
            return 0.0
        return self.position_lots * self._lot * self.mark - self._cost * self._tick * self._lot

    @property
    def drawdown(self) -> float:
        """How far equity is below its peak now, in shares of starting capital; the start is a peak."""
        return (self.peak - self.equity) / self.capital

    @property
    def liquidation_price(self) -> float | None:
        """The mark at which the venue takes the position away; None when no price above 0 does."""
        return liquidation_price(self.cash, self.position, self._margin_rate)

    @property
    def liquidated(self) -> bool:
        """Whether equity is down to the maintenance margin of what is held, at the mark."""
        if self.mark is None or self.position_lots == 0:
            return False
        return self.equity <= maintenance(self.position, self.mark, self._margin_rate)

    @property
    def attribution(self) -> Attribution:
        """Where the profit came from so far."""
        return Attribution(self._spread, self._inventory, self._fees, self._funding)

    def _watch(self) -> None:
        held = self.position_lots * self._lot * self.mark if self.mark is not None else 0.0
        flow = self._flow * self._tick * self._lot
        self.equity = equity = self.capital + flow + held - self._fees + self._funding
        if not -inf < equity < inf:
            raise Broken(f"equity became {equity}; find out which fill, rate or price was not a number")
        self.peak = max(self.peak, equity)
        fallen = (self.peak - equity) / self.capital
        self.max_drawdown = max(self.max_drawdown, fallen)

    def _book(self, signed_lots: int, ticks: int) -> None:
        """Move the position: lots that oppose it close at the average entry, the rest opens at `ticks`."""
        closing = 0
        if self.position_lots * signed_lots < 0:
            closing = min(abs(signed_lots), abs(self.position_lots)) * (1 if signed_lots > 0 else -1)
            released = self._cost * (-closing / self.position_lots)
            self._realised += (-closing * ticks - released) * self._tick * self._lot
            self._cost -= released
        self._cost += (signed_lots - closing) * ticks
        self.position_lots += signed_lots
