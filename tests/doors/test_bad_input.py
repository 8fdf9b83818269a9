"""What is wrong is said at the door: what happened, where, what to do; and nothing is half-done."""

import gzip
import os
import subprocess
from pathlib import Path

import pytest

DONE, REFUSED, MISUSED, BROKEN = range(4)


@pytest.fixture
def wrong(door):
    """Expect a command to be refused with this exit code and these words, and to answer nothing."""

    def refused(code, needles, folder, *words):
        answer = door(folder, *words)
        assert (answer.code, answer.out) == (code, ""), answer
        for needle in [needles] if isinstance(needles, str) else needles:
            assert needle in answer.err
        return answer.err

    return refused


def tree(folder: Path) -> dict[str, bytes | None]:
    """All that is in a folder, but for git's and the desk's own marks."""
    paths = (path for path in sorted(folder.rglob("*")) if ".git" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in paths}


def commit(folder: Path, path: str, change) -> None:
    """A human's own commit on main, signed as the repository asks for."""
    text = (folder / path).read_text()
    assert change(text) != text
    (folder / path).write_text(change(text))
    subprocess.run(["git", "commit", "-qam", "By hand"], cwd=folder, check=True, timeout=30)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["simulat"], "did you mean 'simulate'?"),
        (["pr", "lst"], "Did you mean 'list'?"),
        (["xyzzy"], "--help"),
    ],
)
def test_an_unknown_command_is_answered_with_the_nearest(wrong, tmp_path, words, meant):
    wrong(MISUSED, meant, tmp_path, *words)


@pytest.mark.parametrize(
    "words",
    [["run"], ["review"], ["simulate"], ["metrics"], ["pr", "list"], ["stop"], ["verify"], ["ingest", "x"]],
)
def test_outside_a_repository_a_command_says_how_to_make_one(wrong, tmp_path, words):
    wrong(MISUSED, [str(tmp_path), "`alphaloop init DIR`"], tmp_path, *words)
    assert tree(tmp_path) == {}


@pytest.mark.parametrize(
    ("words", "needles"),
    [
        (["review", "nope.py"], ["'nope.py' is no file", "`alphaloop pr list`"]),
        (["review", "99"], "'99' is no file, no pull request and no revision"),
        (["review", "0" * 40], "no revision"),
        (["review", "--through", "statik"], "did you mean 'static'?"),
        (["review", "strategy.py", "--through", "tournament"], "for a file or a revision"),
        (["pr", "show", "7"], ["no pull request 7", "`alphaloop pr list`"]),
        (["pr", "comment", "7", "hello"], "no pull request 7"),
        (["pr", "show", "zero"], "NUMBER"),
        (["simulate", "--world", "nowhere"], "choose one of book, avellaneda-stoikov, null"),
        (["simulate", "--scenario", "flash_crsh"], "did you mean 'flash_crash'?"),
        (["simulate", "--seed", "-1"], "--seed"),
        (["simulate", "--seed", "soon"], "--seed"),
        (["simulate", "--strategy", "nope.py"], "nope.py cannot be read"),
        (["simulate", "--strategy", "tests"], "tests cannot be read"),
        (["simulate", "--tape", "t.npz", "--world", "null"], "name one"),
        (["simulate", "--tape", "nope.npz"], "nope.npz: cannot be read"),
        (["run", "--turns", "0"], "--turns"),
        (["ingest"], "FILES"),
        (["ingest", "a", "b", "--as", "c.npz"], "one by one"),
        (["ingest", "nope.gz"], "nope.gz: cannot be read"),
    ],
)
def test_what_is_not_there_is_named(wrong, quiet_desk, words, needles):
    before = tree(quiet_desk)
    wrong(MISUSED, needles, quiet_desk, *words)
    assert tree(quiet_desk) == before


@pytest.mark.parametrize(
    ("name", "content", "needle"),
    [
        ("empty.npz", b"", "is no whole tape"),
        ("words.npz", b"garbage", "is no .npz archive"),
        ("half.npz", b"PK\x03\x04" + b"\0" * 100, "is no whole tape"),
        ("empty.gz", b"", "none of its 0 lines"),
        ("words.gz", b"garbage\n", "1 are no messages"),
        ("cut.gz", gzip.compress(os.urandom(4000))[:2000], "cut short or damaged"),
        ("words.json", b'{"a": 1}\n', "none of its 1 lines"),
    ],
)
def test_a_corrupt_tape_is_refused_and_leaves_nothing(wrong, quiet_desk, tmp_path, name, content, needle):
    (tmp_path / name).write_bytes(content)
    before = tree(quiet_desk)
    said = wrong(MISUSED, [name, needle], quiet_desk, "simulate", "--tape", tmp_path / name)
    assert "pickle" not in said
    wrong(MISUSED, name, quiet_desk, "ingest", tmp_path / name)
    assert tree(quiet_desk) == before
    wrong(MISUSED, name, tmp_path, "init", "desk", "--human", "ann", "--tape", name)
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


@pytest.mark.parametrize(
    ("content", "check"),
    [
        (b'x = "\xff\xfe"\n', "bytes.encoding"),
        (b"", "bytes.size"),
        (b"seats: {quant: 1}}\n", "bytes.program"),
        (b"class Strategy:\n    pass\n", "static.shape"),
        ("class Stratégie:\n    pass\n".encode(), "bytes."),
    ],
)
def test_a_file_that_is_no_strategy_is_vetoed_by_name(door, quiet_desk, tmp_path, content, check):
    (tmp_path / "mine.py").write_bytes(content)
    answer = door(quiet_desk, "review", tmp_path / "mine.py")
    assert (answer.code, answer.out.splitlines()[0]) == (REFUSED, "vetoed")
    assert check in answer.out
    played = door(quiet_desk, "simulate", "--strategy", tmp_path / "mine.py")
    assert played.code == REFUSED
    assert "strategy.py" in played.err


