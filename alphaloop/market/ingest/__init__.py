"""Recorded exchange messages to tapes, tapes to files and back, and long tapes to episodes."""

from pathlib import Path

import numpy as np

from alphaloop.errors import BadTape
from alphaloop.facts.market import Instrument
from alphaloop.market.ingest.archive import load, save
from alphaloop.market.ingest.clock import clock_shift, order_latency
from alphaloop.market.ingest.event_order import ordered
from alphaloop.market.ingest.recording import Recording
from alphaloop.market.ingest.report import IngestReport
from alphaloop.market.ingest.slicing import slices
from alphaloop.market.ingest.steps import step
from alphaloop.market.tape import EXCHANGE, LOCAL, Rows, Tape

__all__ = ["IngestReport", "ingest", "load", "save", "slices"]

ASSUMED_MAKER_BPS = 2.0
ASSUMED_TAKER_BPS = 5.0


def ingest(path: Path) -> tuple[Tape, IngestReport]:
    """The tape of a recording (Binance USD-M or spot, gzip or plain), and what was found on the way.

    Tick and lot are inferred from the recording, fees are assumed and marked as assumed.  Raises BadTape when
    the file is missing, cut short, or never gives a synchronised book.
    """
    recording = Recording(path)
    recording.read()
    received = _received(recording)
    shift = clock_shift(received["exch_ts"], received["local_ts"])
    received["local_ts"] += shift
    events = ordered(received)
    tape = Tape(
        name=path.name,
        instrument=_instrument(recording),
        events=events,
        latency=order_latency(events),
        gaps_ns=_gaps(recording, shift, events),
        sequence_gaps=recording.sync.counts.missing,
        clock_shift_ns=shift,
    )
    return tape, _report(recording, received, events, shift)


def _received(recording: Recording) -> Rows:
    if recording.sync.counts.synchronised == 0:
        raise BadTape(
            f"{recording.path}: none of its {recording.lines} lines gives a synchronised book "
            f"({recording.quarantined} are no messages{_first(recording)}); "
            "a recording needs depth diffs and a depth snapshot that one of them straddles"
        )
    return recording.rows()


def _first(recording: Recording) -> str:
    if not recording.quarantined_lines:
        return ""
    return f", the first is line {recording.quarantined_lines[0]}: {recording.first_fault}"


def _instrument(recording: Recording) -> Instrument:
    prices, sizes = recording.texts()
    tick, lot = step(prices), step(sizes)
    if tick is None or lot is None:
        raise BadTape(f"{recording.path}: every price or size is zero; record it again")
    return Instrument(
        recording.symbol, float(tick), float(lot), ASSUMED_MAKER_BPS, ASSUMED_TAKER_BPS, fees_assumed=True
    )


def _gaps(recording: Recording, shift: int, events: Rows) -> tuple[tuple[int, int], ...]:
    """Spans without a sure book: from the last sure event until the trader has it mended, or the end."""
    last = int(max(events["exch_ts"].max(), events["local_ts"].max()))
    return tuple((start, last if end is None else end + shift) for start, end in recording.sync.gaps_ns)


def _report(recording: Recording, received: Rows, events: Rows, shift: int) -> IngestReport:
    counts = recording.sync.counts
    joint = EXCHANGE | LOCAL
    return IngestReport(
        source=str(recording.path),
        lines=recording.lines,
        quarantined=recording.quarantined,
        quarantined_lines=tuple(recording.quarantined_lines),
        first_fault=recording.first_fault,
        ignored=recording.ignored,
        diffs=counts.used,
        trades=recording.trades,
        snapshots=counts.synchronised,
        stale=counts.stale,
        sequence_gaps=counts.missing,
        missing_trades=recording.missing_trades,
        clock_shift_ns=shift,
        least_latency_ns=int((received["local_ts"] - received["exch_ts"]).min()),
        span_s=float(np.ptp(received["exch_ts"])) / 1e9,
        rows=len(events),
        split_rows=int(((events["ev"] & joint) != joint).sum()) // 2,
    )
