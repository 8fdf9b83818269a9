"""What the trader knows of the market while time goes on."""

from bisect import bisect_right
from collections.abc import Iterator

from alphaloop.contract import Trade
from alphaloop.simulation.best import State
from alphaloop.simulation.timeline import SECOND_NS, Timeline

NEVER_NS = 1 << 62


class View:
    """A cursor over a timeline that only moves forward.

    state: the touch as the trader sees it; mid: in quote currency, None without both sides; next_move_ns:
    when the best bid or ask price changes next.
    """

    def __init__(self, made: Timeline) -> None:
        self.state: State = (0, 0, 0, 0)
        self.mid: float | None = None
        self.next_move_ns = NEVER_NS
        self._made = made
        self._half_tick = made.tape.instrument.tick / 2
        self._times_ns = [*made.local.times_ns, NEVER_NS]
        self._moves_ns = [*made.moves_ns, NEVER_NS]
        self._trades_ns = [*made.trades_ns, NEVER_NS]
        self._place = self._move = self._trade = 0
        self._edges_ns = sorted({edge for gap in made.tape.gaps_ns for edge in gap})

    def look(self, now_ns: int) -> None:
        """Take in all that is heard until now."""
        place = self._place
        while self._times_ns[place] <= now_ns:
            place += 1
        if place == self._place:
            return
        self._place = place
        self.state = bid, _, ask, _ = self._made.local.states[place - 1]
        self.mid = (bid + ask) * self._half_tick if bid and ask else None
        while self._moves_ns[self._move] <= now_ns:
            self._move += 1
        self.next_move_ns = self._moves_ns[self._move]

    def age_ns(self, now_ns: int) -> int:
        """How long ago the exchange sent the newest thing that is known; 0 where its clock runs ahead."""
        index = bisect_right(self._made.heard_ns, now_ns) - 1
        return max(0, now_ns - self._made.sent_ns[index]) if index >= 0 else NEVER_NS

    def volatility(self, now_ns: int) -> float:
        """Price units per √s, as of the last whole second."""
        return self._made.volatility[(now_ns - self._made.start_ns) // SECOND_NS]

    def stream(self, name: str, now_ns: int) -> float | None:
        """The value of a side channel, None without one."""
        stream = self._made.streams.get(name)
        return stream.at(now_ns) if stream is not None else None

    def trades(self, until_ns: int) -> Iterator[Trade]:
        """Trades of others that were heard of since the last call."""
        while self._trades_ns[self._trade] <= until_ns:
            self._trade += 1
            yield self._made.trades[self._trade - 1]

    def in_gap(self, now_ns: int) -> bool:
        """Whether the tape has nothing here that may be judged."""
        return any(start <= now_ns < end for start, end in self._made.tape.gaps_ns)

    def next_edge_ns(self, now_ns: int) -> int:
        """When the next gap begins or ends."""
        index = bisect_right(self._edges_ns, now_ns)
        return self._edges_ns[index] if index < len(self._edges_ns) else NEVER_NS
