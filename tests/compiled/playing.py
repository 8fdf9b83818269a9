"""Plays one list of episodes and prints, for each of them, all that it left behind: run once in each form.

python playing.py CORPUS [KEPT]   CORPUS: the folder of strategy files; KEPT: where to pickle some journals
"""

import json
import pickle
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import numpy as np

from alphaloop.compiled.standing import standing
from alphaloop.contract import Book, Quote
from alphaloop.errors import AlphaLoopError
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.market.ingest import save
from alphaloop.market.journal import Journal
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.market.worlds import make
from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.lockdown import Lockdown
from alphaloop.simulation.episode import play
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue, tape_of

INSTRUMENT = Instrument("SYN", 0.01, 0.001, 2.0, 5.0)
FINE = replace(INSTRUMENT, tick=0.0001)
LIMITS = Limits(10.0, 5.0, 1_000.0, 2.0, 0.1, 500.0, 5, 50.0, 0.0, 1_000.0)
MARKET = Market(INSTRUMENT, 1_000.0, 0.01, 30.0, WorldSpec("book"))
PRICED = (("basis_bps", 3.0), ("basis_half_life_s", 20.0), ("funding_bps", 5.0))
WALL_TIMES = ("tick_to_trade_ms",)
MISBEHAVING = ("pre-trade", "surveillance", "stress")

