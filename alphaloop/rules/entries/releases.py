"""Releases, rollbacks and how they ended.

The forge completes a release or rollback with `landing`, in the same atomic move that makes main's commit.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from alphaloop.errors import Untrusted
from alphaloop.facts.change import RELEASE_PATHS, Change
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.judgement import Judgement
from alphaloop.facts.release import Outcome, Release
from alphaloop.rules.entries.evidence import judgement_body, judgement_in
from alphaloop.rules.entries.fields import Fields, body_of
from alphaloop.rules.entries.founding import founding_commit

MERGE, ROLLBACK = "merge", "rollback"


def release(change: Change, shadow: str) -> Draft:
    """The merge of `change`; shadow: the last confirmed commit, beside which it runs."""
    judged = change.canary
    body = {
        "action": MERGE,
        "change": change.number,
        "base": change.base,
        "head": change.head,
        "head_tree": change.head_tree,
        "shadow": shadow,
        "judged": judged,
        **({"scaled": True} if judged and change.scaling is not None else {}),
    }
    subject = f"merge #{change.number} at {change.head[:12]}" + (", as a canary" if judged else "")
    return Draft(Kind.RELEASE, f"release:{change.number}:{change.head}:{change.base}", subject, body)


def rollback(released: Entry, why: str, paths: Sequence[str] = RELEASE_PATHS) -> Draft:
    """Take the release that `released` is back: `paths` are set to what they were in its shadow."""
    back = release_of(released)
    body = {
        "action": ROLLBACK,
        "of": released.commit,
        "change": back.change,
        "restores": list(paths),
        "shadow": back.shadow,
        "why": why,
    }
    subject = f"roll #{back.change} back to {back.shadow[:12]}: {why}"
    return Draft(Kind.RELEASE, f"rollback:{released.commit}", subject, body)


def outcome(released: Entry, ended: Outcome, evidence: str) -> Draft:
    """How a release ended; evidence: the digest of its run beside the shadow, "" when none was run."""
    word = "confirmed" if ended.confirmed else "rolled back"
    judgement = None if ended.judgement is None else judgement_body(ended.judgement)
    body = {
        "of": released.commit,
        "change": ended.release.change,
        "commit": ended.release.commit,
        "judgement": judgement,
        "evidence": evidence,
        "restored": ended.restored,
    }
    return Draft(
        Kind.OUTCOME, f"outcome:{released.commit}", f"release of #{ended.release.change} {word}", body
    )


def is_merge(entry: Entry) -> bool:
    """Whether `entry` is a release and no rollback."""
    return entry.kind is Kind.RELEASE and body_of(entry, Kind.RELEASE).text("action") == MERGE


def is_rollback(entry: Entry) -> bool:
    """Whether `entry` took a release back."""
    return entry.kind is Kind.RELEASE and body_of(entry, Kind.RELEASE).text("action") == ROLLBACK


def release_of(entry: Entry) -> Release:
    """The merge that `entry` is; raises Untrusted for a rollback or a release that never landed."""
    fields = body_of(entry, Kind.RELEASE)
    if fields.text("action") != MERGE:
        raise Untrusted(f"{fields.where} is a {fields.text('action')}, not a merge")
    return Release(
        fields.whole("change"),
        landed_at(entry),
        fields.text("shadow"),
        fields.flag("judged"),
        "scaled" in fields.values and fields.flag("scaled"),
    )


def landed_at(entry: Entry) -> str:
    """Main's commit after this release or rollback."""
    return body_of(entry, Kind.RELEASE).inner("landing").text("commit")


def outcome_of(entries: Iterable[Entry], entry: Entry) -> Outcome:
    """The outcome that `entry` carries, with the release that it ended."""
    fields = body_of(entry, Kind.OUTCOME)
    wanted = fields.text("of")
    released = next((one for one in entries if one.commit == wanted), None)
    if released is None:
        raise Untrusted(f"{fields.where} ends a release that is not in the ledger")
    return Outcome(release_of(released), _judgement(fields), fields.text("restored"))


def releases(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Every merge, oldest first."""
    return tuple(entry for entry in entries if is_merge(entry))


def ended(entries: Iterable[Entry], released: Entry) -> Entry | None:
    """The outcome entry of a release, or None while it runs."""
    key = f"outcome:{released.commit}"
    return next((entry for entry in entries if entry.kind is Kind.OUTCOME and entry.key == key), None)


def rolled_back(entries: Iterable[Entry], released: Entry) -> Entry | None:
    """The rollback entry of a release, or None."""
    key = f"rollback:{released.commit}"
    return next((entry for entry in entries if entry.kind is Kind.RELEASE and entry.key == key), None)


def canary(entries: Sequence[Entry]) -> Entry | None:
    """The release that runs as a canary now, or None; rolled back without an outcome, it still is one."""
    running = (one for one in releases(entries) if release_of(one).judged and ended(entries, one) is None)
    return next(running, None)


def confirmed_commit(entries: Sequence[Entry]) -> str:
    """Main's commit whose release paths are the last confirmed ones; before any release the founding one.

    What landed beside a running canary has the canary's release paths, so its own end confirms nothing.
    """
    confirmed, running, beside = founding_commit(entries), "", set[str]()
    for entry in entries:
        if is_merge(entry):
            if release_of(entry).judged:
                running = entry.commit
            elif running:
                beside.add(entry.commit)
        elif entry.kind is Kind.OUTCOME:
            fields = body_of(entry, Kind.OUTCOME)
            of = fields.text("of")
            running = "" if of == running else running
            if not fields.text("restored") and of not in beside:
                confirmed = fields.text("commit")
    return confirmed


def _judgement(fields: Fields) -> Judgement | None:
    there: Any = fields.values.get("judgement")
    try:
        return None if there is None else judgement_in(fields.inner("judgement"))
    except ValueError as wrong:
        raise Untrusted(f"{fields.where}: {wrong}") from wrong
