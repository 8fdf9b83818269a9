"""Hypotheses as edits: they fit honest variations of a strategy, keep its other bytes, and else decline."""

import ast
import difflib
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.checks.subject import Subject
from alphaloop.checks.table import refused
from alphaloop.contract import Book, Quote
from alphaloop.minds.search import literals
from alphaloop.minds.search.catalogue import CATALOGUE
from alphaloop.minds.search.idea import Draft, Idea
from alphaloop.minds.search.reading import read
from alphaloop.rules.constitution.limits import limits

SHIPPED = Path(__file__).parents[2] / "strategy_template"
TEMPLATE = (SHIPPED / "strategy.py").read_text(encoding="utf-8")
LIMITS = limits((SHIPPED / "risk.py").read_bytes())
IDEAS = {idea.key: idea for idea in CATALOGUE}

KEYWORDS = '''# a desk's own words stay
from alphaloop.contract import Quote

PARAMS: dict[str, float] = {
    'spread': 8.0,  # bps
    'size': 1,
    'unused': -2.0  # kept for later
}
BOUNDS = {'spread': (1.0, 50.0),
          'size': (0.1, 2.0)}

class Strategy:
    MAX_POSITION = 10.0
    def __init__(self, p): self.p = p
    def on_book(self, b):
        """Both sides at once."""
        away = self.p['spread']*1e-4*b.mid
        return [Quote(price=b.mid-away if b.mid else b.bid, side='buy', size=self.p['size']),
                Quote("sell", b.mid + away, size=self.p['size'])]
'''

LADDER = """from __future__ import annotations

from alphaloop.contract import Book, Quote

PARAMS = {
    "half_spread_bps": 4.0,
    "step_bps": 2.0,
    "size_share": 0.05,
}
BOUNDS = {
    "half_spread_bps": (0.5, 100.0),
}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params: dict[str, float]) -> None:
        self.half = params["half_spread_bps"]
        self.step = params["step_bps"]
        self.size = params["size_share"] * self.MAX_POSITION

    def on_book(self, market: Book) -> list[Quote]:
        if market.bid_size <= 0:  # nobody there
            return []
        quotes: list[Quote] = []
        for level in range(3):
            away = market.mid * (self.half + level * self.step) / 10_000
            if market.position + 3 * self.size <= self.MAX_POSITION:
                quotes.append(Quote("buy", market.mid - away, self.size))
            if market.position - 3 * self.size >= -self.MAX_POSITION:
                quotes.append(Quote("sell", market.mid + away, self.size))
        return quotes

    def on_trade(self, trade): ...
"""

VARIATIONS = {"template": TEMPLATE, "keywords": KEYWORDS, "ladder": LADDER}


def drafts() -> list[tuple[str, Idea, Draft]]:
    """Every draft of the catalogue on every variation, by the variation's name."""
    found = []
    for name, source in VARIATIONS.items():
        reading = read(source)
        assert reading is not None
        found += [(name, idea, draft) for idea in CATALOGUE if (draft := idea.draft(reading)) is not None]
    return found


DRAFTS = drafts()


def strategy(source: str, **params: float) -> Any:
    """An instance of the source's Strategy; the sources are the tests' own."""
    space: dict[str, Any] = {}
    exec(compile(source, "strategy.py", "exec"), space)
    return space["Strategy"](space["PARAMS"] | params)


@cache
def at_corner(draft: Draft, place: int) -> Any:
    """The strategy at the draft's first or last value; it keeps no state that on_book changes."""
    return strategy(draft.at(draft.values[place]))


def a_book(**fields: float) -> Book:
    calm = {"time": 60.0, "bid": 99.99, "ask": 100.01, "bid_size": 2.0, "ask_size": 2.0, "mid": 100.0}
    return Book(**(calm | {"position": 0.0, "volatility": 0.0} | fields))


def prices(quotes: list[Quote]) -> dict[str, float]:
    return {quote.side: quote.price for quote in quotes}


def draft_of(key: str, source: str = TEMPLATE) -> Draft:
    reading = read(source)
    assert reading is not None
    draft = IDEAS[key].draft(reading)
    assert draft is not None
    return draft


def test_every_idea_can_be_written_into_the_template() -> None:
    assert {idea.key for name, idea, _ in DRAFTS if name == "template"} == set(IDEAS)


