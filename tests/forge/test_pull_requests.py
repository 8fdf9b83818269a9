"""Pull requests that live in the repository itself."""

import subprocess
import sys

import pytest

from alphaloop.errors import BadConfiguration, Misuse, RepositoryFailure, Untrusted
from alphaloop.facts.role import address
from alphaloop.forge import commits
from alphaloop.forge.git import Move, checked_ref
from alphaloop.forge.local import LocalForge

COMMENT = """
import sys
from pathlib import Path
from alphaloop.forge.local import LocalForge
forge = LocalForge(Path(sys.argv[1]))
for place in range(int(sys.argv[3])):
    forge.comment(1, "risk", f"{sys.argv[2]} says {place}", f"{sys.argv[2]}:{place}")
    forge.comment(1, "risk", f"all say {place}", f"all:{place}")
forge.shut()
"""
WIDER = {"strategy.py": b"HALF = 2\n"}


@pytest.fixture
def change(desk):
    return desk.open("quant", "Widen when volatile!", "It pays.", WIDER, "turn:1")


BAD_NAMES = [
    "--orphan",
    "main",
    "HEAD",
    "refs/heads/-x",
    "refs/heads/a..b",
    "refs/heads/a.lock",
    "refs/heads/",
    "refs/heads/ä",
    "refs//heads/a",
    "refs/heads/a/../b",
    "refs/heads/a.",
    "refs/heads/@{1}",
    "refs/heads/a~1",
]


@pytest.mark.parametrize(
    "name", [*BAD_NAMES, "", "refs/heads/a b", "refs/heads/a\nb", "refs/heads/" + "a" * 300]
)
def test_a_bad_reference_name_never_reaches_git(desk, name):
    with pytest.raises(Misuse):
        checked_ref(name)
    with pytest.raises(Misuse):
        desk.git.ref(name)
    with pytest.raises(Misuse):
        desk.git.move([Move(name, desk.main(), "0" * 40)])


@pytest.mark.parametrize("commit", ["--output=x", "main", "abc", "", "0" * 39, "G" * 40])
def test_what_is_no_commit_id_never_reaches_git(desk, commit):
    with pytest.raises(Misuse):
        desk.file(commit, "strategy.py")


def test_an_unknown_number_is_a_misuse(desk):
    with pytest.raises(Misuse, match="pull request 7"):
        desk.change(7)


def test_nothing_changed_opens_nothing(desk):
    with pytest.raises(Misuse, match="no change"):
        desk.open("quant", "Nothing", "", {"strategy.py": b"HALF = 1\n"}, "k")
    with pytest.raises(Misuse):
        desk.open("quant", "Outside", "", {"../x": b""}, "k")
    with pytest.raises(BadConfiguration, match="no key of"):
        desk.open("human:eve", "No key", "", WIDER, "k")
    assert desk.numbers() == ()
    assert len(desk.ledger.entries()) == 1


def test_a_change_is_read_from_git(desk, change, git):
    assert (change.number, change.author, change.base, change.based) == (1, "quant", desk.main(), True)
    assert change.branch == "alphaloop/quant/1-widen-when-volatile"
    assert change.head == git("rev-parse", change.branch)
    assert change.head_tree == git("rev-parse", f"{change.head}^{{tree}}")
    assert [(touch.path, touch.mode, touch.committer) for touch in change.touched] == [
        ("strategy.py", "100644", "quant")
    ]
    assert desk.file(change.head, "strategy.py") == WIDER["strategy.py"]
    assert git("log", "--format=%G?", change.branch) == "G\nG"


def test_opening_with_the_same_key_again_opens_nothing_more(desk, change):
    assert desk.open("quant", "Another title", "", {"strategy.py": b"HALF = 3\n"}, "turn:1") == change
    assert desk.numbers() == (1,)


def test_a_run_killed_after_the_number_was_given_completes_the_pull_request(desk, change, git, repository):
    git("update-ref", "-d", "refs/alphaloop/pr/1")
    git("update-ref", "-d", f"refs/heads/{change.branch}")
    again = LocalForge(repository)
    assert again.numbers() == ()
    assert again.open("quant", "Widen when volatile!", "It pays.", WIDER, "turn:1") == change
    git("update-ref", "-d", "refs/alphaloop/pr/1")
    assert again.recover() == "opened pull request 1, whose number was allocated"
    assert again.recover() == ""
    assert again.change(1) == change
    again.shut()


def test_plain_git_log_reads_like_a_conversation(desk, change, git):
    desk.comment(1, "human:ann", "Why not narrower?\nI wonder.", "c1")
    desk.comment(1, "risk", "Because of the tail.", "c2")
    desk.close(1, "human:ann", "Not now.", "c3")
    assert git("log", "--reverse", "--format=%B%G?", "refs/alphaloop/pr/1").split("\n") == [
        "quant opened #1: Widen when volatile!", "", "It pays.", "G",
        "human:ann commented #1: Why not narrower?", "", "Why not narrower?", "I wonder.", "G",
        "risk answered #1: Because of the tail.", "G",
        "human:ann closed #1: Not now.", "G",
    ]  # fmt: skip
    verbs = [(said.author, said.verb) for said in desk.conversation(1)]
    assert verbs[1:] == [("human:ann", "commented"), ("risk", "answered"), ("human:ann", "closed")]


def test_the_same_comment_is_said_once(desk, change):
    for _ in range(3):
        desk.comment(1, "risk", "Hm.", "same")
    assert len(desk.conversation(1)) == 2


