from dataclasses import dataclass

from alphaloop.contract import Quote

PARAMS = {"bps": 6.0, "size": 0.5, "skew": 0.7}
BOUNDS = {"bps": (1.0, 40.0), "size": (0.1, 1.0), "skew": (0.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Config:
    """All numbers of the desk, checked at birth."""

    bps: float
    size: float
    skew: float

    def __post_init__(self):
        if self.size <= 0.0 or self.bps <= 0.0:
            raise ValueError(f"a size of {self.size} and a distance of {self.bps} are not positive")


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.config = Config(**params)

    def on_book(self, book):
        c = self.config
        half = book.mid * c.bps / 1e4
        lean = half * c.skew * book.position / self.MAX_POSITION
        quotes = []
        if book.position + c.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", book.mid - half - lean, c.size))
        if book.position - c.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", book.mid + half - lean, c.size))
        return quotes


def annotated(x: [].append(1)) -> None:
    return None
