"""Trees that nobody should make: each is refused in words, and what is judged is always the blob."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from alphaloop.errors import BadConfiguration, Untrusted
from alphaloop.facts.change import Change, Touched
from alphaloop.facts.role import Power, Seat, Seats
from alphaloop.forge.keys import folder as keys
from alphaloop.forge.keys import rotation
from alphaloop.forge.local import LocalForge
from alphaloop.forge.objects import Node, Object, object_id, tree
from alphaloop.forge.signature import public_line
from alphaloop.forge.twins import twins
from alphaloop.rules.scope import out_of_scope

SEATS = Seats(
    (
        Seat("quant", "", ("strategy.py", "tests/**"), (), frozenset({Power.PROPOSE})),
        Seat("risk", "", (), ("**",), frozenset({Power.VETO, Power.REVIEW, Power.OPEN_TESTS})),
        Seat("sre", "", (), (), frozenset({Power.MERGE})),
    ),
    ("ann",),
    3,
)
BLOB = object_id("blob", b"HALF = 2\n")
EMPTY = object_id("tree", b"")
Push = Callable[..., Change]


@pytest.fixture
def push(desk: LocalForge, git: Callable[..., str]) -> Push:
    """Push a commit with this tree onto the branch of change 1, as Quant's key and plain git do."""
    change = desk.open("quant", "Twice as wide", "", {"strategy.py": b"HALF = 2\n"}, "k")
    signing = ["-c", f"user.signingkey={desk.keys.folder / 'quant'}", "-c", "user.name=quant"]
    signing += ["-c", "user.email=quant@alphaloop.invalid"]

    def pushed(listing: str = "", *, root: str = "") -> Change:
        made = root or git("mktree", "-z", "--missing", stdin=listing)
        commit = git(*signing, "commit-tree", "-S", "-m", "A change", "-p", change.head, made)
        git("update-ref", f"refs/heads/{change.branch}", commit)
        return desk.change(change.number)

    return pushed


@pytest.fixture
def standing(desk: LocalForge, git: Callable[..., str]) -> str:
    """The lines of main's tree, for another tree to begin with."""
    return git("ls-tree", "-z", "main")


def said(change: Change) -> str:
    """What the scope stage says against a change."""
    return "; ".join(finding.message for finding in out_of_scope(change, SEATS))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f"120000 blob {BLOB}\tstrategy.py", "a symbolic link (mode 120000); only mode 100644 is taken"),
        (f"100755 blob {BLOB}\tstrategy.py", "an executable file (mode 100755)"),
        (f"160000 commit {'a' * 40}\tstrategy.py", "a submodule (mode 160000)"),
        (f"100664 blob {BLOB}\tstrategy.py", "only mode 100644 is taken"),
        (f"040000 tree {EMPTY}\tstrategy.py", "deletes strategy.py, which must stay"),
    ],
)
def test_a_strategy_that_is_no_regular_file_is_refused(push, standing, line, why):
    rest = [entry for entry in standing.split("\0") if entry and not entry.endswith("\tstrategy.py")]
    assert why in said(push("\0".join([*rest, line, ""])))


@pytest.mark.parametrize("kind", ["120000 blob", "160000 commit"])
def test_what_is_no_regular_file_is_never_read_as_one(desk, push, standing, kind):
    rest = [entry for entry in standing.split("\0") if entry and not entry.endswith("\tstrategy.py")]
    identity = BLOB if kind.endswith("blob") else "a" * 40
    change = push("\0".join([*rest, f"{kind} {identity}\tstrategy.py", ""]))
    with pytest.raises(BadConfiguration, match="make it a regular file"):
        desk.file(change.head, "strategy.py")


@pytest.mark.parametrize(
    "path",
    ["a\nb.py", "a\tb.py", "a\x1b[2Jb.py", "strat\u202egy.py", "stratégy.py", "-rf", "a b.py", "nul", "a."],
)
def test_a_name_that_two_readers_see_differently_is_refused(push, standing, path):
    assert "is refused" in said(push(f"{standing}100644 blob {BLOB}\t{path}\0"))


@pytest.mark.parametrize("path", ["Strategy.py", "STRATEGY.PY", "Execution.py", "Tests"])
def test_a_twin_in_another_case_is_refused_though_nobody_touched_the_other(push, standing, path):
    assert "differ only in case" in said(push(f"{standing}100644 blob {BLOB}\t{path}\0"))