def test_three_commenters_at_once_lose_and_double_nothing(desk, change, repository):
    started = [
        subprocess.Popen([sys.executable, "-c", COMMENT, str(repository), str(writer), "5"])
        for writer in range(3)
    ]
    assert [process.wait(timeout=60) for process in started] == [0, 0, 0]
    said = sorted(event.text for event in desk.conversation(1)[1:])
    own = [f"{writer} says {place}" for writer in range(3) for place in range(5)]
    assert said == sorted(own + [f"all say {place}" for place in range(5)])


def _commit(desk, git, change, tree, signer, claimed):
    content = commits.payload(tree, (change.head,), claimed, "More", 1_700_000_000)
    commit = commits.sealed(content, desk.keys.armour(signer, content))
    desk.git.write([commit])
    git("update-ref", f"refs/heads/{change.branch}", commit.id)
    return commit.id


def _forgers(change):
    """Who made what of a change, as far as they are nobody that roles.yaml could know."""
    return {touch.committer: touch.path for touch in change.touched if touch.committer.startswith("nobody (")}


def test_a_commit_whose_committer_is_forged_is_nobodys(desk, change, git):
    _commit(desk, git, change, change.head_tree, "quant", "risk")
    ((forger, path),) = _forgers(desk.change(1)).items()
    assert "claims risk@alphaloop.invalid and is signed by quant" in forger
    # It touches nothing, and would come along unseen: so it stands for all that the change touches.
    assert path == "strategy.py"


def test_a_commit_without_a_signature_is_nobodys(desk, change, git, repository):
    identity = ["-c", "user.name=quant", "-c", f"user.email={address('quant')}"]
    commit = git(*identity, "commit-tree", change.head_tree, "-p", change.head, "-m", "x")
    git("update-ref", f"refs/heads/{change.branch}", commit)
    ((forger, _),) = _forgers(desk.change(1)).items()
    assert "carries no signature" in forger


def test_a_commit_signed_with_a_foreign_key_is_nobodys(desk, change, git, tmp_path):
    from alphaloop.forge.keys.folder import KeyFolder, generate

    generate(tmp_path / "foreign", ["quant", "human:eve"])
    content = commits.payload(change.head_tree, (change.head,), "quant", "x", 1_700_000_000)
    commit = commits.sealed(content, KeyFolder(tmp_path / "foreign").armour("quant", content))
    desk.git.write([commit])
    git("update-ref", f"refs/heads/{change.branch}", commit.id)
    ((forger, _),) = _forgers(desk.change(1)).items()
    assert "a key that no principal" in forger


def test_a_symbolic_link_and_a_deletion_show_their_mode(desk, change, git):
    link = git("hash-object", "-w", "--stdin", stdin="/etc/passwd")
    tree = git("mktree", stdin=f"120000 blob {link}\tstrategy.py\n")
    _commit(desk, git, change, tree, "quant", "quant")
    touched = {touch.path: touch.mode for touch in desk.change(1).touched if touch.commit != change.head}
    assert touched["strategy.py"] == "120000"
    assert touched["execution.py"] == "000000"
    assert touched["tests/test_it.py"] == "000000"
    with pytest.raises(BadConfiguration, match="120000"):
        desk.file(desk.change(1).head, "strategy.py")
    assert "strategy.py" not in desk.files(desk.change(1).head)


def test_what_only_a_merge_takes_from_one_side_still_counts_as_touched(desk, change, git):
    """The branch merges main with `-s ours`: no commit touches execution.py, and yet it is taken back."""
    (desk.git.folders.root / "execution.py").write_text("KIND = 'fixed by hand'\n")
    git("commit", "-qam", "Fix by hand")
    content = commits.payload(
        change.head_tree, (change.head, desk.main()), "quant", "Merge main", 1_700_000_000
    )
    commit = commits.sealed(content, desk.keys.armour("quant", content))
    desk.git.write([commit])
    git("update-ref", f"refs/heads/{change.branch}", commit.id)
    now = desk.change(1)
    assert now.based
    assert "execution.py" in now.files


def test_an_event_of_another_pull_request_cannot_be_replayed(desk, change, git):
    other = desk.open("quant", "Other", "", {"strategy.py": b"HALF = 5\n"}, "turn:2")
    desk.comment(1, "human:ann", "I like it.", "c1")
    git("update-ref", f"refs/alphaloop/pr/{other.number}", "refs/alphaloop/pr/1")
    fresh = LocalForge(desk.git.folders.root)
    with pytest.raises(Untrusted, match="said elsewhere"):
        fresh.conversation(other.number)
    fresh.shut()


def test_a_rewritten_object_is_not_believed(desk, change, repository):
    import zlib

    blob = desk.files(change.head)["strategy.py"]
    path = repository / ".git" / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"blob 9\0HALF = 99"[:16]))
    fresh = LocalForge(repository)
    with pytest.raises((Untrusted, RepositoryFailure)):
        fresh.file(change.head, "strategy.py")
    assert fresh.main() == desk.main()
    fresh.shut()


def test_a_surrounding_hook_cannot_lead_to_another_repository(desk, change, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "objects"))
    fresh = LocalForge(desk.git.folders.root)
    assert fresh.change(1) == change
    fresh.shut()


def test_a_number_is_not_reused_after_its_pull_request_is_gone(desk, change, git):
    git("update-ref", "-d", "refs/alphaloop/pr/1")
    assert desk.open("quant", "Next", "", {"strategy.py": b"HALF = 7\n"}, "turn:2").number == 2
