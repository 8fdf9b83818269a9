"""What is said on a pull request: the proposal, every seat's answer, the decision."""

import math
from collections.abc import Iterable, Mapping

from alphaloop.facts.change import Change
from alphaloop.facts.decision import Decision
from alphaloop.facts.episode import Pair
from alphaloop.facts.evidence import Evidence
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.facts.judgement import Judgement
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.rules.betting import CAP
from alphaloop.rules.power import smallest_seen
from alphaloop.words.spelling import number, quoted, seconds

SHOWN = 20
STANCES = {
    Stance.ABSTAIN: "abstains",
    Stance.APPROVE: "approves",
    Stance.HOLD: "holds",
    Stance.VETO: "vetoes",
    Stance.BROKEN: "could not judge (broken)",
}
_WEIGHT = {Severity.VETO: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def hypothesis_line(hypothesis: Hypothesis) -> str:
    """The idea on one line, with what it predicts and how many candidates were scored for it."""
    cost = f"{_predicted(hypothesis)}, {hypothesis.trials} candidates scored"
    return f"{hypothesis.key}: {hypothesis.claim} ({cost})"


def proposal_body(hypothesis: Hypothesis) -> str:
    """The body of a pull request; nothing that judges ever reads it."""
    params = "\n".join(f"| `{name}` | {value:g} |" for name, value in sorted(hypothesis.params.items()))
    table = f"\n| parameter | value |\n|---|---|\n{params}\n" if params else ""
    return (
        f"**{quoted(hypothesis.claim)}**\n\n"
        f"Hypothesis {quoted(hypothesis.key)}, which claims to move {quoted(hypothesis.metric)}: "
        f"{_predicted(hypothesis)}, seen on search seeds after {hypothesis.trials} candidates. "
        f"A search picks what looks best, so expect less.\n{_asked(hypothesis)}{table}"
    )


def _asked(hypothesis: Hypothesis) -> str:
    if hypothesis.idea is None:
        return ""
    return f"It takes up the idea of ledger entry {hypothesis.idea}; task.md says who asked for it.\n"


def verdict_line(verdict: Verdict) -> str:
    """One seat's answer on one line, with the finding that weighs most."""
    worst = _sorted(verdict.findings)[:1]
    why = worst[0].message if worst and worst[0].severity is not Severity.NOTE else verdict.rests_on
    return f"{verdict.seat} {STANCES[verdict.stance]}{f': {why}' if why else ''}"


def verdict_comment(verdict: Verdict) -> str:
    """One seat's answer with every finding, what it rests on, and the commit that it is bound to."""
    lines = [
        f"**{verdict.seat} {STANCES[verdict.stance]}** `{verdict.head[:12]}` on `{verdict.base[:12]}`",
        "",
    ]
    findings = _sorted(verdict.findings)
    lines += [f"- {_finding(finding)}" for finding in findings[:SHOWN]]
    if len(findings) > SHOWN:
        lines.append(f"- and {len(findings) - SHOWN} more, in the ledger")
    if verdict.rests_on:
        lines += ["", f"Rests on: {quoted(verdict.rests_on)}."]
    if verdict.evidence:
        lines += ["", f"Evidence: `{verdict.evidence}`"]
    return "\n".join(lines).rstrip() + "\n"


def decision_line(decision: Decision) -> str:
    """The decision on one line, with its weightiest reason."""
    why = decision.reasons[0] if decision.reasons else "no reason was given"
    return f"#{decision.change} {decision.word}: {why}"


def decision_comment(decision: Decision) -> str:
    """The decision with all its reasons, weightiest first."""
    reasons = "\n".join(f"- {quoted(reason)}" for reason in decision.reasons)
    return f"**{decision.word}** `{decision.head[:12]}` on `{decision.base[:12]}`\n\n{reasons}\n"


def not_merged_comment(change: Change, why: str) -> str:
    """Why an approved change did not land; what stands on the ledger is not lost."""
    place = f"`{change.head[:12]}` on `{change.base[:12]}`"
    return (
        f"**Approved, and not merged** {place}: {quoted(why)}.\n\n"
        "Its test is paid and stays valid; the next `alphaloop run` merges it once nothing is in the way.\n"
    )


def judgement_line(judgement: Judgement) -> str:
    """How a test or a canary ended, with its words."""
    return f"{judgement.finish} ({judgement.pairs} pairs): {judgement.words}"


def tested(found: Evidence) -> str:
    """What a tournament's verdict rests on, and what effect it could have missed."""
    judgement = found.judgement
    mean = mean_gain(found.pairs)
    missed = smallest_seen(found.scales, judgement.level, CAP)
    # What limits the rest stands before it: a forge shows the beginning of a long text.
    return (
        f"{conditional(found.conditional_on)}{judgement.pairs} paired episodes on fresh seeds at level "
        f"{judgement.level:.3g}, mean gain {number(mean)} in quote currency, on a scale from "
        f"{found.scales.pilots} pilot pairs; {missed}"
    )


def unseen_ruin(episodes: int, deepest: float, worst: float, gain: float | None) -> str:
    """What falls could cost that none of `episodes` shows; all in quote currency.

    worst: where MAX_DRAWDOWN ends an episode.  Of n episodes without it, at 95 % it comes less often than
    three times in n.
    """
    rate = min(1.0, 3 / episodes) if episodes else 1.0
    return (
        f"deepest fall in {episodes} episodes {number(deepest)} of the {number(worst)} in quote currency at "
        f"which MAX_DRAWDOWN ends one; a fall that comes less often than once in {1 / rate:.0f} episodes is "
        f"not excluded and could cost up to {number(rate * worst)} an episode, against a mean gain of "
        f"{number(gain)}"
    )


def conditional(tape: str) -> str:
    """How everything begins that rests on a world made of a recorded tape, NAME@digest; "" for any other."""
    name, _, digest = tape.partition("@")
    return f"conditional on the recorded tape {name} ({digest[:19]}…), of no other day: " if tape else ""


def stages(took: Mapping[str, float]) -> str:
    """The stages that were passed through, with the seconds that each took."""
    return "the stages " + ", ".join(f"{name} ({seconds(time)})" for name, time in took.items())


def mean_gain(pairs: Iterable[Pair]) -> float | None:
    """The mean paired gain of those pairs that have one, quote currency; None when none has."""
    gains = [pair.gain for pair in pairs if pair.gain is not None]
    return math.fsum(gains) / len(gains) if gains else None


def _predicted(hypothesis: Hypothesis) -> str:
    if hypothesis.predicted is None:
        return "no effect predicted"
    return f"predicted {number(hypothesis.predicted)} in quote currency an episode"


def _sorted(findings: tuple[Finding, ...]) -> list[Finding]:
    return sorted(findings, key=lambda finding: _WEIGHT[finding.severity])


def _finding(finding: Finding) -> str:
    place = f" ({quoted(finding.file)}{f':{finding.line}' if finding.line else ''})" if finding.file else ""
    return f"{finding.severity} · {quoted(finding.check)}: {quoted(finding.message)}{place}"
