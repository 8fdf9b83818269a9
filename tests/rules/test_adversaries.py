"""A thousand attempts on a world where nothing helps: nobody gets more than the budget allows.

Differences are noise that follows from the judge's seeds, as it would from episodes; the ledger, the levels,
the seeds and the audit are the product's own.
"""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Draft
from alphaloop.facts.episode import GUARDS
from alphaloop.facts.evidence import Evidence, Scales
from alphaloop.facts.judgement import Finish
from alphaloop.rules import betting, seeds
from alphaloop.rules.audit import audited
from alphaloop.rules.budget import BUDGET, Paid, false_levels, level, next_level, promotions
from alphaloop.rules.entries.evidence import evidence
from alphaloop.rules.entries.opened import test_of as the_test
from alphaloop.rules.entries.opened import test_opened as opened
from alphaloop.rules.entries.opened import tests as all_tests
from alphaloop.rules.seeds import Stream

ATTEMPTS = 1_000
RISK = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
BOUND = {"world": "w", "limits": "l", "judge": "j", "platform": "p", "tainted": "no"}
SCALES = Scales(1.0, dict.fromkeys(GUARDS, 0.0), 40)
GAIN = {"plain": 0.0, "lucky": 1.0}
"""Added to every difference: luck is what no seed gives, so that a test sees what becomes of it."""


def signed(number, principal, message, signature):
    try:
        RISK.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return principal == "risk"


def plays(name):
    return f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"


class Adversary:
    """Somebody who may push, close, kill and clone, and has a ledger that others keep."""

    def __init__(self, ledger, a_change, a_pair):
        self.ledger, self._a_change, self._a_pair = ledger, a_change, a_pair
        self._paid = []
        self._known = set()

    def open(self, files, **change):
        """Ask for a test of `files` at the level that is due; what is asked twice is there already.

        Nothing is promoted here before all is opened, so what was paid so far says it all; the audit reads
        the ledger.
        """
        entries, due = self.ledger.entries, level(self._paid, 0)
        before = len(entries)
        scales = replace(SCALES, earlier=len(self._known - {files}))
        entry = self.ledger.add(opened(entries, self._a_change(**change), due, 0, scales, plays(files)))
        if len(entries) > before:
            self._paid.append(Paid(due, 0))
            self._known.add(files)
        return entry

    def draw(self, test):
        """The seeds that a test is played on."""
        return seeds.signed(Stream.JUDGE, self._signature(test), betting.CAP)

    def play(self, test, luck="plain"):
        """Finish a test: noise that follows from its seeds, and no more."""
        numbers = self.draw(test)
        noise = np.random.default_rng(numbers[0]).standard_normal(betting.CAP) + GAIN[luck]
        pairs = [
            self._a_pair(gain, seed=number) for gain, number in zip(noise.tolist(), numbers, strict=True)
        ]
        judged = betting.judge(pairs, SCALES, test.body["level"])
        return self.record(test, tuple(pairs[: judged.pairs]), judged)

    def record(self, test, pairs, judged, **more):
        change = self._a_change()
        made = Evidence(
            test.commit,
            test.body["change"],
            change.head,
            change.head_tree,
            change.base,
            self._signature(test).hex(),
            the_test(test).scales,
            pairs,
            BOUND,
            judged,
        )
        return self.ledger.add(evidence(replace(made, **more)), "risk")

    def _signature(self, test):
        return RISK.sign(seeds.message_to_sign(Stream.JUDGE, self.ledger.entries[0].commit, test))


@pytest.fixture
def adversary(ledger, a_change, a_pair):
    return Adversary(ledger, a_change, a_pair)


@pytest.fixture
def false(ledger, seats):
    """What `verify` says is false."""

    def run():
        claims = audited(tuple(ledger.entries), lambda commit: seats, "m" * 40, signed)
        return [claim.words for claim in claims if claim.holds is Holds.FALSE]

    return run


def head(number):
    return f"{number:040x}"


def test_resubmitting_the_same_head_a_thousand_times_is_one_test(adversary, false):
    asked = {adversary.open("x").commit for _ in range(ATTEMPTS)}
    assert len(asked) == 1
    assert len(all_tests(adversary.ledger.entries)) == 1
    assert false() == []


