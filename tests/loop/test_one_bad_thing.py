"""One bad thing in the repository never stops the rest: its own change is refused in words, all others go on.

Whoever does these things may push, and holds no key or, where it says so, Quant's.
"""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from alphaloop import loop
from alphaloop.agents import board, sre, steps
from alphaloop.agents.clerk.hearing import heard
from alphaloop.agents.explaining import explain
from alphaloop.doors.rekeying import Asked, replaced
from alphaloop.errors import Refused
from alphaloop.facts.change import State
from alphaloop.facts.entry import Draft, Kind
from alphaloop.facts.step import Step, Todo
from alphaloop.facts.verdict import Stance
from alphaloop.forge import commits
from alphaloop.forge.objects import REGULAR, TREE, Node, Object, tree
from alphaloop.ports import Desk
from alphaloop.rules.entries import releases
from alphaloop.rules.entries.verdicts import verdicts_on
from alphaloop.rules.life import state
from alphaloop.rules.next_step import unlocked

pytestmark = pytest.mark.timeout(300)
Bad = Callable[[Desk, Path], None]
BRANCH, TALK = "refs/heads/alphaloop/quant/2-another", "refs/alphaloop/pr/2"


@pytest.fixture
def desk(approved: Path, copied: Callable[[Path], Path], sit: Callable[..., Desk]) -> Desk:
    """A desk on which #1 is approved and waits for its decision, and #2 was just proposed by Quant."""
    desk = sit(copied(approved), [])
    source = desk.forge.file(desk.forge.main(), "strategy.py")
    desk.forge.open("quant", "Another", "", {"strategy.py": source + b"# another\n"}, "another")
    return desk


def _git(desk: Desk, *words: str, stdin: bytes = b"") -> str:
    """Plain git, without any key."""
    done = subprocess.run(
        ["git", "-c", "commit.gpgsign=false", "-c", "user.name=q", "-c", "user.email=q@example.org", *words],
        cwd=_folder(desk), input=stdin, capture_output=True, check=True, timeout=30,
    )  # fmt: skip
    return done.stdout.decode().strip()


def _folder(desk: Desk) -> Path:
    return desk.flag.parent.parent


def _pushed(desk: Desk, root: str, ref: str = BRANCH) -> None:
    """An unsigned commit with this tree on top of what a reference holds."""
    before = _git(desk, "rev-parse", ref)
    _git(desk, "update-ref", ref, _git(desk, "commit-tree", "-m", "Pushed", "-p", before, root))


def _signed(desk: Desk, root: str, claimed: str = "quant") -> None:
    """A commit with this tree, signed with Quant's key, on the branch of #2."""
    before = _git(desk, "rev-parse", BRANCH)
    content = commits.payload(root, (before,), claimed, "Pushed", commits.now())
    made = commits.sealed(content, desk.keys.armour("quant", content))
    desk.forge.git.write([made])
    _git(desk, "update-ref", BRANCH, made.id)


def _stored(desk: Desk, content: bytes) -> str:
    """A tree object with these bytes, whatever git itself would say of them."""
    return _git(desk, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=content)


def _root(desk: Desk) -> dict[str, Node]:
    return dict(desk.forge.git.nodes(desk.forge.tree(desk.forge.main())))


def _with(desk: Desk, name: str, mode: str, content: bytes) -> str:
    blob = Object("blob", content)
    desk.forge.git.write([blob])
    return _stored(desk, tree({**_root(desk), name: Node(mode, blob.id)}).content)


def unsigned(desk: Desk) -> None:
    _pushed(desk, _with(desk, "strategy.py", REGULAR, b"import os\n"))


def unsigned_and_empty(desk: Desk) -> None:
    _pushed(desk, f"{BRANCH}^{{tree}}")


def forged_committer(desk: Desk) -> None:
    _signed(desk, _with(desk, "risk.py", REGULAR, b"MAX_POSITION = 1e9\n"), "risk")


def bytes_that_are_no_text(desk: Desk) -> None:
    _signed(desk, _with(desk, "\udcff\udcfe.py", REGULAR, b"x\n"))


def a_symbolic_link(desk: Desk) -> None:
    _signed(desk, _with(desk, "strategy.py", "120000", b"/etc/passwd"))


def attributes(desk: Desk) -> None:
    _signed(desk, _with(desk, ".gitattributes", REGULAR, b"*.py working-tree-encoding=UTF-16\n"))