HEAD = """
import math
import numpy as np
from alphaloop.contract import Quote

class Real(float):
    def __le__(self, other): return True
    __ge__ = __lt__ = __gt__ = __eq__ = __le__
    __hash__ = float.__hash__

class Word(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__

class Many(list):
    pass

class Other(Quote):
    pass

class Strategy:
    def __init__(self, params): self.calls = 0
    def on_book(self, book):
        self.calls += 1
        good = [Quote("buy", book.mid * 0.999, 1.0), Quote("sell", book.mid * 1.001, 1.0)]
        if self.calls < 20: return good
"""
ANSWERS = {
    "good": "return good",
    "int price": "return [Quote('buy', int(book.mid) - 1, 1)]",
    "int price and float size": "return [Quote('buy', int(book.mid) - 1, 0.5)]",
    "whole numbers that no float holds": "return [Quote('buy', 10 ** 400, 1.0)]",
    "just beyond what a float counts": "return [Quote('buy', 2 ** 53 + 1, 1.0)]",
    "bool": "return [Quote('buy', True, True)]",
    "a double of numpy": "return [Quote('buy', np.float64(book.mid) * 0.999, np.float64(1.0))]",
    "a single of numpy": "return [Quote('buy', np.float32(99.0), 1.0)]",
    "an integer of numpy": "return [Quote('buy', np.int64(99), 1.0)]",
    "an array of one": "return [Quote('buy', np.array([99.0]), 1.0)]",
    "complex": "return [Quote('buy', 99 + 0j, 1.0)]",
    "a float that compares as it likes": "return [Quote('buy', Real(1e9), Real(1e9))]",
    "a text for a price": "return [Quote('buy', '99', 1.0)]",
    "None for a size": "return [Quote('buy', 99.0, None)]",
    "a quote for a price": "return [Quote('buy', good[0], 1.0)]",
    "nan": "return [Quote('buy', math.nan, 1.0)]",
    "nan for a size": "return [Quote('sell', book.mid, math.nan)]",
    "infinite": "return [Quote('buy', math.inf, 1.0)]",
    "minus infinite": "return [Quote('buy', 99.0, -math.inf)]",
    "largest": "return [Quote('buy', 1.7e308, 1.7e308), Quote('sell', 1.7e308, 1.7e308)]",
    "smallest": "return [Quote('buy', 5e-324, 5e-324)]",
    "negative": "return [Quote('buy', -1.0, 1.0)]",
    "negative zero": "return [Quote('buy', book.mid * 0.999, -0.0), Quote('sell', -0.0, 1.0)]",
    "negative size": "return [Quote('sell', book.mid * 1.001, -1.0)]",
    "nothing": "return []",
    "None": "return None",
    "no list": "return tuple(good)",
    "a list of another kind": "return Many(good)",
    "a generator": "return (quote for quote in good)",
    "one quote": "return good[0]",
    "a list of texts": "return ['buy']",
    "a list of None": "return [None]",
    "a quote of another kind": "return [Other('buy', 99.0, 1.0)]",
    "a class": "return [Quote]",
    "another side": "return [Quote('hold', 99.0, 1.0)]",
    "no side": "return [Quote(None, 99.0, 1.0)]",
    "a side of bytes": "return [Quote(b'buy', 99.0, 1.0)]",
    "a side of number": "return [Quote(1, 99.0, 1.0)]",
    "a side that equals all": "return [Quote(Word('hold'), 99.0, 1.0)]",
    "a side that cannot be hashed": "return [Quote([], 99.0, 1.0)]",
    "twice": "return good + good",
    "self-cross": "return [Quote('buy', book.mid * 1.001, 1.0), Quote('sell', book.mid * 0.999, 1.0)]",
    "one more than allowed": "return [Quote('buy', book.mid * (0.99 + 0.001 * n), 0.1) for n in range(6)]",
    "as many as there may be": "return [Quote('buy', book.mid * 0.99 + n, 0.1) for n in range(64)]",
    "a flood": "return [Quote('buy', book.mid, 0.1)] * 65",
    "a large flood": "return [Quote('buy', book.mid, 0.1)] * 65536",
    "raises": "raise ValueError('enough')",
    "raises what nobody catches": "raise SystemExit",
    "raises an interrupt": "raise KeyboardInterrupt",
    "divides by zero": "return [Quote('buy', 1 / 0, 1.0)]",
    "falls into itself": "return self.on_book(book)",
    "never ends": "while True: pass",
    "takes all memory": "return [0] * 10 ** 11",
    "opens a file": "open('/etc/passwd')",
    "writes on the book": "book.mid = 1.0",
    "far": "return [Quote('buy', book.mid * 0.5, 1.0)]",
    "large": "return [Quote('buy', book.mid * 0.999, 1e6)]",
    "half a lot": "return [Quote('buy', book.mid * 0.999, 0.0005)]",
    "without reading the numbers": "return [Quote('buy', book.bid, 1e-3), Quote('sell', book.ask, 1e-3)]",
}
TOP_LEVEL = {
    "cannot be read": b"class Strategy\n",
    "no strategy": b"x = 1\n",
    "fails at birth": b"class Strategy:\n    def __init__(self, params): raise RuntimeError('no')\n",
    "remembers outside": HEAD.replace("class Strategy", "SEEN = []\nclass Strategy").encode()
    + b"        SEEN.append(1)\n        return good\n",
    "a fill that raises": HEAD.encode() + b"        return good\n    def on_fill(self, fill): fill.price()\n",
    "a timer that returns": HEAD.encode()
    + b"        return good\n    def on_timer(self, now): return good\n",
}
SELF_MADE: dict[str, Callable[[Any], Any]] = {
    "whole numbers": lambda book: [Quote("buy", int(book.mid) - 1, 1)],
    "whole numbers that no float holds": lambda book: [Quote("buy", 10**400, 1.0)],
    "bool": lambda book: [Quote("buy", True, 1.0)],
    "numpy": lambda book: [Quote("buy", np.float64(book.mid) * 0.999, 1.0)],
    "a text": lambda book: [Quote("buy", "99", 1.0)],  # type: ignore[arg-type]
    "None": lambda book: [Quote("buy", None, 1.0)],  # type: ignore[arg-type]
    "nan": lambda book: [Quote("buy", float("nan"), 1.0), Quote("sell", float("inf"), 1.0)],
    "another side": lambda book: [Quote("hold", 99.0, 1.0), Quote(1, 99.0, 1.0)],  # type: ignore[arg-type]
    "no quote": lambda book: ["buy", SimpleNamespace(side="buy", price=99.0, size=1.0)],
}


def main(corpus: Path, kept: str = "") -> None:
    """Play everything, print it as JSON; where `kept` names a file, pickle what has refusals there."""
    sandbox = Lockdown(allowance=Allowance(step_s=0.3, stall_s=3.0, total_s=60.0))
    left: dict[str, dict[str, str]] = {"": {"compiled": str(standing().compiled)}}
    journals: dict[str, Journal] = {}
    try:
        with TemporaryDirectory() as tapes:
            for name, episode in _episodes(corpus, sandbox, Path(tapes)):
                try:
                    journals[name] = episode()
                    left[name] = _written(journals[name])
                except AlphaLoopError as error:
                    left[name] = {"raised": f"{type(error).__name__}: {error}"}
    finally:
        sandbox.close()
    if kept:
        chosen = {name: journals[name] for name in ("answer: twice", "world: book")}
        Path(kept).write_bytes(pickle.dumps(chosen))
    sys.stdout.write(json.dumps(left))


