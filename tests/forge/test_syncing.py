"""Clones that went on without each other: what each did comes along, exactly once, and nothing is forced."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from alphaloop.doors.syncing import synced as door_synced
from alphaloop.errors import Misuse, Refused, RepositoryFailure, Untrusted
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.episode import GUARDS
from alphaloop.facts.evidence import Scales
from alphaloop.facts.mark import Mark
from alphaloop.facts.role import Seats
from alphaloop.facts.verdict import BINDING, Grounds, Stance, Verdict
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.founding import found
from alphaloop.forge.local import LocalForge
from alphaloop.forge.syncing import imports, remote
from alphaloop.forge.syncing.sync import sync
from alphaloop.forge.verify import verify
from alphaloop.rules.budget import next_level
from alphaloop.rules.entries import opened, stops, verdicts
from alphaloop.rules.entries.imported import imported
from alphaloop.rules.entries.marks import is_draft
from alphaloop.rules.entries.measured import trials_so_far
from alphaloop.rules.entries.verdicts import verdict_of
from alphaloop.rules.gate import promoting
from alphaloop.rules.stopped import stop_in_force

FILES = {"strategy.py": b"HALF = 1\n", "execution.py": b"KIND = 'post'\n"}
Synced = Callable[[LocalForge], tuple[str, ...]]


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True, timeout=60)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with one open pull request, and a bare origin that has all of it; for copying only."""
    place = tmp_path_factory.mktemp("founded")
    found(place / "desk", FILES, ("quant", "risk", "sre"), "ann")
    forge = LocalForge(place / "desk")
    forge.open("quant", "Widen", "It pays.", {"strategy.py": b"HALF = 2\n"}, "turn:1")
    _git(place, "init", "-q", "--bare", "--initial-branch=main", "origin.git")
    assert sync(forge.git, forge.keys, forge.ledger, str(place / "origin.git"), None) == ()
    forge.shut()
    return place


@pytest.fixture
def place(founded: Path, tmp_path: Path) -> Path:
    shutil.copytree(founded / "origin.git", tmp_path / "origin.git")
    for name in ("here", "there"):
        shutil.copytree(founded / "desk", tmp_path / name)
    return tmp_path


@pytest.fixture
def sides(place: Path) -> Iterator[tuple[LocalForge, LocalForge]]:
    """Two clones of one desk, both with all keys, that stand where origin stands."""
    with ExitStack() as stack:
        forges = [LocalForge(place / name) for name in ("here", "there")]
        for forge in forges:
            stack.callback(forge.shut)
        yield forges[0], forges[1]


@pytest.fixture
def synced(place: Path) -> Synced:
    def run(forge: LocalForge) -> tuple[str, ...]:
        return sync(forge.git, forge.keys, forge.ledger, str(place / "origin.git"), "human:ann")

    return run


def _trial(key: str, count: int) -> Draft:
    return Draft(Kind.TRIAL, f"trial:{key}", f"{count} candidates", {"count": count})


