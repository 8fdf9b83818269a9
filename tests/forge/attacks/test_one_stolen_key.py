"""Whoever may push and holds one seat's key: what they write in others' places is neither theirs nor heard.

Each of these was done by hand with plain git and one key, and worked.
"""

import pytest

from alphaloop.errors import Refused, Untrusted
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Draft, Kind
from alphaloop.facts.hypothesis import Hypothesis, Plan, Proposal
from alphaloop.facts.role import Power, Seat, Seats
from alphaloop.forge.pull_requests import CLOSED, MERGED, Event
from alphaloop.forge.verify import verify
from alphaloop.rules.audit import audited
from alphaloop.rules.entries.changes import change_of_turn, change_opened, hypothesis_of_change
from alphaloop.rules.entries.evidence import evidence_on
from alphaloop.rules.entries.plans import plan, plan_of_turn

EVIL = Hypothesis("evil", "it helps", "objective", 1.0, {}, 1)
PROPOSERS = Seats(
    tuple(Seat(name, "", (), (), frozenset({Power.PROPOSE})) for name in ("quant", "sre")), ("ann",), 3
)


@pytest.fixture
def change(desk):
    """Quant's first change."""
    return desk.open("quant", "Widen", "It pays.", {"strategy.py": b"HALF = 2\n"}, "turn:1")


def _say(desk, change, author, verb, key, head=""):
    """An event past every rule of the forge, as whoever holds the author's key and pushes it."""
    before = desk._talks.events(1)
    at = head or change.head
    event = Event(1, 0, "", verb, author, key, change.title, "so it is", at, change.base, change.branch)
    assert desk.git.move([desk._talks.prepare(event, before)])


def test_a_plan_that_another_seat_signed_is_never_opened_as_quants(desk):
    """Else whoever may propose anything would write strategy.py with Quant's hand."""
    made = Plan(1, Proposal(EVIL, {"strategy.py": "HALF = 9\n"}), desk.main())
    entry = desk.ledger.append(plan(made, 1), "sre")
    assert plan_of_turn(desk.ledger.entries(), 1) is None
    claims = [*audited(desk.ledger.entries(), lambda commit: PROPOSERS, desk.main(), lambda *signed: True)]
    (told,) = [claim for claim in claims if claim.what == f"plan {entry.number}"]
    assert (told.holds, "signed it" in told.words) == (Holds.FALSE, True)


def test_what_another_seat_says_of_a_change_is_no_hypothesis_of_it(desk, change):
    desk.ledger.append(change_opened(change, EVIL, 7), "sre")
    entries = desk.ledger.entries()
    assert (hypothesis_of_change(entries, 1), change_of_turn(entries, 7)) == (None, None)


@pytest.mark.parametrize("thief", ["quant", "risk"])
def test_evidence_by_somebody_else_than_who_opened_it_is_none(desk, thief):
    """Any one key could confirm a canary that was never played."""
    opened = desk.ledger.append(Draft(Kind.LESSON, "a release", "a release", {}), "sre")
    draft = Draft(Kind.EVIDENCE, f"evidence:{opened.commit}", "it is fine", {"judgement": "confirmed"})
    desk.ledger.append(draft, thief)
    assert evidence_on(desk.ledger.entries(), opened.commit) is None
    with pytest.raises(Untrusted, match=rf"of {thief} is a evidence and holds the key"):
        desk.ledger.append(draft, "sre")


@pytest.mark.parametrize("kind", [Kind.CLOSED, Kind.MARK, Kind.DECISION, Kind.OUTCOME, Kind.TEST_OPENED])
def test_no_word_that_decides_stands_for_somebody_elses(desk, kind):
    desk.ledger.append(Draft(kind, "closed:mine", "another", {"change": 9}), "quant")
    with pytest.raises(Untrusted, match="find out who wrote it"):
        desk.ledger.append(Draft(kind, "closed:mine", "mine", {"change": 1}), "human:ann")


def test_a_stop_by_anybody_is_the_stop_of_everybody(desk):
    draft = Draft(Kind.STOP, "stop:0", "stopped", {"by": "x", "reason": ""})
    assert desk.ledger.append(draft, "quant") == desk.ledger.append(draft, "human:ann")


