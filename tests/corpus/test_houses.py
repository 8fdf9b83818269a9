"""Honest market makers of other houses pass every safety stage, not only the reading ones.

Every thirtieth of them is played here, so that the default run stays short (`ALPHALOOP_WHOLE_CORPUS=1` takes
all); all of them are read in test_corpus.
"""

import os
from pathlib import Path

import pytest
from alphaloop.checks.subject import Subject
from alphaloop.checks.table import STAGES, examine
from alphaloop.facts.finding import vetoes
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.simulation.venue import Venue

lockdown = pytest.importorskip("alphaloop.sandbox.lockdown")
HERE = Path(__file__).parent
WHOLE = bool(os.environ.get("ALPHALOOP_WHOLE_CORPUS"))
LIMITS = Limits(10.0, 5.0, 1_000.0, 2.0, 0.1, 500.0, 5, 50.0, 0.5, 400.0)
MARKET = Market(
    Instrument("SYNTHETIC", 0.01, 0.001, 0.0, 5.0), 1_000.0, 0.01, 30.0, WorldSpec("book"), proof_s=1.0
)
VENUE = Venue(MARKET, LIMITS, "lockdown")
SAMPLE = sorted(path.stem for path in HERE.glob("houses/*.py"))[:: 1 if WHOLE else 30]


@pytest.fixture(scope="module")
def sandbox():
    if lockdown.missing_here():
        pytest.skip(f"lockdown does not work here: {', '.join(lockdown.missing_here())}")
    made = lockdown.Lockdown()
    yield made
    made.close()


@pytest.mark.parametrize("name", SAMPLE)
def test_a_house_passes_every_safety_stage_in_every_scenario(name, sandbox):
    candidate = (HERE / "houses" / f"{name}.py").read_bytes()
    found = examine(
        Subject("strategy.py", candidate, None, LIMITS), VENUE, "pre-trade", lambda words: None, sandbox
    )
    assert vetoes(found.findings) == ()
    assert tuple(found.seconds) == STAGES
