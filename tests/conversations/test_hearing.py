"""How a comment is heard: once, from its author, as it was first said."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from alphaloop.agents import sre
from alphaloop.agents.answers import answer
from alphaloop.agents.clerk import table
from alphaloop.agents.clerk.hearing import BOT, MAX_BYTES, heard
from alphaloop.agents.clerk.status import status
from alphaloop.agents.reverting import reverted
from alphaloop.doors.verifying import verified
from alphaloop.errors import BadConfiguration, Misuse, Refused
from alphaloop.facts.change import State
from alphaloop.facts.claim import Holds
from alphaloop.facts.command import Verb
from alphaloop.facts.entry import Kind
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.forge.keys.folder import key_file
from alphaloop.rules.entries.verdicts import verdicts_on
from alphaloop.rules.life import state
from alphaloop.wiring import desk_at

ANN = "human:ann"


@pytest.fixture
def open_stage(stage):
    """A stage on which Bob's change is open."""
    stage.act("bob opens a change of tests/test_more.py")
    return stage


def said_by(desk, author):
    return [one.text for one in desk.forge.conversation(1) if one.author == author]


def test_every_command_has_a_file_of_its_name_and_a_usage():
    folder = Path(table.__file__).parent
    assert set(table.TABLE) == set(Verb)
    for verb, served in table.TABLE.items():
        assert (folder / f"{verb}.py").is_file()
        assert served.usage.form.split()[0] == verb
        assert served.usage.does


def test_an_edited_comment_is_never_a_command(open_stage):
    desk = open_stage.desk
    assert heard(desk, 1, ANN, "looks good", "one") == ()
    with pytest.raises(Refused, match="edited comment"):
        heard(desk, 1, ANN, "/alphaloop stop", "one")
    with pytest.raises(Refused, match="edited comment"):
        heard(desk, 1, "human:bob", "looks good", "one")
    assert [entry.kind for entry in desk.ledger.entries()] == [Kind.GENESIS, Kind.NUMBER]
    assert said_by(desk, ANN) == ["looks good"]


def test_what_the_bot_says_is_never_a_command(open_stage):
    assert heard(open_stage.desk, 1, BOT, "/alphaloop stop") == ()
    assert not any(entry.kind is Kind.STOP for entry in open_stage.desk.ledger.entries())


def test_who_has_no_key_says_nothing_at_all(open_stage):
    with pytest.raises(BadConfiguration, match="no key of human:eve"):
        heard(open_stage.desk, 1, "human:eve", "/alphaloop stop")
    assert [entry.kind for entry in open_stage.desk.ledger.entries()] == [Kind.GENESIS, Kind.NUMBER]
    assert len(open_stage.desk.forge.conversation(1)) == 1


def test_a_comment_of_a_megabyte_is_kept_as_words_and_a_longer_one_refused_whole(open_stage):
    desk, text = open_stage.desk, "/alphaloop stop " + "x" * (MAX_BYTES - 16)
    assert heard(desk, 1, ANN, text) == ()
    with pytest.raises(Misuse, match=f"at most {MAX_BYTES} bytes"):
        heard(desk, 1, ANN, f"{text}x")
    assert said_by(desk, ANN) == [text]
    assert not any(entry.kind is Kind.STOP for entry in desk.ledger.entries())


def test_a_run_killed_between_doing_and_answering_goes_on_where_it_stopped(open_stage):
    desk, key = open_stage.desk, key_file(open_stage.folder / ".alphaloop" / "keys", BOT)
    # Without the bot's key the word is recorded and the answer is not, as when the run is killed between.
    key.rename(key.with_suffix(".away"))
    first = heard(desk, 1, ANN, "/alphaloop hold", "one")
    assert said_by(desk, BOT) == []
    key.with_suffix(".away").rename(key)
    assert heard(desk, 1, ANN, "/alphaloop hold", "one") == first
    assert said_by(desk, BOT) == list(first)
    assert len(verdicts_on(desk.ledger.entries(), 1)) == 1


