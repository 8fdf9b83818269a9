"""Verifying: every byte that is altered, dropped, added or forged is seen."""

import zlib
from pathlib import Path

import pytest

from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Draft, Kind
from alphaloop.forge import commits
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.verify import verify


@pytest.fixture
def story(desk, decide, release):
    """A desk with a merge, a rollback, a comment and pages."""
    change = desk.open("quant", "Widen", "It pays.", {"strategy.py": b"HALF = 2\n"}, "turn:1")
    desk.comment(1, "human:ann", "Go on.", "c1")
    desk.merge(change, decide(desk, change), "sre", release)
    desk.restore(["strategy.py"], change.base, "sre", Draft(Kind.RELEASE, "back:1", "roll back #1", {"x": 1}))
    desk.ledger.render({"task.md": "# Tasks\n"}, "sre")
    desk.ledger.append(Draft(Kind.LESSON, "lesson:1", "a lesson", {"words": "wider is not better"}), "quant")
    return desk


def _false(folder: Path) -> list[str]:
    return [f"{line.what}: {line.words}" for line in verify(folder).claims if line.holds is Holds.FALSE]


def test_a_sound_desk_is_sound_and_shows_its_anchors(story, repository):
    report = verify(repository)
    assert report.sound, report.claims
    assert [anchor.how for anchor in report.anchors] == ["merge", "restore"]
    assert len(report.entries) == len(story.ledger.entries())
    assert {line.what for line in report.claims} >= {
        "objects",
        "ledger",
        "public keys",
        "main",
        "pull request 1",
    }


def test_a_clone_with_one_more_fetch_verifies_without_any_key(story, git, repository, tmp_path):
    git("clone", "-q", "--bare", str(repository), str(tmp_path / "clone.git"), cwd=tmp_path)
    git("fetch", "-q", "origin", "+refs/alphaloop/*:refs/alphaloop/*", cwd=tmp_path / "clone.git")
    report = verify(tmp_path / "clone.git")
    assert report.sound, report.claims
    assert len(report.entries) == len(story.ledger.entries())


