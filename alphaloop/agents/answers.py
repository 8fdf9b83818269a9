"""How a seat answers: a signed verdict in the ledger, and the same in words on the pull request."""

from alphaloop import words
from alphaloop.errors import StrategyFault
from alphaloop.facts.change import Change
from alphaloop.facts.finding import Finding, Severity, vetoes
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.ports import Desk
from alphaloop.rules.entries.verdicts import verdict, verdicts_on


def answered(desk: Desk, change: Change, seat: str) -> Verdict | None:
    """What `seat` has said already on this very head and base; a failure of the platform does not count."""
    here = [
        one
        for one in verdicts_on(desk.ledger.entries(), change.number)
        if one.seat == seat and (one.head, one.base) == (change.head, change.base)
    ]
    return here[-1] if here and here[-1].stance is not Stance.BROKEN else None


def answer(desk: Desk, said: Verdict) -> Verdict:
    """Record a verdict, signed by its seat, and say it on the pull request."""
    entry = desk.ledger.append(verdict(desk.ledger.entries(), said), said.seat)
    desk.forge.comment(said.change, said.seat, words.verdict_comment(said), entry.key)
    desk.tell(f"  {words.verdict_line(said)}")
    return said


def from_findings(
    seat: str, change: Change, findings: tuple[Finding, ...], rests_on: str, evidence: str = ""
) -> Verdict:
    """A veto where a finding says so, else an approval."""
    stance = Stance.VETO if vetoes(findings) else Stance.APPROVE
    return Verdict(seat, change.number, change.head, change.base, stance, findings, evidence, rests_on)


def held(seat: str, change: Change, findings: tuple[Finding, ...], rests_on: str) -> Verdict:
    """A hold, with what must be seen to first."""
    return Verdict(seat, change.number, change.head, change.base, Stance.HOLD, findings, "", rests_on)


def unmeasured(seat: str, change: Change, fault: StrategyFault) -> Verdict:
    """A hold on a strategy that could not be played to the end: nothing can be said of its numbers."""
    failed = Finding("unmeasured", Severity.WARNING, f"nothing was measured: {fault}", "strategy.py")
    return held(seat, change, (failed,), "episodes on search seeds, in which the strategy failed")
