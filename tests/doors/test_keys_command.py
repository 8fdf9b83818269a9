"""`alphaloop keys`: who may change which key, what is written where, and what is said."""

import json
import shutil

import pytest

from alphaloop.forge.keys.folder import KeyFolder, fresh_file, generate
from alphaloop.forge.signature import fingerprint, public_line


@pytest.fixture
def desk(copied_desk, quiet_desk):
    return copied_desk(quiet_desk)


def listed(door, desk):
    """Every principal's line of `keys list --json`."""
    answer = door(desk, "keys", "list", "--json")
    assert answer.code == 0
    return {row["principal"]: row for row in map(json.loads, answer.out.splitlines())}


def test_nobody_changes_the_key_of_nobody(door, desk, refs):
    before = refs(desk)
    for words, why in (
        (("rotate", "qaa"), "did you mean 'qa'?"),
        (("rotate", "*"), "there is no seat '*'"),
        (("rotate", "human:*"), "is no principal"),
        (("revoke", "human:ben"), "has no key to take away"),
        (("rotate", "human:ben"), "`alphaloop keys add human:ben`"),
        (("add", "qa"), "`alphaloop keys rotate qa`"),
        (("rotate", "qa", "--public", "nowhere.pub"), "is no public key file"),
        (("rotate", "qa", "--public", "strategy.py"), "write the key as in"),
        (("rotate", "qa", "x" * 1001), "up to 1000 characters"),
    ):
        answer = door(desk, "keys", *words)
        assert answer.code in (1, 2), answer
        assert why in answer.err
    assert refs(desk) == before


def test_the_last_human_is_refused_and_nothing_is_lost(door, desk, refs):
    before = refs(desk)
    answer = door(desk, "keys", "revoke", "human:ann", "lost")
    assert answer.code == 1
    assert "at least one" in answer.err
    assert refs(desk) == before
    assert listed(door, desk)["human:ann"]["here"]


def test_without_a_humans_key_no_key_is_changed(door, desk):
    (desk / ".alphaloop" / "keys" / "human.ann").unlink()
    answer = door(desk, "keys", "rotate", "qa")
    assert answer.code == 1
    assert "no registered human's key is here; ask one of ann" in answer.err


def test_a_seats_key_is_replaced_here_and_everything_still_verifies(door, desk):
    first = listed(door, desk)["qa"]
    answer = door(desk, "keys", "rotate", "qa", "lost on a train")
    assert answer.code == 0
    assert "the key of qa replaced: ledger entry" in answer.out
    assert "approvals that have not landed are void" in answer.out
    second = listed(door, desk)["qa"]
    assert first["key"] != second["key"]
    assert (first["since"], second["since"], second["here"]) == (0, 1, True)
    said = door(desk, "keys", "list").out
    assert "entry 1: the key of qa replaced, by human:ann: lost on a train" in said
    assert second["fingerprint"] in said
    assert first["fingerprint"] not in said
    assert door(desk, "pr", "list").code == 0


def test_a_killed_rotation_goes_on_where_it_stopped(door, desk, git_of, tmp_path):
    door(desk, "keys", "rotate", "qa")
    keys = KeyFolder(desk / ".alphaloop" / "keys")
    held = public_line(keys.public("qa"))
    # As if the run had been killed before it took the new key up.
    (keys.folder / "qa").rename(fresh_file(keys.folder, "qa"))
    before = git_of(desk)("rev-parse", "alphaloop/ledger")
    answer = door(desk, "keys", "rotate", "qa")
    assert answer.code == 0
    assert git_of(desk)("rev-parse", "alphaloop/ledger") == before
    assert listed(door, desk)["qa"]["key"] == held == public_line(KeyFolder(keys.folder).public("qa"))
    # Taken away before it was taken up, it is no key any more, and another one is drawn.
    shutil.copy(keys.folder / "qa", fresh_file(keys.folder, "qa"))
    ring = generate(tmp_path / "elsewhere", ["qa", "human:ann"])
    (tmp_path / "qa.pub").write_text(public_line(ring.keys["qa"]))
    assert door(desk, "keys", "rotate", "qa", "--public", tmp_path / "qa.pub").code == 0
    assert door(desk, "keys", "rotate", "qa").code == 0
    assert listed(door, desk)["qa"]["here"]


def test_a_key_that_lies_elsewhere_comes_by_its_public_file(door, desk, tmp_path):
    ring = generate(tmp_path / "elsewhere", ["human:ben"])
    public = tmp_path / "ben.pub"
    public.write_text(f"{public_line(ring.keys['human:ben'])} ben@laptop\n")
    answer = door(desk, "keys", "add", "human:ben", "--public", public)
    assert answer.code == 0
    assert "the private key is where you made it" in answer.out
    assert not listed(door, desk)["human:ben"]["here"]
    assert fingerprint(ring.keys["human:ben"]) in door(desk, "keys", "list").out
    assert door(desk, "keys", "revoke", "human:ben").code == 0
    assert "human:ben" not in listed(door, desk)
    back = door(desk, "keys", "add", "human:ben", "--public", public)
    assert back.code == 1
    assert "never comes back" in back.err


def test_a_revoked_seat_signs_nothing_and_the_desk_says_so(door, desk):
    assert door(desk, "keys", "revoke", "qa", "stolen").code == 0
    assert not (desk / ".alphaloop" / "keys" / "qa").exists()
    answer = door(desk, "run")
    assert answer.code == 2
    assert "this machine holds no key of qa" in answer.err
    assert door(desk, "keys", "add", "qa").code == 0
    assert listed(door, desk)["qa"]["since"] == 2


def test_the_tracked_list_is_printed_as_it_should_be(door, desk, git_of):
    door(desk, "keys", "rotate", "qa")
    text = door(desk, "keys", "list", "--allowed-signers").out
    (desk / "keys" / "allowed_signers").write_text(text)
    git_of(desk)("commit", "-qam", "The keys in force")
    assert "lists them" in door(desk, "verify", "--replay", 0).out
