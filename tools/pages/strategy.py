"""docs/strategy.md: what a strategy file may be, for its author, before the gate says it."""

from collections.abc import Iterator

from rendering import code, table

from alphaloop.checks.budget import ALLOWED_PER_ANSWER_S, ALLOWED_S
from alphaloop.checks.static import vocabulary
from alphaloop.rules.constitution.limits import FILE as LIMITS
from alphaloop.sandbox.allowance import Allowance

ABOUT = """
A strategy is one file of plain Python that runs in a process of its own, with nothing in reach. This page
is what the gate asks of it, so that honest code never trips; the lists come from the code that does the
refusing. `alphaloop review FILE` asks all of it of a file before anybody else does, and each finding says
what to write instead.

```python
from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0}  # optional: finite numbers, which a search may tune
BOUNDS = {"half_spread_bps": (0.5, 200.0)}  # how far


class Strategy:
    MAX_POSITION = 10.0  # the literal of risk.py

    def __init__(self, params): ...  # the file's PARAMS
    def on_book(self, book): ...  # -> list[Quote]: all quotes wanted now; the only one required
    def on_trade(self, trade): ...  # a trade of others
    def on_fill(self, fill): ...  # a fill of yours
    def on_timer(self, now): ...  # every second of market time
```

## What it is told

`on_book` is called when the best bid or ask price or the position changed, or when 100 ms have passed since
the last call; pending trades and fills come first. Nothing is called in the first 10 s of a market.

- `bid`, `ask` and `mid` are finite and positive, `bid_size` and `ask_size` positive.
- `volatility` is 0 while the mid has not moved: divide by it only after asking.
- `mark`, `index` and `funding_rate` are None on a market that does not publish them.
- `time` may step back when a clock is put right, and may stand still.

## What it answers

- A list of `Quote(side, price, size)`: side `"buy"` or `"sell"`, price and size numbers. What an answer
  leaves out is cancelled. A size of 0 is a quote that is not wanted.
- Prices are rounded passively to the tick and sizes down to the lot. Orders are post-only.
- An order keeps its place in the queue while side and price stay and its size does not grow. A size that
  grows by a hair at each call costs a cancel and a new order each time: round it.
- A halt over a loss stands until the loss is gone: one that lifts itself meanwhile is none.
- In a market that stands still, an answer should too: pulling orders there again and again is stuffing
  ([0055](decisions/0055-what-surveillance-looks-for.md)).
- It keeps the limits of `{limits}` by its own arithmetic: position and all its buys together stay within
  `MAX_POSITION`, and all its sells too; no two quotes alike, no own bid at or above an own ask. The outer
  risk engine refuses what breaks a limit, and what it had to refuse by the strategy's own doing is a veto.

## What it is made of

State lives on `self` (or in records that hang on it), is bounded (`deque(maxlen=…)`, or trimmed), and
begins in `__init__`. Module-level names are constants: numbers, strings, tuples, small literal tables,
classes, functions. What a run changes outside of `self` ends it. No text is parsed, nothing is drawn by
chance, nothing reads a clock or a file; time is `book.time`.

A loop is a `for`, or a `while` whose end can be read off: a counter that moves to its bound, or a
collection that every round shortens. No recursion. `try` names what it catches.

## What it may cost

Its own processes may work for {base} s in a whole review, and for {answer} ms more for each answer that
they are asked for, some 30,000 with an episode of a minute. A market maker needs about 0.05 ms. One answer
may take {step} s. What counts is processor time, so a busy machine costs nobody anything
([0120](decisions/0120-what-a-review-may-cost.md)).
"""


def strategy() -> str:
    """What a strategy may import, call and declare, and what it is told and answers."""
    lines = ["# What a strategy may be", _about()]
    lines += ["## What it may import", "", *_modules(), ""]
    lines += ["## What it may use without an import", "", *_builtins(), ""]
    lines += ["Written by `make docs`."]
    return "\n".join(lines) + "\n"


def _about() -> str:
    words = {
        "limits": LIMITS,
        "base": f"{ALLOWED_S:g}",
        "answer": f"{ALLOWED_PER_ANSWER_S * 1e3:g}",
        "step": f"{Allowance().step_s:g}",
    }
    text = ABOUT
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


def _modules() -> Iterator[str]:
    yield from table(
        ("module", "names"),
        ((f"`{name}`", code(sorted(words))) for name, words in vocabulary.MODULES.items()),
    )


def _builtins() -> Iterator[str]:
    declaring = vocabulary.BUILTINS - vocabulary.FUNCTIONS - vocabulary.EXCEPTIONS
    yield from table(
        ("kind", "names"),
        (
            ("functions", code(sorted(vocabulary.FUNCTIONS))),
            ("errors to catch or raise", code(sorted(vocabulary.EXCEPTIONS))),
            ("for declaring", code(sorted(declaring))),
            ("base classes", code(sorted(vocabulary.BASES))),
            ("methods of collections, texts, numbers and arrays", code(sorted(vocabulary.METHODS))),
        ),
    )
