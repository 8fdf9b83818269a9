"""Candidate levels are scored by distance and load; the best few of a heap are quoted."""

import heapq

from alphaloop.contract import Quote

PARAMS = {"tick": 0.02, "candidates": 12, "keep": 3, "size": 0.3}
BOUNDS = {"tick": (0.01, 1.0), "candidates": (4, 40), "keep": (1, 5), "size": (0.05, 1.0)}


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.tick = params["tick"]
        self.candidates = int(params["candidates"])
        self.keep = int(params["keep"])
        self.size = params["size"]

    def score(self, step, load):
        return abs(step - 4) + 3.0 * load * step

    def best(self, load):
        heap = []
        for step in range(1, self.candidates + 1):
            heapq.heappush(heap, (self.score(step, load), step))
        return [heapq.heappop(heap)[1] for _ in range(min(self.keep, len(heap)))]

    def on_book(self, book):
        print(book.mid)
        load = book.position / self.MAX_POSITION
        quotes = []
        room = self.MAX_POSITION - book.position
        for step in self.best(-load):
            if room >= self.size:
                quotes.append(Quote("buy", book.bid - step * self.tick, self.size))
                room -= self.size
        room = self.MAX_POSITION + book.position
        for step in self.best(load):
            if room >= self.size:
                quotes.append(Quote("sell", book.ask + step * self.tick, self.size))
                room -= self.size
        return quotes
