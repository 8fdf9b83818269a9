"""A small state machine: calm, wary, unwinding."""

from enum import Enum, auto

from alphaloop.contract import Quote

PARAMS = {"calm_bps": 4.0, "wary_bps": 10.0, "unwind_share": 0.7, "size_share": 0.1}
BOUNDS = {"calm_bps": (0.5, 50.0), "wary_bps": (1.0, 150.0), "unwind_share": (0.3, 0.95)}


class Mode(Enum):
    CALM = auto()
    WARY = auto()
    UNWIND = auto()


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params
        self.mode = Mode.CALM
        self.since = 0.0

    def _next(self, book):
        share = abs(book.position) / self.MAX_POSITION
        if share > self.params["unwind_share"]:
            return Mode.UNWIND
        if book.volatility > 0.0008 * book.mid:
            return Mode.WARY
        if self.mode is not Mode.CALM and book.time - self.since < 2.0:
            return self.mode
        return Mode.CALM

    def on_book(self, book):
        mode = self._next(book)
        if mode != self.mode:
            self.mode, self.since = mode, book.time
        size = self.MAX_POSITION * self.params["size_share"]
        match self.mode:
            case Mode.CALM:
                half = self.params["calm_bps"]
            case Mode.WARY:
                half = self.params["wary_bps"]
            case Mode.UNWIND:
                half = self.params["calm_bps"] * 0.5
            case _:
                half = self.params["wary_bps"]
        offset = max(half, 1.0) * book.mid / 10_000
        buy = self.mode is not Mode.UNWIND or book.position < 0
        sell = self.mode is not Mode.UNWIND or book.position > 0
        quotes = []
        if buy and book.position + size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - offset, size))
        if sell and book.position - size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + offset, size))
        return quotes
