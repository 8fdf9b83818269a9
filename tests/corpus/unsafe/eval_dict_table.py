from alphaloop.contract import Quote
TOOLS = {"read": eval}



class Rounds:
    """Mix-in: prices to a tick, away from the mid."""

    TICK = 0.01

    def down(self, price):
        return int(price / self.TICK) * self.TICK

    def up(self, price):
        return -int(-price / self.TICK) * self.TICK


class Sized:
    def fits(self, position, change):
        return abs(position + change) <= self.MAX_POSITION


class Strategy(Rounds, Sized):
    MAX_POSITION = 10.0

    def __init__(self, params):
        super().__init__()
        self.clip = 0.5
        self.half_bps = 6.0

    def on_book(self, book):
        factor = TOOLS["read"]("1")
        half = self.half_bps * book.mid / 1e4
        lean = half * book.position / self.MAX_POSITION
        quotes = []
        if self.fits(book.position, self.clip):
            quotes.append(Quote("buy", self.down(min(book.mid - half - lean, book.bid)), self.clip))
        if self.fits(book.position, -self.clip):
            quotes.append(Quote("sell", self.up(max(book.mid + half - lean, book.ask)), self.clip))
        return quotes
