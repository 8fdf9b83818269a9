"""How much memory an episode needs, beside the bare engine on the same tape.

Each is a process of its own that loads the tape, runs it once, and says the most memory that it ever held
(its own; a strategy's worker is another process).  The bare engine is hftbacktest with nothing around it; the
episode is a whole one, with an isolated strategy that quotes at every decision.  The limit is the bare
engine's peak and twice the tape's bytes.

A short episode shows what the program weighs that stands around the engine, whatever the tape.

On the book world an order goes out or back for two of three rows, so the journal of an episode is two thirds
of its tape; on a recording it is nothing beside it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from figure import figure, unable
from parts.peak import save
from recordings import recordings

from alphaloop.facts.market import Instrument, WorldSpec
from alphaloop.market.ingest import ingest
from alphaloop.market.tape import Tape
from alphaloop.market.worlds import make

HERE = Path(__file__).resolve().parent
RECORDING = "binance_usdm_btcusdt_20240808.gz"
INSTRUMENT = Instrument("BENCH", 0.01, 0.001, 2.0, 5.0)
LENGTHS_S = {"200 s of a world": 200.0, "two hours of a world": 7_200.0}
NAME, WANTED = "an episode's memory", "<= 1"


def peak(program: str, folder: Path) -> tuple[int, str]:
    """The peak of a fresh process, in bytes, and what happened in it."""
    said = subprocess.run(
        [sys.executable, str(HERE / "parts" / program), str(folder)],
        env={**os.environ, "PYTHONPATH": str(HERE)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=200,
    ).stdout
    held, happened = json.loads(said)
    return held, happened


def measure(name: str, tape: Tape) -> None:
    """Compare on one tape, and print."""
    with tempfile.TemporaryDirectory() as made:
        save(tape, Path(made))
        engine, _ = peak("lone_engine.py", Path(made))
        ours, happened = peak("lone_episode.py", Path(made))
    size = tape.events.nbytes + tape.latency.nbytes
    limit = engine + 2 * size
    print(f"{name}: {len(tape.events)} rows of {mib(size)}, {happened}; the bare engine {mib(engine)}")
    figure(f"{NAME}, {name}", mib(ours), mib(limit), ours / limit, WANTED)


def mib(held: int) -> str:
    """Bytes in words."""
    return f"{held / 2**20:.0f} MiB"


def main() -> None:
    """The default world in the length of a tournament's episode and for two hours, and a whole recording."""
    for name, length_s in LENGTHS_S.items():
        measure(name, make(WorldSpec("book"), INSTRUMENT, length_s, 1))
    folder = recordings()
    if folder is None:
        unable(f"{NAME}, a recording", WANTED, "no recorded market data: set ALPHALOOP_TAPES")
    else:
        measure("a recording", ingest(folder / RECORDING)[0])


if __name__ == "__main__":
    main()
