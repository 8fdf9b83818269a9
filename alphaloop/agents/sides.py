"""Both sides of a contest as they were played, gathered on the way to its end."""

from collections.abc import Iterable, Iterator

from alphaloop.facts.episode import Pair
from alphaloop.market.journal import Journal
from alphaloop.simulation.witnessed import Journals

ROOM_BYTES = 96_000_000
"""For the journals of one contest, in memory: a whole test of the template, 100 pairs of the longer games."""
_REFUSAL_BYTES = 200


class Sides:
    """The journals of the first pairs of a contest, as many as there is room for, pair by pair."""

    def __init__(self, room_bytes: int = ROOM_BYTES) -> None:
        self.head: list[Journal] = []
        self.base: list[Journal] = []
        self._room_bytes = room_bytes

    def seen(self, played: Iterable[tuple[Pair, Journals | None]]) -> Iterator[Pair]:
        """The pairs alone; from the first one on that there is no room for, no journals are remembered.

        A pair of which one side could not be made has none.
        """
        for pair, journals in played:
            if journals is not None:
                self._remember(*journals)
            yield pair

    def _remember(self, head: Journal, base: Journal) -> None:
        self._room_bytes -= _bytes(head) + _bytes(base)
        if self._room_bytes >= 0:
            self.head.append(head)
            self.base.append(base)


def _bytes(journal: Journal) -> int:
    """About what a journal takes in memory: its tables, and its refusals one by one."""
    tables = (journal.fills, journal.marks, journal.mids, journal.orders, journal.funding)
    streams = sum(channel.times_ns.nbytes + channel.values.nbytes for channel in journal.channels)
    return sum(table.nbytes for table in tables) + streams + _REFUSAL_BYTES * len(journal.refusals)
