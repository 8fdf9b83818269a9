"""Step 6: a release beside a shadow of the last confirmed version, on markets that nobody has seen."""

from collections.abc import Sequence

from alphaloop.agents.claiming import claimed
from alphaloop.agents.contest import Contest, contested
from alphaloop.agents.grounds import constitution_at
from alphaloop.agents.pilot import scales_between
from alphaloop.agents.rollback import moved, take_back, unsafe
from alphaloop.errors import Refused, Stale
from alphaloop.facts.change import RELEASE_PATHS
from alphaloop.facts.entry import Entry
from alphaloop.facts.judgement import Finish, Judgement
from alphaloop.facts.release import Outcome, Release
from alphaloop.facts.step import Step, Todo
from alphaloop.ports import Desk
from alphaloop.rules import canary, seeds
from alphaloop.rules.canaries import recalled
from alphaloop.rules.entries import releases
from alphaloop.rules.entries.evidence import evidence_digest, evidence_of, evidence_on

SEAT = "sre"


def ended(desk: Desk, release: Release) -> Outcome:
    """How a release ends; a killed canary goes on with the same seeds, and an ended one is read back."""
    entries = desk.ledger.entries()
    released = next(entry for entry in releases.releases(entries) if releases.release_of(entry) == release)
    standing = releases.ended(entries, released)
    if standing is not None:
        return releases.outcome_of(entries, standing)
    if not release.judged:
        return _recorded(desk, released, Outcome(release, None, ""), "")
    if releases.rolled_back(entries, released) is not None:
        return _taken_back(desk, released, "it was rolled back and its end not recorded")
    gone = recalled(entries, released, constitution_at(desk, desk.forge.main()).seats)
    if gone:
        return _taken_back(desk, released, gone)
    entry = evidence_on(entries, released.commit) or _claimed(desk, release, released)
    judged = evidence_of(entry).judgement
    desk.tell(f"  canary: {judged.words}")
    return _concluded(desk, released, judged, evidence_digest(entry))


def abandon(desk: Desk, why: str) -> Outcome:
    """Take the running canary back without waiting for its end; raises Refused when none is running."""
    entries = desk.ledger.entries()
    released = releases.canary(entries)
    if released is None:
        raise Refused(
            "no canary is running, so no lever takes anything back: going behind a confirmed release is a "
            "change of its own, which a human proposes"
        )
    return _taken_back(desk, released, why)


def _taken_back(desk: Desk, released: Entry, why: str) -> Outcome:
    played = evidence_on(desk.ledger.entries(), released.commit)
    judged = None if played is None else evidence_of(played).judgement
    digest = "" if played is None else evidence_digest(played)
    restored = take_back(desk, released, why)
    return _recorded(desk, released, Outcome(releases.release_of(released), judged, restored), digest)


def _concluded(desk: Desk, released: Entry, judged: Judgement, digest: str) -> Outcome:
    """Confirmed if the run says so and nothing spoke or moved meanwhile; else taken back."""
    if judged.finish is not Finish.CONFIRMED:
        return _taken_back(desk, released, judged.words)
    confirmed = Outcome(releases.release_of(released), judged, "")
    while True:
        entries = desk.ledger.entries()
        why = _against(desk, entries, released)
        if why:
            return _taken_back(desk, released, why)
        try:
            # Onto what was read: a veto that comes meanwhile must not find the canary confirmed.
            return _recorded(desk, released, confirmed, digest, entries[-1].commit)
        except Stale:
            continue


def _against(desk: Desk, entries: Sequence[Entry], released: Entry) -> str:
    """What forbids to confirm a release that was shown to be no worse, "" when nothing does."""
    main = desk.forge.main()
    why = recalled(entries, released, constitution_at(desk, main).seats)
    if why:
        return why
    release = releases.release_of(released)
    if moved(desk, release.commit, main):
        return f"{', '.join(RELEASE_PATHS)} on main are no longer those of the canary"
    now, then = constitution_at(desk, main), constitution_at(desk, release.commit)
    if (now.limits, now.market) == (then.limits, then.market):
        return ""
    refused = unsafe(desk, release.commit)
    return f"today's limits refuse it: {refused}" if refused else ""


def _recorded(desk: Desk, released: Entry, outcome: Outcome, digest: str, onto: str = "") -> Outcome:
    entry = desk.ledger.append(releases.outcome(released, outcome, digest), SEAT, onto)
    return releases.outcome_of(desk.ledger.entries(), entry)


def _claimed(desk: Desk, release: Release, released: Entry) -> Entry:
    todo = Todo(Step.WATCH, release.change)
    with claimed(desk, SEAT, todo, f"canary of #{release.change}, {released.commit}"):
        return _run(desk, release, released)


def _run(desk: Desk, release: Release, released: Entry) -> Entry:
    desk.tell(f"  canary: {canary.PAIRS} pairs beside its shadow {release.shadow[:12]}")
    scales = scales_between(desk, release.commit, release.shadow, release.commit)
    beside = Contest(
        name="canary",
        of=released,
        stream=seeds.Stream.RELEASE,
        change=release.change,
        head=release.commit,
        base=release.shadow,
        judged_by=release.commit,
        seat=SEAT,
        most=canary.PAIRS,
    )
    return contested(desk, beside, scales, canary.Watch(scales.objective))
