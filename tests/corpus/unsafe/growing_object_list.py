import numpy as np

from alphaloop.contract import Quote

PARAMS = {"n": 64, "z": 1.2, "size": 0.5}
BOUNDS = {"n": (16, 512), "z": (0.2, 4.0), "size": (0.1, 1.0)}


class Strategy:
    """Ring buffer of mids in numpy; distance = z times the deviation of differences."""

    MAX_POSITION = 10.0

    def __init__(self, params):
        self.diary = Diary()
        self.n = int(params["n"])
        self.z = params["z"]
        self.size = params["size"]
        self.ring = np.zeros(self.n)
        self.seen = 0

    def push(self, value):
        self.ring[self.seen % self.n] = value
        self.seen += 1

    def ordered(self):
        head = self.seen % self.n
        return np.concatenate((self.ring[head:], self.ring[:head]))

    def on_book(self, book):
        self.diary.write(book.mid)
        self.push(book.mid)
        if self.seen < self.n:
            return []
        steps = np.diff(self.ordered())
        spread = float(np.std(steps)) * self.z * np.sqrt(10.0)
        half = float(np.clip(spread, 4e-4 * book.mid, 60e-4 * book.mid))
        tilt = half * 0.7 * book.position / self.MAX_POSITION
        quotes = []
        if book.position + self.size <= self.MAX_POSITION:
            quotes.append(Quote("buy", float(book.mid - half - tilt), self.size))
        if book.position - self.size >= -self.MAX_POSITION:
            quotes.append(Quote("sell", float(book.mid + half - tilt), self.size))
        return quotes


class Diary:
    def __init__(self):
        self.pages = []

    def write(self, value):
        self.pages.append(value)
