"""A scaling: the same strategy may hold more.  It must be safe; that it is better nobody claims."""

from alphaloop import words
from alphaloop.agents.answers import from_findings
from alphaloop.agents.risk.recorded import recorded_findings
from alphaloop.agents.risk.seat import SEAT
from alphaloop.facts.change import Change, Scaling
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.ports import Desk


def scaled(desk: Desk, change: Change, scaling: Scaling) -> Verdict:
    """Risk's answer on a scaling to which the safety stages, under the limits of its head, do not object.

    No test is opened: a person answers for holding more, so the error budget is not spent on it.
    """
    rests_on = words.scaling_rests_on(change, scaling)
    if desk.sandbox.tainted and not desk.rehearsal:
        said = f"the sandbox {desk.sandbox.name!r} isolates nothing: what was played in it shows nothing"
        return Verdict(SEAT, change.number, change.head, change.base, Stance.BROKEN, (), "", said)
    told = Finding("scaling", Severity.NOTE, words.scaling_line(scaling), "risk.py")
    return from_findings(SEAT, change, (told, *recorded_findings(desk, change)), rests_on)
