"""The ledger: linear, signed, once for each key, and never silently shorter."""

import math
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Misuse, Untrusted
from alphaloop.facts.entry import Draft, Kind
from alphaloop.forge import locks
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.local import LocalForge
from alphaloop.forge.statements import statement

APPEND = """
import sys
from pathlib import Path
from alphaloop.facts.entry import Draft, Kind
from alphaloop.forge.local import LocalForge
forge = LocalForge(Path(sys.argv[1]))
for place in range(int(sys.argv[3])):
    for key in (f"own:{sys.argv[2]}:{place}", f"shared:{place}"):
        forge.ledger.append(Draft(Kind.TRIAL, key, "a trial", {"writer": sys.argv[2]}), "quant")
forge.shut()
"""


def _trial(key: str, **body: object) -> Draft:
    return Draft(Kind.TRIAL, key, f"trial {key}", body)


def test_nothing_that_json_cannot_carry_enters(desk):
    for body in ({"x": math.nan}, {"x": math.inf}, {"x": {1, 2}}, {1: 2}, {"x": b""}):
        with pytest.raises(Misuse):
            desk.ledger.append(Draft(Kind.TRIAL, "k", "s", body), "quant")
    assert len(desk.ledger.entries()) == 1


def test_what_only_the_forge_may_write_is_refused(desk):
    for kind, body in ((Kind.GENESIS, {}), (Kind.RENDERING, {}), (Kind.RELEASE, {})):
        with pytest.raises(Misuse):
            desk.ledger.append(Draft(kind, "k", "s", body), "sre")
    with pytest.raises(Misuse):
        desk.ledger.append(Draft(Kind.TRIAL, "k", " \n", {}), "quant")


def test_the_same_key_is_never_recorded_twice(desk):
    first = desk.ledger.append(_trial("one", x=1), "quant")
    assert desk.ledger.append(_trial("one", x=2), "risk") == first
    assert len(desk.ledger.entries()) == 2


def test_an_entry_reads_back_as_it_was_appended(desk, repository):
    entry = desk.ledger.append(
        _trial("one", x=0.1, words="ünï ✓", nested={"b": [1, None, True], "a": "x"}), "quant"
    )
    again = LocalForge(repository)
    assert again.ledger.entries()[-1] == entry
    assert entry.body == {"x": 0.1, "words": "ünï ✓", "nested": {"b": [1, None, True], "a": "x"}}
    assert (entry.number, entry.signer, entry.kind) == (1, "quant", Kind.TRIAL)
    again.shut()


def test_plain_git_verifies_an_entry_and_reads_it(desk, git):
    desk.ledger.append(_trial("one", x=1), "quant")
    git("verify-commit", "alphaloop/ledger")
    assert git("log", "-1", "--format=%s", "alphaloop/ledger") == "trial one"
    assert '"x": 1' in git("show", "alphaloop/ledger:entry.json")


def test_git_itself_would_have_written_the_very_same_signature(desk, git, repository, tmp_path):
    desk.ledger.append(_trial("one"), "quant")
    raw = git("cat-file", "commit", "alphaloop/ledger") + "\n"
    header, _, rest = raw.partition("\ngpgsig ")
    armour, _, after = rest.partition("-----END SSH SIGNATURE-----\n")
    payload = tmp_path / "payload"
    payload.write_text(header + "\n" + after)
    key = repository / ".alphaloop" / "keys" / "quant"
    subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-q", "-n", "git", "-f", key, payload], check=True, timeout=10
    )
    signed = (tmp_path / "payload.sig").read_text()
    assert signed == armour.replace("\n ", "\n") + "-----END SSH SIGNATURE-----\n"


