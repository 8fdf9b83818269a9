"""What the mind sees in a strategy file before it touches it."""

import textwrap

import pytest

from alphaloop.minds.search.reading import Reading, read

PLAIN = """
from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "name": "plain"}
BOUNDS = {"half_spread_bps": (0.5, 100.0), "stranger": (0.0, 1.0), "upside_down": (2.0, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_spread_bps = params["half_spread_bps"]

    def on_book(self, book):
        distance = book.mid * self.half_spread_bps / 10_000
        return [Quote("buy", book.mid - distance, 1.0), Quote("sell", book.mid + distance, 1.0)]
"""


def reading_of(source: str) -> Reading:
    reading = read(textwrap.dedent(source))
    assert reading is not None
    return reading


def priced_by(on_book: str, rest: str = "") -> frozenset[str]:
    """What prices depend on when `on_book` and `rest` are the methods' code."""
    start = PLAIN.index("    def on_book")
    quoting = reading_of(PLAIN[:start] + textwrap.indent(textwrap.dedent(on_book + rest), "    ")).quoting
    assert quoting is not None
    return quoting.priced_by


def test_text_that_is_no_python_is_not_read() -> None:
    assert read("class Strategy(:") is None
    assert read("x = 1\0") is None


def test_only_numbers_with_an_upright_span_may_be_searched() -> None:
    reading = reading_of(PLAIN)
    assert reading.params == {"half_spread_bps": 5.0}
    assert reading.bounds == {"half_spread_bps": (0.5, 100.0)}


def test_a_table_that_is_no_literal_is_no_table() -> None:
    assert reading_of(PLAIN.replace('(0.5, 100.0), "str', 'make(), "str')).bounds == {}
    assert reading_of(PLAIN + "\nPARAMS = {}\n").params == {}


def test_a_plain_quoter_prices_by_the_mid_alone() -> None:
    quoting = reading_of(PLAIN).quoting
    assert quoting is not None
    assert (quoting.book, quoting.priced_by) == ("book", {"mid"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("class Strategy", "class Tactics"),
        ("def on_book(self, book)", "def on_book(self, book, extra=1)"),
        ("def on_book(self, book)", "def on_book(self, *book)"),
        ("def on_book(self, book)", "def on_book(me, book)"),
        ("def __init__(self, params)", "def setup(self, params)"),
        ('Quote("buy", ', "Quote(SIDE, "),
        ('Quote("buy", ', 'Quote("long", '),
        ('Quote("buy", book.mid - distance, 1.0)', "Quote(*parts)"),
        ('Quote("buy", book.mid - distance, 1.0)', 'Quote("buy", size=1.0)'),
        ("return [", "quotes = ["),
    ],
)
def test_a_shape_that_cannot_be_edited_is_left_alone(old: str, new: str) -> None:
    source = PLAIN.replace(old, new)
    if new == "quotes = [":
        source += "\n\ndef elsewhere(price):\n    return Quote('buy', price, 1.0)\n"
    assert reading_of(source).quoting is None


def test_a_position_in_a_condition_is_not_a_position_in_the_price() -> None:
    on_book = """
    def on_book(self, book):
        price = book.mid - 1
        if book.position < self.MAX_POSITION:
            return [Quote("buy", price, 1.0)]
        return []
    """
    assert priced_by(on_book) == {"mid"}


def test_a_dependence_is_followed_through_locals_and_state() -> None:
    on_book = """
    def on_book(self, book):
        half = self.half_spread_bps
        half += book.volatility
        self.lean = book.position / 2
        shift = self.lean
        if (price := book.mid - half - shift) > 0:
            return [Quote("buy", price, 1.0)]
        return []
    """
    assert priced_by(on_book) == {"mid", "volatility", "position"}


def test_a_dependence_is_followed_through_a_loop() -> None:
    on_book = """
    def on_book(self, book):
        quotes = []
        for distance in (book.volatility, 2 * book.volatility):
            quotes.append(Quote("buy", book.bid - distance, 1.0))
        return quotes
    """
    assert priced_by(on_book) == {"bid", "volatility"}


def test_a_book_that_is_handed_on_counts_as_all_that_anybody_looks_at() -> None:
    on_book = """
    def on_book(self, book):
        return [Quote("buy", self.price(book), 1.0)]
    """
    helper = """
    def price(self, market):
        return market.mid - market.position
    """
    assert priced_by(on_book, helper) >= {"mid", "position"}
