"""The limits of this desk.

Only humans change this file.  It is read as literals and never run.  Whoever changes MAX_POSITION
changes it here and in strategy.py at once, and nothing else with it.
"""

# The most that may be held on either side, all open orders counted as filled; base units.
MAX_POSITION = 10.0

# The largest single order; base units.
MAX_ORDER_SIZE = 5.0

# The largest single order; quote currency.
MAX_ORDER_VALUE = 1_000.0

# Value of the position, all open orders counted as filled, in multiples of equity.
MAX_LEVERAGE = 2.0

# Fall of equity from its peak at which trading stops; share of starting capital.
MAX_DRAWDOWN = 0.10

# How far from the mid an order may be; 1/10,000 of the mid.
PRICE_COLLAR_BPS = 500.0

# Orders that may rest on one side at a time.
MAX_QUOTES_PER_SIDE = 5

# New orders and cancels together, in any one second.
MAX_MESSAGES_PER_SECOND = 100.0

# Distance between the best own bid and the best own ask; 1/10,000 of the mid.
MIN_SPREAD_BPS = 0.5
MAX_SPREAD_BPS = 400.0
