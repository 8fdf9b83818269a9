"""Auditing: what a ledger says is computed again; what was forged with a real key is false, never a crash."""

from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alphaloop.facts.change import RELEASE_PATHS
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Draft, Kind
from alphaloop.facts.evidence import Evidence
from alphaloop.facts.release import Outcome
from alphaloop.rules import betting, canary, seeds
from alphaloop.rules.audit import audited
from alphaloop.rules.budget import next_level
from alphaloop.rules.entries.decisions import decision
from alphaloop.rules.entries.evidence import evidence, evidence_digest
from alphaloop.rules.entries.opened import test_opened as opened
from alphaloop.rules.entries.releases import outcome, release, release_of, rollback
from alphaloop.rules.entries.verdicts import verdict
from alphaloop.rules.gate import decided
from alphaloop.rules.required import required

BOUND = {"world": "w", "limits": "l", "judge": "j", "platform": "p", "tainted": "no"}
FOUNDING, MERGED, BACK = "f" * 40, "1" * 40, "2" * 40
RISK = Ed25519PrivateKey.from_private_bytes(bytes(32))


def signed(number: int, principal: str, message: bytes, signature: bytes) -> bool:
    try:
        RISK.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return principal == "risk"


@pytest.fixture
def false(ledger, seats):
    """The words of every claim that does not hold."""

    def run() -> list[str]:
        claims = audited(tuple(ledger.entries), lambda commit: seats, "m" * 40, signed)
        return [claim.words for claim in claims if claim.holds is Holds.FALSE]

    return run


@pytest.fixture
def played(ledger, a_pair, scales):
    """Record evidence for a test or a release, on the seeds that Risk's signature gives."""

    def run(start, change, head, base, gain, signer, **more):
        test = start.kind is Kind.TEST_OPENED
        stream = seeds.Stream.JUDGE if test else seeds.Stream.RELEASE
        signature = RISK.sign(seeds.message_to_sign(stream, ledger.entries[0].commit, start))
        numbers = seeds.signed(stream, signature, 200)
        pairs = tuple(a_pair(gain, seed=number) for number in numbers)
        judged = betting.judge(pairs, scales, start.body["level"]) if test else canary.watch(pairs, 1.0)
        made = Evidence(
            start.commit,
            change.number,
            head,
            change.head_tree,
            base,
            signature.hex(),
            scales,
            pairs,
            BOUND,
            judged,
        )
        return ledger.add(evidence(replace(made, **more)), signer)

    return run


@pytest.fixture
def merged(ledger, a_change, a_verdict, rests, seats, played, scales):
    """A change that won its test, was approved, and is released; answers the release entry."""

    def run(signer="sre", **landed):
        change = a_change()
        test = ledger.add(opened(ledger.entries, change, next_level(ledger.entries), 0, scales, "sha256:p"))
        found = played(test, change, change.head, change.base, 1.0, "risk")
        for name in required(change, seats):
            said = a_verdict(name, evidence=evidence_digest(found) if name == "risk" else "")
            ledger.add(verdict(ledger.entries, rests(said)), name)
        ledger.add(decision(ledger.entries, decided(ledger.entries, change, seats), change), "sre")
        landing = {"how": "merge", "commit": MERGED, "base": change.base, "change": 7, "head": change.head}
        return ledger.add(release(change, FOUNDING), signer, landing={**landing, **landed})

    return run


def _confirmed(entry, **more):
    draft = outcome(entry, Outcome(release_of(entry), None, ""), "")
    return Draft(draft.kind, draft.key, draft.subject, {**draft.body, **more})


def _rolled_back(ledger, entry, **landed):
    landing = {"how": "restore", "commit": BACK, "base": MERGED, "source": FOUNDING}
    landing["paths"] = sorted(RELEASE_PATHS)
    return ledger.add(rollback(entry, "worse"), "sre", landing={**landing, **landed})


def test_a_whole_life_holds(ledger, a_change, merged, played, false):
    entry = merged()
    found = played(entry, a_change(), MERGED, FOUNDING, 0.1, "sre")
    ledger.add(_confirmed(entry, evidence=evidence_digest(found)), "sre")
    assert false() == []


