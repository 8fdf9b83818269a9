"""From what was gathered to a tape and its report."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from alphaloop.errors import BadTape
from alphaloop.facts.market import Instrument
from alphaloop.market.ingest.clock import clock_shift, heard, order_latency
from alphaloop.market.ingest.event_order import ordered, refuse_disorder
from alphaloop.market.ingest.gathered import Gathered, Tally
from alphaloop.market.ingest.report import IngestReport
from alphaloop.market.ingest.steps import MOST_PLACES, step
from alphaloop.market.tape import Rows, Spans, Tape

ASSUMED_MAKER_BPS = 2.0
ASSUMED_TAKER_BPS = 5.0


class Ingested(NamedTuple):
    """A tape, and what was found on the way to it."""

    tape: Tape
    report: IngestReport


def assembled(gathered: Gathered) -> Ingested:
    """The tape of one instrument: clocks aligned, rows in order on both, fees assumed and marked as such."""
    received = gathered.rows
    shift = clock_shift(received["exch_ts"], received["local_ts"])
    received["local_ts"] += shift
    gathered = replace(gathered, rows=ordered(received))
    # A long recording need not be there in both orders while all that follows is worked out.
    del received
    return _ingested(gathered, shift)


def taken_over(gathered: Gathered, shift_ns: int) -> Ingested:
    """The tape of rows that are in order on both clocks already, shifted by somebody else."""
    refuse_disorder(gathered.rows, gathered.paths[0].name)
    return _ingested(gathered, shift_ns)


def _ingested(gathered: Gathered, shift_ns: int) -> Ingested:
    events, source = gathered.rows, " + ".join(map(str, gathered.paths))
    if len(events) == 0:
        raise BadTape(f"{source}: nothing in it makes a row of a tape; record it again")
    tape = Tape(
        name=gathered.paths[0].name,
        instrument=_instrument(gathered.symbol, events, source),
        events=events,
        latency=order_latency(events),
        channels=gathered.channels,
        gaps_ns=_gaps(gathered, shift_ns, events),
        sequence_gaps=gathered.tally.sequence_gaps,
        clock_shift_ns=shift_ns,
        venue=gathered.venue,
    )
    book, sequenced, clocked = gathered.book, gathered.sequenced, gathered.clocked
    made = reported(tape, gathered.tally, source, book, sequenced=sequenced, clocked=clocked)
    return made._replace(report=replace(made.report, trades_numbered=gathered.trades_numbered))


def _instrument(symbol: str, events: Rows, source: str) -> Instrument:
    tick, lot = step(events["px"]), step(events["qty"])
    if tick is None or lot is None:
        raise BadTape(
            f"{source}: no tick and lot divide its prices and sizes; they must be decimal numbers of at most "
            f"{MOST_PLACES} places, and not all zero"
        )
    return Instrument(
        symbol, float(tick), float(lot), ASSUMED_MAKER_BPS, ASSUMED_TAKER_BPS, fees_assumed=True
    )


def _gaps(gathered: Gathered, shift_ns: int, events: Rows) -> Spans:
    """Spans without a sure book: from the last sure event until the trader has it mended, or the end."""
    last = int(max(events["exch_ts"].max(), events["local_ts"].max()))
    return tuple((start, last if end is None else end + shift_ns) for start, end in gathered.gaps_ns)


def reported(
    tape: Tape, tally: Tally, source: str, book: str, *, sequenced: bool = True, clocked: bool = True
) -> Ingested:
    """A tape with its report; what the words mean is said at Gathered."""
    events = tape.events
    _, latencies_ns = heard(events)
    report = IngestReport(
        source=source,
        quarantined_lines=tuple(tally.quarantined_lines),
        ignored=sum(tally.ignored.values()),
        by_kind=dict(sorted(tally.ignored.items())),
        clock_shift_ns=tape.clock_shift_ns,
        least_latency_ns=int(latencies_ns.min()),
        span_s=float(np.ptp(events["exch_ts"])) / 1e9,
        rows=len(events),
        split_rows=(len(events) - len(latencies_ns)) // 2,
        venue=tape.venue,
        symbol=tape.instrument.symbol,
        book=book,
        sequenced=sequenced,
        clocked=clocked,
        lines=tally.lines,
        quarantined=tally.quarantined,
        first_fault=tally.first_fault,
        diffs=tally.diffs,
        trades=tally.trades,
        snapshots=tally.snapshots,
        stale=tally.stale,
        sequence_gaps=tally.sequence_gaps,
        missing_trades=tally.missing_trades,
        touches=tally.touches,
        marks=tally.marks,
        unused=tally.unused,
        duplicates=tally.duplicates,
        out_of_order=tally.out_of_order,
        stamps_back=tally.stamps_back,
        next_funding_ns=tally.next_funding_ns,
    )
    return Ingested(tape, report)
