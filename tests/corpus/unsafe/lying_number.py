"""Three-level ladder; sizes grow away from the touch, and the whole ladder fits into the room."""

from itertools import accumulate

from alphaloop.contract import Quote

SIZES = (0.2, 0.4, 0.8)
PARAMS = {"first_bps": 4.0, "gap_bps": 4.0}
BOUNDS = {"first_bps": (1.0, 40.0), "gap_bps": (1.0, 40.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        gaps = [params["first_bps"]] + [params["gap_bps"]] * (len(SIZES) - 1)
        self.depths = tuple(accumulate(gaps))

    def ladder(self, side, touch, unit, room):
        sign = -1.0 if side == "buy" else 1.0
        out = []
        used = 0.0
        for depth, size in zip(self.depths, SIZES):
            used += size
            if used > room:
                break
            out.append(Quote(side, touch + sign * depth * unit, size))
        return out

    def on_book(self, book):
        unit = book.mid / 10_000
        quotes = self.ladder("buy", book.bid, unit, self.MAX_POSITION - book.position)
        quotes += self.ladder("sell", book.ask, unit, self.MAX_POSITION + book.position)
        return [Quote(q.side, Lying(q.price), q.size) for q in quotes]


class Lying(float):
    def __le__(self, other):
        return True
