"""Other venues, through hftbacktest's own converters.

A converter trusts its file: a corrupt line ends it, and what it cannot use it drops.  So every line is
screened first, counted like Binance's, and only sound ones are handed on.  Importing hftbacktest takes about
0.4 s and compiling its functions 7 to 23 s on two busy cores, once a process: only who ingests such a
file pays.
"""

import contextlib
import importlib
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

from alphaloop.errors import BadTape
from alphaloop.market.ingest.assembly import Ingested, taken_over
from alphaloop.market.ingest.bybit import Bybit
from alphaloop.market.ingest.clock import LEAST_LATENCY_NS
from alphaloop.market.ingest.gathered import Gathered
from alphaloop.market.ingest.hyperliquid import Hyperliquid
from alphaloop.market.ingest.screen import FAULTS, Screen
from alphaloop.market.ingest.tardis import Tardis
from alphaloop.market.tape import EVENT, Rows

SCREENS: dict[str, type[Screen]] = {"bybit": Bybit, "hyperliquid": Hyperliquid, "tardis": Tardis}


def converted(paths: Sequence[Path], form: str) -> Ingested:
    """The tape of recordings of one instrument; `form` is one of SCREENS.

    Raises BadTape when the files give no book, or when what the converter needs is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="alphaloop-") as folder:
        screen = SCREENS[form](Path(folder))
        screen.read(paths)
        rows = _converted(screen, form)
    shift_ns = int(rows["local_ts"].min()) - min(screen.receipts_ns.values())
    gathered = Gathered(
        paths=paths,
        venue=screen.venue,
        symbol=screen.symbol,
        tally=screen.tally,
        rows=rows,
        book="depth",
        gaps_ns=screen.gaps_ns,
        sequenced=screen.sequenced,
        trades_numbered=False,
    )
    return taken_over(gathered, shift_ns)


def _converted(screen: Screen, form: str) -> Rows:
    called = {**screen.arguments(), "base_latency": LEAST_LATENCY_NS}
    try:
        convert = getattr(importlib.import_module(f"hftbacktest.data.utils.{form}"), called.pop("function"))
        # A converter tells its progress on standard output, which belongs to our caller.
        with contextlib.redirect_stdout(io.StringIO()):
            rows: Rows = convert(**called).astype(EVENT)
    except ModuleNotFoundError as missing:
        raise BadTape(
            f"{screen.source}: hftbacktest's converter for {form} needs {missing.name}; install that package"
        ) from missing
    except (*FAULTS, AssertionError, ArithmeticError) as fault:
        raise BadTape(
            f"{screen.source}: hftbacktest's converter refuses it ({fault}); record it again"
        ) from fault
    return rows