def _rewritten(git, number_from_tip: int, change_entry) -> None:
    """Rewrite one entry by plumbing and put all later ones on top of it again, signatures and all."""
    listing = git("rev-list", "--reverse", "alphaloop/ledger").split("\n")
    place = len(listing) - 1 - number_from_tip
    new = change_entry(listing[place])
    for later in listing[place + 1 :]:
        raw = git("cat-file", "commit", later) + "\n"
        new = git("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw.replace(listing[place], new))
        listing[place] = later
    git("update-ref", LEDGER, new)


@pytest.mark.parametrize("number", range(7))
def test_an_altered_entry_is_seen_wherever_it_stands(story, git, repository, number):
    def alter(commit: str) -> str:
        text = git("show", f"{commit}:entry.json") + "\n"
        blob = git("hash-object", "-w", "--stdin", stdin=text.replace('"key"', '"kex"', 1))
        lines = git("ls-tree", commit).split("\n")
        lines = [line if "entry.json" not in line else f"100644 blob {blob}\tentry.json" for line in lines]
        tree = git("mktree", stdin="\n".join(lines) + "\n")
        raw = git("cat-file", "commit", commit) + "\n"
        old = git("rev-parse", f"{commit}^{{tree}}")
        return git("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw.replace(old, tree, 1))

    _rewritten(git, number, alter)
    (repository / ".alphaloop" / "high-water").unlink()
    assert any(line.startswith("ledger:") for line in _false(repository))


def test_a_byte_flipped_in_any_file_of_the_ledger_is_seen_and_never_a_crash(story, git, repository):
    objects = git("rev-list", "--objects", "--no-object-names", "alphaloop/ledger").split("\n")
    for identity in objects:
        path = repository / ".git" / "objects" / identity[:2] / identity[2:]
        good = path.read_bytes()
        path.chmod(0o644)
        for place in {0, len(good) // 2, len(good) - 1}:
            path.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
            assert _false(repository), f"{identity} byte {place}"
        path.write_bytes(good)
    assert verify(repository).sound


def test_a_rewritten_loose_object_under_its_old_name_is_seen(story, git, repository):
    blob = git("rev-parse", "alphaloop/ledger:entry.json")
    path = repository / ".git" / "objects" / blob[:2] / blob[2:]
    raw = zlib.decompress(path.read_bytes())
    path.chmod(0o644)
    path.write_bytes(zlib.compress(raw.replace(b"wider", b"wodir")))
    assert any("ledger:" in line and "does not hold" in line for line in _false(repository))


def test_dropped_reordered_and_doubled_entries_are_seen(story, git, repository):
    tip = git("rev-parse", "alphaloop/ledger")
    for onto in ("~2", "~3"):
        raw = git("cat-file", "commit", tip) + "\n"
        parent = git("rev-parse", f"{tip}~1")
        other = git("rev-parse", f"{tip}{onto}")
        moved = git("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw.replace(parent, other))
        git("update-ref", LEDGER, moved)
        assert _false(repository)
    replayed = git("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw.replace(parent, tip))
    git("update-ref", LEDGER, replayed)
    assert _false(repository)


def test_truncation_is_seen_by_the_mark_here_and_by_the_anchor_in_a_clone(story, git, repository):
    git("update-ref", LEDGER, "alphaloop/ledger~1")
    assert any(line.startswith("high-water mark:") for line in _false(repository))
    (repository / ".alphaloop" / "high-water").unlink()
    assert verify(repository).sound, "after the last anchor nobody can see it: said in the docs"
    git("update-ref", LEDGER, "alphaloop/ledger~2")
    assert any(line.startswith("main ") for line in _false(repository))


def test_a_commit_on_main_that_nobody_landed_is_seen(story, git, repository):
    tree = git("rev-parse", "main^{tree}")
    content = commits.payload(tree, (story.main(),), "quant", "Sneak in", 1_700_000_000)
    sneaked = commits.sealed(content, story.keys.armour("quant", content))
    story.git.write([sneaked])
    git("update-ref", "refs/heads/main", sneaked.id)
    assert any("no ledger entry landed it" in line for line in _false(repository))


def test_an_unsigned_commit_on_main_is_seen(story, git, repository):
    git("-c", "commit.gpgsign=false", "commit", "-q", "--allow-empty", "-m", "unsigned")
    assert any("no signature" in line for line in _false(repository))


def test_a_forged_merge_that_claims_a_landing_is_seen(story, git, repository):
    git("commit", "-q", "--allow-empty", "-m", f"By hand\n\nLedger-Tip: {'a' * 40}")
    assert any("claims to be landed" in line for line in _false(repository))


def test_an_entry_signed_by_another_seat_than_it_claims_is_seen(story, git, repository):
    tip = git("rev-parse", "alphaloop/ledger")
    tree = git("rev-parse", f"{tip}^{{tree}}")
    content = commits.payload(tree, (f"{git('rev-parse', tip + '~1')}",), "risk", "a lesson", 1_700_000_000)
    forged = commits.sealed(content, story.keys.armour("quant", content))
    story.git.write([forged])
    git("update-ref", LEDGER, forged.id)
    (repository / ".alphaloop" / "high-water").unlink()
    assert any("forged" in line for line in _false(repository))


def test_a_pull_request_that_nobody_allocated_is_seen(story, git, repository):
    git("update-ref", "refs/alphaloop/pr/9", "refs/alphaloop/pr/1")
    assert any(line.startswith("pull request 9:") for line in _false(repository))


def test_another_repositorys_ledger_is_seen(story, git, repository, tmp_path):
    from alphaloop.forge.founding import found

    found(tmp_path / "other", {"strategy.py": b"HALF = 1\n"}, ["quant"], "eve")
    git("fetch", "-q", str(tmp_path / "other"), "+alphaloop/ledger:refs/heads/alphaloop/ledger")
    (repository / ".alphaloop" / "high-water").unlink()
    assert _false(repository)


def test_a_missing_ledger_is_false_and_not_a_crash(story, git, repository):
    git("update-ref", "-d", LEDGER)
    assert any("no branch alphaloop/ledger" in line for line in _false(repository))
