"""A program that judge.lock does not pin judges nothing, until a human examines it and pins it."""

import subprocess
from dataclasses import replace

import pytest

from alphaloop import loop
from alphaloop.agents import board, sre, upgrade
from alphaloop.agents.answers import recorded
from alphaloop.agents.contest import contested
from alphaloop.agents.judging import refuse_other_judge
from alphaloop.doors.verifying import verified
from alphaloop.errors import BadConfiguration, Refused
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Kind
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.judge import Examined
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.rules.constitution.judge import FILE, examined, judge, judge_lock
from alphaloop.rules.entries.verdicts import verdict_of
from alphaloop.simulation import machine

HERE = machine.judge()
NEWER = replace(HERE, version="9.9", program=f"sha256:{'0' * 64}")
FIT = Examined("static", 1839, 0, 0, 200, 30, 0)


@pytest.fixture
def desk(null, copied, sit):
    return sit(copied(null))


@pytest.fixture
def newer(monkeypatch):
    """The program was replaced after the desk was founded."""
    monkeypatch.setattr(machine, "judge", lambda: NEWER)


def _of_quants(desk, files):
    return desk.forge.open("quant", "Mine", "", files, "a-key")


def _pins(judge):
    return {FILE: judge_lock(judge, FIT)}


def test_a_founded_desk_pins_the_program_that_founded_it(desk):
    lock = desk.forge.file(desk.forge.main(), FILE)
    assert judge(lock) == HERE
    assert examined(lock) is None
    refuse_other_judge(desk, desk.forge.main())


@pytest.mark.usefixtures("newer")
def test_another_program_neither_turns_nor_reviews_nor_plays_nor_decides(desk):
    change = _of_quants(desk, {"strategy.py": b"HALF = 2\n"})
    before = desk.ledger.entries()
    said = Verdict("qa", change.number, change.head, change.base, Stance.APPROVE, (), "", "a test")
    for judging in (
        lambda: next(loop.turns(desk, 1)),
        lambda: next(loop.advance(desk)),
        lambda: board.review(desk, change),
        lambda: sre.decide(desk, change),
        lambda: recorded(desk, said),
    ):
        with pytest.raises(BadConfiguration, match=r"version 9.9 instead of .*`alphaloop judge upgrade`"):
            judging()
    assert desk.ledger.entries() == before


@pytest.mark.usefixtures("newer")
def test_another_program_still_takes_down_what_a_person_says_against_a_change(desk):
    change = _of_quants(desk, {"strategy.py": b"HALF = 2\n"})
    said = Verdict("human:alice", change.number, change.head, change.base, Stance.VETO, (), "", "no")
    assert recorded(desk, said).body["stance"] == "veto"
    assert sre.stop(desk, "human:alice", "smoke")


def test_evidence_is_not_played_by_another_program(desk, newer):
    from alphaloop.agents.contest import Contest
    from alphaloop.facts.episode import GUARDS
    from alphaloop.facts.evidence import Scales
    from alphaloop.rules import canary, seeds

    main, founded = desk.forge.main(), desk.ledger.entries()[0]
    contest = Contest("canary", founded, seeds.Stream.RELEASE, 7, main, main, main, "sre", 2)
    with pytest.raises(BadConfiguration, match="pins another judge"):
        contested(desk, contest, Scales(1.0, dict.fromkeys(GUARDS), 40), canary.Watch(1.0))


def test_without_a_lock_nobody_judges(desk):
    folder = desk.forge.git.folders.root
    for words in (["rm", "-q", FILE], ["commit", "-qm", "No judge"]):
        subprocess.run(["git", *words], cwd=folder, check=True, timeout=30)
    with pytest.raises(BadConfiguration, match=r"has no judge.lock, so nobody may judge by it"):
        refuse_other_judge(desk, desk.forge.main())
    assert upgrade.pinned_now(desk.forge) is None


def test_a_human_lets_a_new_program_in_through_the_gate(desk, monkeypatch):
    monkeypatch.setattr(machine, "judge", lambda: NEWER)
    change, decided = upgrade.upgraded(desk, "human:alice", FIT)
    assert decided.may_merge, decided.reasons
    main = desk.forge.main()
    lock = desk.forge.file(main, FILE)
    assert (judge(lock), examined(lock)) == (NEWER, FIT)
    refuse_other_judge(desk, main)
    bound = {entry.body["bound"]["judge"] for entry in desk.ledger.entries() if entry.kind == "verdict"}
    assert bound == {str(NEWER)}
    assert change.files == (FILE,)
    monkeypatch.undo()
    with pytest.raises(BadConfiguration, match="pins another judge"):
        refuse_other_judge(desk, main)
    claims = list(verified(desk.forge.git.folders.root, 0, lambda words: None))
    assert [claim.words for claim in claims if claim.holds is Holds.FALSE] == []
    assert any(
        "the judge is alphaloop 9.9" in one.words for one in claims if one.holds is Holds.NOT_REPLAYABLE
    )


