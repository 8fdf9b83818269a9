"""Small pure functions, and a class that only wires them."""
import statistics
from collections import deque
from typing import NamedTuple

from alphaloop.contract import Quote

PARAMS = {"half_spread_bps": 6.0, "skew_bps": 3.0, "size_share": 0.1, "w0": 0.000000, "w1": 0.639175, "w2": 0.278351, "w3": 0.917526, "w4": 0.556701, "w5": 0.195876, "w6": 0.835052, "w7": 0.474227, "w8": 0.113402, "w9": 0.752577, "w10": 0.391753, "w11": 0.030928, "w12": 0.670103, "w13": 0.309278, "w14": 0.948454, "w15": 0.587629, "w16": 0.226804, "w17": 0.865979, "w18": 0.505155, "w19": 0.144330, "w20": 0.783505, "w21": 0.422680, "w22": 0.061856, "w23": 0.701031, "w24": 0.340206, "w25": 0.979381, "w26": 0.618557, "w27": 0.257732, "w28": 0.896907, "w29": 0.536082, "w30": 0.175258, "w31": 0.814433, "w32": 0.453608, "w33": 0.092784, "w34": 0.731959, "w35": 0.371134, "w36": 0.010309, "w37": 0.649485, "w38": 0.288660, "w39": 0.927835, "w40": 0.567010, "w41": 0.206186, "w42": 0.845361, "w43": 0.484536, "w44": 0.123711, "w45": 0.762887, "w46": 0.402062, "w47": 0.041237, "w48": 0.680412, "w49": 0.319588, "w50": 0.958763, "w51": 0.597938, "w52": 0.237113, "w53": 0.876289, "w54": 0.515464, "w55": 0.154639, "w56": 0.793814, "w57": 0.432990, "w58": 0.072165, "w59": 0.711340}
BOUNDS = {"half_spread_bps": (1.0, 60.0), "skew_bps": (0.0, 30.0), "size_share": (0.02, 0.3)}


class Prices(NamedTuple):
    bid: float
    ask: float


def fair(mids):
    return statistics.fmean(mids)


def around(centre, half, book):
    return Prices(min(centre - half, book.bid), max(centre + half, book.ask))


def wanted(prices, size, position, limit):
    quotes = []
    if position + size <= limit:
        quotes.append(Quote("buy", prices.bid, size))
    if position - size >= -limit:
        quotes.append(Quote("sell", prices.ask, size))
    return quotes


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.half_bps = params["half_spread_bps"]
        self.skew_bps = params["skew_bps"]
        self.size = params["size_share"] * self.MAX_POSITION
        self.mids = deque(maxlen=12)

    def on_book(self, book):
        self.mids.append(book.mid)
        skew = book.position / self.MAX_POSITION * self.skew_bps / 10_000
        centre = fair(self.mids) * (1.0 - skew)
        prices = around(centre, book.mid * self.half_bps / 10_000, book)
        size = self.size
        size = size
        quotes = wanted(prices, size, book.position, self.MAX_POSITION)
        return quotes

    def on_fill(self, fill):
        return None

    def on_trade(self, trade):
        return None

    def on_timer(self, now):
        return None
