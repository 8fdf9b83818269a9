"""Merging and restoring: one atomic move, or words that say why not."""

import os
import time

import pytest

from alphaloop.errors import Misuse
from alphaloop.facts.entry import Draft, Kind
from alphaloop.facts.verdict import Stance
from alphaloop.forge.local import LocalForge
from alphaloop.forge.verify import verify
from alphaloop.ports import Merged, NotMerged
from alphaloop.rules.entries import stops


@pytest.fixture
def change(desk):
    return desk.open(
        "quant", "Widen", "It pays.", {"strategy.py": b"HALF = 2\n", "new/file.txt": b"x\n"}, "turn:1"
    )


@pytest.fixture
def tips(git):
    return lambda: git("for-each-ref", "--format=%(refname) %(objectname)")


def _refused(result, how, word):
    assert isinstance(result, NotMerged)
    assert result.how == how
    assert word in result.words


@pytest.mark.parametrize("stance", [Stance.HOLD, Stance.VETO, Stance.BROKEN, Stance.ABSTAIN])
def test_only_an_approval_merges(desk, change, decide, release, tips, stance):
    decision = decide(desk, change, stance)
    before = tips()
    _refused(desk.merge(change, decision, "sre", release), "blocked", "approval")
    assert tips() == before


def test_a_decision_that_the_ledger_does_not_hold_merges_nothing(desk, change, decide, release, tips):
    from alphaloop.facts.decision import Decision

    before = tips()
    decision = Decision(1, change.head, change.base, Stance.APPROVE, ())
    _refused(desk.merge(change, decision, "sre", release), "blocked", "no such decision")
    assert tips() == before
    decide(desk, change)
    decide(desk, change, Stance.VETO)
    _refused(desk.merge(change, decision, "sre", release), "blocked", "no such decision")


def test_an_author_never_merges_their_own_change(desk, change, decide, release):
    _refused(desk.merge(change, decide(desk, change), "quant", release), "blocked", "another seat")


@pytest.mark.parametrize(
    ("kind", "body", "how"),
    [
        (Kind.STOP, {"by": "risk", "reason": ""}, "blocked"),
        (Kind.VERDICT, {"change": 1, "stance": "veto", "head": "a" * 40, "head_tree": "b" * 40}, "stale"),
        (Kind.CLOSED, {"change": 1}, "stale"),
    ],
)
def test_what_is_said_after_the_decision_beats_the_merge(desk, change, decide, release, kind, body, how, git):
    decision = decide(desk, change)
    desk.ledger.append(Draft(kind, "late", "too late", body), "risk")
    main = desk.main()
    assert desk.merge(change, decision, "sre", release).how == how
    assert desk.main() == main == git("rev-parse", "main")


def test_a_stop_that_was_lifted_still_asks_for_a_new_judgement(desk, change, decide, release):
    decision = decide(desk, change)
    stopped = desk.ledger.append(stops.stop((), "risk", "a test"), "risk")
    desk.ledger.append(stops.resume(stopped, "human:ann"), "human:ann")
    _refused(desk.merge(change, decision, "sre", release), "stale", "stopped")
    assert isinstance(desk.merge(change, decide(desk, change), "sre", release), Merged)


def test_a_stop_that_lands_while_the_merge_is_being_built_beats_it(
    desk, change, decide, release, monkeypatch
):
    """The merge commit is anchored at the ledger tip that was judged; a newer tip means judging again."""
    decision = decide(desk, change)
    main, original = desk.main(), desk.git.write
    second = LocalForge(desk.git.folders.root)

    def write(things):
        original(things)
        if any(b"Ledger-Tip" in thing.content for thing in things):
            second.ledger.append(stops.stop((), "risk", "a test"), "risk")

    monkeypatch.setattr(desk.git, "write", write)
    _refused(desk.merge(change, decision, "sre", release), "blocked", "emergency stop")
    assert desk.main() == main
    second.shut()


def test_other_entries_after_the_decision_do_not_matter(desk, change, decide, release):
    decision = decide(desk, change)
    other = {"change": 2, "head": "a" * 40, "head_tree": "b" * 40}
    desk.ledger.append(Draft(Kind.VERDICT, "other", "on another", other), "risk")
    desk.ledger.append(Draft(Kind.TRIAL, "t", "a trial", {}), "quant")
    assert isinstance(desk.merge(change, decision, "sre", release), Merged)