def a_path_that_stands_twice(desk: Desk) -> None:
    once = tree(_root(desk)).content
    _signed(desk, _stored(desk, once + tree({"strategy.py": Node(REGULAR, _blob(desk))}).content))


def a_tree_of_more_paths_than_time(desk: Desk) -> None:
    inner = tree({f"f{place}": Node(REGULAR, _blob(desk)) for place in range(20)})
    for _ in range(12):
        _stored(desk, inner.content)
        inner = tree({f"d{place}": Node(TREE, inner.id) for place in range(20)})
    _stored(desk, inner.content)
    _pushed(desk, _stored(desk, tree({**_root(desk), "bomb": Node(TREE, inner.id)}).content))


def folders_that_never_end(desk: Desk) -> None:
    inner = tree({"f": Node(REGULAR, _blob(desk))})
    chain = [inner]
    for _ in range(2_000):
        inner = tree({"d": Node(TREE, inner.id)})
        chain.append(inner)
    desk.forge.git.write(chain)
    _pushed(desk, _stored(desk, tree({**_root(desk), "deep": Node(TREE, inner.id)}).content))


def more_commits_than_anybody_reads(desk: Desk) -> None:
    here, root = _git(desk, "rev-parse", BRANCH), desk.forge.tree(desk.forge.main())
    made = []
    for place in range(1_100):
        raw = f"tree {root}\nparent {here}\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n\n{place}\n"
        made.append(Object("commit", raw.encode()))
        here = made[-1].id
    desk.forge.git.write(made)
    _git(desk, "update-ref", BRANCH, here)


def words_that_nobody_signed(desk: Desk) -> None:
    _pushed(desk, f"{TALK}^{{tree}}", TALK)


def a_conversation_that_is_a_file(desk: Desk) -> None:
    _git(desk, "update-ref", TALK, _blob(desk))


def _blob(desk: Desk) -> str:
    return _git(desk, "hash-object", "-w", "--stdin", stdin=b"x\n")


VETOED = {
    unsigned: "carries no signature",
    unsigned_and_empty: "carries no signature",
    forged_committer: "and is signed by quant: somebody forged it",
    bytes_that_are_no_text: "is refused",
    a_symbolic_link: "a symbolic link (mode 120000)",
    attributes: "git acts on this file",
}
"""What Risk can say of a change that can be read."""
UNREADABLE = {
    a_path_that_stands_twice: "lists 'strategy.py' twice",
    a_tree_of_more_paths_than_time: "change less at once",
    folders_that_never_end: "change less at once",
    more_commits_than_anybody_reads: "1101 commits of its own, and 1000 are read",
    words_that_nobody_signed: "tells people something else",
    a_conversation_that_is_a_file: "points at a blob",
}


def _goes_on(desk: Desk) -> None:
    """#1 is decided next, whatever stands beside it."""
    assert Todo(Step.DECIDE, 1) in list(unlocked(steps.sight(desk)))
    assert desk.forge.change(1).number == 1


@pytest.mark.parametrize("bad", VETOED, ids=lambda bad: bad.__name__)
def test_a_bad_commit_is_vetoed_in_words_and_stops_no_other_change(desk, bad):
    bad(desk)
    _goes_on(desk)
    (risk, *others) = board.review(desk, desk.forge.change(2))
    assert (risk.seat, risk.stance, others) == ("risk", Stance.VETO, [])
    assert not sre.decide(desk, desk.forge.change(2)).may_merge
    told = explain(desk, 2)
    assert VETOED[bad] in told
    assert "vetoed" in told


@pytest.mark.parametrize("bad", UNREADABLE, ids=lambda bad: bad.__name__)
def test_a_change_that_nobody_can_read_is_left_alone_and_stops_no_other(desk, bad):
    bad(desk)
    said: list[str] = []
    desk = replace(desk, tell=said.append)
    assert not desk.forge.recover().startswith("told")
    _goes_on(desk)
    assert UNREADABLE[bad] in next(words for words in said if "#2 is left alone" in words)
    assert sre.waiting(desk) == 1
    with pytest.raises(Refused, match="every other change goes on"):
        explain(desk, 2)


def test_a_tree_that_nobody_can_read_can_still_be_closed_by_a_person(desk):
    a_tree_of_more_paths_than_time(desk)
    (answer,) = heard(desk, 2, "human:alice", "/alphaloop close")
    assert "Closed #2" in answer
    assert [todo.change for todo in unlocked(steps.sight(desk)) if todo.change] == [1]


