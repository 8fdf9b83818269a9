"""What a search leaves behind of its candidates, and what Risk makes of it beside the tournament."""

from dataclasses import replace

import numpy as np
import pytest

from alphaloop.agents import quant
from alphaloop.agents.risk.reported import reported
from alphaloop.facts.episode import GUARDS, Pair, Score
from alphaloop.facts.evidence import Evidence, Scales
from alphaloop.facts.hypothesis import Hypothesis, Proposal
from alphaloop.facts.judgement import Finish, Judgement
from alphaloop.facts.metric import Record
from alphaloop.market.metrics.overfit import overfit_probability
from alphaloop.rules.entries.changes import change_opened
from alphaloop.rules.entries.measured import newest_scores, trial

IDEA = Hypothesis("an idea", "It helps.", "objective", trials=3)
# Their difference is 5, 1, 1, −1, −1, −1 an episode: 14 of the 20 halvings disappoint.
SCORES = ((5.0, 1.0, 1.0, -1.0, -1.0, -1.0), (0.0,) * 6)


class Comparing:
    """A mind that plays three candidates for unlike times, the last of which crashes, and takes the first."""

    def __init__(self) -> None:
        self.gains: list[list[float | None]] = []

    def propose(self, brief) -> Proposal:
        wider = brief.source.replace('"half_spread_bps": ', '"half_spread_bps": 1 + ', 1)
        crashing = brief.source.replace("        return [Quote", "        1 / 0\n        return [Quote", 1)
        assert len({brief.source, wider, crashing}) == 3
        sources = ((brief.source + "# more\n", 6), (wider, 7), (crashing, 1))
        self.gains = [list(brief.rehearse(source, pairs)) for source, pairs in sources]
        return Proposal(IDEA, {"strategy.py": sources[0][0]})


@pytest.fixture
def desk(leaning, copied, sit):
    return replace(sit(copied(leaning)), mind=Comparing())


def _overfit(desk, change):
    pair = Pair(1, *(Score(1.0, 1.0, 0.0, 1.0, 0.0, 1.0, "", "sha256:x"),) * 2)
    bound = {"world": "w", "limits": "l", "judge": "j", "platform": "p", "tainted": "no"}
    judged = Judgement(Finish.BETTER, 1, 12.5, 0.1, 5e-5, GUARDS, (), "better")
    found = Evidence(
        of="e" * 40,
        change=change.number,
        head=change.head,
        head_tree=change.head_tree,
        base=change.base,
        signature="00",
        scales=Scales(1.0, dict.fromkeys(GUARDS), 40),
        pairs=(pair,) * 3,
        bound=bound,
        judgement=judged,
    )
    (finding,) = (one for one in reported(desk, found) if one.check == "overfit-probability")
    return finding.message


def _opened(desk, turn):
    files = {"strategy.py": desk.forge.file(desk.forge.main(), "strategy.py") + b"# more\n"}
    change = desk.forge.open("quant", IDEA.key, "", files, f"turn:{turn}")
    desk.ledger.append(change_opened(change, IDEA, turn), "quant")
    return change


def test_the_ledger_keeps_what_all_candidates_scored_on_the_episodes_that_all_met(desk):
    quant.propose(desk, Record((), 0, "nothing"))
    first, wider, crashing = desk.mind.gains
    assert crashing == [None], "what crashed cannot be chosen"
    assert newest_scores(desk.ledger.entries()) == (tuple(first), tuple(wider[:6]))
    assert overfit_probability(np.array(newest_scores(desk.ledger.entries()))) is not None


def test_risk_reports_how_overfit_the_search_behind_a_change_was(desk):
    desk.ledger.append(trial(desk.forge.main(), 1, IDEA, SCORES), "quant")
    desk.ledger.append(trial(desk.forge.main(), 2, replace(IDEA, key="newer"), SCORES[:1]), "quant")
    assert _overfit(desk, _opened(desk, 1)) == "overfit probability 0.70 among 2 candidates on 6 episodes"


@pytest.mark.parametrize("scores", [(), SCORES[:1], tuple(row[:5] for row in SCORES)])
def test_a_search_too_small_to_tell_is_said_to_be(desk, scores):
    desk.ledger.append(trial(desk.forge.main(), 1, IDEA, scores), "quant")
    assert "overfit probability missing" in _overfit(desk, _opened(desk, 1))


def test_a_persons_own_change_was_not_searched_for(desk):
    desk.ledger.append(trial(desk.forge.main(), 1, IDEA, SCORES), "quant")
    assert "overfit probability missing" in _overfit(desk, _opened(desk, 0))
