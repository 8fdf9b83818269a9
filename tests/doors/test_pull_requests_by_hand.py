"""`alphaloop pr`: a person's own changes, from the work tree or a branch, through the same gate."""

import pytest

LIMIT, HIGHER = "MAX_POSITION = 10.0", "MAX_POSITION = 12.0"


@pytest.fixture
def desk(quiet_desk, copied_desk):
    return copied_desk(quiet_desk)


def raised(folder):
    """Raise the limit in the work tree, where it stands twice."""
    for name in ("risk.py", "strategy.py"):
        path = folder / name
        assert LIMIT in path.read_text()
        path.write_text(path.read_text().replace(LIMIT, HIGHER))


def test_both_files_of_a_limit_are_proposed_together_as_a_draft_and_in_scope(desk, door, git_of):
    raised(desk)
    opened = door(desk, "pr", "open", "Raise the limit", "risk.py", "strategy.py", "--draft")
    assert (opened.code, opened.out.startswith("#1 is open at ")) == (0, True), opened.err
    again = door(desk, "pr", "open", "Raise the limit", "risk.py", "strategy.py", "--draft")
    assert again.out == opened.out
    assert door(desk, "pr", "list").out.count("\n") == 1
    assert "draft" in door(desk, "pr", "list").out
    assert door(desk, "review", "1", "--through", "scope").code == 0
    assert door(desk, "pr", "ready", "1").out == "#1 readied\n"
    assert door(desk, "pr", "ready", "1").code == 1
    assert (
        git_of(desk)("log", "-1", "--format=%G?%an", "alphaloop/human.ann/1-raise-the-limit") == "Ghuman:ann"
    )


def test_pushing_labelling_checking_closing_and_reopening_by_hand(desk, door, git_of):
    (desk / "tests" / "test_more.py").write_text("def test_more(): ...\n")
    assert door(desk, "pr", "open", "More", "tests/test_more.py").code == 0
    assert door(desk, "pr", "push", "1", "--delete", "tests/test_more.py").code == 0
    assert door(desk, "pr", "push", "1").code == 2
    git = git_of(desk)
    git("checkout", "-q", "-b", "mine")
    git("add", "--", "tests")
    git("commit", "-qm", "More by hand")
    git("checkout", "-q", "main")
    assert git("rev-parse", "--short=12", "mine") in door(desk, "pr", "push", "1", "--branch", "mine").out
    assert door(desk, "pr", "label", "1", "needs data").out == "#1: needs data\n"
    assert "[needs data]" in door(desk, "pr", "list").out
    assert door(desk, "pr", "label", "1", "needs data", "--off").out == "#1: no label\n"
    assert door(desk, "pr", "check", "1", "paper", "failed", "slippage").code == 0
    assert "Closed #1" in door(desk, "pr", "comment", "1", "/alphaloop close", "--key", "k").out
    assert "Closed #1" in door(desk, "pr", "comment", "1", "/alphaloop close", "--key", "k").out
    assert door(desk, "pr", "comment", "1", "/alphaloop close").code == 1
    assert door(desk, "pr", "reopen", "1").code == 0
    assert door(desk, "pr", "revert", "1").code == 1
    shown = door(desk, "pr", "show", "1").out
    verbs = ("opened", "pushed", "labelled", "unlabelled", "checked", "commented", "closed", "reopened")
    assert all(f"human:ann {verb}" in shown for verb in verbs)


def test_what_is_no_file_of_this_repository_is_refused_and_nothing_is_opened(desk, door):
    (desk / "link").symlink_to("strategy.py")
    (desk.parent / "outside.py").write_text("")
    for words in (["link"], ["../outside.py"], ["nowhere.py"], ["tests"], [], ["--branch", "--x"]):
        refused = door(desk, "pr", "open", "Title", *words)
        assert refused.code == 2, (words, refused)
    assert door(desk, "pr", "open", "Title", "strategy.py", "--branch", "main").code == 2
    assert "no pull requests yet" in door(desk, "pr", "list").out