def test_main_that_moved_is_stale(desk, change, decide, release, git, repository):
    decision = decide(desk, change)
    (repository / "note.txt").write_text("x")
    git("add", "note.txt")
    git("commit", "-qm", "By hand")
    _refused(desk.merge(change, decision, "sre", release), "stale", "main moved")
    now = desk.change(1)
    assert not now.based
    _refused(desk.merge(now, decide(desk, now), "sre", release), "conflict", "up to date")


def test_a_push_after_the_decision_is_stale(desk, change, decide, release, git):
    from alphaloop.forge import commits

    decision = decide(desk, change)
    content = commits.payload(change.head_tree, (change.head,), "quant", "More", 1_700_000_000)
    pushed = commits.sealed(content, desk.keys.armour("quant", content))
    desk.git.write([pushed])
    git("update-ref", f"refs/heads/{change.branch}", pushed.id)
    _refused(desk.merge(change, decision, "sre", release), "stale", "judged")


def test_a_dirty_work_tree_blocks_the_merge_and_loses_nothing(
    desk, change, decide, release, repository, tips
):
    decision = decide(desk, change)
    (repository / "execution.py").write_text("mine\n")
    before = tips()
    _refused(desk.merge(change, decision, "sre", release), "blocked", "execution.py: commit or stash")
    assert tips() == before
    assert (repository / "execution.py").read_text() == "mine\n"


def test_a_lock_of_the_index_that_a_killed_git_left_blocks_no_merge(
    desk, change, decide, release, repository, git
):
    lock = repository / ".git" / "index.lock"
    lock.write_bytes(b"DIRC")
    os.utime(lock, (1_700_000_000, 1_700_000_000))
    assert isinstance(desk.merge(change, decide(desk, change), "sre", release), Merged)
    assert not lock.exists()
    assert git("status", "--porcelain") == ""


def test_a_fresh_lock_of_the_index_blocks_with_words_and_stays(
    desk, change, decide, release, repository, tips
):
    """It may be a person's `git commit`, with the editor open."""
    lock = repository / ".git" / "index.lock"
    lock.write_bytes(b"")
    ahead_s = time.time() + 60
    os.utime(lock, (ahead_s, ahead_s))
    decision = decide(desk, change)
    before = tips()
    _refused(desk.merge(change, decision, "sre", release), "blocked", "index.lock")
    assert lock.exists()
    assert tips() == before


def test_an_untracked_file_in_the_way_blocks_the_merge_and_is_kept(
    desk, change, decide, release, repository, tips
):
    decision = decide(desk, change)
    (repository / "new").mkdir()
    (repository / "new" / "file.txt").write_text("mine\n")
    before = tips()
    _refused(desk.merge(change, decision, "sre", release), "blocked", "new/file.txt")
    assert tips() == before
    assert (repository / "new" / "file.txt").read_text() == "mine\n"


def test_a_merge_moves_main_ledger_conversation_and_checkout(desk, change, decide, release, repository, git):
    decision = decide(desk, change)
    tip = git("rev-parse", "alphaloop/ledger")
    result = desk.merge(change, decision, "sre", release)
    assert isinstance(result, Merged)
    assert result.commit == desk.main() == git("rev-parse", "HEAD")
    assert git("log", "-1", "--format=%P %T %G? %GS") == (
        f"{change.base} {change.head} {change.head_tree} G {'sre@alphaloop.invalid'}"
    )
    assert git("log", "-1", "--format=%(trailers:key=Ledger-Tip,valueonly)") == tip
    entry = desk.ledger.entries()[-1]
    assert (entry.kind, entry.signer, entry.key) == (Kind.RELEASE, "sre", "release:1")
    landed = {"how": "merge", "commit": result.commit, "base": change.base, "change": 1, "head": change.head}
    landed["talk"] = git("rev-parse", "refs/alphaloop/pr/1~1")
    assert entry.body == {"canary": True, "landing": landed}
    assert git("status", "--porcelain") == ""
    assert (repository / "strategy.py").read_bytes() == b"HALF = 2\n"
    assert desk.conversation(1)[-1].verb == "merged"
    assert desk.change(1) == change
    assert verify(repository).sound


