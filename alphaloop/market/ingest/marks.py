"""Mark price, index price and funding rate as side channels."""

import numpy as np

from alphaloop.market.ingest.columns import Columns
from alphaloop.market.ingest.messages import Mark
from alphaloop.market.tape import Channel

NAMES = ("mark", "index", "funding")


class Marks:
    """Collects mark price messages; `due_ns` is when the first funding is due, None before it is known."""

    def __init__(self) -> None:
        self.due_ns: int | None = None
        self._marks = Columns(whole=1, real=3)

    def add(self, mark: Mark) -> None:
        """Take a message."""
        self.due_ns = self.due_ns or mark.due_ns
        rate = np.nan if mark.funding is None else mark.funding
        self._marks.add((mark.exch_ns,), (mark.mark, mark.spot, rate))

    def channels(self) -> tuple[Channel, ...]:
        """What was said of each of NAMES, in order of time; the last of what was said at one time holds."""
        (times_ns,), values = self._marks.whole(), self._marks.real()
        made = []
        for name, column in zip(NAMES, values, strict=True):
            said = ~np.isnan(column)
            # np.unique keeps the first of equals, and the last one holds.
            at, back = np.unique(times_ns[said][::-1], return_index=True)
            made.append(Channel(name, at, column[said][::-1][back]))
        return tuple(channel for channel in made if len(channel.times_ns))
