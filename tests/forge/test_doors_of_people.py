"""What a person does to a pull request by hand: every verb once, and every name that is none."""

from pathlib import Path

import pytest

from alphaloop.errors import Misuse, Refused, Stale
from alphaloop.facts.entry import Kind
from alphaloop.facts.mark import Mark
from alphaloop.forge.local import LocalForge
from alphaloop.forge.pull_requests import ended
from alphaloop.rules.entries.marks import is_closed, is_draft

ANN = "human:ann"
WIDER, WIDEST = {"strategy.py": b"HALF = 2\n"}, {"strategy.py": b"HALF = 3\n"}


@pytest.fixture
def change(desk):
    return desk.open("quant", "Widen", "It pays.", WIDER, "turn:1")


def branch_of(git, name, text, *sign):
    """A branch of Ann's own, made with plain git in the work tree."""
    git("checkout", "-q", "-b", name, "main")
    (Path(git("rev-parse", "--show-toplevel")) / "strategy.py").write_text(text)
    git("commit", "-qam", f"Set {text.strip()}", *sign)
    git("checkout", "-q", "main")
    return git("rev-parse", name)


HOSTILE = [
    "--upload-pack=x",
    "-",
    "",
    "a..b",
    "a b",
    "a\nb",
    "a\x00b",
    "a\x1b[2J",
    "\u202ea",
    "ä",
    "a.lock",
    "a/",
    "/a",
    "a~1",
    "@{1}",
    ":/x",
    "../../heads/main",
    "x" * 300,
]


def test_a_hostile_name_is_refused_and_nothing_is_lost(desk, change, git):
    before = desk.conversation(1), len(desk.ledger.entries()), git("for-each-ref")
    for name in HOSTILE:
        with pytest.raises(Misuse):
            desk.branch(name)
        if name in ("a..b", "a b", "a.lock", "a/"):
            continue
        with pytest.raises(Misuse):
            desk.label(1, ANN, name, "k")
        with pytest.raises(Misuse):
            desk.check(1, ANN, name, "passed", "", "k")
    assert (desk.conversation(1), len(desk.ledger.entries()), git("for-each-ref")) == before


TITLES = ("--force", "x" * 300, "a\nLedger-Tip: 0\x00\x1b[2J", "\u202eevil", "$(true)")


def test_a_hostile_title_is_one_printable_line_and_no_branch_of_another_name(desk, git):
    for number, title in enumerate(TITLES, 1):
        change = desk.open(ANN, title, "", WIDER, f"k{number}")
        assert change.title.isprintable()
        assert len(change.title) <= 120
        assert change.branch.startswith(f"alphaloop/human.ann/{number}-")
        assert git("log", "-1", "--format=%(trailers)", change.branch) == ""
        assert git("rev-parse", change.branch) == change.head


def test_a_title_of_nothing_is_refused_before_a_number_is_given(desk):
    for title in ("", " ", "\n\t"):
        with pytest.raises(Misuse, match="say something"):
            desk.open(ANN, title, "", WIDER, "k")
    assert desk.numbers() == ()


def test_a_person_pushes_and_the_same_push_again_does_nothing(desk, change, git):
    pushed = desk.push(1, ANN, WIDEST | {"tests/test_it.py": None}, "Wider still", "push:1")
    assert pushed.head == git("rev-parse", change.branch) != change.head
    assert git("rev-parse", f"{pushed.head}^") == change.head
    assert {(one.path, one.committer) for one in pushed.touched} == {
        ("strategy.py", "quant"),
        ("strategy.py", ANN),
        ("tests/test_it.py", ANN),
    }
    assert "tests/test_it.py" not in desk.files(pushed.head)
    assert desk.push(1, ANN, WIDEST, "Wider still", "push:1") == pushed
    assert [said.verb for said in desk.conversation(1)] == ["opened", "pushed"]
    with pytest.raises(Misuse, match="no change"):
        desk.push(1, ANN, WIDEST, "Again", "push:2")


def test_a_push_that_another_push_overtook_is_refused_and_loses_neither(desk, change, repository):
    other = LocalForge(repository)
    stale = other.change(1)
    pushed = desk.push(1, "quant", WIDEST, "First", "push:1")
    with pytest.raises(Stale, match="moved from"):
        other._pushing.files(stale, ANN, {"strategy.py": b"HALF = 4\n"}, "Second", "push:2")
    assert other.change(1) == pushed
    other.shut()


def test_a_branch_of_a_persons_own_is_brought_as_it_is(desk, git):
    head = branch_of(git, "mine", "HALF = 7\n")
    change = desk.bring(ANN, "Seven", "", head, "bring:1")
    assert (change.head, change.author, change.number) == (head, ANN, 1)
    assert [one.committer for one in change.touched] == [ANN]
    assert desk.bring(ANN, "Seven", "", head, "bring:1") == change
    assert desk.numbers() == (1,)
    later = branch_of(git, "later", "HALF = 8\n")
    assert desk.push_commits(1, ANN, later, "Eight", "push:1").head == later
    # What was force-pushed away stays reachable from the conversation.
    assert git("cat-file", "-t", head) == "commit"
    assert git("rev-list", "--count", "refs/alphaloop/pr/1") == "2"


