"""Taking a release back: to the last confirmed release paths, and only if they still pass the limits then."""

from alphaloop.agents import sre
from alphaloop.agents.grounds import STRATEGY, constitution_at, strategy_at, venue_at
from alphaloop.checks.subject import Subject
from alphaloop.checks.table import STAGES, examine
from alphaloop.errors import Stopped
from alphaloop.facts.change import LIMITS, RELEASE_PATHS
from alphaloop.facts.entry import Entry
from alphaloop.facts.finding import vetoes
from alphaloop.facts.release import Release
from alphaloop.ports import Desk, Merged
from alphaloop.rules.entries import releases
from alphaloop.rules.scaling import loosened

LAW = (LIMITS, "market.yaml", "judge.lock")
"""What the safety stages judge a strategy by: limits, market, and the program itself."""


def take_back(desk: Desk, released: Entry, why: str) -> str:
    """Main's commit after the rollback of `released`.

    Raises Stopped, with the emergency stop in the ledger, when the confirmed version is no longer safe or
    cannot be put back: then nothing that could run is left.
    """
    done = releases.rolled_back(desk.ledger.entries(), released)
    if done is not None:
        return releases.landed_at(done)
    release = releases.release_of(released)
    shadow, main = release.shadow, desk.forge.main()
    if moved(desk, release.commit, main) and moved(desk, shadow, main):
        words = f"main's {', '.join(RELEASE_PATHS)} are neither the canary's nor those of {shadow[:12]}"
        return _stopped(desk, f"#{release.change} must go, and {words}: nobody's work is overwritten")
    paths = _paths(desk, release, main)
    refused = unsafe(desk, shadow, shadow) if LIMITS in paths else unsafe(desk, shadow)
    if refused:
        return _stopped(desk, f"#{release.change} must go, and {shadow[:12]} is refused: {refused}")
    restored = desk.forge.restore(paths, shadow, sre.SEAT, releases.rollback(released, why, paths))
    if not isinstance(restored, Merged):
        return _stopped(
            desk, f"#{releases.release_of(released).change} could not be taken back: {restored.words}"
        )
    desk.tell(f"  rolled back to {shadow[:12]}: {why}")
    return restored.commit


def moved(desk: Desk, commit: str, main: str) -> bool:
    """Whether the release paths of `main` are others than those of `commit`: somebody changed them since."""
    here, there = desk.forge.files(main), desk.forge.files(commit)
    return any(here.get(path) != there.get(path) for path in RELEASE_PATHS)


def unsafe(desk: Desk, commit: str, limits_of: str = "") -> str:
    """Why the safety stages refuse the strategy of `commit` under main's constitution, "" if they do not.

    limits_of: the commit whose limits it would run under, "" for main's.  Under the law that it ran by
    nothing is played again: what must go would trade meanwhile (0149).
    """
    main = desk.forge.main()
    venue = venue_at(desk, main, limits_of)
    subject = Subject(STRATEGY, strategy_at(desk, commit), None, venue.limits)
    through = "static" if _same_law(desk, commit, main, limits_of or main) else STAGES[-1]
    found = vetoes(examine(subject, venue, through, desk.tell, desk.sandbox).findings)
    return found[0].message if found else ""


def _paths(desk: Desk, release: Release, main: str) -> tuple[str, ...]:
    """What goes back: of a scaling its limits too, unless that would loosen what people tightened since."""
    if not release.scaled:
        return RELEASE_PATHS
    now, then = (constitution_at(desk, commit).limits for commit in (main, release.shadow))
    return RELEASE_PATHS if loosened(now, then) else (*RELEASE_PATHS, LIMITS)


def _same_law(desk: Desk, commit: str, main: str, limits_of: str) -> bool:
    there, here = desk.forge.files(commit), dict(desk.forge.files(main))
    here[LIMITS] = desk.forge.files(limits_of).get(LIMITS, "")
    return all(path in here and here[path] == there.get(path) for path in LAW)


def _stopped(desk: Desk, why: str) -> str:
    sre.stop(desk, sre.SEAT, why)
    raise Stopped(f"{why}. The desk is stopped: a human must put main right, then `alphaloop resume`")