def test_names_that_nobody_gave_out_are_no_pull_requests_and_no_branches_of_the_desk(desk):
    main = desk.forge.main()
    for name in ("pr/3", "pr/99", "pr/007", "pr/0", "pr/x", "pr/\u0663", "pr/a\u2028b", "q", "pr/-1"):
        _git(desk, "update-ref", f"refs/alphaloop/{name}", main)
    names = ("-dash", "--output=x", "a" * 300, "a" * 200 + "/" + "b" * 200, "\u00fc\u202e")
    # As a push with many references leaves them; longer names than a file may have are among them.
    packed = b"".join(f"{main} refs/heads/{name}\n".encode() for name in names)
    packed += main.encode() + b" refs/alphaloop/pr/\xff\n"
    (_folder(desk) / ".git" / "packed-refs").write_bytes(packed)
    _goes_on(desk)
    assert desk.forge.numbers() == (1, 2)
    assert desk.forge.recover() == ""
    forge = desk.forge
    assert replaced(forge, Asked("qa", "", "alice"), None)[0].kind == "key"


def test_a_megabyte_of_comment_is_refused_and_the_next_word_is_heard(desk):
    with pytest.raises(Exception, match="say it shorter"):
        heard(desk, 2, "human:alice", "x" * (1024 * 1024 + 1))
    heard(desk, 2, "human:alice", "x" * (1024 * 1024))
    (answer,) = heard(desk, 2, "human:alice", "/alphaloop hold too soon")
    assert "hold" in answer
    _goes_on(desk)


def test_with_all_of_it_at_once_what_was_approved_lands_and_is_confirmed(desk):
    source = desk.forge.file(desk.forge.main(), "strategy.py")
    for bad in (a_tree_of_more_paths_than_time, forged_committer):
        bad(desk)
    desk.forge.open("quant", "Third", "", {"strategy.py": source + b"# third\n"}, "third")
    _git(desk, "update-ref", "refs/alphaloop/pr/3", _blob(desk))
    _git(desk, "update-ref", "refs/alphaloop/pr/77", desk.forge.main())
    list(loop.advance(desk))
    assert state(desk.ledger.entries(), desk.forge.change(1)) is State.CONFIRMED


@pytest.mark.parametrize("thief", ["data", "delivery_lead"])
def test_an_answer_that_was_written_before_the_comment_silences_no_command(desk, thief):
    """Whoever may speak on a pull request could write the desk's answer first; then nothing was done."""
    identity = sha256(b"2\nc1").hexdigest()
    desk.forge.comment(2, thief, "Held.", f"comment:{identity}")
    desk.forge.comment(2, thief, "Held.", f"answer:{identity}:0")
    (answer,) = heard(desk, 2, "human:alice", "/alphaloop hold no", "c1")
    assert answer != "Held."
    said = [one for one in verdicts_on(desk.ledger.entries(), 2) if one.seat == "human:alice"]
    assert [one.stance for one in said] == [Stance.HOLD]
    before = desk.ledger.entries()
    heard(desk, 2, "human:alice", "/alphaloop hold no", "c1")
    assert desk.ledger.entries() == before


def test_a_canary_is_not_confirmed_by_evidence_that_another_seat_signed(approved, copied, sit):
    desk = sit(copied(approved), [])
    steps_ = loop.advance(desk)
    assert [next(steps_).todo.step for _ in range(2)] == [Step.DECIDE, Step.MERGE]
    steps_.close()
    released = releases.canary(desk.ledger.entries())
    played = next(one for one in desk.ledger.entries() if one.kind is Kind.EVIDENCE)
    body = {
        **played.body,
        "of": released.commit,
        "judgement": {**played.body["judgement"], "finish": "confirmed"},
    }
    forged = Draft(Kind.EVIDENCE, f"evidence:{released.commit}", "it is fine", body)
    desk.ledger.append(forged, "data")
    open_ = desk.forge.open("human:alice", "Talk", "", {"tests/test_talk.py": b"def test_talk(): ...\n"}, "t")
    done = {one.todo: one.words for one in loop.advance(desk)}
    assert "evidence" in done[Todo(Step.WATCH, 1)]
    assert done[Todo(Step.WATCH, 1)].startswith("not done: ")
    assert Todo(Step.REVIEW, open_.number) in done, "the other change went on"
    assert state(desk.ledger.entries(), desk.forge.change(1)) is State.CANARY
    (answer,) = heard(desk, 1, "human:alice", "/alphaloop rollback")
    assert state(desk.ledger.entries(), desk.forge.change(1)) is State.ROLLED_BACK, answer
