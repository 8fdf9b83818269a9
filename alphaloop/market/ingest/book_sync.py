"""Keeping a book in step with the venue, by the venue's own rules.

Diffs are kept until a snapshot comes; those that end before its lastUpdateId are dropped; the first that is
used must straddle it; every later one must follow the one before (USD-M: its `pu` is the last `u`; spot: its
`U` is the last `u` + 1).  Where one does not, the ids in between are missing, and the book is unknown until a
newer snapshot has been straddled in its turn.
"""

from collections.abc import Callable
from dataclasses import dataclass

from alphaloop.market.ingest.messages import Diff, Snapshot

Emit = Callable[[Diff | Snapshot], None]


@dataclass(slots=True)
class Counts:
    """What was seen of the book.

    used, stale: diffs used, and those that were older than the book; missing: ids; synchronised: snapshots
    that gave a book; idle: snapshots that gave none.
    """

    used: int = 0
    stale: int = 0
    missing: int = 0
    synchronised: int = 0
    idle: int = 0


class BookSync:
    """The state of one book: unknown, or known up to update `last`.

    `emit` is called with what makes the book, in order: a Snapshot with a time, then Diffs.  `gaps_ns` are
    the spans from the last sure event to the snapshot that mended the book (exchange time of the one, local
    time of the other, unshifted); an open gap has the end None.
    """

    def __init__(self, emit: Emit) -> None:
        self.counts = Counts()
        self.gaps_ns: list[tuple[int, int | None]] = []
        self._emit = emit
        self._last: int | None = None
        self._sure_ns = 0
        self._snapshot: Snapshot | None = None
        self._waiting: list[Diff] = []

    @property
    def known(self) -> bool:
        """Whether the book is in step now."""
        return self._last is not None

    @property
    def waiting(self) -> int:
        """Diffs that no snapshot has made usable so far."""
        return len(self._waiting)

    def snapshot(self, snapshot: Snapshot) -> None:
        """Take a snapshot if the book is unknown; a book in step needs none."""
        self.counts.idle += 1
        if self.known:
            return
        self._snapshot = snapshot
        waiting, self._waiting = self._waiting, []
        for diff in waiting:
            # The trader could not use it before the snapshot was there.
            self.diff(diff._replace(local_ns=max(diff.local_ns, snapshot.local_ns)))

    def diff(self, diff: Diff) -> None:
        """Take a diff in order of receipt."""
        if self._last is not None:
            self._follow(diff, self._last)
        elif self._snapshot is not None:
            self._begin(diff, self._snapshot)
        else:
            self._waiting.append(diff)

    def _follow(self, diff: Diff, last: int) -> None:
        if diff.last <= last:
            self.counts.stale += 1
        elif diff.before > last:
            self.counts.missing += diff.before - last
            self.gaps_ns.append((self._sure_ns, None))
            self._last, self._snapshot, self._waiting = None, None, [diff]
        else:
            self._use(diff)

    def _begin(self, diff: Diff, snapshot: Snapshot) -> None:
        if diff.last < snapshot.last:
            self.counts.stale += 1
        elif diff.before > snapshot.last:
            # This snapshot is older than what we have kept: only a newer one helps.
            self._snapshot = None
            self._waiting.append(diff)
        else:
            exch_ns = max(self._sure_ns, min(diff.exch_ns, snapshot.exch_ns or diff.exch_ns))
            self._emit(snapshot._replace(exch_ns=exch_ns))
            self.counts.synchronised += 1
            self.counts.idle -= 1
            if self.gaps_ns and self.gaps_ns[-1][1] is None:
                self.gaps_ns[-1] = (self.gaps_ns[-1][0], diff.local_ns)
            self._use(diff)

    def _use(self, diff: Diff) -> None:
        self.counts.used += 1
        # Ids are the order of a book; a time stamp that runs back must not undo it.
        self._last, self._sure_ns = diff.last, max(self._sure_ns, diff.exch_ns)
        self._emit(diff._replace(exch_ns=self._sure_ns))
