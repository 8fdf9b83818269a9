"""What an episode costs in a warm container, against the same episode in lockdown in the same run.

The two take turns, so that a busy machine slows both alike, and must play the same to the last digit.  Uses
the engine that DOCKER_HOST names, or starts its own as root, and builds the image from the running Python.
"""

import os
import runpy
import statistics
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter

from figure import figure, unable

from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.market.tape import Tape
from alphaloop.ports import Sandbox
from alphaloop.sandbox.docker.backend import Docker
from alphaloop.sandbox.lockdown import Lockdown
from alphaloop.simulation.side import play_source
from alphaloop.simulation.venue import Venue, tape_of

REPOSITORY = Path(__file__).resolve().parent.parent
STRATEGY = (REPOSITORY / "strategy_template" / "strategy.py").read_bytes()
INSTRUMENT = Instrument("BENCH", 0.01, 0.001, 2.0, 5.0)
LIMITS = Limits(10.0, 10.0, 1e9, 1_000.0, 1.0, 1_000.0, 3, 1e4, 0.0, 1_000.0)
BOOK = (1.0, 99.0, 101.0, 1.0, 1.0, 100.0, 0.0, 0.1, None, None, None)
ROUNDS, STEPS = 15, 4_000
NAME, WANTED = "an episode in a warm container against lockdown", "<= 1.5"


def episode_ms(sandbox: Sandbox, tape: Tape, venue: Venue) -> tuple[float, str]:
    """Milliseconds of one episode with its fresh worker, and its digest."""
    began = perf_counter()
    journal = play_source(STRATEGY, tape, venue, sandbox)
    return (perf_counter() - began) * 1e3, journal.digest


def step_us(sandbox: Sandbox) -> float:
    """Microseconds of one step."""
    with closing(sandbox.start(STRATEGY)) as worker:
        began = perf_counter()
        for _ in range(STEPS):
            worker.on_book(BOOK)
        return (perf_counter() - began) / STEPS * 1e6


def first_ms(make: Callable[[], Sandbox]) -> float:
    """Milliseconds from nothing to a worker."""
    began = perf_counter()
    with closing(make()) as sandbox:
        sandbox.start(STRATEGY)
        return (perf_counter() - began) * 1e3


def compare(world: str, docker: Docker, lockdown: Lockdown) -> None:
    """Take turns on one tape, and print."""
    venue = Venue(Market(INSTRUMENT, 10_000.0, 1e-4, 60.0, WorldSpec(world)), LIMITS, "lockdown")
    tape = tape_of(venue, 1)
    rows = [(episode_ms(docker, tape, venue), episode_ms(lockdown, tape, venue)) for _ in range(ROUNDS)]
    assert len({digest for row in rows for _, digest in row}) == 1
    inside, beside = (statistics.median(row[side][0] for row in rows) for side in (0, 1))
    ratio = statistics.median(row[0][0] / row[1][0] for row in rows)
    figure(f"{NAME}, {world}", f"{inside:.0f} ms", f"{beside:.0f} ms", ratio, WANTED)


def measure(image: str) -> None:
    """Both, warm; and what the first worker of each costs."""
    print(f"the first worker: {first_ms(lambda: Docker(image)):.0f} ms in a container, ", end="")
    print(f"{first_ms(Lockdown):.0f} ms in lockdown")
    with closing(Docker(image)) as docker, closing(Lockdown()) as lockdown:
        steps = [(step_us(docker), step_us(lockdown)) for _ in range(ROUNDS)]
        inside, beside = (statistics.median(column) for column in zip(*steps, strict=True))
        print(f"a step: {inside:.1f} us in a container, {beside:.1f} us in lockdown")
        for world in ("avellaneda-stoikov", "book"):
            compare(world, docker, lockdown)


def main() -> None:
    """Measure where an engine can be had."""
    own = runpy.run_path(str(REPOSITORY / "tools" / "docker_engine.py"))
    image = runpy.run_path(str(REPOSITORY / "tools" / "sandbox_image.py"))
    try:
        with own["engine"]() as host:
            os.environ["DOCKER_HOST"] = host
            built = image["built"]()
            try:
                measure(built)
            finally:
                image["removed"](built)
    except own["NoEngine"] as none:
        unable(NAME, WANTED, str(none))


if __name__ == "__main__":
    main()