def test_the_new_behaviours_fit_the_other_shapes_too() -> None:
    new = {key for key in IDEAS if not key.startswith("quote ")} | {"quote deeper after one-sided fills"}
    for name in VARIATIONS:
        assert new <= {idea.key for variation, idea, _ in DRAFTS if variation == name}


@pytest.mark.parametrize(("name", "idea", "draft"), DRAFTS, ids=lambda part: getattr(part, "key", None))
def test_an_edit_removes_no_line_that_it_does_not_change(name: str, idea: Idea, draft: Draft) -> None:
    """Comments and layout are the author's; what goes is tables, prices and one-line bodies, rewritten."""
    source = VARIATIONS[name]
    changes = difflib.ndiff(source.splitlines(), draft.source.splitlines())
    gone = [line[2:] for line in changes if line.startswith("- ")]
    owned = ("PARAMS", "BOUNDS", "Quote(", "def __init__", "unused", "step_bps", "'size'", "size_share")
    assert [line for line in gone if not any(word in line for word in owned)] == []
    assert [word for word in source.split("#")[1:] if word.splitlines()[0] not in draft.source] == []


@pytest.mark.parametrize(("name", "idea", "draft"), DRAFTS, ids=lambda part: getattr(part, "key", None))
def test_a_draft_declares_its_number_inside_its_bounds(name: str, idea: Idea, draft: Draft) -> None:
    assert len(set(draft.values)) >= 2 or idea.key.startswith("quote ")
    for value in draft.values:
        reading = read(draft.at(value))
        assert reading is not None
        assert reading.params[draft.parameter] == value
        low, high = reading.bounds[draft.parameter]
        assert low <= value <= high


@pytest.mark.parametrize(("name", "idea", "draft"), DRAFTS, ids=lambda part: getattr(part, "key", None))
@given(
    position=st.floats(-10, 10),
    sizes=st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)),
    volatility=st.floats(0, 100),
    spread_bps=st.floats(0.1, 300),
    corner=st.booleans(),
)
def test_an_edited_strategy_never_crosses_itself_nor_the_book(
    name: str,
    idea: Idea,
    draft: Draft,
    position: float,
    sizes: tuple[float, float],
    volatility: float,
    spread_bps: float,
    corner: bool,
) -> None:
    half = 100.0 * spread_bps / 20_000
    book = a_book(
        bid=100 - half,
        ask=100 + half,
        bid_size=sizes[0],
        ask_size=sizes[1],
        position=position,
        volatility=volatility,
    )
    quotes = at_corner(draft, 0 if corner else -1).on_book(book)
    bids = [quote.price for quote in quotes if quote.side == "buy"]
    asks = [quote.price for quote in quotes if quote.side == "sell"]
    assert max(bids, default=0.0) < min([*asks, book.ask])
    assert min(asks, default=1e9) > max([*bids, book.bid])
    assert all(abs(price / 100 - 1) < 0.05 for price in bids + asks)


def test_a_skew_quotes_lower_when_long_and_higher_when_short() -> None:
    skewed = strategy(draft_of("skew by inventory").at(2.0))
    flat, long, short = (prices(skewed.on_book(a_book(position=held))) for held in (0.0, 5.0, -5.0))
    for side in ("buy", "sell"):
        assert long[side] == pytest.approx(flat[side] - 0.01)
        assert short[side] == pytest.approx(flat[side] + 0.01)


def test_widening_needs_volatility() -> None:
    wide = strategy(draft_of("widen when volatile").at(4.0))
    calm, wild = (prices(wide.on_book(a_book(volatility=volatility))) for volatility in (0.0, 0.05))
    assert calm == prices(strategy(TEMPLATE).on_book(a_book()))
    assert wild["buy"] == pytest.approx(calm["buy"] - 0.1)
    assert wild["sell"] == pytest.approx(calm["sell"] + 0.1)


def test_a_pause_is_silent_only_while_it_is_volatile() -> None:
    pausing = strategy(draft_of("pause when volatile").at(5.0))
    assert pausing.on_book(a_book(volatility=0.06)) == []
    assert len(pausing.on_book(a_book(volatility=0.04))) == 2