def test_a_twin_below_a_folder_is_refused_though_nobody_touched_the_other(desk, git):
    change = desk.open("quant", "A test", "", {"tests/TEST_it.py": b"def test(): ...\n"}, "k")
    assert change.twins == ("tests/test_it.py",)
    assert "'tests/test_it.py' and 'tests/TEST_it.py' differ only in case" in said(change)
    plain = desk.open("quant", "A test", "", {"tests/test_other.py": b"def test(): ...\n"}, "k2")
    assert (plain.twins, said(plain)) == ((), "")


def test_a_deleted_path_has_no_twin():
    read = {"root": {"A.py": Node("100644", BLOB)}}.__getitem__
    assert twins(read, "root", ["a.py"]) == ()
    assert twins(read, "root", ["A.py"]) == ()


def test_a_path_that_stands_twice_in_a_tree_is_untrusted(desk, push, standing, git, repository):
    lines = tree({"strategy.py": Node("100644", BLOB)}).content
    other = tree({"strategy.py": Node("100644", object_id("blob", b"HALF = 1\n"))}).content
    double = Object("tree", lines + other)
    written = subprocess.run(
        ["git", "hash-object", "-t", "tree", "-w", "--literally", "--stdin"],
        cwd=repository,
        input=double.content,
        capture_output=True,
        check=True,
        timeout=30,
    )
    assert written.stdout.decode().strip() == double.id
    with pytest.raises(Untrusted, match=r"lists 'strategy\.py' twice"):
        push(root=double.id)


@pytest.mark.parametrize("name", [".gitattributes", "tests/.gitattributes", ".GITATTRIBUTES", ".gitmodules"])
@pytest.mark.parametrize("author", ["quant", "human:ann"])
def test_a_file_that_steers_git_is_refused_whoever_writes_it(desk, author, name):
    change = desk.open(author, "Attributes", "", {name: b"*.py text eol=crlf\n"}, "k")
    assert "git acts on this file" in said(change)


def test_what_is_judged_is_the_blob_and_never_a_checkout(desk, repository, git):
    (repository / ".gitattributes").write_text("*.py text working-tree-encoding=UTF-16LE\n")
    git("add", ".gitattributes")
    git("commit", "-qm", "Attributes, by hand")
    (repository / "strategy.py").unlink()
    git("checkout", "--", "strategy.py")
    assert (repository / "strategy.py").read_bytes().startswith(b"H\0")
    assert desk.file(desk.main(), "strategy.py") == b"HALF = 1\n"
    change = desk.open("quant", "Twice as wide", "", {"strategy.py": b"HALF = 2\n"}, "k")
    assert desk.file(change.head, "strategy.py") == b"HALF = 2\n"


def test_a_file_that_steers_git_may_go_away_again():
    touched = (Touched(".gitattributes", "000000", "human:ann", "a" * 40),)
    change = Change(1, "human:ann", "", "", "b" * 40, "a" * 40, "c" * 40, touched, based=True)
    assert said(change) == ""


def test_a_forged_committer_is_refused_and_nothing_is_lost(desk, git):
    change = desk.open("quant", "Twice as wide", "", {"strategy.py": b"HALF = 2\n"}, "k")
    key = desk.keys.folder / "quant"
    forged = git(
        *["-c", "user.name=risk", "-c", "user.email=risk@alphaloop.invalid", "-c", f"user.signingkey={key}"],
        *["commit-tree", "-S", "-m", "As Risk", "-p", change.head, f"{change.head}^{{tree}}"],
    )
    git("update-ref", f"refs/heads/{change.branch}", forged)
    refused = said(desk.change(change.number))
    assert "claims risk@alphaloop.invalid and is signed by quant" in refused
    assert "whom roles.yaml does not know" in refused
    git("update-ref", f"refs/heads/{change.branch}", change.head)
    assert desk.change(change.number) == change


def test_a_dirty_work_tree_is_left_alone_by_a_change_of_keys(desk, repository: Path) -> None:
    (repository / "strategy.py").write_text("HALF = 99\n")
    line = public_line(keys.draw(desk.keys.folder, "quant"))
    rotation.change_key(desk.git, desk.ledger, "quant", line, "", "human:ann")
    assert (repository / "strategy.py").read_text() == "HALF = 99\n"