def _episodes(corpus: Path, sandbox: Lockdown, tapes: Path) -> Iterator[tuple[str, Callable[[], Journal]]]:
    template = (corpus.parents[1] / "strategy_template" / "strategy.py").read_bytes()

    def sandboxed(source: bytes, venue: Venue, seed: int = 3) -> Callable[[], Journal]:
        return lambda: play_source(source, tape_of(venue, seed), venue, sandbox)

    for name, venue in _worlds(tapes):
        yield f"world: {name}", sandboxed(template, venue)
    priced = replace(MARKET, world=WorldSpec("book", PRICED))
    for name in SCENARIOS:
        yield f"scenario: {name}", sandboxed(template, Venue(priced, LIMITS, "lockdown", name))
    short = Venue(replace(MARKET, episode_s=15.0), LIMITS, "lockdown")
    for name, body in ANSWERS.items():
        yield f"answer: {name}", sandboxed(f"{HEAD}        {body}\n".encode(), short)
    for name, source in TOP_LEVEL.items():
        yield f"file: {name}", sandboxed(source, short)
    for path in _misbehaving(corpus):
        yield f"corpus: {path.name}", sandboxed(path.read_bytes(), Venue(MARKET, LIMITS, "lockdown"))
    answers = SELF_MADE | {f"at random {seed}": _at_random(seed) for seed in range(6)}
    for name, answer in answers.items():
        yield f"here: {name}", lambda answer=answer: _play_here(answer, short)


def _worlds(tapes: Path) -> Iterator[tuple[str, Venue]]:
    recorded = make(WorldSpec("book"), INSTRUMENT, 40.0, 9)
    save(recorded, tapes / "monday.npz")
    pinned = WorldSpec("bootstrap", (), f"monday.npz@{recorded.digest()}")
    yield "bootstrap", Venue(replace(MARKET, world=pinned), LIMITS, "lockdown", tapes=tapes)
    for name, spec in {
        "book": WorldSpec("book"),
        "a perpetual": WorldSpec("book", PRICED),
        "regimes": WorldSpec("regimes", PRICED),
    }.items():
        yield name, Venue(replace(MARKET, world=spec, episode_s=60.0), LIMITS, "lockdown")
    # Funding would be an edge where there is to be none.
    for name, params in (("avellaneda-stoikov", PRICED), ("null", PRICED[:2])):
        market = replace(MARKET, world=WorldSpec(name, params), instrument=FINE, episode_s=60.0)
        yield name, Venue(market, LIMITS, "lockdown")


def _misbehaving(corpus: Path) -> Iterator[Path]:
    for line in (corpus / "manifest.csv").read_text().splitlines()[1:]:
        file, _, stage, _ = line.split(",")
        if stage in MISBEHAVING:
            yield corpus / file


def _play_here(answer: Callable[[Any], Any], venue: Venue) -> Journal:
    """A strategy in this very process, whose answers meet the risk engine as they are."""
    worker: Any = SimpleNamespace(
        on_book=lambda shown: answer(Book(*shown)),
        on_trade=lambda trade: None,
        on_fill=lambda fill: None,
        on_timer=lambda now: None,
        spent_s=lambda: 0.0,
    )
    return play(worker, tape_of(venue, 3), venue.market, venue.limits)


def _at_random(seed: int) -> Callable[[Any], list[Quote]]:
    """Quotes of all magnitudes, most of them near the mid and near the tick, where rounding decides."""
    draw = Random(seed)

    def number(about: float) -> float:
        near = about * (1 + draw.gauss(0.0, 2e-3))
        far = about * 10 ** draw.uniform(-320, 300)
        return draw.choice((near, near, near, round(near, 2), round(near, 3) + 5e-7, int(near), -near, far))

    def answer(book: Any) -> list[Quote]:
        sides = (draw.choice(("buy", "sell")) for _ in range(draw.randrange(7)))
        return [Quote(side, number(book.mid), number(draw.choice((1.0, 0.001, 4.0)))) for side in sides]

    return answer


def _written(journal: Journal) -> dict[str, str]:
    """Every field of a journal to its last bit, but for wall times."""
    return {
        field.name: _text(getattr(journal, field.name))
        for field in fields(journal)
        if field.name not in WALL_TIMES
    }


def _text(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{len(value)} of {value.dtype}: {sha256(np.ascontiguousarray(value).tobytes()).hexdigest()}"
    return repr(value) if len(repr(value)) < 2_000 else sha256(repr(value).encode()).hexdigest()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