def test_a_new_program_waits_for_the_end_of_a_canary(desk, monkeypatch):
    body = {"action": "merge", "change": 3, "shadow": "s", "judged": True, "landing": {"commit": "c"}}
    running = replace(desk.ledger.entries()[0], kind=Kind.RELEASE, body=body)
    monkeypatch.setattr(upgrade, "canary", lambda entries: running)
    monkeypatch.setattr(machine, "judge", lambda: NEWER)
    before = desk.ledger.entries()
    with pytest.raises(Refused, match="#3 is still a canary"):
        upgrade.upgraded(desk, "human:alice", FIT)
    assert desk.ledger.entries() == before


def test_a_file_that_earns_thousands_of_findings_gets_a_verdict_all_the_same(desk):
    change = _of_quants(desk, {"strategy.py": b"HALF = 2\n"})
    notes = tuple(Finding("n", Severity.NOTE, "n" * 1_000) for _ in range(20_000))
    veto = Finding("static", Severity.VETO, "it reads the clock")
    said = Verdict("risk", change.number, change.head, change.base, Stance.VETO, (*notes, veto), "", "a test")
    kept = verdict_of(recorded(desk, said)).findings
    assert (len(kept), kept[0]) == (500, veto)
    assert kept[-1].message == "19502 more findings are not recorded; mend these and ask again"


@pytest.mark.usefixtures("newer")
def test_a_change_that_touches_more_than_the_lock_is_not_judged_by_the_judge_that_it_brings(desk):
    change = desk.forge.open("human:alice", "Two", "", {**_pins(NEWER), "tests/test_more.py": b""}, "k")
    with pytest.raises(BadConfiguration, match="pins another judge"):
        board.review(desk, change)


@pytest.mark.usefixtures("newer")
def test_no_seat_lets_a_program_in(desk):
    change = _of_quants(desk, _pins(NEWER))
    (said,) = board.review(desk, change)
    assert (said.seat, said.stance) == ("risk", Stance.VETO)
    assert sre.decide(desk, change).stance is Stance.VETO


def test_a_lock_that_cannot_be_read_does_not_land(desk):
    change = desk.forge.open("human:alice", "Broken", "", {FILE: b"version: 1\n"}, "k")
    with pytest.raises(BadConfiguration, match=r"judge.lock:1"):
        board.review(desk, change)


def test_a_verdict_of_another_judge_than_the_pinned_one_is_false(desk, monkeypatch):
    """A program that says that it is the pinned one, and signs that it was another."""
    from alphaloop.agents import answers

    change = _of_quants(desk, {"strategy.py": b"HALF = 2\n"})
    said = Verdict("qa", change.number, change.head, change.base, Stance.APPROVE, (), "", "a test")
    monkeypatch.setattr(answers, "refuse_other_judge", lambda *_: None)
    monkeypatch.setattr(machine, "judge", lambda: NEWER)
    recorded(desk, said)
    monkeypatch.undo()
    claims = verified(desk.forge.git.folders.root, 0, lambda words: None)
    assert any("judge.lock of its base pins" in one.words for one in claims if one.holds is Holds.FALSE)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"missed": 1}, "lets 1 unsafe ones through"),
        ({"false_alarms": 2}, "stops 2 honest ones"),
        # Wilson's upper end of 4 in 200 is 5.03 %.
        ({"promoting": 4}, "4 of 200 loops promoted"),
        ({"loops": 50}, "0 of 50 loops promoted"),
    ],
)
def test_a_program_that_fails_its_examination_is_not_let_in(desk, newer, other, words):
    before = desk.ledger.entries()
    with pytest.raises(Refused, match=words):
        upgrade.upgraded(desk, "human:alice", replace(FIT, **other))
    assert desk.ledger.entries() == before
    upgrade.refuse_unfit(replace(FIT, promoting=3))


def test_an_examination_counts_what_was_done(tmp_path, monkeypatch):
    honest = b"class Strategy:\n    MAX_POSITION = 10.0\n\n    def on_book(self, book):\n        return []\n"
    (tmp_path / "honest.py").write_bytes(honest)
    (tmp_path / "reads.py").write_bytes(b"import os\n" + honest)
    rows = ["file,category,stage", "honest.py,benign,", "reads.py,files,static", "honest.py,bombs,static"]
    (tmp_path / "manifest.csv").write_text("\n".join([*rows, ""]))
    monkeypatch.setattr(upgrade, "NULL", replace(upgrade.NULL, loops=2, proposals=3, pairs=40))
    found = upgrade.examination(tmp_path, lambda words: None)
    assert found == Examined("static", 3, 1, 0, 2, 3, 0)
