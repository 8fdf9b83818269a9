"""The merge decision, as a pure function.

Nothing here talks to a forge, so the same call explains yesterday's merge and tests tomorrow's.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from alphaloop.facts.change import RELEASE_PATHS, Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.finding import Severity
from alphaloop.facts.override import NO_OVERRIDES, Override, Overrides
from alphaloop.facts.role import Power, Seats, is_human
from alphaloop.facts.verdict import Stance, Verdict, combined
from alphaloop.rules.overriding import overridden, why_void
from alphaloop.rules.required import authors, human_must_approve, required
from alphaloop.rules.scope import out_of_scope


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against a merge, and how much it weighs."""

    stance: Stance
    words: str


def decide(
    change: Change,
    seats: Seats,
    verdicts: Sequence[Verdict],
    *,
    evidence: Collection[str] = (),
    stopped: str = "",
    escalated: bool = False,
    draft: bool = False,
    overrides: Overrides = NO_OVERRIDES,
) -> Decision:
    """Answer whether `change` may merge.

    verdicts: every verdict ever given on this change, in the ledger's order; evidence: digests of the
    evidence that the ledger holds for this head on this base; stopped: why the desk is stopped, "" when it is
    not; escalated: whether the change's hypothesis was handed to a human; draft: whether its author does not
    want it to land yet; overrides: every one given on this change, and the day on which this is decided.

    A machine's verdict counts only for the commit and base it was given on, so a push quietly withdraws every
    approval before it. A seat that has not spoken holds the change: silence is never consent. The strictest
    reason wins; an override takes the weight from a seat's hold, and from nothing else.
    """
    said = standing(change, seats, verdicts)
    reasons = [
        *_scope(change, seats),
        *_spoken(change, seats, said, overrides),
        *_silent(change, seats, said),
        *_unproven(change, seats, said, evidence),
        *_people(change, seats, said, escalated),
        *_merging(change, seats),
    ]
    if stopped:
        reasons.append(Reason(Stance.HOLD, f"the emergency stop is in force ({stopped}); a human resumes"))
    if draft:
        reasons.append(Reason(Stance.HOLD, "it is a draft, and lands when its author says that it is ready"))
    stance = combined(reason.stance for reason in reasons)
    stated = overrides.day if overrides.given else None
    return Decision(change.number, change.head, change.base, stance, _in_words(stance, reasons), stated)


