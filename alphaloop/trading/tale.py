"""What an exchange has told of one order: no fill is booked twice, and none on its way is forgotten."""

from alphaloop.errors import Broken
from alphaloop.facts.order import Side


class Tale:
    """The lots of one order, counted down from its size to 0.

    A fill that leaves `left` lots took those from left + lots down to left.  So a fill that is told again is
    known by its place, fills may come in any order, and what lies between the fills told and the rest of an
    order that ended is on its way: it stays open until it is heard.
    """

    __slots__ = ("_size", "_taken", "ended", "filled", "order", "rest", "side")

    def __init__(self, order: int, side: Side, size: int) -> None:
        self.order, self.side, self._size = order, side, size
        self.filled = self.rest = 0
        self.ended = False
        self._taken: list[tuple[int, int]] = []

    @property
    def open(self) -> int:
        """Lots that may still be filled, or were and nobody told us yet."""
        return self._size - self.rest - self.filled

    def fill(self, lots: int, left: int | None) -> bool:
        """Take in a fill; False when it was told before.

        left: lots that it left of the order, None from an exchange that tells each fill once and in order.
        Raises Broken for lots that the order does not have, or of which another fill took a part.
        """
        low = self._size - self.filled - lots if left is None else left
        high = low + lots
        if left is not None and any(floor <= low < high <= top for floor, top in self._taken):
            return False
        free = self.rest <= low < high <= self._size
        if not free or any(low < top and floor < high for floor, top in self._taken):
            raise Broken(
                f"order {self.order} has {self.open} lots open and was told filled for {lots} down to {low}"
            )
        self._take(low, high)
        self.filled += lots
        return True

    def end(self, rest: int) -> bool:
        """Take in that the exchange ended the order with `rest` lots over; False when it was told before.

        Raises Broken for an end that contradicts what was told.
        """
        if rest == self.rest and (self.ended or self.open == 0):
            return False
        lowest = min(low for low, _ in self._taken) if self._taken else self._size
        if self.ended or not 0 <= rest <= lowest:
            raise Broken(f"order {self.order} was reported to end with {rest} lots over; {lowest} can be")
        self.ended, self.rest = True, rest
        return True

    def _take(self, low: int, high: int) -> None:
        """Remember the lots of a fill, joined with those beside them: a thousand fills stay one span."""
        apart = [span for span in self._taken if span[1] < low or high < span[0]]
        beside = [span for span in self._taken if not (span[1] < low or high < span[0])]
        floor = min([low, *(span[0] for span in beside)])
        self._taken = [*apart, (floor, max([high, *(span[1] for span in beside)]))]
