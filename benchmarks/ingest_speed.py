"""What ingesting a recording costs, against hftbacktest's own converter of Binance USD-M on the same file.

Ours checks every line, synchronises the book, counts gaps and infers tick and lot, which the peer does not;
the peer's functions are compiled before it is timed.  Seconds of wall time, medians of interleaved rounds.
"""

import contextlib
import io
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from figure import figure, unable
from hftbacktest.data.utils.binancefutures import convert
from recordings import recordings

from alphaloop.market.ingest import Ingested, ingest
from alphaloop.market.tape import BUY, DEPTH, EXCHANGE, KIND_MASK, SELL, TRADE

NAME, WANTED = "ingest against hftbacktest's converter", ">= 1"
RECORDING = "binance_usdm_btcusdt_20240808.gz"
ROUNDS = 11


def main() -> None:
    """Measure, or say loudly why not."""
    folder = recordings()
    path = None if folder is None else folder / RECORDING
    if path is None or not path.is_file():
        why = f"no recorded market data: set ALPHALOOP_TAPES to the folder that holds {RECORDING}"
        print(f"NOT MEASURED: {why}")
        unable(NAME, WANTED, why)
        return
    peer = converter(path)
    compare(ingest(path), peer())
    pairs = [(seconds(lambda: ingest(path)), seconds(peer)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(theirs / ours for ours, theirs in pairs)
    figure(NAME, f"{ours:.2f} s", f"{theirs:.2f} s", ratio, WANTED)


def converter(path: Path) -> Callable[[], np.ndarray]:
    """The peer, told nothing that would make it slower: neither tickers nor marks, and nothing is saved."""

    def converted() -> np.ndarray:
        with contextlib.redirect_stdout(io.StringIO()):
            return convert(str(path))

    return converted


def compare(ours: Ingested, theirs: np.ndarray) -> None:
    """Both must tell of the same market, from a second after our book begins to the end."""
    assert ours.report.sequence_gaps == 0
    start_ns = ours.tape.start_ns + 1_000_000_000
    for kind in (DEPTH, TRADE):
        mine, other = (told(rows, kind, start_ns) for rows in (ours.tape.events, theirs))
        assert len(mine) > 0
        assert mine == other


def told(rows: np.ndarray, kind: int, start_ns: int) -> list[tuple[int, float, float]]:
    """What the exchange saw of one kind: side, price and size, sorted."""
    kept = ((rows["ev"] & EXCHANGE) != 0) & ((rows["ev"] & KIND_MASK) == kind) & (rows["exch_ts"] >= start_ns)
    side = (rows["ev"][kept] & (BUY | SELL)).tolist()
    return sorted(zip(side, rows["px"][kept].tolist(), rows["qty"][kept].tolist(), strict=True))


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
