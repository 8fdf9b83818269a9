"""What broke an earlier candidate is kept once, read back exactly, and never grows without end."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.history import MOST_MOVES, Move
from alphaloop.rules.entries.canonical import canonical
from alphaloop.rules.entries.counterexamples import MOST, counterexample, counterexamples, history_of, is_new

WHOLE = st.integers(-(2**50), 2**50)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
MOVES = st.builds(
    Move,
    wait_ms=WHOLE,
    bid_ticks=WHOLE,
    spread_ticks=WHOLE,
    bid_lots=WHOLE,
    ask_lots=WHOLE,
    target_lots=st.none() | WHOLE,
    trades=st.lists(WHOLE, max_size=3).map(tuple),
    silent_s=WHOLE,
    volatility=st.none() | FINITE,
    funding=FINITE,
)
CALM = Move(wait_ms=100, bid_ticks=9_999, spread_ticks=2, bid_lots=1_000, ask_lots=2_000)


@pytest.fixture(scope="module")
def change(a_change):
    return a_change()


def kept(change, history, number=1):
    """The entry that a history becomes, its body as JSON gives it back."""
    draft = counterexample(change, "proof.position", history)
    body = json.loads(canonical(draft.body))
    return Entry(number, "d" * 40, "risk", draft.kind, draft.key, draft.subject, body)


@given(st.lists(MOVES, min_size=1, max_size=5).map(tuple))
def test_every_history_reads_back_exactly(change, history):
    assert history_of(kept(change, history)) == history


def test_the_same_history_has_one_key_whoever_met_it(change):
    other = replace(change, number=change.number + 1, head="f" * 40)
    first, again = kept(change, (CALM,)), kept(other, (CALM,))
    assert first.key == again.key != kept(change, (CALM, CALM)).key


def test_only_the_newest_are_met(change):
    entries = [kept(change, (replace(CALM, bid_lots=lots),), lots) for lots in range(1, MOST + 4)]
    met = counterexamples(entries)
    assert [history[0].bid_lots for history in met] == list(range(4, MOST + 4))


def test_what_meets_a_kept_history_anyway_is_not_kept_again(change):
    entries = [kept(change, (CALM, CALM))]
    assert not is_new(entries, (CALM, CALM))
    assert not is_new(entries, (CALM,))
    assert not is_new(entries, ())
    assert is_new(entries, (CALM, CALM, CALM))
    assert is_new(entries, (replace(CALM, bid_lots=1),))


def row(**wrong):
    told = [100, 9_999, 2, 1_000, 2_000, None, [], 0, None, 0.0]
    names = ["wait_ms", "bid_ticks", "spread_ticks", "bid_lots", "ask_lots", "target_lots", "trades"]
    names += ["silent_s", "volatility", "funding"]
    return [wrong.get(name, value) for name, value in zip(names, told, strict=True)]


HOSTILE = {
    "none": [],
    "too many": [row()] * (MOST_MOVES + 1),
    "no list": "moves",
    "a move that is none": [7],
    "a column less": [row()[:-1]],
    "a fraction of a tick": [row(bid_ticks=1.5)],
    "a truth": [row(bid_ticks=True)],
    "words": [row(ask_lots="many")],
    "an endless number": [row(bid_ticks=10**400)],
    "four trades": [row(trades=[1, 2, 3, 4])],
    "a trade in words": [row(trades=["one"])],
    "trades that are none": [row(trades=5)],
    "a volatility without end": [row(volatility=10**400)],
    "no funding": [row(funding=None)],
}


def test_a_plain_row_is_no_hostile_one(change):
    entry = kept(change, (CALM,))
    assert history_of(replace(entry, body={**entry.body, "moves": [row()]})) == (CALM,)


@pytest.mark.parametrize("what", HOSTILE)
def test_a_history_that_no_search_can_have_found_is_untrusted(what, change):
    entry = kept(change, (CALM,))
    with pytest.raises(Untrusted, match="ledger entry 1"):
        counterexamples([replace(entry, body={**entry.body, "moves": HOSTILE[what]})])


def test_another_kind_of_entry_holds_none(change):
    assert counterexamples([replace(kept(change, (CALM,)), kind=Kind.IDEA)]) == ()
