"""What no rule of the desk made stops it; what rests on a key that is gone lands and stays nowhere."""

from collections.abc import Iterator

import pytest
from protocol_people import person
from protocol_story import begun, kinds, until, where
from protocol_world import ALICE, advance, model, told, unlocked_here

from alphaloop.agents import canary, sre
from alphaloop.errors import Stopped
from alphaloop.facts.change import State
from alphaloop.facts.entry import Kind
from alphaloop.facts.key import KeyChange
from alphaloop.rules.entries import releases
from alphaloop.rules.entries.evidence import evidence_digest, evidence_of
from alphaloop.rules.entries.keys import key_changed


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    """The model's constitution, and answers instead of measurements."""
    with model():
        yield


def test_a_confirmation_over_a_hold_stops_the_desk_until_a_human_answers_for_it():
    world = begun()
    until(world, "watch")
    person(world, "hold:1")
    released = releases.canary(world.store.entries())
    with told(world):
        world.processes.append("a")
        ran = canary._run(world.desk, releases.release_of(released), released)
    forged = releases.Outcome(releases.release_of(released), evidence_of(ran).judgement, "")
    world.store.append(releases.outcome(released, forged, evidence_digest(ran)), "sre")
    with pytest.raises(Stopped, match="confirms a canary although"):
        sre.stop_when_unlawful(world.desk)
    person(world, "resume")
    sre.stop_when_unlawful(world.desk)


def test_a_rollback_behind_a_confirmed_release_stops_the_desk():
    world = begun()
    until(world, "")
    (released,) = releases.releases(world.store.entries())
    world.store.restore(
        ("strategy.py",), releases.release_of(released).shadow, "sre", releases.rollback(released, "")
    )
    with pytest.raises(Stopped, match="had ended"):
        sre.stop_when_unlawful(world.desk)


def test_a_killed_merge_is_finished_and_its_canary_run_once():
    world = begun()
    until(world, "merge")
    entries = world.store.entries()

    def killed() -> None:
        raise KeyboardInterrupt

    world.store.after = killed
    with pytest.raises(KeyboardInterrupt):
        advance(world, "a", "approve")
    world.store.after = lambda: None
    assert len(world.store.entries()) == len(entries) + 1
    world.processes.clear()
    until(world, "")
    assert where(world) is State.CONFIRMED
    assert len([one for one in world.store.entries() if releases.is_merge(one)]) == 1


def test_a_canary_that_landed_on_a_revoked_key_is_taken_back():
    world = begun()
    until(world, "watch")
    revoked = KeyChange("risk", "ssh-ed25519 old", "", "stolen", world.store.main(), {})
    world.store.append(key_changed(revoked), ALICE)
    assert unlocked_here(world) == "take back"
    until(world, "")
    assert where(world) is State.ROLLED_BACK


def test_an_approval_of_a_revoked_key_merges_nothing():
    world = begun()
    until(world, "merge")
    world.store.append(
        key_changed(KeyChange("risk", "ssh-ed25519 old", "ssh-ed25519 new", "", world.store.main(), {})),
        ALICE,
    )
    assert unlocked_here(world) == "review"
    assert not kinds(world, Kind.RELEASE)
