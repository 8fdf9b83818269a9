"""An isolated strategy as the rest of the program sees it: the parent's side of the conversation."""

from collections.abc import Callable
from math import isinf, isnan
from typing import Final, NoReturn

from alphaloop.contract import Fill, Quote, Trade
from alphaloop.errors import Broken, SandboxUnavailable, StrategyFault
from alphaloop.ports import Shown
from alphaloop.sandbox import replies, wire
from alphaloop.sandbox.line import HungUp, Line, Overdue
from alphaloop.sandbox.replies import Garbled, Reply

_TRADES = {"buy": wire.TRADE_BUY, "sell": wire.TRADE_SELL}
_FILLS = {"buy": wire.FILL_BUY, "sell": wire.FILL_SELL}
_EVENTS_AT: Final = wire.REQUEST.size
_EVENT_BYTES: Final = wire.EVENT.size
# Looked up once: these are of every step.
_BOOK: Final = wire.BOOK
_ANSWER: Final = wire.ANSWER
_pack: Final = wire.REQUEST.pack_into
_NO_BOOK = (0.0,) * 11


class SocketWorker:
    """The worker at the other end of `line`.  Trades, fills and timers are kept and go with the next book.

    end: ends the worker's process, waits for it, and says how it ended; called exactly once.
    """

    def __init__(self, line: Line, end: Callable[[], str]) -> None:
        self._line = line
        self._end = end
        self._outbox = memoryview(bytearray(wire.MAX_REQUEST))
        self._book = self._outbox[:_EVENTS_AT]
        self._kept = 0
        self._sequence = 0
        self._callbacks = 0
        self._midway = False
        self._spent_s = 0.0
        self._over = ""

    def await_walls(self) -> None:
        """Wait until the process is locked in; no strategy code has run, so a failure is the platform's."""
        try:
            kind: int = self._line.hear()[1]
        except (HungUp, Overdue, Garbled) as error:
            how = self._shut("the worker never started")
            why = str(error) or how
            raise Broken(f"the sandbox's worker never got ready: {why}; run `alphaloop doctor`") from error
        if kind != wire.READY:
            why = replies.confession(self._line.inbox)
            self._shut("the worker never started")
            raise SandboxUnavailable(f"a worker could not be locked in ({why}); run `alphaloop doctor`")

    def be_born(self, source: bytes) -> None:
        """Hand over the source and wait until the strategy is made."""
        if len(source) > wire.MAX_SOURCE:
            self._fail(f"the file has {len(source)} bytes; at most {wire.MAX_SOURCE} are allowed")
        self._callbacks = self._ask(wire.LENGTH.pack(len(source)) + source, wire.HELLO)[2]

    def on_book(self, shown: Shown) -> list[Quote]:
        """All quotes wanted now; what happened since the last call is delivered first."""
        self._write_book(shown)
        answer = self._ask(self._request(), _ANSWER)
        try:
            return replies.quotes(answer)
        except Garbled as error:
            self._fail(f"on_book {error}")

    def on_trade(self, trade: Trade) -> None:
        """Keep a trade of others for the next request."""
        if self._callbacks & wire.ON_TRADE:
            self._keep(_TRADES[trade.side], trade.price, trade.size, trade.time)

    def on_fill(self, fill: Fill) -> None:
        """Keep an own fill for the next request."""
        if self._callbacks & wire.ON_FILL:
            self._keep(_FILLS[fill.side], fill.price, fill.size, fill.time)

    def on_timer(self, now: float) -> None:
        """Keep a tick of the clock for the next request."""
        if self._callbacks & wire.ON_TIMER:
            self._keep(wire.TIMER, 0.0, 0.0, now)

    def watch(self) -> tuple[int, frozenset[int]]:
        """Have the strategy watched from now on; answers what was seen of it since it was asked first.

        How many keys of dicts and sets hang on its instance, and which of its lines were reached: that is
        the worker's own word.
        """
        self._tell(wire.WATCH, wire.SEEN)
        return replies.seen(self._line.inbox)

    def spent_s(self) -> float:
        """Processor seconds that it has worked; where nobody knows, wall seconds that it was waited for."""
        if not self._over:
            # Once it has ended, its number may be another's.
            self._spent_s = self._line.spent_s()
        return self._spent_s

    def close(self) -> None:
        """Deliver what is kept and end the worker; raises StrategyFault when it misbehaves to the last."""
        if self._midway:
            # Interrupted while it was asked, by a signal say; the late answer would be taken for a lie.
            self.abandon()
        if self._over:
            return
        self._flush(wire.FAREWELL)
        rest = self._line.rest()
        self._shut("the worker was closed; start another")
        if rest:
            raise StrategyFault("strategy.py: the worker sent bytes that nobody asked for")

    def abandon(self) -> None:
        """End the worker without a last word, whatever it is doing."""
        if not self._over:
            self._shut("the worker was abandoned; start another")

    def forget(self) -> None:
        """Hang up and leave the process to whoever else ends it."""
        self._over = self._over or "the sandbox was closed; start another"
        self._line.close()

    def _keep(self, code: int, price: float, size: float, time: float) -> None:
        total = price + size + time
        if isinf(total) or isnan(total):
            raise Broken(f"the strategy was to be told of {price}, {size} at {time}; report this")
        if self._kept == wire.MAX_EVENTS:
            self._flush(wire.EVENTS)
        wire.EVENT.pack_into(self._outbox, _EVENTS_AT + self._kept * _EVENT_BYTES, code, price, size, time)
        self._kept += 1

    def _flush(self, kind: int) -> None:
        count: int = self._tell(kind, _ANSWER)[3]
        if count:
            self._fail(f"the worker sent {count} quotes where none were asked for")

    def _write_book(self, shown: Shown) -> None:
        time, bid, ask, bid_size, ask_size, mid, position, volatility, mark, index, rate = shown
        mask = (mark is not None) + 2 * (index is not None) + 4 * (rate is not None)
        mark, index, rate = mark or 0.0, index or 0.0, rate or 0.0
        # A sum is finite only when all of it is; isfinite is slower, because mypyc does not know it.
        total = time + bid + ask + bid_size + ask_size + mid + position + volatility + mark + index + rate
        if isinf(total) or isnan(total):
            raise Broken(f"the strategy was to be shown a book that is not finite: {shown}; report this")
        self._sequence = (self._sequence + 1) & 0xFFFFFFFF
        # Number by number: a star makes a list and another tuple of them first.
        _pack(
            self._outbox,
            0,
            self._sequence,
            _BOOK,
            mask,
            self._kept,
            time,
            bid,
            ask,
            bid_size,
            ask_size,
            mid,
            position,
            volatility,
            mark,
            index,
            rate,
        )

    def _tell(self, kind: int, expected: int) -> Reply:
        """Send a request without a book, with everything kept, and return its reply."""
        self._sequence = (self._sequence + 1) & 0xFFFFFFFF
        _pack(self._outbox, 0, self._sequence, kind, 0, self._kept, *_NO_BOOK)
        return self._ask(self._request(), expected)

    def _request(self) -> memoryview:
        """What was packed, with the events behind it, which are kept no longer."""
        if not self._kept:
            return self._book
        kept, self._kept = self._kept, 0
        return self._outbox[: _EVENTS_AT + kept * _EVENT_BYTES]

    def _ask(self, request: bytes | memoryview, expected: int) -> Reply:
        """Send a request, wait for its reply, and return it."""
        if self._over:
            raise StrategyFault(self._over)
        if self._midway:
            raise Broken("the conversation with the worker was interrupted; start another")
        self._midway = True
        try:
            reply = self._line.ask(request)
        except Garbled as error:
            self._fail(f"the worker {error}")
        except Overdue as late:
            self._fail(f"the worker {late}; bound its loops")
        except HungUp:
            self._died()
        self._midway = False
        sequence: int = reply[0]
        kind: int = reply[1]
        if sequence != self._sequence:
            self._fail(f"the worker answered request {sequence} when it was asked {self._sequence}")
        if kind != expected:
            self._refuse(kind, expected)
        return reply

    def _refuse(self, kind: int, expected: int) -> NoReturn:
        if kind in (wire.RAISED, wire.MALFORMED):
            self._give_up(replies.confession(self._line.inbox))
        self._fail(f"the worker sent a reply of kind {kind} where {expected} was due")

    def _died(self) -> NoReturn:
        how = self._shut("the worker died")
        self._over = f"strategy.py: the worker died: {how}"
        raise StrategyFault(self._over)

    def _fail(self, words: str) -> NoReturn:
        self._give_up(f"strategy.py: {words}")

    def _give_up(self, words: str) -> NoReturn:
        self._shut(words)
        raise StrategyFault(words)

    def _shut(self, why: str) -> str:
        """End the process and hang up, once; returns how it ended."""
        if self._over:
            return ""
        self._over = why
        try:
            return self._end()
        finally:
            self._line.close()
