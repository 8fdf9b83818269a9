"""A key that is taken away while a change is under way: nothing that rests on it takes effect any more."""

from alphaloop.agents import board, canary, sre
from alphaloop.agents.risk import tournament
from alphaloop.doors.verifying import verified
from alphaloop.facts.claim import Holds
from alphaloop.facts.verdict import Stance
from alphaloop.forge.keys import folder as keys
from alphaloop.forge.keys import rotation
from alphaloop.forge.signature import public_line
from alphaloop.rules.entries import opened


def rotated(desk, principal):
    """Give a seat another key, as alice does, and let this machine sign with it."""
    forge = desk.forge
    line = public_line(keys.draw(forge.keys.folder, principal))
    entry = rotation.change_key(forge.git, forge.ledger, principal, line, "lost", "human:alice")
    forge.keys.take_up(principal)
    return entry


def test_a_lost_key_holds_a_change_until_its_seat_speaks_again_and_takes_a_canary_back(approved, copied, sit):
    folder = copied(approved)
    desk = sit(folder)
    change = desk.forge.change(1)
    assert sre.decide(desk, change).may_merge

    rotated(desk, "qa")
    held = sre.decide(desk, change)
    assert held.stance is Stance.HOLD
    assert held.reasons[0].startswith("qa has not answered")
    assert sre.deploy(desk, change, held) is None
    before = len(desk.ledger.entries())
    board.review(desk, change)
    said = [entry.signer for entry in desk.ledger.entries()[before:] if entry.kind == "verdict"]
    assert said == ["qa"]

    release = sre.deploy(desk, change, sre.decide(desk, change))
    assert release is not None
    taken = rotated(desk, "qa")
    outcome = canary.ended(desk, release)
    assert not outcome.confirmed
    assert outcome.restored == desk.forge.main()
    assert desk.forge.file(desk.forge.main(), "strategy.py") == desk.forge.file(change.base, "strategy.py")
    back = next(entry for entry in desk.ledger.entries() if entry.body.get("action") == "rollback")
    assert back.body["why"] == f"it rests on a key of qa that entry {taken.number} took away"
    claims = list(verified(folder, 0, lambda words: None))
    assert [claim.words for claim in claims if claim.holds is Holds.FALSE] == []


def test_a_test_that_was_opened_with_a_lost_key_shows_nothing_and_stays_paid(approved, copied, sit):
    desk = sit(copied(approved))
    change = desk.forge.change(1)
    paid = opened.tests(desk.ledger.entries())
    rotated(desk, "risk")
    assert sre.decide(desk, change).stance is Stance.HOLD
    held = tournament.tested(desk, change)
    assert (held.seat, held.stance) == ("risk", Stance.HOLD)
    assert "the test shows nothing" in held.findings[0].message
    assert opened.tests(desk.ledger.entries()) == paid
    assert not sre.decide(desk, change).may_merge


def test_quants_lost_key_takes_its_commits_out_of_scope(approved, copied, sit):
    desk = sit(copied(approved))
    rotated(desk, "quant")
    refused = sre.decide(desk, desk.forge.change(1))
    assert refused.stance is Stance.VETO
    assert "'quant (with a key that was taken away)', whom roles.yaml does not know" in refused.reasons[0]
