"""A counterexample as a test of the strategy repository: what was found once cannot come back unseen."""

import hashlib

from alphaloop.checks.proof.play import Counterexample
from alphaloop.checks.proof.reach import Reach

_TEXT = '''"""A market in which strategy.py once broke a limit: {what}."""

import math

import strategy

from alphaloop.contract import Book, Fill, Quote, Trade

HEARD = (
{heard}
)


def made():
    """A strategy as the desk makes it."""
    kind = strategy.Strategy
    return kind() if kind.__init__ is object.__init__ else kind(dict(getattr(strategy, "PARAMS", {{}})))


def tell(desk, one):
    """What it answers to a book; all else it is only told."""
    names = {{Book: "on_book", Trade: "on_trade", Fill: "on_fill", float: "on_timer"}}
    callback = getattr(desk, names[type(one)], None)
    return callback(one) if callback is not None else None


def test_it_stays_within_its_limits_in_the_market_that_broke_it_{digest}():
    desk = made()
    answers = [tell(desk, one) for one in HEARD]
    book, quotes = HEARD[-1], answers[-1]
    assert all(type(quote) is Quote for quote in quotes)
    assert all(math.isfinite(quote.price) and quote.price > 0 for quote in quotes)
    assert all(math.isfinite(quote.size) and quote.size >= 0 for quote in quotes)
    assert {condition}
'''

_SIDES = '[[quote for quote in quotes if quote.side == side] for side in ("buy", "sell")]'
_CONDITIONS = {
    "order_size": "all(quote.size <= {order_size!r} + {lot!r} for quote in quotes)",
    "order_value": "all(quote.price * quote.size <= {order_value!r} * (1 + 1e-9) for quote in quotes)",
    "collar": "all(abs(quote.price - book.mid) <= book.mid * {collar!r} + {tick!r} for quote in quotes)",
    "quotes_per_side": f"all(len(side) <= {{per_side}} for side in {_SIDES})",
    "duplicate": "len({{(quote.side, quote.price) for quote in quotes}}) == len(quotes)",
    "self_cross": "max((quote.price for quote in {buys}), default=0) "
    "< min((quote.price for quote in {sells}), default=math.inf)",
    "spread": "min((quote.price for quote in {sells}), default=math.inf) "
    "- max((quote.price for quote in {buys}), default=0) >= book.mid * {least_spread!r} - 1e-9",
    "position": "sum((quote.size for quote in {buys}), book.position) <= {position!r} + {lot!r} and "
    "sum((quote.size for quote in {sells}), -book.position) <= {position!r} + {lot!r}",
}
_ANY_SIDE = 'all(quote.side in ("buy", "sell") for quote in quotes)'


def regression_test(found: Counterexample | None, reach: Reach) -> str:
    """A pytest file that plays the counterexample again; "" where there is none, or nothing to be played.

    It stands alone beside strategy.py, knows no risk engine, and asks for the one rule that was broken.
    """
    if found is None or not found.heard:
        return ""
    heard = "\n".join(f"    {one!r}," for one in found.heard)
    what = found.fault if found.refusal is None else f"the rule {found.refusal.rule}"
    rule = "" if found.refusal is None else found.refusal.rule
    return _TEXT.format(
        what=what.replace("\\", "/").replace('"', "'"),
        heard=heard,
        digest=hashlib.sha256(heard.encode()).hexdigest()[:8],
        condition=_CONDITIONS.get(rule, _ANY_SIDE).format(**_numbers(reach)),
    )


def _numbers(reach: Reach) -> dict[str, object]:
    limits, instrument = reach.limits, reach.instrument
    return {
        "order_size": limits.max_order_size,
        "order_value": limits.max_order_value,
        "collar": limits.price_collar_bps * 1e-4,
        "per_side": limits.max_quotes_per_side,
        "position": limits.max_position,
        "least_spread": limits.min_spread_bps * 1e-4,
        "tick": instrument.tick,
        "lot": instrument.lot,
        "buys": '(quote for quote in quotes if quote.side == "buy")',
        "sells": '(quote for quote in quotes if quote.side == "sell")',
    }
