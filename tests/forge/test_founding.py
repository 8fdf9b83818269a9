"""Founding makes a whole repository or nothing."""

from pathlib import Path

import pytest

from alphaloop.errors import AlphaLoopError, Misuse
from alphaloop.facts.entry import Kind
from alphaloop.forge.founding import found
from alphaloop.forge.keys import signers
from alphaloop.forge.verify import verify


def _everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_folder_with_anything_in_it_is_refused_and_nothing_is_written(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    (tmp_path / "linked").symlink_to(tmp_path)
    before = _everything(tmp_path)
    for taken in (tmp_path, tmp_path / "mine.txt", tmp_path / "linked", tmp_path / "no" / "such"):
        with pytest.raises(Misuse):
            found(taken, {"a": b"b"}, ["quant"], "ann")
    assert _everything(tmp_path) == before


@pytest.mark.parametrize("path", ["../out", "/etc/x", ".git/config", "a//b", "a/.GIT/x", "a\nb", ""])
def test_a_file_outside_the_repository_is_refused(tmp_path, path):
    with pytest.raises(Misuse):
        found(tmp_path / "desk", {path: b""}, ["quant"], "ann")
    assert _everything(tmp_path) == []


@pytest.mark.parametrize("name", ["../quant", "Quant", "*", "a,b", "ledger", "", "quant@x", "-x"])
def test_a_principal_that_could_be_a_pattern_or_a_path_is_refused(tmp_path, name):
    with pytest.raises(Misuse):
        found(tmp_path / "desk", {"a": b"b"}, [name], "ann")
    assert _everything(tmp_path) == []


def test_two_principals_of_one_name_are_refused(tmp_path):
    with pytest.raises(Misuse):
        found(tmp_path / "desk", {"a": b"b"}, ["quant", "quant"], "ann")
    assert _everything(tmp_path) == []


def test_an_unwritable_parent_is_refused_with_words(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(AlphaLoopError, match="write"):
        found(tmp_path / "desk", {"a": b"b"}, ["quant"], "ann")


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "desk").mkdir()
    found(tmp_path / "desk", {"a": b"b"}, ["quant"], "ann")
    assert (tmp_path / "desk" / "a").read_bytes() == b"b"
    assert _everything(tmp_path)[0] == "desk"


def test_the_first_commit_is_signed_by_the_human_and_plain_git_verifies_it(desk, git):
    assert (
        git("log", "--format=%G? %GS %ce", "main")
        == "G human.ann@alphaloop.invalid human.ann@alphaloop.invalid"
    )
    assert git("status", "--porcelain") == ""


def test_private_keys_are_ignored_by_git_and_readable_by_their_owner_only(repository, git):
    keys = sorted((repository / ".alphaloop" / "keys").iterdir())
    assert [key.name for key in keys] == ["human.ann", "quant", "risk", "sre"]
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}
    assert git("check-ignore", ".alphaloop/keys/quant", "task.md", "walkthrough.md").count("\n") == 2


def test_the_genesis_entry_holds_the_public_keys_of_the_first_commit(desk):
    genesis = desk.ledger.entries()[0]
    ring = signers.read(desk.file(desk.main(), signers.PATH).decode())
    assert genesis.kind is Kind.GENESIS
    assert genesis.signer == "human:ann"
    assert genesis.body["keys"] == signers.to_body(ring)
    assert genesis.body["founding"] == desk.main()


def test_the_humans_own_commit_is_signed_without_any_setting_up(repository, git, desk):
    (repository / "deep").mkdir()
    (repository / "deep" / "note.txt").write_text("by hand")
    git("add", "deep")
    git("commit", "-qm", "A note", cwd=repository / "deep")
    git("verify-commit", "HEAD", cwd=repository / "deep")
    assert verify(repository).sound


def test_a_folder_that_was_moved_still_works(repository, tmp_path, git):
    moved = tmp_path / "elsewhere"
    repository.rename(moved)
    (moved / "note.txt").write_text("x")
    git("add", "note.txt", cwd=moved)
    git("commit", "-qm", "Still signed", cwd=moved)
    assert verify(moved).sound
