"""Seed streams: they never meet, nobody can choose them, everybody can make them again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Broken
from alphaloop.rules import seeds
from alphaloop.rules.entries.opened import test_opened as opened
from alphaloop.rules.seeds import Stream


@given(st.binary(min_size=64, max_size=64), st.integers(0, 2**40), st.text(max_size=10))
def test_the_streams_never_meet(signature, seed, purpose):
    searched = set(seeds.search(seed, purpose, 50))
    judged = set(seeds.signed(Stream.JUDGE, signature, 50))
    released = set(seeds.signed(Stream.RELEASE, signature, 50))
    assert not searched & judged
    assert not searched & released
    assert not judged & released
    assert len(searched) == len(judged) == len(released) == 50
    assert all(0 <= one < 2**63 for one in searched | judged | released)


@given(st.integers(0, 100), st.integers(0, 100))
def test_asking_for_more_never_changes_the_first(few, more):
    signature = bytes(range(64))
    assert seeds.signed(Stream.JUDGE, signature, few + more)[:few] == seeds.signed(
        Stream.JUDGE, signature, few
    )


def test_another_signature_gives_other_seeds():
    assert not set(seeds.signed(Stream.JUDGE, bytes(64), 100)) & set(
        seeds.signed(Stream.JUDGE, bytes([1] * 64), 100)
    )


def test_purposes_keep_searches_apart():
    assert not set(seeds.search(1, "pilot", 100)) & set(seeds.search(1, "search", 100))


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(65)])
def test_what_is_no_signature_gives_no_seeds(signature):
    with pytest.raises(Broken):
        seeds.signed(Stream.JUDGE, signature, 1)


def test_searching_takes_no_seeds_from_a_signature():
    with pytest.raises(Broken, match="needs no signature"):
        seeds.signed(Stream.SEARCH, bytes(64), 1)


def test_the_message_binds_genesis_stream_and_what_is_played(ledger, a_change, scales):
    entry = ledger.add(opened(ledger.entries, a_change(), 5e-5, 0, scales, "sha256:p"))
    other = ledger.add(opened(ledger.entries, a_change(head="d" * 40), 5e-5, 0, scales, "sha256:q"))
    messages = {
        seeds.message_to_sign(Stream.JUDGE, "f" * 40, entry),
        seeds.message_to_sign(Stream.JUDGE, "e" * 40, entry),
        seeds.message_to_sign(Stream.RELEASE, "f" * 40, entry),
        seeds.message_to_sign(Stream.JUDGE, "f" * 40, other),
    }
    assert len(messages) == 4


def test_the_same_files_are_the_same_draw_whoever_asks_again(ledger, a_change, scales):
    asked = [
        ledger.add(opened(ledger.entries, a_change(**another), level, 0, scales, "sha256:p"))
        for another, level in (({}, 5e-5), ({"head": "d" * 40}, 4e-5), ({"number": 8}, 3e-5))
    ]
    assert len({entry.commit for entry in asked}) == 3, "each is a test of its own, and pays"
    assert len({seeds.message_to_sign(Stream.JUDGE, "f" * 40, entry) for entry in asked}) == 1


def test_the_seeds_of_a_signature_are_these_for_ever():
    assert seeds.signed(Stream.JUDGE, bytes(range(64)), 2) == FIRST_JUDGED
    assert seeds.search(1, "pilot", 2) == FIRST_SEARCHED


FIRST_JUDGED = (3226436053938046097, 3020094925451083597)
FIRST_SEARCHED = (1393354034143522625, 207122480453788246)