def test_merging_again_with_the_same_key_merges_nothing_more(desk, change, decide, release, tips):
    decision = decide(desk, change)
    first = desk.merge(change, decision, "sre", release)
    before = tips()
    assert desk.merge(change, decision, "sre", release) == first
    assert tips() == before
    again = Draft(Kind.RELEASE, "release:2", "once more", {})
    assert isinstance(desk.merge(change, decision, "sre", again), NotMerged)


def test_another_branch_that_is_checked_out_is_left_alone(desk, change, decide, release, git, repository):
    git("switch", "-qc", "mine")
    (repository / "execution.py").write_text("mine\n")
    assert isinstance(desk.merge(change, decide(desk, change), "sre", release), Merged)
    assert (repository / "strategy.py").read_bytes() == b"HALF = 1\n"
    assert git("status", "--porcelain").strip() == "M execution.py"


def test_a_linked_work_tree_with_main_follows(desk, change, decide, release, git, repository, tmp_path):
    git("switch", "-qc", "mine")
    git("worktree", "add", "-q", str(tmp_path / "linked"), "main")
    (tmp_path / "linked" / "execution.py").write_text("mine\n")
    decision = decide(desk, change)
    _refused(desk.merge(change, decision, "sre", release), "blocked", "linked")
    git("checkout", "-q", "execution.py", cwd=tmp_path / "linked")
    assert isinstance(desk.merge(change, decision, "sre", release), Merged)
    assert (tmp_path / "linked" / "strategy.py").read_bytes() == b"HALF = 2\n"
    assert git("status", "--porcelain", cwd=tmp_path / "linked") == ""


def test_a_release_that_speaks_of_another_change_is_a_misuse(desk, change, decide):
    decision = decide(desk, change)
    for body in ({"change": 2}, {"head": change.base}, {"base": change.head}, {"landing": {}}):
        with pytest.raises(Misuse):
            desk.merge(change, decision, "sre", Draft(Kind.RELEASE, "r", "s", body))
    with pytest.raises(Misuse):
        desk.merge(change, decision, "sre", Draft(Kind.TRIAL, "r", "s", {}))


def test_a_change_of_the_public_keys_is_not_merged(desk, decide):
    text = desk.file(desk.main(), "keys/allowed_signers")
    change = desk.open("human:ann", "New keys", "", {"keys/allowed_signers": text + b"# more\n"}, "k")
    release = Draft(Kind.RELEASE, "r", "s", {})
    _refused(desk.merge(change, decide(desk, change), "sre", release), "blocked", "keys")


def test_restoring_brings_the_release_paths_back_and_nothing_else(
    desk, change, decide, release, git, repository
):
    merged = desk.merge(change, decide(desk, change), "sre", release)
    result = desk.restore(
        ["strategy.py", "execution.py", "connectivity.yaml"],
        change.base,
        "sre",
        Draft(Kind.RELEASE, "rollback:1", "roll back #1", {"outcome": "rolled back"}),
    )
    assert isinstance(result, Merged)
    assert git("log", "-1", "--format=%P", "main") == merged.commit
    assert desk.file(desk.main(), "strategy.py") == b"HALF = 1\n"
    assert desk.file(desk.main(), "new/file.txt") == b"x\n"
    assert git("status", "--porcelain") == ""
    assert desk.ledger.entries()[-1].body["landing"]["commit"] == desk.main()
    again = Draft(Kind.RELEASE, "rollback:1", "roll back #1", {"outcome": "rolled back"})
    assert desk.restore(["strategy.py"], change.base, "sre", again) == result
    assert verify(repository).sound


def test_a_rollback_is_not_held_back_by_a_stop(desk, change, decide, release):
    desk.merge(change, decide(desk, change), "sre", release)
    desk.ledger.append(stops.stop((), "risk", "a test"), "risk")
    draft = Draft(Kind.RELEASE, "rollback:1", "roll back #1", {})
    assert isinstance(desk.restore(["strategy.py"], change.base, "sre", draft), Merged)


def test_a_closed_change_is_not_merged(desk, change, decide, release):
    desk.close(1, "human:ann", "no", "c")
    _refused(desk.merge(change, decide(desk, change), "sre", release), "blocked", "closed")
