"""A harmful change that lands all the same is taken back by SRE; with nothing safe left, the desk stops."""

import subprocess
import sys
from dataclasses import replace

import pytest

from alphaloop import loop
from alphaloop.agents import canary, sre
from alphaloop.agents.rollback import take_back
from alphaloop.doors.verifying import verified
from alphaloop.errors import Stopped
from alphaloop.facts.change import RELEASE_PATHS, State
from alphaloop.facts.claim import Holds
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Kind
from alphaloop.facts.judgement import Finish
from alphaloop.facts.verdict import Stance
from alphaloop.rules.entries import decisions, releases
from alphaloop.rules.entries.changes import change_opened
from alphaloop.rules.life import state
from alphaloop.rules.stopped import why_stopped

pytestmark = pytest.mark.timeout(400)
STRATEGY = "strategy.py"


@pytest.fixture
def planted(leaning, copied, sit):
    """A folder, its desk, and the release of a strategy that leans further the wrong way, let in by hand."""
    folder = copied(leaning)
    desk = sit(folder)
    standing = desk.forge.file(desk.forge.main(), STRATEGY)
    worse = standing.replace(b'"lean_bps": 60.0', b'"lean_bps": 100.0')
    change = desk.forge.open("quant", "lean further", "It is worse.", {STRATEGY: worse}, "planted")
    desk.ledger.append(change_opened(change, None, 0), "quant")
    approval = Decision(change.number, change.head, change.base, Stance.APPROVE, ("a test says so",))
    desk.ledger.append(decisions.decision(desk.ledger.entries(), approval, change), "sre")
    release = sre.deploy(desk, change, approval)
    assert release is not None
    assert desk.forge.file(desk.forge.main(), STRATEGY) == worse
    return folder, desk, release


def _release_paths(desk, commit):
    files = desk.forge.files(commit)
    return {path: files.get(path) for path in RELEASE_PATHS}


def test_it_is_rolled_back_to_what_was_confirmed_and_the_loop_goes_on(planted):
    folder, desk, release = planted
    outcome = loop.execute(desk, release)

    assert not outcome.confirmed
    assert outcome.judgement.finish is Finish.HARM
    assert outcome.restored == desk.forge.main()
    assert _release_paths(desk, desk.forge.main()) == _release_paths(desk, release.shadow)
    assert (folder / STRATEGY).read_bytes() == desk.forge.file(release.shadow, STRATEGY)
    entries = desk.ledger.entries()
    assert state(entries, desk.forge.change(1)) is State.ROLLED_BACK
    assert releases.confirmed_commit(entries) == release.shadow
    assert canary.ended(desk, release) == outcome, "asked again, it is read back"

    with pytest.raises(Stopped, match=r"#1.*the ledger gives"):
        next(loop.turns(desk, 1))
    sre.resume(desk, "human:alice", "it is taken back, and I know who planted it")
    (turn,) = loop.turns(desk, 1)
    assert (turn.turn, turn.pr, turn.decision) == (1, 2, "merged")
    false = [claim for claim in verified(folder, 0, lambda words: None) if claim.holds is Holds.FALSE]
    assert false
    assert all("decision" in claim.what or "decided" in claim.words or "#1" in claim.words for claim in false)


def test_when_the_confirmed_version_is_no_longer_safe_the_desk_stops_until_a_human_mends_it(planted, by_hand):
    folder, desk, release = planted
    limits = (folder / "risk.py").read_text()
    by_hand(folder, {"risk.py": limits.replace("MAX_ORDER_SIZE = 5.0", "MAX_ORDER_SIZE = 1.0")})
    tightened = desk.forge.main()
    told = []
    with pytest.raises(Stopped, match="human"):
        loop.execute(replace(desk, tell=told.append), release)
    assert "  safety: proof" in told, "under another law every stage is passed again"
    assert desk.forge.main() == tightened, "nothing unsafe was put back"
    assert why_stopped(desk.ledger.entries()).startswith("sre: ")
    run = [sys.executable, "-c", "from alphaloop.doors.cli import main; main()", "run"]
    told = subprocess.run(run, cwd=folder, capture_output=True, text=True, timeout=100, check=False)
    assert told.returncode == 1
    assert "alphaloop resume" in told.stderr

    by_hand(folder, {"risk.py": limits})
    sre.resume(desk, "human:alice", "the limit is as it was")
    outcome = canary.abandon(desk, "it was harmful")
    assert _release_paths(desk, desk.forge.main()) == _release_paths(desk, release.shadow)
    assert outcome.judgement is not None, "what the canary had shown is not forgotten"
    wrong = [claim for claim in verified(folder, 0, lambda words: None) if claim.holds is Holds.FALSE]
    assert not [claim for claim in wrong if claim.what.startswith(str(Kind.OUTCOME))]


def test_a_rollback_that_was_killed_before_its_outcome_was_recorded_is_only_recorded(planted, by_hand):
    folder, desk, release = planted
    released = releases.canary(desk.ledger.entries())
    told = []
    restored = take_back(replace(desk, tell=told.append), released, "a killed run had seen harm")
    assert "  safety: static" in told
    assert "  safety: stress" not in told, "under the law that it ran by, nothing is played before it is back"
    limits = (folder / "risk.py").read_text()
    by_hand(folder, {"risk.py": limits.replace("MAX_ORDER_SIZE = 5.0", "MAX_ORDER_SIZE = 1.0")})
    outcome = loop.execute(desk, release)
    assert outcome.restored == restored
    assert why_stopped(desk.ledger.entries()) == "", "what is done needs no leave any more"
    assert sum(releases.is_rollback(entry) for entry in desk.ledger.entries()) == 1
