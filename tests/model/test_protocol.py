"""Every order of events, crashes and interruptions that a few changes can meet, over the product's own rules.

By default a sample of each scenario; ALPHALOOP_WHOLE_MODEL=1 goes on to the end, to a million states, or for
ALPHALOOP_MODEL_SECONDS each (two hours where nothing is said).
"""

import os
import sys
from time import monotonic

import pytest
from protocol_scenarios import SCENARIOS, SMALL
from protocol_search import explored

WHOLE = os.environ.get("ALPHALOOP_WHOLE_MODEL") == "1"
SECONDS = float(os.environ.get("ALPHALOOP_MODEL_SECONDS", "7200")) if WHOLE else 1.0
MOST = 1_000_000 if WHOLE else 100_000


@pytest.mark.parametrize("scenario", SMALL, ids=lambda scenario: scenario.name)
def test_a_single_word_at_any_moment_is_tried_to_the_end(scenario):
    assert explored(scenario, MOST, 120.0).whole


@pytest.mark.timeout(SECONDS + 300)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_nothing_lands_unapproved_and_no_veto_or_deadlock_is_lost(scenario, capsys):
    began_s = monotonic()
    found = explored(scenario, MOST, SECONDS)
    took_s = monotonic() - began_s
    with capsys.disabled():
        came = "to the end" if found.whole else "so far"
        sys.stdout.write(
            f"\n{scenario.name}: {found.states} states, {found.transitions} transitions, {came}, "
            f"{took_s:.0f} s\n"
        )
    assert found.states > 20
