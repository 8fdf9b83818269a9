"""SIGKILL anywhere loses nothing: the same words said again finish what was begun, and nothing is doubled."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alphaloop.facts.entry import Draft, Kind
from alphaloop.forge.local import LocalForge
from alphaloop.forge.verify import verify
from alphaloop.ports import Merged

MERGE = """
import sys
from pathlib import Path
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Kind
from alphaloop.facts.verdict import Stance
from alphaloop.forge.local import LocalForge
from alphaloop.rules.entries import decisions
forge = LocalForge(Path(sys.argv[1]))
forge.recover()
files = {"strategy.py": b"HALF = 2\\n", "new.txt": b"x\\n"}
change = forge.open("quant", "Widen", "It pays.", files, "turn:1")
decision = Decision(1, change.head, change.base, Stance.APPROVE, ())
if not any(entry.kind is Kind.DECISION for entry in forge.ledger.entries()):
    forge.ledger.append(decisions.decision(forge.ledger.entries(), decision, change), "risk")
forge.comment(1, "risk", "No objection.", "comment:1")
print(forge.merge(change, decision, "sre", Draft(Kind.RELEASE, "release:1", "release #1", {})), flush=True)
forge.shut()
"""
KINDS = [Kind.GENESIS, Kind.NUMBER, Kind.DECISION, Kind.RELEASE]


def _run(
    repository: Path, *before: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, "-c", MERGE, str(repository)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)


def _whole(repository: Path) -> None:
    """What the whole story must look like, however often it was interrupted."""
    forge = LocalForge(repository)
    try:
        assert [entry.kind for entry in forge.ledger.entries()] == KINDS
        assert [said.verb for said in forge.conversation(1)] == ["opened", "answered", "merged"]
        assert forge.main() == forge.ledger.entries()[-1].body["landing"]["commit"]
        # A lock that nobody needed again may be too young for the run that came at once; it blocks nothing.
        assert forge.recover().replace("removed the stale lock 1-widen.lock", "") == ""
        assert forge.recover() == ""
    finally:
        forge.shut()
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=repository, capture_output=True, text=True, check=True
    )
    assert status.stdout == ""
    assert (repository / "strategy.py").read_bytes() == b"HALF = 2\n"
    assert (repository / "new.txt").read_bytes() == b"x\n"
    assert list((repository / ".git").rglob("*.lock")) == []
    report = verify(repository)
    assert report.sound, [line for line in report.lines if line.holds != "ok"]


def _traceable() -> bool:
    if shutil.which("strace") is None:
        return False
    probe = subprocess.run(
        ["strace", "-o", "/dev/null", "true"], capture_output=True, timeout=10, check=False
    )
    return probe.returncode == 0


needs_strace = pytest.mark.skipif(not _traceable(), reason="strace is missing or may not trace here")


def _killing_git(folder: Path, call: str, number: int) -> dict[str, str]:
    """An environment whose `git` is killed at its own n-th `call`, while the program lives on."""
    folder.mkdir()
    wrapper = folder / "git"
    inject = f"strace -qq -o /dev/null -e trace={call} -e inject={call}:signal=KILL:when={number}"
    wrapper.write_text(f'#!/bin/sh\nexec {inject} {shutil.which("git")} "$@"\n')
    wrapper.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


@needs_strace
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_merge_whose_git_is_killed_between_its_renames_is_finished(repository, tmp_path, git, number):
    """Each git dies at its n-th rename: the first is the ledger's, the third main's.

    A program that cannot even move the ledger says so; one that has moved it finishes what it began.
    """
    main = git("rev-parse", "main")
    first = _run(repository, environment=_killing_git(tmp_path / "bin", "rename", number))
    if number == 1:
        assert first.returncode != 0
        assert git("rev-parse", "main") == main
    else:
        assert Merged.__name__ in first.stdout, first.stderr
    again = _run(repository)
    assert again.returncode == 0, again.stderr
    _whole(repository)


@pytest.mark.parametrize("after_ms", range(150, 500, 120))
def test_a_run_that_is_killed_at_any_moment_is_finished_by_the_next(repository, after_ms):
    process = subprocess.Popen([sys.executable, "-c", MERGE, str(repository)], stderr=subprocess.DEVNULL)
    time.sleep(after_ms / 1000)
    process.kill()
    process.wait(timeout=10)
    again = _run(repository)
    assert again.returncode == 0, again.stderr
    _whole(repository)


@pytest.fixture
def merged(repository):
    assert _run(repository).returncode == 0
    return repository


def _back(git, *refs: str) -> None:
    for ref in refs:
        git("update-ref", ref, f"{ref}~1")


def test_main_that_lags_behind_the_ledger_is_rolled_forward_with_its_checkout(merged, git):
    """Git was killed between its renames: the ledger moved, main did not, and locks were left."""
    main = git("rev-parse", "main")
    git("reset", "-q", "--hard", "main~1")
    (merged / ".git" / "HEAD.lock").write_text("")
    (merged / ".git" / "refs" / "heads" / "main.lock").write_text(main)
    forge = LocalForge(merged)
    assert forge.recover() == f"finished landing {main[:12]} on main"
    forge.shut()
    _whole(merged)


def test_a_conversation_that_lags_behind_the_ledger_is_completed(merged, git):
    _back(git, "refs/alphaloop/pr/1")
    git("reset", "-q", "--hard", "main~1")
    forge = LocalForge(merged)
    assert "told pull request 1 that it was merged" in forge.recover()
    forge.shut()
    _whole(merged)


def test_a_checkout_that_lags_behind_main_follows(merged, git):
    old, new = git("rev-parse", "main~1"), git("rev-parse", "main")
    git("read-tree", "-m", "-u", new, old)
    (merged / "strategy.py").write_text("HAL")
    (merged / ".alphaloop" / f"checkout-{new}.json").write_text(json.dumps({"old": old, "new": new}))
    (merged / ".git" / "index.lock").write_text("")
    forge = LocalForge(merged)
    assert "brought the checkout" in forge.recover()
    forge.shut()
    _whole(merged)


def test_an_edit_made_after_the_kill_is_never_overwritten(merged, git):
    old, new = git("rev-parse", "main~1"), git("rev-parse", "main")
    git("read-tree", "-m", "-u", new, old)
    (merged / "strategy.py").write_text("HALF = 'my own edit'\n")
    (merged / ".alphaloop" / f"checkout-{new}.json").write_text(json.dumps({"old": old, "new": new}))
    forge = LocalForge(merged)
    with pytest.raises(Exception, match=r"strategy.py was edited since"):
        forge.recover()
    forge.shut()
    assert (merged / "strategy.py").read_text() == "HALF = 'my own edit'\n"


def test_a_dirty_checkout_stops_the_roll_forward_with_words(merged, git):
    git("reset", "-q", "--hard", "main~1")
    (merged / "execution.py").write_text("mine\n")
    forge = LocalForge(merged)
    with pytest.raises(Exception, match="commit or stash"):
        forge.recover()
    assert forge.main() == git("rev-parse", "main")
    forge.shut()
    assert (merged / "execution.py").read_text() == "mine\n"


def test_a_landed_commit_that_git_threw_away_is_put_back(merged, git):
    git("reset", "-q", "--hard", "main~1")
    git("reflog", "expire", "--expire=now", "--all")
    git("update-ref", "-d", "ORIG_HEAD")
    git("gc", "-q", "--prune=now")
    forge = LocalForge(merged)
    assert "finished landing" in forge.recover()
    forge.shut()
    _whole(merged)


def test_main_that_left_the_ledgers_path_is_an_error_that_says_so(merged, git):
    git("commit", "-q", "--amend", "-m", "rewritten by hand")
    forge = LocalForge(merged)
    with pytest.raises(Exception, match="does not contain it"):
        forge.recover()
    forge.shut()


def test_a_closing_that_was_killed_is_told_later(merged):
    forge = LocalForge(merged)
    change = forge.open("quant", "Next", "", {"strategy.py": b"HALF = 3\n"}, "turn:2")
    body = {"change": 2, "head": change.head, "base": change.base, "why": "no", "event": "c"}
    forge.ledger.append(Draft(Kind.CLOSED, "closed:c", "close #2", body), "quant")
    assert "told pull request 2 that it was closed" in forge.recover()
    forge.close(2, "quant", "no", "c")
    assert [said.verb for said in forge.conversation(2)] == ["opened", "closed"]
    forge.shut()


def test_a_merge_that_was_killed_is_finished_by_merging_again(merged, git):
    git("reset", "-q", "--hard", "main~1")
    again = _run(merged)
    assert again.returncode == 0
    assert Merged.__name__ in again.stdout
    _whole(merged)
