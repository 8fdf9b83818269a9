"""A person lets a confirmed strategy hold more: judged by its own limits, and taken back with them."""

import shutil
from dataclasses import replace

import pytest

from alphaloop import loop, words
from alphaloop.agents import board, canary, sre
from alphaloop.agents.answers import from_findings
from alphaloop.agents.explaining import explain
from alphaloop.agents.grounds import constitution_at
from alphaloop.agents.risk.binding import bound
from alphaloop.doors.verifying import verified
from alphaloop.errors import Refused, Stopped
from alphaloop.facts.change import SCALED_PATHS, State
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Kind
from alphaloop.facts.verdict import Grounds, Stance
from alphaloop.rules.entries import releases
from alphaloop.rules.entries.evidence import evidence_of
from alphaloop.rules.entries.founding import genesis_id
from alphaloop.rules.entries.verdicts import verdict, verdict_of, verdicts_on
from alphaloop.rules.life import state
from alphaloop.rules.stopped import why_stopped
from alphaloop.wiring import desk_at

pytestmark = pytest.mark.timeout(300)
ALICE = "human:alice"
TESTS = "tests/test_strategy.py"


def raised(desk, number, **more):
    """Both files of main with another MAX_POSITION, and `more` at the end of the strategy."""
    main = desk.forge.main()
    limit = f"MAX_POSITION = {constitution_at(desk, main).limits.max_position}".encode()
    files = {
        path: desk.forge.file(main, path).replace(limit, b"MAX_POSITION = %.1f" % number)
        for path in SCALED_PATHS
    }
    return {**files, "strategy.py": files["strategy.py"] + more.get("more", b"")}


@pytest.fixture(scope="session")
def released(null, by_hand_of, tmp_path_factory):
    """A desk on which a scaling from 10 to 12 has just been merged, with what was told; for copying."""
    folder = tmp_path_factory.mktemp("scaling") / "desk"
    shutil.copytree(null, folder)
    text = (folder / TESTS).read_text()
    by_hand_of(folder, {TESTS: text.replace("== 10.0", "> 0")})
    told: list[str] = []
    with desk_at(folder, told.append, seed=1) as sat_at:
        desk = replace(sat_at, cores=1)
        change = desk.forge.open(ALICE, "Hold more", "", raised(desk, 12), "scale")
        board.review(desk, change)
        decided = sre.decide(desk, change)
        assert decided.may_merge, decided.reasons
        assert sre.deploy(desk, change, decided) is not None
    return folder, told


@pytest.fixture
def running(released, copied, sit):
    """A copy of it, and a desk there."""
    folder = copied(released[0])
    return folder, sit(folder)


def position(desk):
    """MAX_POSITION of main's limits and of main's strategy, which are one number or nothing could trade."""
    main = desk.forge.main()
    limit = constitution_at(desk, main).limits.max_position
    assert f"MAX_POSITION = {limit}".encode() in desk.forge.file(main, "strategy.py")
    return limit


def false(folder, pairs=0):
    return [one for one in verified(folder, pairs, lambda words: None) if one.holds is Holds.FALSE]


def test_every_safety_stage_is_played_under_its_own_limits_and_no_tournament(released, running):
    _, desk = running
    entries = desk.ledger.entries()
    said = [verdict_of(entry) for entry in entries if entry.kind is Kind.VERDICT]
    assert {one.grounds.bound["judged_by"] for one in said} == {desk.forge.change(1).head}
    assert not [entry for entry in entries if entry.kind in (Kind.TEST_OPENED, Kind.EVIDENCE)]
    assert all(
        f"  safety: {stage}" in released[1]
        for stage in ("bytes", "static", "proof", "stress", "surveillance")
    )
    assert state(entries, desk.forge.change(1)) is State.CANARY
    assert position(desk) == 12


