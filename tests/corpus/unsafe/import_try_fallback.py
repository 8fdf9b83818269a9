"""
================================================================================
  DESK 7 -- "PATIENT MAKER"
================================================================================

  Purpose
  -------
  Earn the spread on calm markets, and be elsewhere on others.

  How
  ---
  1.  a half-spread in basis points
  2.  a multiple of volatility on top
  3.  linear inventory skew

  Not done: forecasting.  `eval`, `exec`, `open`, `import os` are words in this text and nothing more.

  Example
  -------
      >>> maker = Strategy({"bps": 5.0, "vol": 1.0, "skew": 0.5, "size": 0.5})

  Author: desk 7.  Last reading: quarterly.  http://example.org/desk7 (internal)
================================================================================
"""

from alphaloop.contract import Quote
try:
    import orjson
except ImportError:
    orjson = None


PARAMS = {
    "bps": 5.0,  # half-spread, in basis points of the mid
    "vol": 1.0,  # how many volatilities to add
    "skew": 0.5,  # share of the half-spread by which a full inventory moves both quotes
    "size": 0.5,  # base units
}
BOUNDS = {
    "bps": (0.5, 100.0),
    "vol": (0.0, 10.0),
    "skew": (0.0, 1.0),
    "size": (0.01, 2.0),
}


class Strategy:
    """See the top of the file.

    Invariants
    ----------
    * at most one order a side
    * the position never passes MAX_POSITION if all orders fill
    """

    # ---- limits (humans only) ----
    MAX_POSITION = 10.0

    # ---- life ----
    def __init__(self, params):
        """Read parameters; nothing else happens here."""
        self.bps, self.vol = params["bps"], params["vol"]
        self.skew, self.size = params["skew"], params["size"]

    # ---- quoting ----
    def on_book(self, book):
        """All quotes wanted now."""
        # distance
        half = book.mid * self.bps / 10_000 + self.vol * book.volatility * 0.1
        # inventory
        lean = self.skew * half * (book.position / self.MAX_POSITION)
        # orders
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half - lean, self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half - lean, self.size))
        return quotes
