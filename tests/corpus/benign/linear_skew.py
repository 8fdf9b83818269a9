# A symmetric quoter whose centre leans against its inventory.
from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 5.0, "skew_bps": 4.0, "size_share": 0.1}
BOUNDS = {"half_spread_bps": (0.5, 200.0), "skew_bps": (0.0, 50.0)}

BPS = 1e-4


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.params = params

    def on_book(self, book):
        p = self.params
        lean = -p["skew_bps"] * BPS * book.mid * book.position / self.MAX_POSITION
        half = p["half_spread_bps"] * BPS * book.mid
        room = {"buy": self.MAX_POSITION - book.position, "sell": self.MAX_POSITION + book.position}
        size = p["size_share"] * self.MAX_POSITION
        out = []
        for side, sign in (("buy", -1), ("sell", 1)):
            amount = min(size, room[side])
            if amount > 0:
                out.append(Quote(side, book.mid + lean + sign * half, amount))
        return out