def test_it_is_confirmed_beside_its_shadow_and_everything_is_recomputed_and_replayed(running):
    folder, desk = running
    done = list(loop.advance(desk))
    assert [str(one.todo.step) for one in done] == ["watch"]
    entries = desk.ledger.entries()
    assert state(entries, desk.forge.change(1)) is State.CONFIRMED
    (played,) = [evidence_of(entry) for entry in entries if entry.kind is Kind.EVIDENCE]
    assert played.bound["judged_by"] == played.head == desk.forge.main()
    claims = list(verified(folder, 1, lambda words: None))
    assert not [one for one in claims if one.holds is Holds.FALSE]
    assert any(one.holds is Holds.REPLAYED for one in claims)
    told = explain(desk, 1)
    assert "It is a scaling: MAX_POSITION goes from 10 to 12" in told
    assert "human:alice" in told
    assert "no tournament was played" in told
    page = words.walkthrough_page(entries)
    assert "## Scaling, change #1: confirmed" in page
    assert "It is a scaling: MAX_POSITION goes from 10 to 12" in page


def test_a_hold_takes_strategy_and_limits_back_together_and_plays_nothing_first(running):
    folder, desk = running
    change = desk.forge.change(1)
    entries = desk.ledger.entries()
    held = replace(from_findings("qa", change, (), "I doubt it"), stance=Stance.HOLD)
    grounds = Grounds(genesis_id(entries), change.head_tree, None, "", bound(desk, change.head))
    desk.ledger.append(verdict(entries, replace(held, grounds=grounds)), "qa")
    told = []
    list(loop.advance(replace(desk, tell=told.append)))
    assert state(desk.ledger.entries(), change) is State.ROLLED_BACK
    (back,) = [entry for entry in desk.ledger.entries() if releases.is_rollback(entry)]
    assert back.body["restores"] == ["strategy.py", "execution.py", "connectivity.yaml", "risk.py"]
    shadow = releases.release_of(releases.releases(desk.ledger.entries())[0]).shadow
    here, there = desk.forge.files(desk.forge.main()), desk.forge.files(shadow)
    assert all(here[path] == there[path] for path in SCALED_PATHS)
    assert position(desk) == 10
    assert "  safety: static" in told
    assert "  safety: proof" not in told, "it goes back under the law that it ran by"
    assert false(folder) == []


def tightened(text, old, new):
    assert text.count(old) == 1
    return {"risk.py": text.replace(old, new)}


def test_a_limit_that_was_tightened_meanwhile_is_not_loosened_by_the_way_back(running, by_hand):
    folder, desk = running
    text = (folder / "risk.py").read_text()
    by_hand(folder, tightened(text, "MAX_DRAWDOWN = 0.1", "MAX_DRAWDOWN = 0.05"))
    main = desk.forge.main()
    with pytest.raises(Stopped, match=r"MAX_POSITION = 10\.0 while risk\.py says 12"):
        canary.abandon(desk, "asked for")
    assert desk.forge.main() == main
    assert why_stopped(desk.ledger.entries())


def test_a_position_that_was_tightened_meanwhile_goes_back_with_the_strategy(running, by_hand):
    folder, desk = running
    text = (folder / "risk.py").read_text()
    by_hand(folder, tightened(text, "MAX_POSITION = 12.0", "MAX_POSITION = 11.0"))
    canary.abandon(desk, "asked for")
    assert position(desk) == 10, "less than today's limit allows, so it loosens nothing"
    assert false(folder) == []


def test_the_canary_is_not_confirmed_under_limits_that_were_tightened_since(running, by_hand):
    folder, desk = running
    entries = desk.ledger.entries()
    assert canary._against(desk, entries, releases.canary(entries)) == ""
    by_hand(folder, tightened((folder / "risk.py").read_text(), "MAX_POSITION = 12.0", "MAX_POSITION = 11.0"))
    assert "today's limits refuse it" in canary._against(desk, entries, releases.canary(entries))


def test_while_it_runs_another_one_waits(running):
    _, desk = running
    change = desk.forge.open(ALICE, "Hold even more", "", raised(desk, 13), "more")
    assert change.scaling is not None
    made = sre.decide(desk, change)
    assert not made.may_merge
    assert any("frozen while #1 is a canary" in reason for reason in made.reasons)


# Nothing is played from here on.


