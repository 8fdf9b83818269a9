"""Every order of events, crashes and interruptions that a few changes can meet, over the product's own rules.

By default a sample of each scenario; ALPHALOOP_WHOLE_MODEL=1 goes on to the end, or to a million states.
"""

import os
import sys

import pytest
from protocol_scenarios import SCENARIOS, SMALL
from protocol_search import explored

WHOLE = os.environ.get("ALPHALOOP_WHOLE_MODEL") == "1"
MOST, SECONDS = (1_000_000, 7_200.0) if WHOLE else (100_000, 1.2)


@pytest.mark.parametrize("scenario", SMALL, ids=lambda scenario: scenario.name)
def test_a_single_word_at_any_moment_is_tried_to_the_end(scenario):
    assert explored(scenario, MOST, 120.0).whole


@pytest.mark.timeout(7_500 if WHOLE else 300)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_nothing_lands_unapproved_and_no_veto_or_deadlock_is_lost(scenario, capsys):
    found = explored(scenario, MOST, SECONDS)
    with capsys.disabled():
        came = "to the end" if found.whole else "so far"
        sys.stdout.write(
            f"\n{scenario.name}: {found.states} states, {found.transitions} transitions, {came}\n"
        )
    assert found.states > 20
