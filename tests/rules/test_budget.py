"""The error budget: never over-spent, never refunded, always recomputable."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.facts.episode import GUARDS
from alphaloop.facts.evidence import Evidence, Scales
from alphaloop.facts.judgement import Finish
from alphaloop.rules.betting import judge
from alphaloop.rules.budget import BUDGET, Paid, false_levels, level, next_level, promotions
from alphaloop.rules.entries.evidence import evidence
from alphaloop.rules.entries.opened import test_for as the_test_for
from alphaloop.rules.entries.opened import test_opened as opened
from alphaloop.rules.entries.opened import tests as opened_tests

SCALES = Scales(1.0, dict.fromkeys(GUARDS, 0.0), 40)
BOUND = {"world": "w", "limits": "l", "judge": "j", "platform": "p", "tainted": "no"}


def by_definition(promoted):
    """α_1 … α_n+1 from the formula of FACTS, in exact arithmetic, R_j counted afresh each time."""
    alphas = []
    for t in range(len(promoted) + 1):
        earlier = sum((alphas[j] / (sum(promoted[:j]) + 1) for j in range(t)), Fraction(0))
        wanted = Fraction(1, 1000) * (Fraction(5, 100) - earlier) * (sum(promoted[:t]) + 1)
        alphas.append(min(Fraction(5, 3000), max(Fraction(0), wanted)))
    return alphas


def spent(promoted):
    paid = []
    for t in range(len(promoted) + 1):
        paid.append(Paid(level(paid, sum(promoted[:t])), sum(promoted[:t])))
    return paid


@given(st.lists(st.booleans(), max_size=60))
def test_it_is_always_the_formula(promoted):
    exact = by_definition(promoted)
    for ours, theirs in zip(spent(promoted), exact, strict=True):
        assert ours.level == pytest.approx(float(theirs), rel=1e-12)


def test_the_first_test_pays_a_thousandth_of_the_budget():
    assert level((), 0) == pytest.approx(5e-5)


def test_one_test_never_pays_more_than_a_thirtieth():
    assert level((), 10**6) == BUDGET / 30


def test_an_overspent_budget_grants_nothing():
    assert level([Paid(0.06, 0)], 3) == 0.0


@given(st.lists(st.booleans(), max_size=300))
def test_it_is_never_overspent(promoted):
    assert sum(paid.level / (paid.promotions + 1) for paid in spent(promoted)) <= BUDGET


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_a_promotion_never_lowers_the_next_level(promoted):
    without = [*promoted[:-1], False]
    with_one = [*promoted[:-1], True]
    assert spent(with_one)[-1].level >= spent(without)[-1].level


def test_without_promotions_it_is_e_lond_with_a_geometric_schedule():
    oracle = pytest.importorskip(
        "online_fdr.e_values.sequential", reason="online-fdr, the oracle, is not installed"
    )

    class Geometric:
        def calc_gamma(self, index: int, alpha: float = 1.0) -> float:
            return 0.001 * 0.999 ** (index - 1)

    library = oracle.ELond(BUDGET, Geometric())
    for paid in spent([False] * 400):
        library.test_one(1.0)
        assert paid.level == pytest.approx(library.current_level, rel=1e-9)


def finished(ledger, test, scales, gain, a_pair, signer="risk"):
    pairs = tuple(a_pair(gain) for _ in range(400))
    made = Evidence(
        of=test.commit,
        change=test.body["change"],
        head=test.body["head"],
        head_tree=test.body["head_tree"],
        base=test.body["base"],
        signature="00",
        scales=scales,
        pairs=pairs[: judge(pairs, scales, test.body["level"]).pairs],
        bound=BOUND,
        judgement=judge(pairs, scales, test.body["level"]),
    )
    return ledger.add(evidence(made), signer)


def open_test(ledger, change):
    level_now = next_level(ledger.entries)
    return ledger.add(
        opened(ledger.entries, change, level_now, promotions(ledger.entries), SCALES, f"sha256:{change.head}")
    )


def test_a_test_pays_when_it_is_opened_whatever_happens_next(ledger, a_change):
    before = next_level(ledger.entries)
    open_test(ledger, a_change())
    assert next_level(ledger.entries) < before


def test_opening_the_same_head_and_base_again_is_the_same_test(ledger, a_change):
    first = open_test(ledger, a_change())
    assert open_test(ledger, a_change()) is first
    assert len(opened_tests(ledger.entries)) == 1
    assert the_test_for(ledger.entries, a_change()).entry == first.commit
    open_test(ledger, a_change(head="d" * 40))
    assert [test.number for test in opened_tests(ledger.entries)] == [1, 2]


def test_a_promotion_raises_the_level_once(ledger, a_change, a_pair, scales):
    test = open_test(ledger, a_change())
    low = next_level(ledger.entries)
    entry = finished(ledger, test, scales, 1.0, a_pair)
    assert entry.body["judgement"]["finish"] == Finish.BETTER
    assert promotions(ledger.entries) == 1
    assert next_level(ledger.entries) > low


def test_evidence_of_no_opened_test_promotes_nothing(ledger, a_change, a_pair, scales):
    test = open_test(ledger, a_change())
    finished(ledger, test, scales, 1.0, a_pair)
    assert promotions(ledger.entries[:1] + ledger.entries[2:]) == 0


def test_evidence_that_another_signed_raises_no_level(ledger, a_change, a_pair, scales):
    test = open_test(ledger, a_change())
    finished(ledger, test, scales, 1.0, a_pair, signer="quant")
    assert promotions(ledger.entries) == 0


def test_levels_are_recomputed_from_their_place_in_the_ledger(ledger, a_change, a_pair, scales):
    for number in range(4):
        test = open_test(ledger, a_change(head=str(number) * 40))
        finished(ledger, test, scales, number % 2, a_pair)
    assert false_levels(ledger.entries) == ()
    ledger.add(opened(ledger.entries, a_change(head="9" * 40), 0.04, 9, SCALES, "sha256:p"))
    assert [test.level for test in false_levels(ledger.entries)] == [0.04]
