"""SRE: merges what the gate approved, answers for the way back, and stops the desk."""

from collections.abc import Sequence

from alphaloop.agents.answers import from_findings, held
from alphaloop.agents.grounds import constitution_at
from alphaloop.agents.judging import refuse_other_judge
from alphaloop.agents.legible import legible
from alphaloop.errors import Refused, RepositoryFailure, Stopped
from alphaloop.facts.change import RELEASE_PATHS, SCALED_PATHS, Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Entry
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.release import Release
from alphaloop.facts.role import is_human
from alphaloop.facts.verdict import Verdict
from alphaloop.ports import Desk, Merged
from alphaloop.rules import gate
from alphaloop.rules.entries import decisions, releases, stops
from alphaloop.rules.entries.canonical import digest
from alphaloop.rules.lawful import unlawful
from alphaloop.rules.life import over, release_entry
from alphaloop.rules.stopped import stop_in_force, why_stopped
from alphaloop.trading import flag
from alphaloop.words import not_merged_comment

SEAT = "sre"


def review(desk: Desk, change: Change) -> Verdict:
    """Whether the change can be released and taken back; while a canary runs, the gate itself waits."""
    entries = desk.ledger.entries()
    rests_on = "the ledger's releases"
    shadow = releases.confirmed_commit(entries)
    missing = [path for path in RELEASE_PATHS[:1] if path not in desk.forge.files(shadow)]
    if missing:
        words = f"the last confirmed release {shadow[:12]} has no {missing[0]}, so there is no way back"
        return held(SEAT, change, (Finding("way-back", Severity.WARNING, words, missing[0]),), rests_on)
    unconfirmed = _unconfirmed(desk, change, shadow)
    if unconfirmed:
        words = (
            f"it scales another {unconfirmed} than the last confirmed release {shadow[:12]} has, so "
            "limits and strategy could not go back together; let that be confirmed first"
        )
        return held(SEAT, change, (Finding("way-back", Severity.WARNING, words, unconfirmed),), rests_on)
    return from_findings(SEAT, change, (_way_back(change, shadow),), rests_on)


def _way_back(change: Change, shadow: str) -> Finding:
    words = f"a rollback restores {shadow[:12]}"
    if change.scaling is not None and not change.canary:
        words = "it holds less at once, and only a person lets it hold more again"
    return Finding("way-back", Severity.NOTE, words)


def _unconfirmed(desk: Desk, change: Change, shadow: str) -> str:
    """The file of a scaling that is not confirmed as its base has it, "" where all are."""
    if change.scaling is None:
        return ""
    here, there = desk.forge.files(change.base), desk.forge.files(shadow)
    return next((path for path in SCALED_PATHS if here.get(path) != there.get(path)), "")


def decide(desk: Desk, change: Change) -> Decision:
    """What the gate makes of the signed verdicts in the ledger; recorded before anything is done."""
    refuse_other_judge(desk, change.base, change.head)
    entries = desk.ledger.entries()
    decided = gate.decided(entries, change, constitution_at(desk, change.base).seats, desk.today())
    desk.ledger.append(decisions.decision(entries, decided, change), SEAT)
    desk.tell(f"  the gate: {decided.word}: {decided.reasons[0]}")
    return decided


def waiting(desk: Desk) -> int | None:
    """The oldest open change that the gate would let in now: only something passing kept it from merging."""
    entries = desk.ledger.entries()
    waits = (number for number in desk.forge.numbers() if not over(entries, number))
    found = (change.number for change in legible(desk, waits) if _would_merge(desk, entries, change))
    return next(found, None)


def _would_merge(desk: Desk, entries: Sequence[Entry], change: Change) -> bool:
    seats = constitution_at(desk, change.base).seats
    return gate.decided(entries, change, seats, desk.today()).may_merge


def deploy(desk: Desk, change: Change, decided: Decision) -> Release | None:
    """Merge an approved change; None when the gate did not approve it, or it no longer is what was judged."""
    if not decided.may_merge:
        return None
    shadow = releases.confirmed_commit(desk.ledger.entries())
    landed = desk.forge.merge(change, decided, SEAT, releases.release(change, shadow))
    if not isinstance(landed, Merged):
        desk.tell(f"  not merged: {landed.words}")
        said = not_merged_comment(change, landed.words)
        desk.forge.comment(change.number, SEAT, said, f"not-merged:{digest({'said': said})}")
        return None
    desk.tell(f"  merged #{change.number} as {landed.commit[:12]}")
    return released(desk, change)


def released(desk: Desk, change: Change) -> Release | None:
    """The release that merged `change`, or None while it has not landed."""
    entry = release_entry(desk.ledger.entries(), change.number)
    return None if entry is None else releases.release_of(entry)


def stop(desk: Desk, principal: str, reason: str) -> Entry:
    """The emergency stop, on the flag and in the ledger: nothing merges until a human resumes."""
    try:
        flag.hoist(desk.flag, principal, reason)
    except RepositoryFailure as failed:
        # The ledger's entry stops the desk all the same, and must not wait for a full disk.
        desk.tell(f"  {failed}")
    return desk.ledger.append(stops.stop(desk.ledger.entries(), principal, reason), principal)


def resume(desk: Desk, principal: str, reason: str) -> Entry | None:
    """End the stop in force, with the human's own signature; None when the desk is not stopped.

    Raises Refused for a machine: its entry would end nothing.
    """
    if not is_human(principal):
        raise Refused(
            f"{principal} cannot resume: only a human lets the desk go on, with their own signature"
        )
    # Looked at first: a resume that cannot take the flag down would leave ledger and flag at odds.
    flag.refuse_unless_ours(desk.flag)
    ended = _resumed(desk, principal, reason)
    flag.lower(desk.flag)
    again = stop_in_force(desk.ledger.entries())
    if again is not None:
        # Somebody stopped the desk after the signature, when the old flag was still up.
        flag.hoist(desk.flag, again.signer, why_stopped((again,)))
    return ended


def _resumed(desk: Desk, principal: str, reason: str) -> Entry | None:
    entries = desk.ledger.entries()
    standing, why = stop_in_force(entries), flag.raised(desk.flag)
    if standing is None and why:
        # A flag that was raised away from the ledger is written down before it is ended.
        standing = desk.ledger.append(stops.stop(entries, principal, why), principal)
    return (
        None if standing is None else desk.ledger.append(stops.resume(standing, principal, reason), principal)
    )


def stop_when_unlawful(desk: Desk) -> None:
    """Stop the desk where main or what is confirmed was moved otherwise than by the desk's rules.

    Raises Stopped: a human looks at it, puts main right, and answers for it by resuming.
    """
    why = unlawful(desk.ledger.entries(), lambda commit: constitution_at(desk, commit).seats)
    if why:
        stop(desk, SEAT, why)
        raise Stopped(f"{why}. The desk is stopped: put main right, then `alphaloop resume`")


def refuse_when_stopped(desk: Desk) -> None:
    """Raise Stopped while the emergency stop is in force."""
    why = why_stopped(desk.ledger.entries()) or flag.raised(desk.flag)
    if why:
        raise Stopped(f"the desk is stopped ({why}); a human lets it go on with `alphaloop resume`")
