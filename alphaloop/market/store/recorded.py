"""What is asked of the store: the tape of a market and a span of time, and the reports behind it."""

from functools import reduce
from itertools import pairwise
from pathlib import Path

from alphaloop.errors import BadTape
from alphaloop.market.ingest.report import Basis, IngestReport
from alphaloop.market.store.reader import sources
from alphaloop.market.store.source import Source
from alphaloop.market.store.spans import between, joined
from alphaloop.market.store.tapes import BOOK, TRADES, tape_in
from alphaloop.market.tape import Tape


def tape(
    store: Path,
    venue: str,
    symbol: str,
    start_ns: int | None = None,
    end_ns: int | None = None,
    key: str = "",
) -> Tape:
    """What is kept of a market from `start_ns` until before `end_ns` (exchange time), all of it if left out.

    One source alone, asked for as a whole, comes back as it was put in.  Several that follow one another are
    joined, with gaps between them; several that tell of the same time are not mixed: `key`, the beginning of
    a source's key, says which is meant.  Raises BadTape when the store has none, or cannot choose.
    """
    of_market = [
        source for source in sources(store, "tape") if (source.venue, source.symbol) == (venue, symbol)
    ]
    chosen = [source for source in of_market if _asked(source, start_ns, end_ns, key)]
    if not chosen:
        raise BadTape(
            f"{store} has no tape of {symbol} on {venue} {'in that span' if of_market else 'at all'}: "
            "`alphaloop store` lists what it has, `alphaloop ingest FILE` puts in more"
        )
    for before, after in pairwise(chosen):
        if event_span_ns(after)[0] <= event_span_ns(before)[1]:
            raise BadTape(
                f"{store} has two tapes of {symbol} on {venue} for the same time: name one of the sources "
                f"{before.key[:12]} and {after.key[:12]}"
            )
    found = reduce(joined, (tape_in(store, source) for source in chosen))
    if start_ns is None and end_ns is None:
        return found
    first, last = event_span_ns(chosen[0])[0], event_span_ns(chosen[-1])[1]
    return between(found, first if start_ns is None else start_ns, last + 1 if end_ns is None else end_ns)


def event_span_ns(source: Source) -> tuple[int, int]:
    """Exchange times of the first and the last event of a tape."""
    parts = [part for part in source.parts if part.kind in (BOOK, TRADES)]
    return min(part.first_ns for part in parts), max(part.last_ns for part in parts)


def report_of(source: Source) -> IngestReport | None:
    """What ingesting found, None for a tape that was not recorded."""
    stated = source.facts["report"]
    if stated is None:
        return None
    basis = stated["basis"] and Basis(**stated["basis"])
    listed = {name: tuple(value) for name, value in stated.items() if isinstance(value, list)}
    return IngestReport(**(stated | listed | {"basis": basis}))


def _asked(source: Source, start_ns: int | None, end_ns: int | None, key: str) -> bool:
    first, last = event_span_ns(source)
    early = end_ns is not None and first >= end_ns
    late = start_ns is not None and last < start_ns
    return source.key.startswith(key) and not early and not late