def standing(change: Change, seats: Seats, verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The one verdict of everybody that counts now."""
    mine = [verdict for verdict in verdicts if verdict.change == change.number]
    answers: dict[str, list[Verdict]] = {}
    for verdict in mine:
        if not is_human(verdict.seat) and _here(change, verdict):
            answers.setdefault(verdict.seat, []).append(verdict)
    machines = (_of_a_machine(said) for said in answers.values())
    people = _of_people(change, seats, [verdict for verdict in mine if is_human(verdict.seat)])
    return (*machines, *people)


def _of_people(change: Change, seats: Seats, said: Iterable[Verdict]) -> Iterator[Verdict]:
    """Everybody's newest word: an approval dies with its head, a hold or veto stays until it is lifted.

    An abstention lifts: the speaker's own objection, and everybody's when the speaker is a maintainer, which
    is a registered human who wrote no part of the change.
    """
    words: dict[str, Verdict] = {}
    for verdict in said:
        if verdict.stance is not Stance.ABSTAIN:
            words[verdict.seat] = verdict
            continue
        maintains = verdict.seat not in authors(change) and seats.knows(verdict.seat)
        for giver, word in list(words.items()):
            if word.stance >= Stance.HOLD and (maintains or giver == verdict.seat):
                del words[giver]
    yield from (word for word in words.values() if word.stance >= Stance.HOLD or _here(change, word))


def _of_a_machine(here: Sequence[Verdict]) -> Verdict:
    """The strictest answer on this head and base, because nobody overrides a veto.

    Only a failure of the platform gives way to a later answer: it was no judgement.
    """
    judged = [verdict for verdict in here if verdict.stance is not Stance.BROKEN]
    if not judged or here[-1].stance is Stance.BROKEN:
        return here[-1]
    return max(reversed(judged), key=lambda verdict: verdict.stance)


def _here(change: Change, verdict: Verdict) -> bool:
    return (verdict.head, verdict.base) == (change.head, change.base)


def _scope(change: Change, seats: Seats) -> Iterator[Reason]:
    for finding in out_of_scope(change, seats):
        place = f" ({finding.file})" if finding.file else ""
        yield Reason(Stance.VETO, f"scope: {finding.message}{place}")


def _spoken(change: Change, seats: Seats, said: Iterable[Verdict], overrides: Overrides) -> Iterator[Reason]:
    wrote = authors(change)
    for verdict in said:
        over = overridden(change, seats, verdict, overrides)
        if over is not None:
            yield Reason(Stance.APPROVE, f"{_said(verdict)}; {_overriding(over)}")
        elif not seats.knows(verdict.seat):
            yield Reason(
                Stance.BROKEN, f"{verdict.seat!r} answered, and roles.yaml does not know who that is"
            )
        elif verdict.stance is Stance.APPROVE and verdict.seat in wrote:
            yield Reason(
                Stance.ABSTAIN, f"{verdict.seat} wrote a part of it, so this approval does not count"
            )
        else:
            yield Reason(verdict.stance, f"{_said(verdict)}{_void(change, seats, verdict, overrides)}")


def _void(change: Change, seats: Seats, verdict: Verdict, overrides: Overrides) -> str:
    """Why the newest override of this verdict's seat does not count; "" where nobody gave one."""
    newest = next((one for one in reversed(overrides.given) if one.seat == verdict.seat), None)
    if newest is None or verdict.stance is Stance.APPROVE:
        return ""
    why = (
        why_void(change, seats, newest, overrides.day)
        or f"only a hold is overridden, never a {_word(verdict)}"
    )
    return f"; the override of {newest.by} does not count: {why}"


def _word(verdict: Verdict) -> str:
    return verdict.stance.name.lower()


def _overriding(over: Override) -> str:
    return f"overridden by {over.by} until {over.until}: {over.reason}"


def _said(verdict: Verdict) -> str:
    weighty = [finding for finding in verdict.findings if finding.severity is not Severity.NOTE]
    worst = next((one for one in weighty if one.severity is Severity.VETO), weighty[0] if weighty else None)
    why = worst.message if worst else verdict.rests_on
    more = f" (and {len(weighty) - 1} more)" if len(weighty) > 1 else ""
    return f"{verdict.seat}: {_word(verdict)}{f', {why}' if why else ''}{more}"


def _silent(change: Change, seats: Seats, said: Iterable[Verdict]) -> Iterator[Reason]:
    stances = {verdict.seat: verdict.stance for verdict in said}
    wrote = authors(change)
    for name in required(change, seats):
        seat = seats.named(name)
        risk = seat is not None and seat.may(Power.VETO)
        if name in wrote:
            yield Reason(Stance.HOLD, f"{name} must review and wrote a part of it; it cannot do both")
        elif name not in stances:
            yield Reason(
                Stance.HOLD, f"{name} has not answered on {change.head[:12]}; silence is never consent"
            )
        elif stances[name] is Stance.ABSTAIN and risk:
            yield Reason(Stance.BROKEN, f"{name} abstained, and there is no merge without its judgement")
        elif stances[name] is Stance.ABSTAIN:
            yield Reason(Stance.HOLD, f"{name} must answer and abstained")
    if not any(seat.may(Power.VETO) for seat in seats.seats):
        yield Reason(Stance.BROKEN, "no seat of roles.yaml may veto, so nobody judges the risk")


def _unproven(
    change: Change, seats: Seats, said: Iterable[Verdict], evidence: Collection[str]
) -> Iterator[Reason]:
    if not any(path in RELEASE_PATHS for path in change.files):
        return
    for verdict in said:
        seat = seats.named(verdict.seat)
        if seat is None or not seat.may(Power.VETO) or verdict.stance is not Stance.APPROVE:
            continue
        if change.scaling is not None:
            # Nobody claims that more of the same is better, so no tournament is owed: only that it is safe.
            yield from _unsafe(verdict)
        elif not verdict.evidence:
            yield Reason(Stance.BROKEN, f"{verdict.seat} approved a release and names no evidence")
        elif verdict.evidence not in evidence:
            yield Reason(
                Stance.BROKEN, f"{verdict.seat} rests on evidence {verdict.evidence[:19]}, which is not there"
            )


def _unsafe(verdict: Verdict) -> Iterator[Reason]:
    """What an approval of a scaling lacks: the safety stages must have been played behind walls."""
    if verdict.grounds is None or verdict.grounds.bound.get("tainted") != "no":
        yield Reason(Stance.BROKEN, f"{verdict.seat} approved a scaling that was played without isolation")


def _people(change: Change, seats: Seats, said: Iterable[Verdict], escalated: bool) -> Iterator[Reason]:
    wrote = authors(change)
    approved = any(
        is_human(verdict.seat) and verdict.seat not in wrote and verdict.stance is Stance.APPROVE
        for verdict in said
    )
    if approved:
        return
    for path in human_must_approve(change, seats):
        yield Reason(
            Stance.HOLD, f"{path} is proposed by a seat, and lands only when a person approves this head"
        )
    if escalated:
        yield Reason(
            Stance.HOLD, "its hypothesis was refused too often and handed to a human, who has not approved"
        )


def _merging(change: Change, seats: Seats) -> Iterator[Reason]:
    merging = {seat.name for seat in seats.seats if seat.may(Power.MERGE)}
    if not merging - authors(change):
        yield Reason(
            Stance.HOLD, "whoever merges may not have written a part of it, and no other seat merges"
        )


def _in_words(stance: Stance, reasons: Sequence[Reason]) -> tuple[str, ...]:
    """The reasons, weightiest first, without repeats; an approval lists who approved."""
    ordered = sorted(reasons, key=lambda reason: -reason.stance)
    words = tuple(dict.fromkeys(reason.words for reason in ordered))
    return words or (f"nobody has spoken: {stance.name.lower()}",)