def test_a_rolled_back_life_holds(ledger, merged, false):
    entry = merged()
    _rolled_back(ledger, entry)
    ledger.add(_confirmed(entry, restored=BACK), "sre")
    assert false() == []


def test_a_release_that_a_lever_took_back_after_its_canary_holds(ledger, a_change, merged, played, false):
    entry = merged()
    played(entry, a_change(), MERGED, FOUNDING, 0.1, "sre")
    _rolled_back(ledger, entry)
    ledger.add(_confirmed(entry, restored=BACK), "sre")
    assert false() == []


@pytest.mark.parametrize("signer", ["quant", "risk", "human:alice"])
def test_a_release_by_who_may_not_merge_is_false(merged, false, signer):
    merged(signer=signer)
    assert any("without the power 'merge'" in words for words in false())


@pytest.mark.parametrize("landed", [{"how": "restore"}, {"change": 8}])
def test_a_release_that_lands_something_else_is_false(merged, false, landed):
    merged(**landed)
    assert any("another change" in words for words in false())


@pytest.mark.parametrize("field", [{"shadow": "9" * 40}, {"judged": False}])
def test_a_release_with_another_shadow_or_without_a_canary_is_false(ledger, merged, false, field):
    entry = merged()
    ledger.entries[-1] = replace(entry, body={**entry.body, **field})
    assert len(false()) == 1


def test_a_canary_that_was_never_run_is_not_confirmed(ledger, merged, false):
    ledger.add(_confirmed(merged()), "sre")
    assert any("not shown to be no worse" in words for words in false())


def test_a_canary_that_lost_is_not_confirmed(ledger, a_change, merged, played, false):
    entry = merged()
    found = played(entry, a_change(), MERGED, FOUNDING, -1.0, "sre")
    ledger.add(_confirmed(entry, evidence=evidence_digest(found)), "sre")
    assert any("not shown to be no worse" in words for words in false())


def test_an_outcome_by_who_may_not_release_is_false(ledger, merged, false):
    ledger.add(_confirmed(merged()), "quant")
    assert any("without the power 'release'" in words for words in false())


@pytest.mark.parametrize(
    "field", [{"commit": "9" * 40}, {"restored": BACK}, {"evidence": "sha256:e"}, {"of": "9" * 40}]
)
def test_an_outcome_that_says_otherwise_than_the_ledger_is_false(
    ledger, a_change, merged, played, false, field
):
    entry = merged()
    found = played(entry, a_change(), MERGED, FOUNDING, 0.1, "sre")
    ledger.add(_confirmed(entry, **{"evidence": evidence_digest(found), **field}), "sre")
    assert len(false()) == 1


@pytest.mark.parametrize("landed", [{"source": "9" * 40}, {"paths": ["risk.py"]}, {"how": "merge"}])
def test_a_rollback_to_something_else_than_the_shadow_is_false(ledger, merged, false, landed):
    _rolled_back(ledger, merged(), **landed)
    assert len(false()) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"of": "9" * 40},
        {"signature": "zz"},
        {"signature": "00"},
        {"signature": "00" * 64},
        {"bound": {**BOUND, "tainted": "yes"}},
    ],
)
def test_forged_evidence_is_false_and_not_a_crash(ledger, a_change, played, false, scales, more):
    change = a_change()
    test = ledger.add(opened(ledger.entries, change, next_level(ledger.entries), 0, scales, "sha256:p"))
    played(test, change, change.head, change.base, 1.0, "risk", **more)
    assert len(false()) == 1


def test_evidence_by_who_may_not_open_tests_is_false(ledger, a_change, played, false, scales):
    change = a_change()
    test = ledger.add(opened(ledger.entries, change, next_level(ledger.entries), 0, scales, "sha256:p"))
    played(test, change, change.head, change.base, 1.0, "quant")
    assert any("may not judge" in words for words in false())


def test_a_test_that_cannot_be_read_is_false_and_not_a_crash(ledger, false):
    ledger.add(Draft(Kind.TEST_OPENED, "test:x", "x", {}), "risk")
    assert any("lacks the field" in words for words in false())