def test_the_same_comment_at_the_same_time_is_done_once(open_stage):
    def say(place):
        with desk_at(open_stage.folder, lambda words: None) as desk:
            text = "/alphaloop hold wait\n/alphaloop propose quote wider"
            return heard(replace(desk, today=lambda: open_stage.day), 1, ANN, text, "one")

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(say, range(3)))
    assert len(set(answers)) == 1
    desk = open_stage.desk
    kinds = [entry.kind for entry in desk.ledger.entries()]
    assert (kinds.count(Kind.VERDICT), kinds.count(Kind.IDEA)) == (1, 1)
    assert (len(said_by(desk, ANN)), len(said_by(desk, BOT))) == (1, 2)


def test_an_override_is_shown_wherever_the_change_is(open_stage):
    open_stage.act("risk approves")
    open_stage.act("qa holds: two mutants survive")
    (override,) = open_stage.say("ann", open_stage.meant("/alphaloop override qa {head} 2026-03-02 fine"), "")
    line = "human:ann overrides the hold of qa until 2026-03-02: fine"
    assert override.startswith(line)
    assert line in status(open_stage.desk, 1)


def test_simulate_plays_the_strategy_of_the_change(open_stage):
    (answer,) = heard(open_stage.desk, 1, ANN, "/alphaloop simulate")
    assert "One episode of" in answer
    assert "sha256:" in answer


def test_retry_asks_those_again_whose_answer_the_platform_broke_and_review_nobody_twice(open_stage):
    open_stage.act("qa breaks: the disk is full")
    (broken,) = open_stage.say("bob", open_stage.meant("/alphaloop merge {head}"), "")
    assert broken.startswith("**broken**")
    (retried,) = open_stage.say("bob", "/alphaloop retry", "")
    assert retried.startswith("**approved** `{head}` on `{base}`")
    said = verdicts_on(open_stage.desk.ledger.entries(), 1)
    stances = {one.seat: one.stance for one in said}
    assert stances["risk"] is stances["qa"] is Stance.APPROVE
    assert open_stage.say("bob", "/alphaloop review", "") == (retried,)
    assert verdicts_on(open_stage.desk.ledger.entries(), 1) == said


def test_what_has_landed_is_undone_by_a_change_of_its_own(open_stage):
    for direction in ("risk approves", "qa holds: two mutants survive"):
        open_stage.act(direction)
    assert open_stage.say("ann", open_stage.meant("/alphaloop override qa {head} 2026-03-02 fine"), "")
    desk = open_stage.desk
    with pytest.raises(Refused, match="never merged"):
        reverted(desk, 1, ANN)
    founded_tree = desk.forge.tree(desk.forge.main())
    assert open_stage.say("bob", open_stage.meant("/alphaloop merge {head}"), "")[0].startswith("Merged #1")
    undoes = reverted(desk, 1, ANN)
    assert (undoes.number, undoes.files) == (2, ("tests/test_more.py",))
    assert undoes.head_tree == founded_tree
    assert reverted(desk, 1, ANN) == undoes
    files = {"tests/test_more.py": b"def test_other(): ...\n"}
    other = desk.forge.open("human:bob", "more", "", files, "other")
    for seat in ("risk", "qa"):
        answer(desk, Verdict(seat, other.number, other.head, other.base, Stance.APPROVE))
    decided = sre.decide(desk, other)
    assert sre.deploy(desk, other, decided) is not None, decided
    with pytest.raises(Refused, match="changed again since"):
        reverted(desk, 1, "human:bob")
    claims = verified(open_stage.folder, 0, lambda words: None)
    assert [claim for claim in claims if claim.holds is Holds.FALSE] == []


def test_a_hold_on_a_canary_takes_it_back(approved, copied, sit):
    desk = sit(copied(approved))
    (merged,) = heard(desk, 1, "human:alice", f"/alphaloop merge {desk.forge.change(1).head}")
    assert "It runs as a canary beside" in merged
    before = desk.forge.main()
    (held,) = heard(desk, 1, "human:alice", "/alphaloop hold it bleeds")
    assert "Taken back: main is" in held
    assert desk.forge.main() != before
    assert state(desk.ledger.entries(), desk.forge.change(1)) is State.ROLLED_BACK
