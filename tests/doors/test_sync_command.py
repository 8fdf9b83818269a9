"""`alphaloop sync` and `alphaloop hooks` at the door: over a bare repository on disk, by path and by file://."""

import json


def test_two_people_work_apart_and_come_together(door, git_of, tmp_path, copied_desk, turned_desk):
    desk = copied_desk(turned_desk)
    git_of(tmp_path)("init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    origin = tmp_path / "origin.git"
    assert door(desk, "hooks", origin).out.count("wrote ") == 2
    git_of(desk)("remote", "add", "origin", origin.as_uri())
    pushed = door(desk, "sync")
    assert (pushed.code, pushed.err) == (0, "")
    assert pushed.out == "this clone and origin hold the same now; `alphaloop verify` checks all of it\n"
    other = copied_desk(desk)
    assert door(desk, "pr", "comment", "1", "From here.").code == 0
    assert door(other, "pr", "comment", "1", "From there.").code == 0
    assert door(desk, "stop", "lunch").code == 0
    assert door(other, "stop", "smoke").code == 0
    assert door(desk, "sync").code == 0
    told = json.loads(door(other, "sync", "origin", "--json").out)
    assert "1 entries of this clone were imported: they count as trials and promote nothing" in told["words"]
    assert door(desk, "sync", str(origin)).code == 0
    said = door(desk, "pr", "show", "1").out
    assert (said.count("From here."), said.count("From there.")) == (1, 1)
    assert said == door(other, "pr", "show", "1").out
    verified = door(origin, "verify", "--replay", "0")
    assert verified.code == 0, verified.out
    assert "every claim that can be checked here holds" in verified.out


def test_what_is_no_remote_is_refused_with_words(door, quiet_desk):
    wrong = (("origin", "cannot be fetched"), ("ext::sh", "is no remote"), ("-x", "is no remote"))
    for remote, words in wrong:
        answer = door(quiet_desk, "sync", "--", remote)
        assert (answer.code in (2, 3), answer.out) == (True, "")
        assert words in answer.err


def test_a_plain_folder_gets_no_hooks(door, tmp_path, quiet_desk):
    answer = door(quiet_desk, "hooks", tmp_path)
    assert (answer.code, answer.out) == (2, "")
    assert "is not the top of a git repository" in answer.err
