"""Who may take a costly step, whatever the clocks say."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Untrusted
from alphaloop.facts.decision import Decision
from alphaloop.facts.verdict import Stance
from alphaloop.facts.work import LEASE_S, Work
from alphaloop.rules.claims import MOST_ATTEMPTS, binds, next_claim
from alphaloop.rules.entries import decisions
from alphaloop.rules.entries.claims import claim, claim_of

NOW_S = 1_000_000


def wanted(holder="me", now_s=NOW_S, **more):
    return replace(Work("review", 7, "sha256:x", 1, holder, now_s, now_s + LEASE_S), **more)


def nobody(name):
    return False


def everybody(name):
    return True


def test_the_first_claim_is_had_and_keeps_everybody_else_away(ledger):
    mine = next_claim(ledger.entries, wanted(), nobody)
    assert claim_of(ledger.add(claim(mine))) == mine == wanted()
    assert next_claim(ledger.entries, wanted("you"), nobody) is None
    assert next_claim(ledger.entries, wanted("you", step="watch"), nobody).attempt == 1
    assert next_claim(ledger.entries, wanted("you", change=8, inputs="sha256:y"), nobody).attempt == 1


def test_of_two_who_claim_at_once_the_second_reads_the_first_ones_claim(ledger):
    mine, yours = (next_claim(ledger.entries, wanted(who), nobody) for who in ("me", "you"))
    assert claim_of(ledger.add(claim(mine))) == mine
    assert claim_of(ledger.add(claim(yours))) == mine != yours


def test_another_head_is_no_way_round_a_claim_that_binds(ledger):
    ledger.add(claim(wanted()))
    assert next_claim(ledger.entries, wanted("you", inputs="sha256:pushed"), nobody) is None


def test_whoever_has_ended_binds_nobody(ledger):
    ledger.add(claim(wanted()))
    assert next_claim(ledger.entries, wanted("you"), lambda name: name == "me").attempt == 2


def test_what_was_decided_has_ended_whoever_claimed_it(ledger, a_change):
    ledger.add(claim(wanted()))
    change = a_change()
    made = Decision(7, change.head, change.base, Stance.BROKEN, ("the disk",))
    ledger.add(decisions.decision(ledger.entries, made, change), "sre")
    assert next_claim(ledger.entries, wanted("you"), nobody).attempt == 2


def test_a_step_that_was_begun_too_often_is_left_to_a_human(ledger):
    for attempt in range(1, MOST_ATTEMPTS + 1):
        made = next_claim(ledger.entries, wanted(f"p{attempt}"), everybody)
        assert made.attempt == attempt
        ledger.add(claim(made))
    assert next_claim(ledger.entries, wanted("last"), everybody) is None
    assert next_claim(ledger.entries, wanted("last", inputs="sha256:pushed"), everybody).attempt == 1


@given(st.integers(0, 2**40), st.integers(0, 2**40))
def test_no_clock_keeps_a_step_for_longer_than_two_leases(taken_s, now_s):
    bound = binds(wanted(now_s=taken_s), now_s)
    assert bound == (-LEASE_S < now_s - taken_s < LEASE_S)


@pytest.mark.parametrize(
    "wrong", [{"attempt": 0}, {"until_s": NOW_S + LEASE_S + 1}, {"until_s": NOW_S}, {"taken_s": "soon"}]
)
def test_a_claim_that_lasts_for_ever_or_counts_wrongly_is_untrusted(ledger, wrong):
    draft = claim(wanted())
    entry = ledger.add(replace(draft, body={**draft.body, **wrong}))
    with pytest.raises(Untrusted):
        claim_of(entry)
