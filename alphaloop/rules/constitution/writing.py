"""The files that `init` writes: the same numbers always give the same text, and each says what it means."""

import json
import re
from collections.abc import Sequence

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Limits, Market

_ASSUMED = "nobody stated them; correct them"
_EMPTY = re.compile(rb"^humans: \[\]", re.MULTILINE)


def with_humans(roles_yaml: bytes, logins: Sequence[str]) -> bytes:
    """The shipped roles.yaml with its humans filled in; raises BadConfiguration when it is filled already."""
    if len(_EMPTY.findall(roles_yaml)) != 1:
        raise BadConfiguration("roles.yaml: its line `humans: []` is not there, so nobody can be registered")
    return _EMPTY.sub(f"humans: [{', '.join(logins)}]".encode(), roles_yaml)


def risk_py(limits: Limits) -> bytes:
    """risk.py with these limits."""
    numbers = {name.upper(): repr(getattr(limits, name)) for name in Limits.__slots__}
    return _RISK.format(**numbers).encode()


def market_yaml(market: Market) -> bytes:
    """market.yaml with this market."""
    instrument = market.instrument
    return _MARKET.format(
        symbol=json.dumps(instrument.symbol),
        tick=_decimal(instrument.tick),
        lot=_decimal(instrument.lot),
        maker=_decimal(instrument.maker_bps),
        taker=_decimal(instrument.taker_bps),
        assumed="true " if instrument.fees_assumed else "false",
        origin=_ASSUMED if instrument.fees_assumed else "as stated by the venue",
        capital=_decimal(market.capital),
        gamma=_decimal(market.gamma),
        episode_s=_decimal(market.episode_s),
        world=market.world.name,
        params=_params(market),
        tapes=json.dumps(market.tapes),
    ).encode()


def _params(market: Market) -> str:
    rows = [f"    {name}: {_decimal(value)}" for name, value in market.world.params]
    return "\n" + "\n".join(rows) if rows else " {}"


def _decimal(value: float) -> str:
    """The shortest spelling that reads back as the same number."""
    return repr(float(value))


_RISK = '''"""The limits of this desk.

Only humans change this file. It is read as literals and never run. Whoever raises MAX_POSITION changes it
here and in strategy.py with one change.
"""

# The most that may be held on either side, all open orders counted as filled; base units.
MAX_POSITION = {MAX_POSITION}

# The largest single order; base units.
MAX_ORDER_SIZE = {MAX_ORDER_SIZE}

# The largest single order; quote currency.
MAX_ORDER_VALUE = {MAX_ORDER_VALUE}

# Value of the position, all open orders counted as filled, in multiples of equity.
MAX_LEVERAGE = {MAX_LEVERAGE}

# Fall of equity from its peak at which trading stops; share of starting capital.
MAX_DRAWDOWN = {MAX_DRAWDOWN}

# How far from the mid an order may be; 1/10,000 of the mid.
PRICE_COLLAR_BPS = {PRICE_COLLAR_BPS}

# Orders that may rest on one side at a time.
MAX_QUOTES_PER_SIDE = {MAX_QUOTES_PER_SIDE}

# New orders and cancels together, in any one second.
MAX_MESSAGES_PER_SECOND = {MAX_MESSAGES_PER_SECOND}

# Distance between the best own bid and the best own ask; 1/10,000 of the mid.
MIN_SPREAD_BPS = {MIN_SPREAD_BPS}
MAX_SPREAD_BPS = {MAX_SPREAD_BPS}
'''

_MARKET = """# The market that changes are judged on.  Only humans change this file.

instrument:
  symbol: {symbol}
  tick: {tick}  # the smallest step of a price; quote currency
  lot: {lot}  # the smallest step of a size; base units
  maker_bps: {maker}  # fee on a resting order that is filled, 1/10,000 of its value; a rebate is negative
  taker_bps: {taker}  # the same for an order that takes
  fees_assumed: {assumed}  # {origin}

capital: {capital}  # at the start of every episode; quote currency
gamma: {gamma}  # risk aversion; 1 / quote currency
episode_s: {episode_s}  # length of an episode; seconds of market time

world:  # what makes the tapes that are evidence
  name: {world}
  params:{params}

tapes: {tapes}  # recorded tapes: a report and a loss guard beside the evidence
"""
