"""How a seat answers: a signed verdict in the ledger, and the same in words on the pull request."""

from dataclasses import replace

from alphaloop import words
from alphaloop.agents.judging import refuse_other_judge
from alphaloop.agents.risk.binding import bound
from alphaloop.errors import StrategyFault
from alphaloop.facts.change import Change
from alphaloop.facts.entry import Entry
from alphaloop.facts.finding import Finding, Severity, vetoes
from alphaloop.facts.role import is_human
from alphaloop.facts.verdict import Grounds, Stance, Verdict
from alphaloop.ports import Desk
from alphaloop.rules.bound import counted
from alphaloop.rules.entries.evidence import evidence_named, evidence_of
from alphaloop.rules.entries.founding import genesis_id
from alphaloop.rules.entries.opened import tests
from alphaloop.rules.entries.verdicts import verdict

MOST_FINDINGS = 500
"""That one verdict records."""
_WEIGHTS = (Severity.VETO, Severity.WARNING, Severity.NOTE)


def answered(desk: Desk, change: Change, seat: str) -> Verdict | None:
    """What `seat` said already on this very head and base; neither a failure nor a void answer counts."""
    here = [
        one
        for one in counted(desk.ledger.entries(), change)
        if one.seat == seat and (one.head, one.base) == (change.head, change.base)
    ]
    return here[-1] if here and here[-1].stance is not Stance.BROKEN else None


def answer(desk: Desk, said: Verdict, judged_by: str = "") -> Verdict:
    """Record a verdict, signed by its seat, and say it on the pull request; judged_by: as in `recorded`."""
    entry = recorded(desk, said, judged_by)
    desk.forge.comment(said.change, said.seat, words.verdict_comment(said), entry.key)
    desk.tell(f"  {words.verdict_line(said)}")
    return said


def recorded(desk: Desk, said: Verdict, judged_by: str = "") -> Entry:
    """The entry of an answer, a seat's or a person's: bound to all that it rests on, and signed.

    judged_by: the commit whose limits judged the change, "" for its base.
    """
    if not is_human(said.seat):
        refuse_other_judge(desk, said.base, said.head)
    grounds = _grounds(desk, said, judged_by or said.base)
    bounded = replace(said, grounds=grounds, findings=_weightiest(said.findings))
    return desk.ledger.append(verdict(desk.ledger.entries(), bounded), said.seat)


def _weightiest(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """All findings, or the first of the weightiest: a hostile file of 64 kB can earn tens of thousands."""
    if len(findings) <= MOST_FINDINGS:
        return findings
    kept = sorted(findings, key=lambda one: _WEIGHTS.index(one.severity))[: MOST_FINDINGS - 1]
    words_ = f"{len(findings) - len(kept)} more findings are not recorded; mend these and ask again"
    return (*kept, Finding("more", Severity.NOTE, words_))


def _grounds(desk: Desk, said: Verdict, judged_by: str) -> Grounds:
    """What an answer is bound to: with evidence to what that was bound to, when it was played."""
    entries = desk.ledger.entries()
    genesis, tree = genesis_id(entries), desk.forge.tree(said.head)
    entry = evidence_named(entries, said.change, said.evidence) if said.evidence else None
    found = None if entry is None else evidence_of(entry)
    test = None if found is None else next((one for one in tests(entries) if one.entry == found.of), None)
    if found is None or test is None:
        return Grounds(genesis, tree, None, "", bound(desk, judged_by))
    return Grounds(genesis, tree, test.number, test.entry, found.bound)


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
