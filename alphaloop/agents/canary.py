"""Step 6: a release beside a shadow of the last confirmed version, on markets that nobody has seen."""

from alphaloop.agents.contest import Contest, contested
from alphaloop.agents.pilot import scales_between
from alphaloop.agents.rollback import take_back
from alphaloop.errors import Refused
from alphaloop.facts.entry import Entry
from alphaloop.facts.judgement import Finish, Judgement
from alphaloop.facts.release import Outcome, Release
from alphaloop.ports import Desk
from alphaloop.rules import canary, seeds
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
    entry = evidence_on(entries, released.commit) or _run(desk, release, released)
    judged = evidence_of(entry).judgement
    desk.tell(f"  canary: {judged.words}")
    return _recorded(desk, released, _concluded(desk, release, released, judged), evidence_digest(entry))


def abandon(desk: Desk, why: str) -> Outcome:
    """Take the running canary back without waiting for its end; raises Refused when none is running."""
    entries = desk.ledger.entries()
    released = releases.canary(entries)
    if released is None:
        raise Refused(
            "no canary is running, so no lever takes anything back: going behind a confirmed release is a "
            "change of its own, which a human proposes"
        )
    release = releases.release_of(released)
    played = evidence_on(entries, released.commit)
    judged = None if played is None else evidence_of(played).judgement
    digest = "" if played is None else evidence_digest(played)
    return _recorded(desk, released, Outcome(release, judged, take_back(desk, released, why)), digest)


def _concluded(desk: Desk, release: Release, released: Entry, judged: Judgement) -> Outcome:
    if judged.finish is Finish.CONFIRMED:
        return Outcome(release, judged, "")
    return Outcome(release, judged, take_back(desk, released, judged.words))


def _recorded(desk: Desk, released: Entry, outcome: Outcome, digest: str) -> Outcome:
    desk.ledger.append(releases.outcome(released, outcome, digest), SEAT)
    return outcome


def _run(desk: Desk, release: Release, released: Entry) -> Entry:
    desk.tell(f"  canary: {canary.PAIRS} pairs beside its shadow {release.shadow[:12]}")
    scales = scales_between(desk, release.commit, release.shadow)
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
