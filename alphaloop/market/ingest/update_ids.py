"""The update ids of a book that the venue itself sends anew when it must: which changes can be used."""

from dataclasses import dataclass, field
from enum import Enum


class Use(Enum):
    """What becomes of a change of the book."""

    USED = "used"
    STALE = "stale"
    UNUSED = "unused"


@dataclass(slots=True)
class UpdateIds:
    """Ids that rise by one with each change; a snapshot may begin anywhere.

    missing: ids that never came; gaps_ns: from the last sure change (exchange time) to the snapshot that
    mended the book (local time), or None while none did; telling: whether every message had an id.
    """

    missing: int = 0
    gaps_ns: list[tuple[int, int | None]] = field(default_factory=list)
    telling: bool = True
    _last: int | None = None
    _sure_ns: int = 0
    _lost: bool = False

    def snapshot(self, number: int | None, exch_ns: int, local_ns: int) -> None:
        """Begin anew.  One that neither repeats nor follows the last change hides what lies between."""
        if self._last is not None and number is not None and number not in (self._last, self._last + 1):
            self.missing += max(0, number - self._last - 1)
            self._lose()
        if self._lost:
            self.gaps_ns[-1] = (self.gaps_ns[-1][0], local_ns)
            self._lost = False
        self._known(number, exch_ns)

    def change(self, number: int | None, exch_ns: int) -> Use:
        """Take a change in order of receipt; after a missing one none can be used until a snapshot comes."""
        if number is None or self._last is None:
            self._known(number, exch_ns)
            return Use.USED
        if number <= self._last:
            return Use.STALE
        if number > self._last + 1:
            self.missing += number - self._last - 1
            self._lose()
        if self._lost:
            # What is missing later is missing as well, and the last sure change stays where it was.
            self._last = number
            return Use.UNUSED
        self._known(number, exch_ns)
        return Use.USED

    def _lose(self) -> None:
        if not self._lost:
            self.gaps_ns.append((self._sure_ns, None))
        self._lost = True

    def _known(self, number: int | None, exch_ns: int) -> None:
        self.telling = self.telling and number is not None
        self._last, self._sure_ns = number, max(self._sure_ns, exch_ns)
