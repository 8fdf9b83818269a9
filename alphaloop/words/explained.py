"""Why something did or did not land, in words."""

from collections.abc import Iterator, Mapping

from alphaloop.facts.explanation import Explanation, Played, Said, Way
from alphaloop.facts.finding import Severity
from alphaloop.words.answers import stopped_answer
from alphaloop.words.reviews import STANCES
from alphaloop.words.scaling import scaling_story
from alphaloop.words.spelling import number, odds, quoted

FIRST = 3
"""Reasons of one seat that are shown; the pull request and the ledger hold all."""
_WEIGHT = {Severity.VETO: 0, Severity.WARNING: 1, Severity.NOTE: 2}
WAYS: Mapping[Way, str] = {
    Way.RESUME: "a registered human ends the stop: `/alphaloop resume [reason]`",
    Way.READY: "its author says that the draft is ready; then `alphaloop advance`",
    Way.HUMAN: "a registered human approves this very head, or closes it",
    Way.RUN: "`alphaloop advance` takes the next step; nobody has to be asked",
    Way.ANSWER: "whoever holds it says otherwise, or whoever is silent answers; then `alphaloop advance`",
    Way.MEND: (
        "propose another head: nobody overrides a veto. If the rule or the limit is wrong, a human changes "
        "that by a change of their own"
    ),
    Way.REPAIR: (
        "the platform failed, and the change did not: `alphaloop doctor`, then `alphaloop advance`, which "
        "goes on with the same seeds"
    ),
    Way.WAIT: (
        "its canary confirms it or takes it back by itself; `alphaloop rollback` takes it back at once"
    ),
    Way.AFRESH: "it has ended here; the same idea can only come as a new change, and is judged anew",
    Way.NOTHING: "nothing; going back behind it needs a human: `alphaloop rollback`",
}


def explanation(told: Explanation) -> str:
    """The whole story of a change, shortest first: where it stands, then why, then what to do."""
    parts = (_standing, _idea, _verdicts, _contests, _decided, _fate, _next)
    blocks = ["\n".join(part(told)) for part in parts]
    return "\n\n".join(block for block in blocks if block) + "\n"


def unexplained(commit: str) -> str:
    """What can be said of a commit of which the ledger holds nothing."""
    return (
        f"the ledger holds no change, landing or entry of commit {commit}: if it is on main, a human "
        "committed it by hand, and `alphaloop verify` says who; if not, nobody has proposed it yet"
    )


def _standing(told: Explanation) -> Iterator[str]:
    change = told.change
    landed = f"It landed on main as `{told.landed[:12]}`" if told.landed else "It did not land"
    yield f"**#{change.number} is {told.state}** at `{change.head[:12]}` on `{change.base[:12]}`. {landed}."
    yield f"{quoted(change.author)} proposed it: {quoted(change.title)}"
    if told.stopped:
        yield stopped_answer(told.stopped).rstrip()


def _idea(told: Explanation) -> Iterator[str]:
    idea, scaling = told.hypothesis, told.change.scaling
    if scaling is not None:
        yield f"**Scaling.** {scaling_story(told.change, scaling)}"
        return
    if idea is None:
        yield "**Idea.** It came without a hypothesis."
        return
    yield f"**Idea.** {quoted(idea.key)}: {quoted(idea.claim)}"
    yield (
        f"Predicted {number(idea.predicted)} an episode in quote currency, after {idea.trials} candidates; "
        f"measured {number(told.measured)}."
    )


def _verdicts(told: Explanation) -> Iterator[str]:
    yield "**Verdicts.**"
    if not told.said:
        yield "Nobody has answered yet, and silence holds a change."
        return
    yield ""
    for said in sorted(told.said, key=lambda one: -one.verdict.stance):
        yield from _verdict(said)


def _verdict(said: Said) -> Iterator[str]:
    verdict = said.verdict
    void = "" if said.counts else f" (on `{verdict.head[:12]}`, another head or base)"
    reasons = sorted(verdict.findings, key=lambda finding: _WEIGHT[finding.severity])
    rests = f": {quoted(verdict.rests_on)}" if verdict.rests_on and not reasons else ""
    yield f"- {quoted(verdict.seat)} {STANCES[verdict.stance]}{void}{rests}"
    for finding in reasons[:FIRST]:
        place = f" ({quoted(finding.file)}{f':{finding.line}' if finding.line else ''})"
        yield f"    - {quoted(finding.check)}: {quoted(finding.message)}{place if finding.file else ''}"
    if len(reasons) > FIRST:
        yield f"    - and {len(reasons) - FIRST} more: `alphaloop pr show {verdict.change}`"


def _contests(told: Explanation) -> Iterator[str]:
    for played in told.tests:
        needed = "" if played.level is None else odds(1 / played.level)
        void = "" if played.here else ", for another head or base"
        yield (
            f"**Test {played.test}** paid a level of {number(played.level)}{void}, so it needed evidence of "
            f"{needed}. {_ending(played)}"
        )


def _ending(played: Played) -> str:
    if played.pairs is None:
        return "It was opened and has not ended; it is paid for all the same."
    return (
        f"After {played.pairs} pairs it ended {played.finish}: {quoted(played.words)}; mean gain "
        f"{number(played.gain)}."
    )


def _decided(told: Explanation) -> Iterator[str]:
    if told.decision is None:
        yield "**Decision.** The gate has not decided on it."
        return
    void = "" if told.current else ", on another head or base, so it is void"
    yield f"**Decision: {told.decision.word}**{void}, because"
    yield ""
    yield from (f"- {quoted(reason)}" for reason in told.decision.reasons)


def _fate(told: Explanation) -> Iterator[str]:
    if told.beside is not None:
        yield f"**Beside its shadow.** {_ending(told.beside)}"
    if told.taken_back:
        yield f"**Taken back.** {quoted(told.taken_back)}"
    for aside in told.asides:
        yield f"**Recorded.** {quoted(aside)}"


def _next(told: Explanation) -> Iterator[str]:
    yield f"**What to do next.** {'; then '.join(WAYS[way] for way in told.ways)}."