def test_what_nobody_signed_or_stands_elsewhere_gets_no_number(desk, git):
    unsigned = branch_of(git, "unsigned", "HALF = 7\n", "--no-gpg-sign")
    with pytest.raises(Refused, match="no signature"):
        desk.bring(ANN, "Seven", "", unsigned, "k")
    with pytest.raises(Refused, match="not a commit on top"):
        desk.bring(ANN, "Main", "", desk.main(), "k")
    orphan = git("commit-tree", "-S", "-m", "Alone", desk.tree(desk.main()))
    with pytest.raises(Refused, match="not a commit on top"):
        desk.bring(ANN, "Alone", "", orphan, "k")
    assert desk.numbers() == ()
    assert len(desk.ledger.entries()) == 1


def test_a_draft_is_a_draft_until_a_person_says_that_it_is_ready(desk, change):
    desk.mark(1, ANN, Mark.DRAFTED, "draft:1")
    assert is_draft(desk.ledger.entries(), 1)
    with pytest.raises(Refused, match="already"):
        desk.mark(1, ANN, Mark.DRAFTED, "draft:2")
    desk.mark(1, ANN, Mark.DRAFTED, "draft:1")
    desk.mark(1, "quant", Mark.READIED, "ready:1")
    assert is_draft(desk.ledger.entries(), 1), "a seat undid what a person meant"
    desk.mark(1, ANN, Mark.READIED, "ready:2")
    assert not is_draft(desk.ledger.entries(), 1)


def test_closed_reopened_and_closed_again_is_closed(desk, change):
    with pytest.raises(Refused, match="nothing to reopen"):
        desk.mark(1, ANN, Mark.REOPENED, "reopen:0")
    desk.close(1, ANN, "Not now.", "close:1")
    for refused in (Mark.DRAFTED, Mark.READIED):
        with pytest.raises(Refused, match="merged or closed"):
            desk.mark(1, ANN, refused, "k")
    with pytest.raises(Refused, match="nothing is pushed"):
        desk.push(1, ANN, WIDEST, "Wider", "push:1")
    desk.mark(1, ANN, Mark.REOPENED, "reopen:1")
    assert not is_closed(desk.ledger.entries(), 1)
    assert desk.push(1, ANN, WIDEST, "Wider", "push:1").head != change.head
    desk.close(1, ANN, "Never.", "close:2")
    assert is_closed(desk.ledger.entries(), 1)
    assert [said.verb for said in desk.conversation(1)] == [
        "opened",
        "closed",
        "reopened",
        "pushed",
        "closed",
    ]


def test_a_closing_that_was_undone_is_not_told_after_it(desk, change, git, repository):
    desk.close(1, ANN, "Not now.", "close:1")
    # Killed between ledger and pull request: the event is lost, the entry stands.
    git("update-ref", "refs/alphaloop/pr/1", git("rev-parse", "refs/alphaloop/pr/1^"))
    again = LocalForge(repository)
    again.mark(1, ANN, Mark.REOPENED, "reopen:1")
    again.recover()
    assert ended(again._talks.events(1)) is None
    assert again.change(1) == change
    again.shut()


def test_a_mark_whose_event_was_lost_is_told_by_the_next_run(desk, change, git, repository):
    desk.mark(1, ANN, Mark.DRAFTED, "draft:1")
    git("update-ref", "refs/alphaloop/pr/1", git("rev-parse", "refs/alphaloop/pr/1^"))
    again = LocalForge(repository)
    assert "drafted" in again.recover()
    assert [said.verb for said in again.conversation(1)] == ["opened", "drafted"]
    again.shut()


def test_labels_and_checks_are_words_and_decide_nothing(desk, change, git):
    desk.label(1, ANN, "needs data", "l1")
    desk.label(1, ANN, "needs data", "l2", on=False)
    desk.check(1, ANN, "paper trading", "failed", "slippage", "c1")
    with pytest.raises(Misuse, match="passed or failed"):
        desk.check(1, ANN, "paper trading", "maybe", "", "c2")
    assert [entry.kind for entry in desk.ledger.entries()] == [Kind.GENESIS, Kind.NUMBER]
    assert git("log", "--reverse", "--format=%s", "refs/alphaloop/pr/1").splitlines() == [
        "quant opened #1: Widen",
        "human:ann labelled #1: needs data",
        "human:ann unlabelled #1: needs data",
        "human:ann checked #1: paper trading failed: slippage",
    ]
