"""What reads like an honest file and misbehaves is vetoed by the whole gate, whichever stage sees it first.

Every twelfth of the files that the search for counterexamples must catch is judged here, so that the default
run stays short (`ALPHALOOP_WHOLE_CORPUS=1` takes all); the search has tests of its own.
"""

import csv
import os
from pathlib import Path

import pytest
from alphaloop.checks.subject import Subject
from alphaloop.checks.table import examine
from alphaloop.facts.finding import vetoes
from alphaloop.facts.market import Instrument, Limits, Market, WorldSpec
from alphaloop.simulation.venue import Venue

lockdown = pytest.importorskip("alphaloop.sandbox.lockdown")
HERE = Path(__file__).parent
WHOLE = bool(os.environ.get("ALPHALOOP_WHOLE_CORPUS"))
LIMITS = Limits(10.0, 5.0, 1_000.0, 2.0, 0.1, 500.0, 5, 50.0, 0.5, 400.0)
MARKET = Market(Instrument("SYNTHETIC", 0.01, 0.001, 0.0, 5.0), 1_000.0, 0.01, 30.0, WorldSpec("book"), ())
VENUE = Venue(MARKET, LIMITS, "lockdown")
with (HERE / "manifest.csv").open(encoding="utf-8") as listed:
    SAMPLE = [row["file"] for row in csv.DictReader(listed) if row["stage"] == "proof"][:: 1 if WHOLE else 12]


@pytest.fixture(scope="module")
def sandbox():
    if lockdown.missing_here():
        pytest.skip(f"lockdown does not work here: {', '.join(lockdown.missing_here())}")
    made = lockdown.Lockdown()
    yield made
    made.close()


@pytest.mark.parametrize("name", SAMPLE)
def test_the_whole_gate_vetoes(name, sandbox):
    candidate = (HERE / name).read_bytes()
    subject = Subject("strategy.py", candidate, None, LIMITS)
    assert vetoes(examine(subject, VENUE, "pre-trade", lambda words: None, sandbox).findings)
