"""A recording of Binance messages as one instrument."""

from pathlib import Path

from alphaloop.errors import BadTape
from alphaloop.market.ingest.gathered import UNKNOWN, Gathered
from alphaloop.market.ingest.recording import Recording


def recorded(path: Path) -> Gathered:
    """What a recording of raw messages holds.

    Its book comes from the depth; where no depth was recorded, from the tickers; where neither was, there is
    none.  Raises BadTape when it holds no message, two markets, or depth that never gives a synchronised
    book.
    """
    recording = Recording(path)
    recording.read()
    if recording.tickers and not recording.depth:
        # Only now is it known that nothing else tells of the book, and most recordings need no second pass.
        recording = Recording(path, by_touch=True)
        recording.read()
    rows = recording.rows()
    _refuse_unless_useful(recording, len(rows))
    recording.tally.next_funding_ns = recording.marks.due_ns
    return Gathered(
        paths=(path,),
        venue=recording.venue or UNKNOWN,
        symbol=recording.symbol,
        tally=recording.tally,
        rows=rows,
        book=_book(recording),
        gaps_ns=recording.sync.gaps_ns,
        channels=recording.marks.channels(),
        sequenced=recording.depth or recording.tally.trades > 0,
    )


def _book(recording: Recording) -> str:
    if recording.depth:
        return "depth"
    return "touch" if recording.by_touch else "none"


def _refuse_unless_useful(recording: Recording, rows: int) -> None:
    tally, path = recording.tally, recording.path
    found = f"{path}: none of its {tally.lines} lines gives"
    faults = f"({tally.quarantined} are no messages, the first is {tally.first_fault})"
    reason = faults if tally.quarantined else "(all are messages)"
    if recording.depth and not tally.snapshots:
        raise BadTape(
            f"{found} a synchronised book {reason}; a recording needs depth diffs and a depth snapshot that "
            "one of them straddles"
        )
    if not rows:
        raise BadTape(f"{found} a trade or a book {reason}; record depth, tickers or trades")
