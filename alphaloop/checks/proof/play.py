"""Play one history with a fresh isolated worker, and see whether the strategy breaks a limit in it."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from alphaloop.checks.proof.reach import Reach
from alphaloop.checks.proof.walk import Walk
from alphaloop.contract import Book, Fill, Quote, Trade
from alphaloop.errors import Broken, StrategyFault
from alphaloop.facts.history import History
from alphaloop.facts.order import Refusal
from alphaloop.ports import Sandbox, Shown, Worker

Heard = Book | Trade | Fill | float
"""What a strategy is told or asked: a book, a trade, a fill, or the time of a second that has passed."""

_shown: Callable[[Book], Shown] = attrgetter(*Book.__match_args__)


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A history at whose end the strategy breaks a limit.

    heard: all that it was told, at the end the book that it was asked about; () when it could not be made;
    quotes: its last answer, () when it gave none; refusal: what the outer risk engine says of that, None when
    the strategy failed; fault: how.
    """

    history: History
    heard: tuple[Heard, ...]
    quotes: tuple[Quote, ...]
    refusal: Refusal | None
    fault: str

    @property
    def book(self) -> Book | None:
        """What it was asked about last, None when it could not even be made."""
        last = self.heard[-1] if self.heard else None
        return last if isinstance(last, Book) else None


Watch = Callable[[int, tuple[Heard, ...], Walk], None]
"""Called after each answer: how many moves were played, what was told for the last, where the walk stands."""


def play(
    source: bytes, history: History, reach: Reach, sandbox: Sandbox, watch: Watch | None = None
) -> Counterexample | None:
    """The first breach of a limit or fault in a history, None when there is none.

    The counterexample ends with the move that shows it.  Raises Broken when the platform fails.
    """
    try:
        worker = sandbox.start(source)
    except StrategyFault as fault:
        return Counterexample((), (), (), None, str(fault))
    try:
        return _played(worker, history, Walk(reach), watch)
    finally:
        worker.abandon()


def _played(worker: Worker, history: History, walk: Walk, watch: Watch | None) -> Counterexample | None:
    heard: list[Heard] = []
    for count, move in enumerate(history, 1):
        told = (*walk.told(move), walk.book(move))
        if walk.over:
            return None
        heard += told
        try:
            quotes = _asked(worker, told)
        except StrategyFault as fault:
            return Counterexample(history[:count], tuple(heard), (), None, str(fault))
        refusal = walk.answer(quotes, move)
        if refusal is not None:
            return Counterexample(history[:count], tuple(heard), tuple(quotes), refusal, "")
        if watch is not None:
            watch(count, told, walk)
    return None


def _asked(worker: Worker, told: tuple[Heard, ...]) -> list[Quote]:
    """Tell all that happened, and ask about the book, which comes last."""
    for one in told:
        if isinstance(one, Book):
            return worker.on_book(_shown(one))
        if isinstance(one, Trade):
            worker.on_trade(one)
        elif isinstance(one, Fill):
            worker.on_fill(one)
        else:
            worker.on_timer(one)
    raise Broken("a strategy was told of a market and not asked about it; report this")