@pytest.mark.parametrize("trick", ["new number", "new commit of the same tree", "new base of the same file"])
def test_renaming_pays_every_time_and_is_always_the_same_draw(adversary, false, trick):
    changes = {
        "new number": lambda n: {"number": n},
        "new commit of the same tree": lambda n: {"head": head(n)},
        "new base of the same file": lambda n: {"base": head(n)},
    }[trick]
    tests = [adversary.open("x", **changes(number)) for number in range(1, ATTEMPTS + 1)]
    assert len({test.commit for test in tests}) == ATTEMPTS
    assert len({adversary.draw(test) for test in tests[:: ATTEMPTS // 20]}) == 1
    assert sum(test.body["level"] for test in tests) <= BUDGET
    first, last = (adversary.play(test).body["judgement"] for test in (tests[0], tests[-1]))
    assert first["evidence"] == last["evidence"]
    assert promotions(adversary.ledger.entries) == 0
    assert false() == []


def test_closing_and_reopening_is_the_same_test_with_the_same_end(adversary, false):
    test = adversary.open("x")
    end = adversary.play(test)
    for number in range(ATTEMPTS):
        adversary.ledger.add(Draft("closed", f"closed:{number}", "closed", {"change": 7, "why": ""}), "quant")
    assert adversary.open("x") is test
    assert adversary.play(test) is end
    assert false() == []


def test_killing_a_losing_run_a_thousand_times_spends_the_budget_and_buys_nothing(adversary, false):
    tests = [adversary.open("x", head=head(0))]
    before = adversary.draw(tests[0])
    for number in range(1, ATTEMPTS):
        assert adversary.draw(adversary.open("x", head=head(0))) == before, "a kill resumes the same seeds"
        tests.append(adversary.open(f"x {number}", head=head(number)))
    paid = [test.body["level"] for test in tests]
    assert paid == sorted(paid, reverse=True)
    assert sum(paid) <= BUDGET
    assert next_level(adversary.ledger.entries) < level((), 0) / 2
    assert false() == []


def test_splitting_a_change_into_a_thousand_pays_for_each_piece(adversary, false):
    tests = [adversary.open(f"piece {number}", head=head(number)) for number in range(ATTEMPTS)]
    assert sum(test.body["level"] for test in tests) <= BUDGET
    for test in tests[:: ATTEMPTS // 20]:
        adversary.play(test)
    assert promotions(adversary.ledger.entries) == 0
    assert false() == []


def test_a_retry_finds_the_evidence_that_is_there_and_another_one_is_false(adversary, false):
    test = adversary.open("x")
    first = adversary.play(test)
    assert adversary.play(test, "lucky") is first
    forged = adversary.ledger.entries[-1]
    adversary.ledger.add(replace_key(forged, "evidence:again"), "risk")
    assert any("belongs to no test" in words for words in false())


def replace_key(entry, key):
    return Draft(entry.kind, key, entry.subject, entry.body)


def test_luck_that_the_seeds_do_not_give_is_told_by_playing_again_and_its_scales_at_once(adversary, false):
    test = adversary.open("x")
    adversary.play(test, "lucky")
    assert promotions(adversary.ledger.entries) == 1
    narrower = replace(SCALES, objective=0.5)
    entry = adversary.ledger.entries.pop()
    body = json.loads(json.dumps(entry.body))
    body["scales"]["objective"] = narrower.objective
    adversary.ledger.add(Draft(entry.kind, entry.key, entry.subject, body), "risk")
    assert false() == ["its scales are not those that its test was opened with"]


def test_a_second_clone_cannot_pay_twice_from_the_same_place(adversary, ledger, a_change, a_pair, false):
    common = list(ledger.entries)
    for number in range(5):
        adversary.open(f"here {number}", head=head(number))
    here = list(ledger.entries)
    ledger.entries[:] = common
    clone = Adversary(ledger, a_change, a_pair)
    there = [clone.open(f"there {number}", head=head(number + 500)) for number in range(5)]
    ledger.entries[:] = here
    for test in there:
        ledger.add(Draft(test.kind, test.key, test.subject, test.body))
    assert len(false_levels(ledger.entries)) == 5
    assert sum("did not grant" in words for words in false()) == 5
    assert sum("other earlier pilots" in words for words in false()) == 5


def test_a_thousand_clones_that_nobody_sees_have_no_more_than_the_whole_budget_together():
    # Each of them could open the first test of the ledger, and only the luckiest is shown to anybody.
    assert ATTEMPTS * level((), 0) <= BUDGET


def test_an_inflated_count_of_promotions_is_no_level_of_the_budget(adversary, a_change, false):
    entries = adversary.ledger.entries
    adversary.ledger.add(opened(entries, a_change(), level((), 9), 9, SCALES, plays("x")))
    assert any("did not grant" in words for words in false())
    assert the_test(entries[-1]).promotions == 9


def test_a_near_miss_is_not_kept_until_the_level_has_risen(adversary, a_change, false):
    entries = adversary.ledger.entries
    missed = adversary.open("near", head=head(1))
    for number in range(2, 6):
        adversary.play(adversary.open(f"x {number}", head=head(number)), "lucky")
    risen, again = next_level(entries), next_level(entries, plays("near"))
    assert promotions(entries) == 4
    assert again == missed.body["level"] < risen
    change = a_change(head=head(9))
    adversary.ledger.add(opened(entries, change, risen, promotions(entries), SCALES, plays("near")))
    assert any("did not grant" in words for words in false())


def test_one_discovery_counts_once_however_often_it_is_asked_for(adversary, a_change):
    entries = adversary.ledger.entries
    adversary.play(adversary.open("good", head=head(1)), "lucky")
    once = next_level(entries)
    for number in range(2, 20):
        due = next_level(entries, plays("good"))
        change = a_change(head=head(number))
        test = adversary.ledger.add(opened(entries, change, due, promotions(entries), SCALES, plays("good")))
        adversary.play(test, "lucky")
    assert promotions(entries) == 1
    assert next_level(entries) < once
    assert false_levels(entries) == ()


def test_a_lucky_test_raises_the_next_levels_once_and_not_above_a_thirtieth(adversary):
    tests = [adversary.open(f"x {number}", head=head(number)) for number in range(3)]
    ends = {adversary.play(test, "lucky").body["judgement"]["finish"] for test in tests for _ in range(9)}
    assert ends == {Finish.BETTER}
    assert promotions(adversary.ledger.entries) == 3
    assert next_level(adversary.ledger.entries) <= BUDGET / 30
