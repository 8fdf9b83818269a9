"""What goes over the socket between parent and worker: fixed structs, numbered, one reply to each request.

A request is a header with the book, then up to MAX_EVENTS events that happened since the last request.  A
reply is a header and what its kind says.  Both ends are one machine, so nothing is negotiated.
"""

from struct import Struct

MAX_EVENTS = 512
"""Events in one request; more are sent ahead, in a request of their own."""

MAX_QUOTES_PER_SIDE = 64
"""More than this is a flood, whatever risk.py allows."""

MAX_QUOTES = 2 * MAX_QUOTES_PER_SIDE
MAX_SOURCE = 1 << 20
"""Bytes of a strategy file."""

# Header of both directions: sequence, kind, mask, count.
HEADER = Struct("<IBBH")

# Requests.
BOOK, EVENTS, FAREWELL, WATCH = 1, 2, 3, 4
"""WATCH: begin to watch the strategy if not yet, and tell what was seen of it until now."""

REQUEST = Struct("<IBBH11d")
"""Header (mask: which of mark, index and funding rate are there; count: events that follow) and the book."""

NUMBERS, STREAMS = Struct("<8d"), Struct("<3d")
"""The parts of the book: what is always there, and behind it what may not be."""

EVENT = Struct("<q3d")
"""Code, price, size, time."""

TRADE_BUY, TRADE_SELL, FILL_BUY, FILL_SELL, TIMER = 1, 2, 3, 4, 5
MAX_REQUEST = REQUEST.size + MAX_EVENTS * EVENT.size

# Before the first request the parent sends the source, its length in front.
LENGTH = Struct("<I")

# Replies.
READY, UNAVAILABLE, HELLO, ANSWER, RAISED, MALFORMED, SEEN = 16, 17, 18, 19, 20, 21, 22
"""READY: the walls stand, and no strategy code has run; UNAVAILABLE: they do not; HELLO: the strategy is
made, mask says which callbacks it has; ANSWER: count quotes; RAISED, MALFORMED: how the strategy failed;
SEEN: what a watch has seen."""

ON_TRADE, ON_FILL, ON_TIMER = 1, 2, 4

QUOTE = Struct("<3d")
"""Side (1 buys, −1 sells), price, size."""

ANSWERS = tuple(Struct("<IBBH" + "3d" * count) for count in range(MAX_QUOTES + 1))
"""The whole reply with n quotes; a table, because one call packs or unpacks it."""

FAULT = Struct("<IBBHI32s64s256s")
"""Header, line in strategy.py (0 unknown), where, exception type, message; ASCII, padded with zeros."""

MOST_LINES = 8 * 2_048
"""Lines of a file that a watch can tell of."""

SEEN_REPLY = Struct(f"<IBBHI{MOST_LINES // 8}s")
"""Header, keys kept in the instance, and a bit for every line that was reached."""

LENGTHS = {
    READY: HEADER.size,
    HELLO: HEADER.size,
    UNAVAILABLE: FAULT.size,
    RAISED: FAULT.size,
    MALFORMED: FAULT.size,
    SEEN: SEEN_REPLY.size,
}
"""The whole length of each reply, in bytes, but for answers."""

MAX_REPLY = max(ANSWERS[-1].size, FAULT.size, SEEN_REPLY.size)


def printable(text: str, limit: int) -> str:
    """`text` with nothing in it but printable ASCII, and at most `limit` characters of it."""
    kept = text[:limit]
    return "".join(char if " " <= char <= "~" else "?" for char in kept)
