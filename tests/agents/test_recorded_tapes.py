"""A recorded tape guards against losses before a test is paid; without the pinned tape nothing is judged."""

import re
import subprocess
import sys
from dataclasses import replace

import pytest

from alphaloop import loop
from alphaloop.agents.risk import tournament
from alphaloop.agents.risk.recorded import recorded_findings
from alphaloop.doors.newborn import shipped_files
from alphaloop.errors import BadTape
from alphaloop.facts.entry import Kind
from alphaloop.facts.finding import Severity
from alphaloop.facts.verdict import Stance
from alphaloop.market.ingest import load, save
from alphaloop.market.worlds import make
from alphaloop.rules.constitution.market import market

STRATEGY, NAME = "strategy.py", "monday.npz"
RUN = (sys.executable, "-c", "from alphaloop.doors.cli import main; main()", "run")


@pytest.fixture
def folder(leaning, copied, by_hand):
    """A desk whose market.yaml pins seventy seconds of a book market, as a recording would be pinned."""
    folder = copied(leaning)
    shipped = market(shipped_files()["market.yaml"])
    made = make(shipped.world, shipped.instrument, 70.0, 9)
    tape = replace(made, name=NAME, sigma=None)
    (folder / ".alphaloop" / "tapes").mkdir()
    save(tape, folder / ".alphaloop" / "tapes" / NAME)
    by_hand(folder, {"market.yaml": _pinning(folder, tape)})
    return folder


def _pinning(folder, tape):
    text = (folder / "market.yaml").read_text()
    return re.sub(r"(?m)^tapes: \[.*\]", f'tapes: ["{NAME}@{tape.digest()}"]', text)


@pytest.fixture
def desk(folder, sit):
    return sit(folder)


def _proposed(desk, *edits):
    source = desk.forge.file(desk.forge.main(), STRATEGY).decode()
    for old, new in edits:
        assert source.count(old) == 1
        source = source.replace(old, new)
    return desk.forge.open("quant", "an edit", "", {STRATEGY: source.encode()}, source)


def _paid(desk):
    return [entry for entry in desk.ledger.entries() if entry.kind is Kind.TEST_OPENED]


LEAN_LESS = ('"lean_bps": 60.0', '"lean_bps": 30.0')
# In the desk's own world the touch is always 1.0, on the recorded tape it never stays so.
FAIL_ON_THE_TAPE = (
    "        return [Quote",
    "        one = 1 / (book.bid_size == 1.0)\n        return [Quote",
)


def test_a_strategy_that_fails_on_the_tape_is_vetoed_before_a_test_is_paid(desk):
    said = tournament.tested(desk, _proposed(desk, LEAN_LESS, FAIL_ON_THE_TAPE))
    assert said.stance is Stance.VETO
    assert f"on the recorded tape {NAME} the strategy failed" in said.findings[0].message
    assert _paid(desk) == []


def test_a_loss_beside_main_over_the_allowed_drawdown_is_vetoed_and_a_gain_is_only_reported(
    folder, desk, by_hand
):
    main = (folder / STRATEGY).read_text()
    close = main.replace('"half_spread_bps": 60.0', '"half_spread_bps": 8.0').replace(
        '"lean_bps": 60.0', '"lean_bps": 1.0'
    )
    limits = (folder / "risk.py").read_text().replace("MAX_DRAWDOWN = 0.1", "MAX_DRAWDOWN = 0.005 #", 1)
    by_hand(folder, {STRATEGY: close, "risk.py": limits})
    far = _proposed(
        desk, ('"half_spread_bps": 8.0', '"half_spread_bps": 60.0'), ('"lean_bps": 1.0', '"lean_bps": 30.0')
    )
    (short,) = recorded_findings(desk, far)
    assert short.severity is Severity.VETO
    assert "falls short by more than the 5 allowed" in short.message
    (same,) = recorded_findings(desk, _proposed(desk, ('"size": 2.0', '"size": 2.001')))
    assert same.severity is Severity.NOTE
    assert "not evidence" in same.message


def test_an_altered_tape_stops_the_test_before_it_is_paid(folder, desk):
    path = folder / ".alphaloop" / "tapes" / NAME
    tape = load(path)
    tape.events["qty"][-1] += tape.instrument.lot
    save(tape, path)
    with pytest.raises(BadTape, match=r"another tape than market\.yaml pins.*restore the pinned one"):
        tournament.tested(desk, _proposed(desk, LEAN_LESS))
    with pytest.raises(BadTape, match="another tape"):
        loop.review_performance(desk)
    assert _paid(desk) == []


def test_a_tape_that_is_shorter_than_an_episode_guards_nothing_and_says_so(folder, desk, by_hand):
    path = folder / ".alphaloop" / "tapes" / NAME
    tape = load(path)
    short = replace(tape, events=tape.events[: len(tape.events) // 2])
    save(short, path)
    by_hand(folder, {"market.yaml": _pinning(folder, short)})
    with pytest.raises(BadTape, match="guards nothing: pin a longer recording"):
        loop.review_performance(desk)


def test_a_run_without_the_pinned_tape_ends_at_once_and_says_what_to_do(folder, desk):
    before = desk.ledger.entries()
    (folder / ".alphaloop" / "tapes" / NAME).unlink()
    with pytest.raises(BadTape, match="alphaloop ingest"):
        tournament.tested(desk, _proposed(desk, LEAN_LESS))
    told = subprocess.run(RUN, cwd=folder, capture_output=True, text=True, timeout=100, check=False)
    assert told.returncode == 2
    assert f"alphaloop ingest FILE --as {NAME}" in told.stderr
    kinds = [entry.kind for entry in desk.ledger.entries()[len(before) :]]
    assert Kind.TEST_OPENED not in kinds
    assert Kind.PLAN not in kinds