@pytest.mark.parametrize("verb", [MERGED, CLOSED])
@pytest.mark.parametrize("key", ["genesis", "number:turn:1", "merged:genesis"])
def test_an_ending_that_the_ledger_does_not_hold_ends_nothing(desk, change, verb, key):
    """It named any entry of the ledger, and with it the head and base by which the change was read."""
    _say(desk, change, "risk", verb, key, head=change.base)
    assert desk.conversation(1)[-1].verb == f"void {verb}"
    assert desk.change(1) == change


def test_an_ending_of_another_change_ends_nothing(desk, change):
    other = desk.open("quant", "Narrow", "", {"strategy.py": b"HALF = 0\n"}, "turn:2")
    desk.close(other.number, "risk", "no", "c")
    _say(desk, change, "risk", CLOSED, "c")
    assert desk.conversation(1)[-1].verb == f"void {CLOSED}"
    assert desk.change(1) == change


def test_a_key_that_another_used_hides_no_comment(desk, change):
    desk.comment(1, "risk", "nothing to see", "comment:human")
    desk.comment(1, "human:ann", "Hold it!", "comment:human")
    desk.comment(1, "human:ann", "Hold it!", "comment:human")
    assert [said.text for said in desk.conversation(1)[1:]] == ["nothing to see", "Hold it!"]


def test_a_pull_request_under_a_key_that_another_used_is_not_taken_for_ones_own(desk):
    desk.open("risk", "Evil", "", {"strategy.py": b"HALF = 9\n"}, "turn:1")
    with pytest.raises(Refused, match="risk opened a pull request under the key 'turn:1'"):
        desk.open("quant", "Widen", "", {"strategy.py": b"HALF = 2\n"}, "turn:1")


def test_a_branch_named_like_a_commit_and_a_tag_named_like_a_branch_mean_neither(desk, change, git):
    git("branch", change.head[:12], "main")
    git("tag", change.branch, "main")
    git("tag", change.head[:7], "main")
    assert desk.resolve(change.head[:12]) == desk.resolve(change.head[:7]) == change.head
    assert desk.resolve(change.branch) == change.head
    git("branch", "deadbeef", "main")
    assert desk.resolve("deadbeef") == desk.main()
    assert desk.resolve("HEAD") == desk.main()
    assert desk.resolve("no-such-thing") is None


def test_a_conversation_of_which_the_ledger_speaks_is_not_opened_again_without_its_words(
    desk, change, decide, git, repository
):
    """A run would wipe away the traces: all that was said is gone, and verify finds nothing."""
    decide(desk, change)
    desk.comment(1, "human:ann", "I hold this.", "h")
    git("update-ref", "-d", "refs/alphaloop/pr/1")
    assert desk.recover() == ""
    assert desk.numbers() == ()
    false = [claim.words for claim in verify(repository).claims if claim.holds is Holds.FALSE]
    assert any("its reference is gone" in words for words in false)


def test_what_was_said_before_a_merge_cannot_be_dropped_unseen(
    desk, change, decide, release, git, repository
):
    desk.comment(1, "human:ann", "I hold this.", "h")
    merged = desk.merge(change, decide(desk, change), "sre", release)
    assert merged.commit == desk.main()
    git("update-ref", "refs/alphaloop/pr/1", "refs/alphaloop/pr/1~2")
    desk.recover()
    false = [claim.words for claim in verify(repository).claims if claim.holds is Holds.FALSE]
    assert any("no longer holds the event" in words for words in false)


def test_pages_that_a_seat_wrote_which_may_not_are_false(desk):
    entry = desk.ledger.render({"walkthrough.md": "# All is well\n"}, "sre")
    claims = [*audited(desk.ledger.entries(), lambda commit: PROPOSERS, desk.main(), lambda *signed: True)]
    (told,) = [claim for claim in claims if claim.what == f"rendering {entry.number}"]
    assert (told.holds, "without the power 'assign'" in told.words) == (Holds.FALSE, True)