def test_what_an_entry_keeps_survives_garbage_collection(desk, git):
    change = desk.open("quant", "Widen", "", {"strategy.py": b"HALF = 9\n"}, "k")
    git("update-ref", "-d", f"refs/heads/{change.branch}")
    git("update-ref", "-d", "refs/alphaloop/pr/1")
    git("reflog", "expire", "--expire=now", "--all")
    git("gc", "--quiet", "--prune=now")
    assert desk.git.file(git("rev-parse", "main"), "strategy.py") == b"HALF = 1\n"
    kept = git("rev-parse", "alphaloop/ledger:keeps/head/tree")
    assert kept == change.head_tree
    raw = git("cat-file", "blob", "alphaloop/ledger:keeps/head/commit")
    assert git("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw + "\n") == change.head
    assert desk.recover() == "opened pull request 1, whose number was allocated"
    assert desk.change(1) == change


def test_pages_stand_beside_the_ledger_and_in_the_work_tree(desk, git, repository):
    desk.ledger.render({"task.md": "# Tasks\n", "walkthrough.md": "# Why\n"}, "sre")
    tip = git("rev-parse", "alphaloop/ledger")
    desk.ledger.render({"task.md": "# Tasks\n"}, "sre")
    assert git("rev-parse", "alphaloop/ledger") == tip
    desk.ledger.append(_trial("one"), "quant")
    assert git("show", "alphaloop/ledger:task.md") == "# Tasks"
    assert (repository / "walkthrough.md").read_text() == "# Why\n"
    assert git("status", "--porcelain") == ""
    with pytest.raises(Misuse):
        desk.ledger.render({"../strategy.py": ""}, "sre")


def test_four_writers_at_once_lose_and_double_nothing(desk, repository):
    each = 6
    started = [
        subprocess.Popen([sys.executable, "-c", APPEND, str(repository), str(writer), str(each)])
        for writer in range(4)
    ]
    assert [process.wait(timeout=60) for process in started] == [0, 0, 0, 0]
    keys = [entry.key for entry in desk.ledger.entries()[1:]]
    wanted = {f"own:{writer}:{place}" for writer in range(4) for place in range(each)}
    assert sorted(keys) == sorted(wanted | {f"shared:{place}" for place in range(each)})


def test_an_entry_dropped_from_the_end_is_seen_by_the_high_water_mark(desk, git, repository):
    for key in ("one", "two"):
        desk.ledger.append(_trial(key), "quant")
    git("update-ref", LEDGER, "alphaloop/ledger~1")
    with pytest.raises(Untrusted, match="rewritten"):
        desk.ledger.entries()
    fresh = LocalForge(repository)
    with pytest.raises(Untrusted, match="lost entry 2"):
        fresh.ledger.entries()
    fresh.shut()


def test_a_ledger_that_was_replaced_is_seen(desk, git, repository):
    desk.ledger.append(_trial("one"), "quant")
    git("update-ref", LEDGER, "alphaloop/ledger~1")
    (repository / ".alphaloop" / "high-water").unlink()
    other = LocalForge(repository)
    other.ledger.append(_trial("two"), "quant")
    other.shut()
    with pytest.raises(Untrusted, match="rewritten"):
        desk.ledger.entries()


def test_a_replace_object_changes_nothing_that_is_read(desk, git):
    desk.ledger.append(_trial("veto", stance="veto"), "risk")
    before = desk.ledger.entries()
    tree = git("rev-parse", "alphaloop/ledger~1^{tree}")
    forged = git("commit-tree", tree, "-p", "alphaloop/ledger~1", "-m", "approved")
    git("replace", before[-1].commit, forged)
    assert git("log", "-1", "--format=%s", "alphaloop/ledger") == "approved"
    fresh = LocalForge(desk.git.folders.root)
    assert fresh.ledger.entries() == before
    fresh.shut()


def test_a_stale_lock_of_a_killed_git_does_not_block_an_append(desk, repository):
    lock = repository / ".git" / f"{LEDGER}.lock"
    lock.write_text("")
    assert desk.ledger.append(_trial("one"), "quant").number == 1
    assert not lock.exists()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc: only a lock's age can be seen")
def test_a_lock_whose_owner_lives_is_left_alone(desk, repository):
    lock = repository / ".git" / f"{LEDGER}.lock"
    lock.write_text("")
    owner = subprocess.Popen(["git", "hash-object", "--stdin"], cwd=repository, stdin=subprocess.PIPE)
    try:
        assert locks.clear(desk.git, [LEDGER]) == ()
        while not Path(f"/proc/{owner.pid}/cmdline").read_bytes():
            time.sleep(0.01)
        os.utime(lock, (0, 0))
        assert locks.clear(desk.git, [LEDGER]) == ()
    finally:
        owner.communicate(b"", timeout=10)
    assert locks.clear(desk.git, [LEDGER]) == (lock,)


def test_verified_entries_are_not_verified_again(desk, monkeypatch):
    for place in range(5):
        desk.ledger.append(_trial(str(place)), "quant")
    entries = desk.ledger.entries()
    monkeypatch.setattr(desk.git, "commit", lambda _: pytest.fail("read again"))
    assert desk.ledger.entries() == entries


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_a_statement_always_has_exactly_one_spelling(fields):
    try:
        content = statement.written(fields)
    except Misuse:
        # Lone surrogates are text in Python and none in UTF-8.
        assert any(
            0xD800 <= ord(c) < 0xE000 for c in str(fields) + repr(fields).encode().decode("unicode_escape")
        )
        return
    assert statement.read(content, "here") == fields
    assert statement.written(statement.read(content, "here")) == content


@pytest.mark.parametrize(
    "content", [b"{}", b'{"a": 1, "a": 2}\n', b'{"a":1}\n', b"[]\n", b"\xff", b"", b'{"a": NaN}\n']
)
def test_every_other_spelling_of_a_statement_is_refused(content):
    with pytest.raises(Untrusted):
        statement.read(content, "here")
