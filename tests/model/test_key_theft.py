"""Steal each key in turn, and each pair, with push rights: docs/key-theft.md says what that is good for.

By default a sample of histories; ALPHALOOP_WHOLE_MODEL=1 tries every pair, a hundred histories each.
"""

import os
from itertools import combinations
from pathlib import Path

import protocol_theft
import protocol_world
import pytest

from alphaloop.facts.role import Seats
from alphaloop.rules.constitution import roles
from alphaloop.rules.constitution.writing import with_humans

WHOLE = os.environ.get("ALPHALOOP_WHOLE_MODEL") == "1"
ROOT = Path(__file__).resolve().parents[2]
SHIPPED: Seats = roles.seats(with_humans((ROOT / "roles.yaml").read_bytes(), ["alice", "bob"]))
KEYS = tuple(seat.name for seat in SHIPPED.seats)
ALONE, PAIRED = (200, 100) if WHOLE else (4, 60)
# Found in the histories; every other pair was tried as often and came to nothing.
WORTH = {("quant", "risk"): "strategy.py is changed", ("risk", "architect"): "strategy.py is changed"}


@pytest.fixture(autouse=True)
def shipped():
    with protocol_world.swapped((protocol_world, "SEATS", SHIPPED)), protocol_world.model():
        yield


def gained(keys: tuple[str, ...], histories: int) -> str:
    """The first thing that a thief with these keys gains, "" for nothing."""
    return next(filter(None, (protocol_theft.stolen(keys, seed) for seed in range(histories))), "")


@pytest.mark.timeout(3_000)
@pytest.mark.parametrize("key", KEYS)
def test_no_single_key_changes_a_release_path_or_a_limit_or_lifts_a_stop(key):
    assert gained((key,), ALONE) == ""


@pytest.mark.parametrize("key", ["quant", "sre"])
def test_a_desk_that_let_a_seat_change_keys_would_be_lost(key, monkeypatch):
    """The same thief, were a change of keys judged by nothing but its form: so the histories do try it."""
    monkeypatch.setattr(protocol_theft.turnover, "objection", lambda *judged: "")
    rekeying = range(protocol_theft.REKEYING - 1, 60 * protocol_theft.REKEYING, protocol_theft.REKEYING)
    assert any(protocol_theft.stolen((key,), seed) for seed in rekeying)


@pytest.mark.timeout(7_000)
@pytest.mark.parametrize("pair", list(combinations(KEYS, 2)) if WHOLE else list(WORTH), ids="+".join)
def test_what_a_pair_of_keys_is_good_for_is_what_the_page_says(pair):
    assert gained(pair, PAIRED) == WORTH.get(pair, "")


def test_the_page_lists_every_key_and_pair():
    page = (ROOT / "docs" / "key-theft.md").read_text()
    rows = {
        line.split("|")[1].strip(): line.split("|")[2].strip() for line in page.splitlines() if "|" in line
    }
    for key in KEYS:
        assert rows[f"`{key}`"] == "nothing"
    for pair, gain in WORTH.items():
        assert rows[" + ".join(f"`{name}`" for name in pair)] == gain
    others = len(list(combinations(KEYS, 2))) - len(WORTH)
    assert rows[f"each of the {others} other pairs"] == "nothing"
