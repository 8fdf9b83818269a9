"""Taking a release back: to the last confirmed release paths, and only if they still pass today's limits."""

from alphaloop.agents import sre
from alphaloop.agents.grounds import STRATEGY, strategy_at, venue_at
from alphaloop.checks.subject import Subject
from alphaloop.checks.table import examine
from alphaloop.errors import Stopped
from alphaloop.facts.change import RELEASE_PATHS
from alphaloop.facts.entry import Entry
from alphaloop.facts.finding import vetoes
from alphaloop.ports import Desk, Merged
from alphaloop.rules.entries import releases


def take_back(desk: Desk, released: Entry, why: str) -> str:
    """Main's commit after the rollback of `released`.

    Raises Stopped, with the emergency stop in the ledger, when the confirmed version is no longer safe or
    cannot be put back: then nothing that could run is left.
    """
    done = releases.rolled_back(desk.ledger.entries(), released)
    if done is not None:
        return releases.landed_at(done)
    shadow = releases.release_of(released).shadow
    unsafe = _unsafe(desk, shadow)
    if unsafe:
        return _stopped(
            desk, f"#{releases.release_of(released).change} must go, and {shadow[:12]} is refused: {unsafe}"
        )
    restored = desk.forge.restore(RELEASE_PATHS, shadow, sre.SEAT, releases.rollback(released, why))
    if not isinstance(restored, Merged):
        return _stopped(
            desk, f"#{releases.release_of(released).change} could not be taken back: {restored.words}"
        )
    desk.tell(f"  rolled back to {shadow[:12]}: {why}")
    return restored.commit


def _unsafe(desk: Desk, shadow: str) -> str:
    """Why the safety stages refuse the confirmed strategy under main's constitution, "" if they do not."""
    venue = venue_at(desk, desk.forge.main())
    confirmed = strategy_at(desk, shadow)
    looked = examine(
        Subject(STRATEGY, confirmed, None, venue.limits), venue, "pre-trade", desk.tell, desk.sandbox
    )
    found = vetoes(looked.findings)
    return found[0].message if found else ""


def _stopped(desk: Desk, why: str) -> str:
    sre.stop(desk, sre.SEAT, why)
    raise Stopped(f"{why}. The desk is stopped: a human must put main right, then `alphaloop resume`")