@pytest.fixture
def founded(null, copied, sit):
    folder = copied(null)
    return folder, sit(folder)


def approve(desk, change):
    """Let every seat's key sign that it approves by the limits of the head, whatever it may have seen."""
    grounds = Grounds(genesis_id(desk.ledger.entries()), change.head_tree, None, "", bound(desk, change.head))
    for seat in ("risk", "qa", "execution", "infrastructure", "data", "architect", "sre"):
        said = replace(from_findings(seat, change, (), "no tournament is owed"), grounds=grounds)
        desk.ledger.append(verdict(desk.ledger.entries(), said), seat)


def test_holding_less_runs_at_once_and_no_machine_takes_it_back(founded):
    folder, desk = founded
    change = desk.forge.open(ALICE, "Hold less", "", raised(desk, 5), "less")
    assert (change.scaling.raises, change.judged_by) == (False, change.head)
    approve(desk, change)
    done = [str(one.todo.step) for one in loop.advance(desk)]
    assert done == ["decide", "merge", "watch"]
    assert state(desk.ledger.entries(), desk.forge.change(1)) is State.CONFIRMED
    assert position(desk) == 5
    assert "without a canary" in explain(desk, 1)
    with pytest.raises(Refused, match="no canary is running"):
        canary.abandon(desk, "asked for")
    assert false(folder) == []


def test_one_byte_more_and_the_limits_of_main_judge_it_which_says_why(founded):
    _, desk = founded
    change = desk.forge.open(ALICE, "Hold more", "", raised(desk, 12, more=b"# more\n"), "scale")
    (said,) = board.review(desk, change)
    assert said.stance is Stance.VETO
    assert any("MAX_POSITION = 12.0 while risk.py says 10.0" in one.message for one in said.findings)
    (note,) = [one for one in said.findings if one.check == "scaling"]
    assert "no scaling" in note.message
    assert "in more than the number of MAX_POSITION" in note.message


def test_a_verdict_that_claims_its_heads_limits_for_an_ordinary_change_is_false_and_lands_nothing(founded):
    folder, desk = founded
    change = desk.forge.open(ALICE, "Hold more", "", raised(desk, 12, more=b"# more\n"), "scale")
    approve(desk, change)
    assert sre.decide(desk, change).stance is Stance.BROKEN
    words_ = [one.words for one in false(folder)]
    assert len(words_) == 7
    assert all(
        "judged by the limits of its own head, and is no scaling: strategy.py changes" in one
        for one in words_
    )


def test_a_verdict_on_a_scaling_is_nothing_to_another_head(founded):
    _, desk = founded
    change = desk.forge.open(ALICE, "Hold more", "", raised(desk, 12), "scale")
    entries = desk.ledger.entries()
    grounds = Grounds(genesis_id(entries), change.head_tree, None, "", bound(desk, change.head))
    desk.ledger.append(verdict(entries, replace(from_findings("qa", change, (), "."), grounds=grounds)), "qa")
    pushed = desk.forge.push(change.number, ALICE, raised(desk, 13), "more", "more")
    assert pushed.scaling.after == 13
    made = sre.decide(desk, pushed)
    assert any(reason.startswith("qa has not answered") for reason in made.reasons)
    assert len(verdicts_on(desk.ledger.entries(), change.number)) == 1


def test_sre_holds_a_scaling_of_what_was_never_confirmed(founded, by_hand):
    folder, desk = founded
    by_hand(folder, {"strategy.py": (folder / "strategy.py").read_text() + "# by hand\n"})
    change = desk.forge.open(ALICE, "Hold more", "", raised(desk, 12), "scale")
    said = sre.review(desk, change)
    assert said.stance is Stance.HOLD
    assert "could not go back together" in said.findings[0].message


def test_where_nothing_isolates_a_scaling_is_broken(founded):
    _, desk = founded
    change = desk.forge.open(ALICE, "Hold more", "", raised(desk, 12), "scale")

    class Open:
        name, tainted = "unsafe", True

    said = board._risk(replace(desk, sandbox=Open()), change)
    assert said.stance is Stance.BROKEN
