"""The tournament: a test that is paid for when it is opened, on seeds that nobody could know before."""

from alphaloop import words
from alphaloop.agents.answers import from_findings, held
from alphaloop.agents.contest import Contest, contested
from alphaloop.agents.pilot import scales_between
from alphaloop.agents.risk.binding import plays
from alphaloop.agents.risk.recorded import recorded_findings
from alphaloop.agents.risk.reported import reported
from alphaloop.agents.risk.seat import SEAT
from alphaloop.facts.change import Change
from alphaloop.facts.entry import Entry
from alphaloop.facts.evidence import Evidence, Scales
from alphaloop.facts.finding import Finding, Severity, vetoes
from alphaloop.facts.judgement import Finish
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.ports import Desk
from alphaloop.rules import betting, seeds
from alphaloop.rules.budget import next_level, promotions
from alphaloop.rules.entries.evidence import evidence_digest, evidence_of, evidence_on
from alphaloop.rules.entries.keys import outlived
from alphaloop.rules.entries.opened import test_for, test_of, test_opened
from alphaloop.rules.pilots import with_earlier


def tested(desk: Desk, change: Change) -> Verdict:
    """Risk's answer after the tournament; a killed test goes on with the same seeds and is paid once."""
    if desk.sandbox.tainted and not desk.rehearsal:
        words_ = f"the sandbox {desk.sandbox.name!r} isolates nothing: what could never merge is not paid for"
        return Verdict(SEAT, change.number, change.head, change.base, Stance.BROKEN, (), "", words_)
    if _is_outlived(desk, change):
        return held(SEAT, change, (_lost_key(),), "the changes of keys in the ledger")
    scales = scales_between(desk, change.head, change.base, change.judged_by)
    if not scales.objective:
        same = "no test: on the pilot's episodes it plays as main does, so it is not shown to be better"
        return from_findings(SEAT, change, (_veto(same),), f"a pilot of {scales.pilots} pairs")
    # Before anything is paid: a missing tape stops the run here, and one that refutes spares the test.
    recorded = tuple(recorded_findings(desk, change))
    if vetoes(recorded):
        return from_findings(SEAT, change, recorded, "the recorded tapes of market.yaml; no test was opened")
    paid = _paid(desk, change, scales)
    if paid is None:
        return from_findings(
            SEAT, change, (_veto("the error budget is spent, so there is no test"),), "the ledger"
        )
    entry = evidence_on(desk.ledger.entries(), paid.commit) or _played(desk, change, paid)
    found = evidence_of(entry)
    findings = (_judged(found), *reported(desk, found), *recorded)
    return from_findings(SEAT, change, findings, words.tested(found), evidence_digest(entry))


def _paid(desk: Desk, change: Change, scales: Scales) -> Entry | None:
    """The entry that opened this test: the standing one, else a new one, charged now; None without budget."""
    entries = desk.ledger.entries()
    standing = test_for(entries, change)
    if standing is not None:
        return next(entry for entry in entries if entry.commit == standing.entry)
    what = plays(desk, change.head, change.base, judged_by=change.judged_by)
    level = next_level(entries, what)
    if level <= 0:
        return None
    beside = with_earlier(scales, entries, what)
    return desk.ledger.append(test_opened(entries, change, level, promotions(entries), beside, what), SEAT)


def _played(desk: Desk, change: Change, paid: Entry) -> Entry:
    opened = test_of(paid)
    desk.tell(f"  tournament: test {opened.number} at level {opened.level:.3g}")
    against_base = Contest(
        name="tournament",
        of=paid,
        stream=seeds.Stream.JUDGE,
        change=change.number,
        head=change.head,
        base=change.base,
        judged_by=change.judged_by,
        seat=SEAT,
        most=betting.CAP,
    )
    # The scales of the entry, not those of now: a killed test goes on by what it was opened with.
    return contested(desk, against_base, opened.scales, betting.opened(opened.scales, opened.level))


def _judged(found: Evidence) -> Finding:
    better = found.judgement.finish is Finish.BETTER
    return Finding(
        "tournament", Severity.NOTE if better else Severity.VETO, found.judgement.words, "strategy.py"
    )


def _is_outlived(desk: Desk, change: Change) -> bool:
    """Whether this head's test was opened with a key that was taken away since."""
    entries = desk.ledger.entries()
    standing = test_for(entries, change)
    opened = None if standing is None else next(one for one in entries if one.commit == standing.entry)
    return opened is not None and outlived(entries, opened) is not None


def _lost_key() -> Finding:
    words_ = "the key that opened its test was taken away, so the test shows nothing; a new head is tested"
    return Finding("tournament", Severity.WARNING, words_, "strategy.py")


def _veto(message: str) -> Finding:
    return Finding("tournament", Severity.VETO, message, "strategy.py")