@pytest.mark.parametrize(
    ("path", "change", "needle"),
    [
        ("roles.yaml", lambda text: text.replace("[propose]", "[fly]", 1), "roles.yaml:"),
        ("roles.yaml", lambda text: text + "humans: [ann]\n", "'humans' is there twice"),
        ("roles.yaml", lambda text: text.replace("[ann]", "[]", 1), "at least one human"),
        ("roles.yaml", lambda text: text.replace("seats:", "seets:", 1), "did you mean 'seats'?"),
        ("market.yaml", lambda text: text.replace("tick: ", "tick: -", 1), "market.yaml:"),
        ("risk.py", lambda text: text + "import os\n", "only `NAME = number` lines"),
        ("risk.py", lambda text: text.replace("MAX_LEVERAGE", "MAX_LEVRAGE", 1), "risk.py"),
    ],
)
def test_a_broken_constitution_is_named_with_its_file(wrong, copied_desk, quiet_desk, path, change, needle):
    desk = copied_desk(quiet_desk)
    commit(desk, path, change)
    for words in (["run"], ["review", "HEAD"], ["simulate"], ["metrics"]):
        wrong(MISUSED, [path, needle], desk, *words)


def test_a_world_that_is_none_is_named_before_anything_is_played(wrong, copied_desk, quiet_desk):
    desk = copied_desk(quiet_desk)
    commit(desk, "market.yaml", lambda text: text.replace("name: null", "name: nowhere"))
    for words in (["run"], ["simulate"], ["review", "HEAD"]):
        wrong(MISUSED, ["market.yaml", "nowhere"], desk, *words)


@pytest.mark.parametrize("there", ["a folder with a file", "a file", "a link"])
def test_init_writes_nothing_where_something_is(wrong, tmp_path, there):
    place = tmp_path / "desk"
    if there == "a folder with a file":
        place.mkdir()
        (place / "mine").write_text("mine")
    elif there == "a file":
        place.write_text("mine")
    else:
        place.symlink_to(tmp_path)
    before = tree(tmp_path)
    wrong(MISUSED, "nothing was written", tmp_path, "init", "desk", "--human", "ann")
    assert tree(tmp_path) == before


def test_init_needs_a_folder_to_write_to(wrong, tmp_path):
    (tmp_path / "file").write_text("")
    wrong(MISUSED, "name another", tmp_path, "init", "file/desk", "--human", "ann")
    wrong(MISUSED, "name another", tmp_path, "init", "nowhere/desk", "--human", "ann")
    assert tree(tmp_path) == {"file": b""}


def test_init_needs_a_folder_that_may_be_written_to(wrong, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    if os.access(closed, os.W_OK):
        pytest.skip("this user may write anywhere, so no folder can be closed to it")
    wrong(MISUSED, "name another", tmp_path, "init", "closed/desk", "--human", "ann")


@pytest.mark.parametrize("login", ["", "a b", "../x", "human:x", "ledger@", "-x"])
def test_init_refuses_a_login_that_is_none(wrong, tmp_path, login):
    wrong(MISUSED, "human:<login>", tmp_path, "init", "desk", "--human", login)
    assert tree(tmp_path) == {}


def test_init_refuses_two_markets_and_unknown_worlds(wrong, tmp_path):
    wrong(MISUSED, "leave one out", tmp_path, "init", "desk", "--tape", "t.gz", "--world", "null")
    wrong(MISUSED, "choose one of", tmp_path, "init", "desk", "--human", "ann", "--world", "nowhere")
    assert tree(tmp_path) == {}


def test_what_cannot_be_written_ends_a_command_before_it_begins(wrong, copied_desk, quiet_desk, refs):
    desk = copied_desk(quiet_desk)
    before = refs(desk)
    (desk / ".alphaloop" / "running").mkdir()
    wrong(BROKEN, ".alphaloop/running", desk, "run")
    (desk / ".alphaloop" / "tapes").rmdir()
    (desk / ".alphaloop" / "tapes").write_text("")
    wrong(BROKEN, ".alphaloop/tapes", desk, "ingest", "t.gz")
    assert refs(desk) == before


def test_a_key_that_others_can_read_signs_nothing(wrong, copied_desk, quiet_desk, refs):
    desk = copied_desk(quiet_desk)
    before = refs(desk)
    (desk / ".alphaloop" / "keys" / "human.ann").chmod(0o644)
    wrong(MISUSED, "chmod 600", desk, "stop")
    assert refs(desk) == before


def test_a_run_without_a_seats_key_says_so_before_it_works(wrong, copied_desk, quiet_desk):
    desk = copied_desk(quiet_desk)
    (desk / ".alphaloop" / "keys" / "risk").unlink()
    for words in (["run"], ["run", "--dry-run"], ["metrics"]):
        wrong(MISUSED, "no key of risk", desk, *words)


def test_whoever_is_not_here_is_not_taken_for_anybody(wrong, quiet_desk):
    wrong(REFUSED, ["'bob'", "ask one of ann"], quiet_desk, "stop", "--as", "bob")


@pytest.mark.parametrize("words", [["pr", "comment", "1"], ["stop"]])
def test_words_that_are_no_text_are_refused(wrong, copied_desk, turned_desk, refs, words):
    desk = copied_desk(turned_desk)
    before = refs(desk)
    wrong(MISUSED, "a statement must", desk, *words, "\udcff")
    assert refs(desk) == before
