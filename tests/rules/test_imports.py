"""Imported entries: what they count, what they cost, and that nobody smuggles by importing."""

from dataclasses import replace

import pytest

from alphaloop.errors import Untrusted
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.episode import GUARDS
from alphaloop.facts.evidence import Scales
from alphaloop.rules.audit import audited
from alphaloop.rules.budget import level, next_level
from alphaloop.rules.entries.imported import imported, imported_of
from alphaloop.rules.entries.measured import trials_so_far
from alphaloop.rules.entries.opened import test_opened as opened

GENESIS = Entry(0, "0" * 40, "human:alice", Kind.GENESIS, "genesis", "the desk opens", {"founding": "f" * 40})
PLAYS = "sha256:" + "a" * 64


def _taken(*originals: Entry) -> list[Entry]:
    """A ledger that imported these entries of a clone."""
    drafts = [imported(one) for one in originals]
    return [GENESIS] + [
        Entry(place, f"{place:040d}", "human:alice", Kind.IMPORTED, draft.key, draft.subject, draft.body)
        for place, draft in enumerate(drafts, 1)
    ]


def _original(draft: Draft, signer: str, place: int = 5) -> Entry:
    return Entry(place, f"{place:x}" * 40, signer, draft.kind, draft.key, draft.subject, draft.body)


@pytest.fixture
def test(a_change):
    draft = opened([GENESIS], a_change(), 5e-05, 0, Scales(1.0, dict.fromkeys(GUARDS), 40), PLAYS)
    return _original(draft, "risk")


def test_a_test_and_a_search_of_a_clone_count_and_the_test_is_paid_for(test):
    search = _original(Draft(Kind.TRIAL, "trial:1:x", "24 candidates", {"count": 24}), "quant", 4)
    entries = _taken(search, test)
    assert trials_so_far(entries) == 24 + 1
    # (.05 - .00005) / 1000: the next one pays what is left, as if the test had been opened here.
    assert next_level(entries) == pytest.approx((0.05 - 5e-05) / 1000)
    assert next_level(entries) < level([], 0)
    assert next_level(entries, PLAYS) == min(5e-05, next_level(entries))


def test_what_is_imported_or_founds_is_never_imported(test):
    (_, once) = _taken(test)
    for entry in (once, GENESIS):
        with pytest.raises(Untrusted, match="never imported"):
            imported(entry)


@pytest.mark.parametrize(
    ("field", "value"),
    [("count", -1), ("level", 0.0), ("level", 1.0), ("plays", ""), ("was", "nothing"), ("was", "imported"),
     ("place", 0), ("was", "trial"), ("of", None), ("level", "x")],
)  # fmt: skip
def test_an_import_that_cannot_be_is_refused(test, field, value):
    (_, entry) = _taken(test)
    with pytest.raises(Untrusted):
        imported_of(replace(entry, body={**entry.body, field: value}))


def test_a_test_that_somebody_without_the_power_opened_in_a_clone_is_false(test, seats):
    honest, forged = _taken(test), _taken(replace(test, signer="quant"))

    def false(entries):
        claims = audited(entries, lambda commit: seats, "f" * 40, lambda *asked: False)
        return [claim.words for claim in claims if claim.holds is Holds.FALSE]

    assert false(honest) == []
    (words,) = false(forged)
    assert "quant signed a test opened entry without the power 'open_tests'" in words