def test_leaning_follows_the_larger_side_and_survives_an_empty_one() -> None:
    leaning = strategy(draft_of("lean on the micro-price").at(0.5))
    plain = prices(leaning.on_book(a_book()))
    assert prices(leaning.on_book(a_book(bid_size=6.0)))["buy"] > plain["buy"]
    assert prices(leaning.on_book(a_book(ask_size=6.0)))["buy"] < plain["buy"]
    assert prices(leaning.on_book(a_book(bid_size=0.0, ask_size=0.0))) == plain


def test_fills_on_one_side_move_only_that_side_and_are_forgotten() -> None:
    from alphaloop.contract import Fill

    deeper = strategy(draft_of("quote deeper after one-sided fills").at(5.0))
    before = prices(deeper.on_book(a_book()))
    deeper.on_fill(Fill("buy", 99.95, 5.0, 60.0))
    after = prices(deeper.on_book(a_book()))
    assert after["buy"] < before["buy"]
    assert after["sell"] == before["sell"]
    for second in range(200):
        deeper.on_timer(61.0 + second)
    assert prices(deeper.on_book(a_book()))["buy"] == pytest.approx(before["buy"])


def test_what_a_strategy_does_already_is_not_added_again() -> None:
    for key in ("skew by inventory", "widen when volatile", "lean on the micro-price", "pause when volatile"):
        reading = read(draft_of(key).source)
        assert reading is not None
        assert IDEAS[key].draft(reading) is None
    reading = read(draft_of("quote deeper after one-sided fills").source)
    assert reading is not None
    assert IDEAS["quote deeper after one-sided fills"].draft(reading) is None


def test_edits_stack_into_one_file_that_still_runs() -> None:
    source = TEMPLATE
    for key in ("skew by inventory", "lean on the micro-price", "widen when volatile", "quote wider"):
        draft = draft_of(key, source)
        source = draft.at(draft.values[0])
    assert len(strategy(source).on_book(a_book(volatility=0.02))) == 2


@pytest.mark.parametrize(
    "break_it",
    [
        lambda source: source.replace('Quote("buy"', "Quote(side"),
        lambda source: source.replace("def __init__(self, params)", "def __init__(self, params, more)"),
        lambda source: source.replace("BOUNDS =", "SPANS ="),
        lambda source: source.replace("half_spread =", "skew = extra = run = lean = half_spread ="),
        lambda source: "X = 1\n",
    ],
)
def test_an_edit_that_does_not_fit_is_declined(break_it: Callable[[str], str]) -> None:
    reading = read(break_it(TEMPLATE))
    assert reading is not None
    for key in ("skew by inventory", "widen when volatile", "lean on the micro-price"):
        assert IDEAS[key].draft(reading) is None
    assert IDEAS["quote deeper after one-sided fills"].draft(reading) is None


@pytest.mark.parametrize(("name", "idea", "draft"), DRAFTS, ids=lambda part: getattr(part, "key", None))
def test_no_edit_is_refused_by_the_static_checks(name: str, idea: Idea, draft: Draft) -> None:
    for value in draft.values:
        subject = Subject("strategy.py", draft.at(value).encode(), VARIATIONS[name].encode(), LIMITS)
        assert refused(subject) == ()


@pytest.mark.parametrize("key", IDEAS)
def test_the_templates_own_tests_hold_for_every_edit_of_it(key: str, tmp_path: Path) -> None:
    """Else QA would hold what Quant proposes, for a reason that has nothing to do with it."""
    shutil.copytree(SHIPPED, tmp_path / "repository", ignore=shutil.ignore_patterns("__pycache__"))
    draft = draft_of(key)
    (tmp_path / "repository" / "strategy.py").write_text(draft.at(draft.values[-1]), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path / "repository",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_a_number_at_its_bound_is_not_pushed_further() -> None:
    at_bound = literals.changed(TEMPLATE, "PARAMS", {"half_spread_bps": "100.0"})
    reading = read(at_bound)
    assert reading is not None
    assert IDEAS["quote wider"].draft(reading) is None


def test_an_edit_of_the_template_is_as_tidy_as_the_template() -> None:
    for name, _, draft in DRAFTS:
        ast.parse(draft.source)
        assert [line for line in draft.source.splitlines() if line != line.rstrip()] == []
        if name == "template":
            assert max(map(len, draft.source.splitlines())) <= 110
