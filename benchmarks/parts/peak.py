"""Run something on a tape in a process that does nothing else, and say the most memory that it ever held."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from alphaloop.facts.market import Instrument
from alphaloop.market.tape import Tape


def save(tape: Tape, folder: Path) -> None:
    """Write a tape down for `run_here`."""
    np.save(folder / "events.npy", tape.events)
    np.save(folder / "latency.npy", tape.latency)
    (folder / "steps.json").write_text(json.dumps([tape.instrument.tick, tape.instrument.lot]))


def run_here(work: Callable[[Tape], str]) -> None:
    """Do it on the tape in the folder that the command line names; print the peak in bytes, and its words."""
    folder = Path(sys.argv[1])
    tick, lot = json.loads((folder / "steps.json").read_text())
    instrument = Instrument("BENCH", tick, lot, 2.0, 5.0)
    happened = work(
        Tape("bench", instrument, np.load(folder / "events.npy"), np.load(folder / "latency.npy"))
    )
    # Not getrusage: what it calls the maximum outlives exec, so a child begins with its parent's.
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    if told is None:
        sys.exit("this kernel does not tell the peak of a process's memory")
    print(json.dumps([int(told[1]) * 1024, happened]))
