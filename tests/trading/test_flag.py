"""The stop flag: whatever is not plainly absent is a stop."""

import json
import os

import pytest

from alphaloop.errors import Refused, RepositoryFailure
from alphaloop.trading.flag import NAME, hoist, lower, raised


@pytest.fixture
def flag(tmp_path):
    return tmp_path / NAME


def test_no_flag_in_a_folder_that_is_there_is_no_stop(flag):
    assert raised(flag) == ""


def test_a_flag_says_who_stopped_and_why(flag):
    hoist(flag, "human:alice", "fire")
    assert raised(flag) == "human:alice: fire"


def test_the_first_stop_stands(flag):
    hoist(flag, "human:alice", "fire")
    hoist(flag, "risk", "water")
    assert raised(flag) == "human:alice: fire"


@pytest.mark.parametrize(
    "reason", ["", "two\nlines", "\u202eevil", "\ud800", "x" * 10**6, "\U0001f600" * 2_000]
)
def test_whatever_the_reason_the_flag_can_be_read_again(flag, reason):
    hoist(flag, "risk", reason)
    assert raised(flag).startswith("risk: ")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"running",
        b"{}",
        b"null",
        b"[]",
        b'{"by": "risk"}',
        b'{"by": 1, "reason": "x"}',
        b'{"by": "a\\nb", "reason": "x"}',
        b'{"by": "risk", "reason": "x", "stopped": false}',
        b"\xff\xfe\x00",
        b"[" * 30_000,
        b"x" * 10**6,
        json.dumps({"by": "risk", "reason": "x" * 40_000}).encode(),
    ],
    ids=range(13),
)
def test_garbage_is_a_stop(flag, content):
    flag.write_bytes(content)
    assert "cannot be understood" in raised(flag)


def test_a_directory_in_its_place_is_a_stop_that_only_a_hand_takes_away(flag):
    flag.mkdir()
    assert raised(flag)
    hoist(flag, "risk", "a stop is a stop")
    with pytest.raises(Refused, match="by hand"):
        lower(flag)
    assert raised(flag)


@pytest.mark.parametrize("target", ["nowhere", "well", "."])
def test_a_link_in_its_place_is_a_stop_wherever_it_leads(flag, target):
    (flag.parent / "well").write_text("{}")
    flag.symlink_to(flag.parent / target)
    assert "cannot be read" in raised(flag)
    with pytest.raises(Refused, match="by hand"):
        lower(flag)
    assert flag.is_symlink()


def test_a_pipe_in_its_place_is_a_stop_and_keeps_nobody_waiting(flag):
    os.mkfifo(flag)
    assert raised(flag)
    with pytest.raises(Refused, match="by hand"):
        lower(flag)


def test_a_file_in_the_place_of_its_folder_is_a_stop(tmp_path):
    (tmp_path / "file").write_text("")
    assert raised(tmp_path / "file" / NAME)
    with pytest.raises(RepositoryFailure, match="could not be raised"):
        hoist(tmp_path / "file" / NAME, "risk", "x")


def test_a_folder_that_is_not_there_is_a_stop(tmp_path):
    assert "is not there" in raised(tmp_path / "gone" / NAME)


def test_a_name_that_no_file_can_have_is_a_stop(tmp_path):
    assert raised(tmp_path / ("x" * 300))
    assert raised(tmp_path / "a\0b")


def test_a_missing_permission_is_a_stop(flag):
    hoist(flag, "risk", "x")
    flag.chmod(0)
    me = os.geteuid()
    if me == 0:
        os.seteuid(65_534)
    try:
        assert "cannot be read" in raised(flag)
    finally:
        os.seteuid(me)


def test_a_flag_that_is_lowered_is_down_and_lowering_it_again_is_no_error(flag):
    hoist(flag, "risk", "x")
    lower(flag)
    lower(flag)
    assert raised(flag) == ""
