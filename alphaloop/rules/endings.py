"""Whether a release and its ending are what the entries before them allow; the words of verify."""

from collections.abc import Sequence

from alphaloop.facts.change import LIMITS, RELEASE_PATHS, Change
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.judgement import Finish
from alphaloop.facts.release import Release
from alphaloop.rules.entries import releases
from alphaloop.rules.entries.decisions import decided_change
from alphaloop.rules.entries.evidence import evidence_digest, evidence_of, evidence_on
from alphaloop.rules.entries.fields import body_of
from alphaloop.rules.shaken import shaken


def wrong_release(entries: Sequence[Entry], entry: Entry) -> str:
    """Why a merge or rollback is not what it must be, "" when it is."""
    before = entries[: entry.number]
    fields = body_of(entry, Kind.RELEASE)
    landing = fields.inner("landing")
    if releases.is_rollback(entry):
        released = next((one for one in before if one.commit == fields.text("of")), None)
        if released is None:
            return "it takes back a release that is not in the ledger"
        if releases.ended(before, released) is not None:
            return "it takes back a release that had ended, and going behind one needs a human's change"
        release = releases.release_of(released)
        shadow = release.shadow
        if landing.text("how") != "restore" or landing.texts("paths") not in _ways_back(release):
            return "a rollback restores the release paths, of a scaling with its limits, and nothing else"
        return "" if landing.text("source") == shadow else f"it does not restore the shadow {shadow[:12]}"
    if landing.text("how") != "merge" or landing.whole("change") != fields.whole("change"):
        return "it lands another change than it says"
    if fields.text("shadow") != releases.confirmed_commit(before):
        return "its shadow is not the last confirmed release"
    change = _decided(before, entry)
    judged = change is None or change.canary
    if releases.release_of(entry).scaled != (judged and change is not None and change.scaling is not None):
        return "it says wrongly whether it is a scaling"
    return "" if fields.flag("judged") == judged else "it says wrongly whether it is judged"


def wrong_outcome(entries: Sequence[Entry], entry: Entry) -> str:
    """Why a release did not end as `entry` says, "" when it did."""
    before = entries[: entry.number]
    fields = body_of(entry, Kind.OUTCOME)
    released = next((one for one in before if one.commit == fields.text("of")), None)
    if released is None or entry.key != f"outcome:{released.commit}":
        return "it ends a release that is not in the ledger"
    back = releases.rolled_back(before, released)
    restored = "" if back is None else releases.landed_at(back)
    if fields.text("restored") != restored:
        return "it says otherwise than the ledger whether the release was taken back"
    release = releases.release_of(released)
    if fields.text("commit") != release.commit:
        return "it confirms another commit than the release"
    found = evidence_on(before, released.commit)
    # A release that a lever took back rests on no evidence, even where some was there.
    if fields.text("evidence") not in ("", "" if found is None else evidence_digest(found)):
        return "it rests on other evidence than the ledger holds"
    shown = found is not None and evidence_of(found).judgement.finish is Finish.CONFIRMED
    if release.judged and not restored and not shown:
        return "it confirms a release that was not shown to be no worse than its shadow"
    return shaken(before, released) if release.judged and not restored else ""


def _ways_back(release: Release) -> tuple[tuple[str, ...], ...]:
    """The paths that a rollback may restore; git is asked whether limits among them loosen anything."""
    plain = tuple(sorted(RELEASE_PATHS))
    return (plain, tuple(sorted((*RELEASE_PATHS, LIMITS)))) if release.scaled else (plain,)


def _decided(before: Sequence[Entry], entry: Entry) -> Change | None:
    """The change that this merge's decision was on, None where nobody decided."""
    number = body_of(entry, Kind.RELEASE).whole("change")
    decided = (decided_change(one) for one in reversed(before) if one.kind is Kind.DECISION)
    return next((one for one in decided if one.number == number), None)
