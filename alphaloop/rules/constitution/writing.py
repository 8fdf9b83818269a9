"""The files that `init` writes: the same numbers always give the same text, and each says what it means."""

import json
import re
from collections.abc import Sequence

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import ASSUMED_MARGIN, Instrument, Limits, Market, WorldSpec

_ALLOWED = "order messages that the venue allows in a second"
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
        margin=_decimal(instrument.maintenance_margin),
        margin_origin=_origin(instrument),
        capital=_decimal(market.capital),
        gamma=_decimal(market.gamma),
        episode_s=_decimal(market.episode_s),
        world=world_yaml(market.world),
        tapes=json.dumps(market.tapes),
        allowed=_allowed(market),
        proof_s=_decimal(market.proof_s),
    ).encode()


def _allowed(market: Market) -> str:
    """The line that states what the venue allows; without one the line that says how."""
    if market.messages_per_second is None:
        return f"# messages_per_second: 50.0  # {_ALLOWED}; while nobody states it, api_weight is missing"
    return f"messages_per_second: {_decimal(market.messages_per_second)}  # {_ALLOWED}"


def _origin(instrument: Instrument) -> str:
    stated = instrument.maintenance_margin != ASSUMED_MARGIN
    return "as stated by the venue" if stated else "assumed until the venue's own is written here"


def world_yaml(world: WorldSpec) -> str:
    """The section `world` of market.yaml, without a line end."""
    params = "".join(f"\n    {name}: {_decimal(value)}" for name, value in world.params) or " {}"
    tape = f"\n  tape: {json.dumps(world.tape)}  # the recording that it is made of" if world.tape else ""
    return f"world:  # what makes the tapes that are evidence\n  name: {world.name}{tape}\n  params:{params}"


def _decimal(value: float) -> str:
    """The shortest spelling that reads back as the same number."""
    return repr(float(value))


_RISK = '''"""The limits of this desk.

Only humans change this file. It is read as literals and never run.  Whoever changes MAX_POSITION
changes it here and in strategy.py at once, and nothing else with it.
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
  maintenance_margin: {margin}  # share of a position's value that equity must stay above; {margin_origin}

capital: {capital}  # at the start of every episode; quote currency
gamma: {gamma}  # risk aversion; 1 / quote currency
episode_s: {episode_s}  # length of an episode; seconds of market time

{world}

tapes: {tapes}  # recorded tapes: a report and a loss guard beside the evidence

{allowed}

proof_s: {proof_s}  # in which Risk searches for a counterexample to the limits, 1 to 600; wall seconds
"""