def _refs(folder: Path) -> dict[str, str]:
    lines = _git(folder, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/alphaloop")
    return dict(line.split(" ") for line in lines.splitlines())


def _false(folder: Path) -> list[str]:
    return [f"{one.what}: {one.words}" for one in verify(folder).claims if one.holds is Holds.FALSE]


@pytest.mark.parametrize(
    "origin", ["", "-x", "--upload-pack=touch x", "ext::sh -c x", "a\nb", " x", "x" * 1001]
)
def test_what_is_no_remote_is_refused(origin):
    with pytest.raises(Misuse):
        remote.checked(origin)


def test_an_origin_that_is_not_there_is_refused_and_nothing_moves(sides, place):
    before = _refs(place / "here")
    with pytest.raises(RepositoryFailure, match="cannot be fetched"):
        sync(sides[0].git, sides[0].keys, sides[0].ledger, str(place / "gone.git"), "human:ann")
    assert _refs(place / "here") == before


def test_another_desk_is_never_joined(sides, place):
    found(place / "other", FILES, ("quant", "risk", "sre"), "ann")
    with pytest.raises(Untrusted, match="is another desk"):
        sync(sides[0].git, sides[0].keys, sides[0].ledger, str(place / "other"), "human:ann")


def test_an_origin_that_lost_what_was_seen_there_is_not_followed(sides, synced, place):
    sides[0].ledger.append(_trial("a", 3), "quant")
    synced(sides[0])
    _git(place / "origin.git", "update-ref", "refs/heads/alphaloop/ledger", "refs/heads/alphaloop/ledger~1")
    sides[0].ledger.append(_trial("b", 3), "quant")
    with pytest.raises(Untrusted, match="has lost entry"):
        synced(sides[0])


def test_whoever_is_ahead_pushes_and_whoever_is_behind_follows(sides, synced, place):
    sides[0].comment(1, "human:ann", "Go on.", "c1")
    sides[0].ledger.append(_trial("a", 3), "quant")
    assert synced(sides[0]) == ()
    assert synced(sides[1]) == ()
    assert _refs(place / "here") == _refs(place / "there") == _refs(place / "origin.git")
    assert synced(sides[1]) == ()
    assert _false(place / "there") == []


def test_entries_of_a_clone_that_diverged_count_as_trials_and_keep_who_signed_them(sides, synced, place):
    sides[0].ledger.append(_trial("here", 3), "quant")
    sides[1].ledger.append(_trial("there", 4), "quant")
    original = sides[1].ledger.entries()[-1]
    synced(sides[0])
    words = synced(sides[1])
    assert words[0] == "1 entries of this clone were imported: they count as trials and promote nothing"
    entries = sides[1].ledger.entries()
    assert [entry.kind for entry in entries[-2:]] == [Kind.TRIAL, Kind.IMPORTED]
    told = entries[-1].body
    assert (told["of"], told["by"], told["was"]) == (original.commit, "quant", "trial")
    assert trials_so_far(entries) == 3 + 4
    assert _false(place / "there") == _false(place / "origin.git") == []


def test_importing_twice_adds_nothing_even_after_a_kill_between_push_and_move(sides, synced, place):
    sides[0].ledger.append(_trial("here", 3), "quant")
    sides[1].ledger.append(_trial("there", 4), "quant")
    synced(sides[0])
    shutil.copytree(place / "there", place / "killed")
    synced(sides[1])
    killed = LocalForge(place / "killed")
    assert synced(killed) == ()
    killed.shut()
    assert _refs(place / "killed") == _refs(place / "there") == _refs(place / "origin.git")
    assert trials_so_far(sides[1].ledger.entries()) == 7
    assert _false(place / "killed") == []


def test_two_pull_requests_that_took_one_number_keep_apart(sides, synced, place):
    mine = sides[0].open("quant", "Skew", "", {"strategy.py": b"HALF = 3\n"}, "turn:2")
    sides[1].open("sre", "Tidy", "", {"execution.py": b"KIND = 'ioc'\n"}, "by:hand")
    sides[1].comment(2, "human:ann", "/alphaloop stop", "c9")
    assert mine.number == 2
    synced(sides[0])
    words = synced(sides[1])
    assert "#2 of this clone is now #3: the ledger gives the numbers" in words
    forge = LocalForge(place / "there")
    assert (forge.change(2).title, forge.change(3).title) == ("Skew", "Tidy")
    assert forge.change(3).head == sides[1].git.ref("refs/heads/alphaloop/sre/3-tidy")
    told = forge.conversation(3)
    assert "Opened as #2 in a clone" in told[0].text
    assert "> > /alphaloop stop" in told[1].text
    forge.shut()
    assert synced(sides[0]) == ()
    assert _refs(place / "here") | _refs(place / "origin.git") == _refs(place / "origin.git")
    assert _false(place / "there") == _false(place / "here") == []
    left = _git(place / "there", "for-each-ref", "refs/left", "--format=%(refname)")
    assert left.endswith("/pr-2")


def test_one_conversation_held_in_two_clones_is_read_in_one_order_and_exactly_once(sides, synced, place):
    for key, text in (("both", "The same."), ("h1", "Here."), ("h2", "Here again.")):
        sides[0].comment(1, "human:ann", text, key)
    for author, key, text in (("risk", "t1", "There."), ("human:ann", "both", "The same.")):
        sides[1].comment(1, author, text, key)
    sides[1].comment(1, "risk", "Not what ann said.", "h1")
    synced(sides[0])
    assert "#1: what was said here and there stands in one conversation now" in synced(sides[1])
    synced(sides[0])
    said = [event.text for event in sides[0].conversation(1)][1:]
    assert said == ["The same.", "Here.", "Here again.", "There.", "Not what ann said.", "two clones"]
    assert said == [event.text for event in sides[1].conversation(1)][1:]
    sides[0].comment(1, "human:ann", "And on.", "h3")
    sides[0].comment(1, "risk", "There.", "t1")
    assert [event.text for event in sides[0].conversation(1)][-1] == "And on."
    parents = _git(place / "here", "log", "-1", "--format=%P", "refs/alphaloop/pr/1~1").split()
    assert len(parents) == 2
    assert _false(place / "here") == []


def test_a_conversation_that_somebody_spoilt_at_origin_keeps_nothing_else_apart(sides, synced, place):
    origin, name = place / "origin.git", "refs/alphaloop/pr/1"
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    spoilt = _git(origin, *who, "commit-tree", f"{name}^{{tree}}", "-p", name, "-m", "spoilt")
    _git(origin, "update-ref", name, spoilt)
    sides[1].ledger.append(_trial("there", 3), "quant")
    (words,) = synced(sides[1])
    assert words.startswith("#1 stays as it is on both sides: ")
    assert words in synced(sides[0])
    assert sides[0].ledger.entries() == sides[1].ledger.entries()
    assert sides[0].git.ref(name) not in (None, spoilt)
    assert [said.verb for said in sides[0].conversation(1)] == ["opened"]
    assert _false(place / "here") == []


def test_a_merge_that_lost_the_race_is_no_merge(sides, synced, place, decide, release):
    sides[0].ledger.append(_trial("here", 3), "quant")
    base = sides[0].main()
    change = sides[1].change(1)
    sides[1].merge(change, decide(sides[1], change), "sre", release)
    assert sides[1].main() != base
    synced(sides[0])
    words = synced(sides[1])
    assert f"main is {base[:12]} again: 1 landings of this clone lost the race" in words
    assert sides[1].main() == base
    assert (place / "there" / "strategy.py").read_text() == "HALF = 1\n"
    assert [said.verb for said in sides[1].conversation(1)] == ["opened", "void merged"]
    now = sides[1].change(1)
    assert now == change
    sides[1].merge(now, decide(sides[1], now), "sre", release)
    synced(sides[1])
    synced(sides[0])
    assert (place / "here" / "strategy.py").read_text() == "HALF = 2\n"
    assert _false(place / "here") == _false(place / "there") == []


def test_a_commit_by_hand_on_a_main_that_went_on_is_for_a_human_to_rebase(
    sides, synced, place, decide, release
):
    change = sides[0].change(1)
    sides[0].merge(change, decide(sides[0], change), "sre", release)
    synced(sides[0])
    (place / "there" / "execution.py").write_text("KIND = 'ioc'\n")
    _git(place / "there", "commit", "-qam", "By hand")
    before = _refs(place / "there")
    with pytest.raises(Refused, match="git rebase"):
        synced(sides[1])
    assert _refs(place / "there") == before
    _git(place / "there", "fetch", "-q", str(place / "origin.git"), "main")
    _git(place / "there", "rebase", "-q", "FETCH_HEAD")
    synced(sides[1])
    assert _refs(place / "there") == _refs(place / "origin.git")


def test_a_main_that_nobody_answers_for_is_neither_pushed_nor_checked_out(sides, synced, place):
    evil = place / "evil"
    _git(place, "clone", "-q", "origin.git", "evil")
    (evil / "strategy.py").write_text("HALF = 99\n")
    _git(evil, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qam", "Mine")
    _git(evil, "push", "-q", "origin", "main")
    before = _refs(place / "here")
    with pytest.raises(Untrusted, match="carries no signature"):
        synced(sides[0])
    assert _refs(place / "here") == before
    assert (place / "here" / "strategy.py").read_text() == "HALF = 1\n"


def test_a_branch_that_somebody_works_in_is_not_moved_under_them(sides, synced, place):
    branch = sides[1].change(1).branch
    _git(place / "there", "checkout", "-q", branch)
    before = _git(place / "there", "rev-parse", "HEAD")
    sides[0].push(1, "quant", {"strategy.py": b"HALF = 4\n"}, "Again", "p")
    synced(sides[0])
    assert f"{branch} is checked out here" in synced(sides[1])[0]
    assert _git(place / "there", "rev-parse", "HEAD") == before
    assert _git(place / "there", "status", "--porcelain", "--untracked-files=no") == ""
    _git(place / "there", "checkout", "-q", "main")
    assert synced(sides[1]) == ()
    assert _refs(place / "there") == _refs(place / "origin.git")


def test_a_dirty_checkout_is_not_written_over(sides, synced, place, decide, release):
    change = sides[0].change(1)
    sides[0].merge(change, decide(sides[0], change), "sre", release)
    synced(sides[0])
    (place / "there" / "strategy.py").write_text("HALF = 9\n")
    with pytest.raises(Refused, match="uncommitted changes to strategy"):
        synced(sides[1])
    assert (place / "there" / "strategy.py").read_text() == "HALF = 9\n"


def test_a_stop_that_was_given_offline_stops_everybody(sides, synced):
    sides[0].ledger.append(_trial("here", 3), "quant")
    sides[1].ledger.append(stops.stop(sides[1].ledger.entries(), "sre", "smoke"), "sre")
    synced(sides[0])
    assert "the stop of this clone is in force everywhere now: a human resumes" in synced(sides[1])
    synced(sides[0])
    stop = stop_in_force(sides[0].ledger.entries())
    assert stop is not None
    assert "said in a clone by sre: smoke" in stop.body["reason"]


def test_a_fresh_clone_without_any_key_syncs_and_a_divergence_asks_for_one(sides, synced, place):
    _git(place, "clone", "-q", "origin.git", "fresh")
    fresh = LocalForge(place / "fresh")
    assert sync(fresh.git, fresh.keys, fresh.ledger, "origin", None) == ()
    assert len(fresh.ledger.entries()) == 2
    fresh.shut()
    sides[0].ledger.append(_trial("here", 3), "quant")
    sides[1].ledger.append(_trial("there", 4), "quant")
    synced(sides[0])
    with pytest.raises(Refused, match="somebody signs"):
        sync(sides[1].git, sides[1].keys, sides[1].ledger, str(place / "origin.git"), None)


def test_a_draft_that_gets_a_new_number_stays_a_draft_and_a_closed_one_stays_away(sides, synced, place):
    sides[0].ledger.append(_trial("here", 3), "quant")
    sides[1].open("quant", "Skew", "", {"strategy.py": b"HALF = 3\n"}, "turn:2")
    sides[1].mark(2, "human:ann", Mark.DRAFTED, "d")
    sides[1].open("sre", "Tidy", "", {"execution.py": b"KIND = 'ioc'\n"}, "by:hand")
    sides[1].close(3, "sre", "no use", "c")
    synced(sides[0])
    words = synced(sides[1])
    assert "#3 of this clone was closed here, so only its entries came along" in words
    entries = sides[1].ledger.entries()
    assert is_draft(entries, 2)
    assert LocalForge(place / "there").numbers() == (1, 2)
    assert _false(place / "there") == []


def test_what_a_clone_paid_for_tests_stays_paid_and_lowers_what_comes_after(sides, synced):
    before = next_level(sides[0].ledger.entries())
    sides[0].ledger.append(_trial("here", 3), "quant")
    change = sides[1].change(1)
    scales = Scales(1.0, dict.fromkeys(GUARDS), 40)
    test = opened.test_opened(sides[1].ledger.entries(), change, before, 0, scales, "sha256:" + "a" * 64)
    sides[1].ledger.append(test, "risk")
    after = next_level(sides[1].ledger.entries())
    synced(sides[0])
    synced(sides[1])
    entries = sides[1].ledger.entries()
    assert [entry.kind for entry in entries[-2:]] == [Kind.TRIAL, Kind.IMPORTED]
    # (.05 - level) / 1000 for the second test, where the first paid (.05 - 0) / 1000.
    assert next_level(entries) == after == pytest.approx((0.05 - before) / 1000)
    assert next_level(entries, "sha256:" + "a" * 64) <= after
    assert promoting(entries, change, Seats((), ("ann",), 3)) == frozenset()


@pytest.mark.parametrize("field", ["of", "by", "was", "place", "count", "level", "plays"])
def test_an_import_that_says_otherwise_than_its_original_is_never_taken(sides, synced, field):
    sides[0].ledger.append(_trial("here", 3), "quant")
    sides[1].ledger.append(_trial("there", 4), "quant")
    original = sides[1].ledger.entries()[-1]
    true = imported(original)
    wrong = {
        "of": "0" * 40,
        "by": "risk",
        "was": "lesson",
        "place": 1,
        "count": 9,
        "level": 0.1,
        "plays": "x",
    }
    draft = replace(true, body={**true.body, field: wrong[field]}, keeps={imports.ORIGINAL: original.commit})
    with pytest.raises(Untrusted):
        sides[1].ledger.append(draft, "human:ann")


def test_an_entry_of_this_very_ledger_is_never_imported_into_it(sides):
    entry = sides[0].ledger.append(_trial("here", 3), "quant")
    draft = replace(imported(entry), keeps={imports.ORIGINAL: entry.commit})
    with pytest.raises(Untrusted, match="stands in this ledger itself"):
        sides[0].ledger.append(draft, "human:ann")


RACE = """
import sys
from pathlib import Path
from alphaloop.facts.entry import Draft, Kind
from alphaloop.forge.local import LocalForge
from alphaloop.forge.syncing.sync import sync
forge = LocalForge(Path(sys.argv[1]))
for place in range(3):
    key = f"trial:{sys.argv[1]}:{place}"
    forge.ledger.append(Draft(Kind.TRIAL, key, "a trial", {"count": 1}), "quant")
    forge.comment(1, "human:ann", key, key)
    sync(forge.git, forge.keys, forge.ledger, sys.argv[2], "human:ann")
forge.shut()
"""


def test_clones_that_race_to_one_origin_lose_nothing_and_double_nothing(place, founded):
    names = ("here", "there", "third")
    shutil.copytree(founded / "desk", place / "third")
    commands = [[sys.executable, "-c", RACE, str(place / name), str(place / "origin.git")] for name in names]
    running = [subprocess.Popen(command) for command in commands]
    assert [one.wait(timeout=120) for one in running] == [0, 0, 0]
    forge = LocalForge(place / "origin.git")
    assert trials_so_far(forge.ledger.entries()) == 9
    said = [event.text for event in forge.conversation(1) if event.text.startswith("trial:")]
    forge.shut()
    assert len(said) == len(set(said)) == 9
    assert _false(place / "origin.git") == []


def _word(forge: LocalForge, number: int, seat: str, stance: Stance) -> None:
    change, entries = forge.change(number), forge.ledger.entries()
    grounds = Grounds(entries[0].commit, change.head_tree, None, "", dict.fromkeys(BINDING, "x"))
    said = Verdict(seat, number, change.head, change.base, stance, rests_on="their word", grounds=grounds)
    forge.ledger.append(verdicts.verdict(entries, said), seat)


def test_what_forbids_is_said_again_and_what_allows_is_not(sides, synced, place):
    sides[0].ledger.append(_trial("here", 3), "quant")
    sides[1].open("sre", "Tidy", "", {"execution.py": b"KIND = 'ioc'\n"}, "by:hand")
    _word(sides[1], 1, "human:ann", Stance.VETO)
    _word(sides[1], 1, "risk", Stance.APPROVE)
    _word(sides[1], 2, "human:ann", Stance.HOLD)
    synced(sides[0])
    sides[0].open("quant", "Skew", "", {"strategy.py": b"HALF = 3\n"}, "turn:2")
    synced(sides[0])
    synced(sides[1])
    synced(sides[0])
    entries = sides[0].ledger.entries()
    told = [(one.seat, one.change, one.stance) for one in map(verdict_of, _of(entries, Kind.VERDICT))]
    assert told == [("human:ann", 1, Stance.VETO), ("human:ann", 3, Stance.HOLD)]
    assert _false(place / "here") == []


def test_what_forbids_is_named_where_its_giver_has_no_key(sides, synced, place):
    sides[0].ledger.append(_trial("here", 3), "quant")
    synced(sides[0])
    _word(sides[1], 1, "human:ann", Stance.VETO)
    for key in (place / "there" / ".alphaloop" / "keys").glob("human*"):
        key.unlink()
    words = sync(sides[1].git, sides[1].keys, sides[1].ledger, str(place / "origin.git"), "sre")
    assert any("human:ann must say it again" in one for one in words), words


def test_a_sync_that_was_killed_between_ledger_and_main_is_finished_by_the_next(
    sides, synced, place, decide, release
):
    """Two landings behind: recovery alone must not guess, and the other side knows."""
    for number, files in ((1, {}), (2, {"execution.py": b"KIND = 'ioc'\n"})):
        change = sides[0].open("sre", "Tidy", "", files, "by:hand") if files else sides[0].change(1)
        seat = "sre" if number == 1 else "risk"
        sides[0].merge(change, decide(sides[0], change), seat, replace(release, key=f"release:{number}"))
    synced(sides[0])
    origin = str(place / "origin.git")
    _git(place / "there", "fetch", "-q", origin, "refs/heads/alphaloop/ledger:refs/heads/alphaloop/ledger")
    _git(place / "there", "fetch", "-q", origin, "refs/heads/main")
    assert _false(place / "there") != []
    door_synced(place / "there", origin, None)
    assert _refs(place / "there") == _refs(place / "origin.git")
    assert (place / "there" / "execution.py").read_text() == "KIND = 'ioc'\n"
    assert _false(place / "there") == []


def test_a_sync_that_was_killed_between_ledger_and_pull_requests_joins_no_strangers(sides, synced, place):
    sides[0].open("quant", "Skew", "", {"strategy.py": b"HALF = 3\n"}, "turn:2")
    sides[1].open("sre", "Tidy", "", {"execution.py": b"KIND = 'ioc'\n"}, "by:hand")
    synced(sides[0])
    shutil.copytree(place / "there", place / "killed")
    synced(sides[1])
    fetched = f"+{LEDGER}:{LEDGER}"
    _git(
        place / "killed", "-c", "core.hooksPath=/dev/null", "fetch", "-q", str(place / "origin.git"), fetched
    )
    (place / "killed" / ".alphaloop" / "high-water").unlink()
    killed = LocalForge(place / "killed")
    words = synced(killed)
    killed.shut()
    assert "what was said on #2 here could not come along: it was opened as" in words[0]
    assert _refs(place / "killed") | _refs(place / "origin.git") == _refs(place / "killed")
    assert "/pr-2" in _git(place / "killed", "for-each-ref", "refs/left")
    assert _false(place / "killed") == _false(place / "origin.git") == []


def _of(entries: Sequence[Entry], kind: Kind) -> list[Entry]:
    return [entry for entry in entries if entry.kind is kind]
