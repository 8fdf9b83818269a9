"""The tournament: a test that is paid for when it is opened, on seeds that nobody could know before."""

from collections.abc import Iterator, Sequence

from alphaloop import words
from alphaloop.agents.answers import from_findings
from alphaloop.agents.grounds import strategy_at, venue_at
from alphaloop.agents.pilot import scales_between
from alphaloop.agents.risk.binding import bound
from alphaloop.agents.risk.recorded import recorded_findings
from alphaloop.agents.risk.reported import reported
from alphaloop.agents.risk.seat import SEAT
from alphaloop.facts.change import Change
from alphaloop.facts.entry import Entry
from alphaloop.facts.episode import Pair
from alphaloop.facts.evidence import Evidence, Opened, Scales
from alphaloop.facts.finding import Finding, Severity, vetoes
from alphaloop.facts.judgement import Finish
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.ports import Desk
from alphaloop.rules import betting, seeds
from alphaloop.rules.budget import next_level, promotions
from alphaloop.rules.entries.evidence import evidence, evidence_digest, evidence_of, evidence_on
from alphaloop.rules.entries.founding import genesis_id
from alphaloop.rules.entries.opened import test_for, test_of, test_opened
from alphaloop.simulation.pairs import play_pairs

TOLD_EVERY = 40


def tested(desk: Desk, change: Change) -> Verdict:
    """Risk's answer after the tournament; a killed test goes on with the same seeds and is paid once."""
    if desk.sandbox.tainted and not desk.rehearsal:
        words_ = f"the sandbox {desk.sandbox.name!r} isolates nothing: what could never merge is not paid for"
        return Verdict(SEAT, change.number, change.head, change.base, Stance.BROKEN, (), "", words_)
    scales = scales_between(desk, change.head, change.base)
    if not scales.objective:
        same = "no test: on the pilot's episodes it plays as main does, so it is not shown to be better"
        return from_findings(SEAT, change, (_veto(same),), f"a pilot of {scales.pilots} pairs")
    # Before anything is paid: a missing tape stops the run here, and one that refutes spares the test.
    recorded = tuple(recorded_findings(desk, change))
    if vetoes(recorded):
        return from_findings(SEAT, change, recorded, "the recorded tapes of market.yaml; no test was opened")
    paid = _paid(desk, change)
    if paid is None:
        return from_findings(
            SEAT, change, (_veto("the error budget is spent, so there is no test"),), "the ledger"
        )
    entry = evidence_on(desk.ledger.entries(), paid.commit) or _played(desk, change, paid, scales)
    found = evidence_of(entry)
    findings = (_judged(found), *reported(desk, found), *recorded)
    return from_findings(SEAT, change, findings, words.tested(found), evidence_digest(entry))


def _paid(desk: Desk, change: Change) -> Entry | None:
    """The entry that opened this test: the standing one, else a new one, charged now; None without budget."""
    entries = desk.ledger.entries()
    standing = test_for(entries, change)
    if standing is not None:
        return next(entry for entry in entries if entry.commit == standing.entry)
    level = next_level(entries)
    if level <= 0:
        return None
    return desk.ledger.append(test_opened(entries, change, level, promotions(entries)), SEAT)


def _played(desk: Desk, change: Change, paid: Entry, scales: Scales) -> Entry:
    """Play until the test is over, and put every pair into the ledger."""
    opened = test_of(paid)
    desk.tell(f"  tournament: test {opened.number} at level {opened.level:.3g}")
    signature = _signature(desk, paid)
    pairs = tuple(_until_judged(desk, change, opened, scales, _numbers(desk, paid, signature)))
    made = Evidence(
        of=paid.commit,
        change=change.number,
        head=change.head,
        head_tree=change.head_tree,
        base=change.base,
        signature=signature.hex(),
        scales=scales,
        pairs=pairs,
        bound=bound(desk, change.base),
        judgement=betting.judge(pairs, scales, opened.level),
    )
    return desk.ledger.append(evidence(made), SEAT)


def _until_judged(
    desk: Desk, change: Change, opened: Opened, scales: Scales, numbers: Sequence[int]
) -> Iterator[Pair]:
    candidate, base = strategy_at(desk, change.head), strategy_at(desk, change.base)
    state = betting.opened(scales, opened.level)
    for pair in play_pairs(candidate, base, numbers, venue_at(desk, change.base), desk.cores):
        state = betting.after(state, pair)
        yield pair
        now = betting.standing(state)
        if now.finish is not Finish.GOING_ON:
            return
        if state.pairs % TOLD_EVERY == 0:
            desk.tell(f"  tournament: {now.words}")


def _signature(desk: Desk, paid: Entry) -> bytes:
    # A rehearsal signs nothing: whoever saw the signature could fit a strategy to the judge's seeds.
    if desk.rehearsal:
        return b""
    genesis = genesis_id(desk.ledger.entries())
    return desk.keys.signature(SEAT, seeds.message_to_sign(seeds.Stream.JUDGE, genesis, paid))


def _numbers(desk: Desk, paid: Entry, signature: bytes) -> Sequence[int]:
    if desk.rehearsal:
        return seeds.search(desk.seed, f"rehearsal {paid.key}", betting.CAP)
    return seeds.judge(signature, betting.CAP)


def _judged(found: Evidence) -> Finding:
    better = found.judgement.finish is Finish.BETTER
    return Finding(
        "tournament", Severity.NOTE if better else Severity.VETO, found.judgement.words, "strategy.py"
    )


def _veto(message: str) -> Finding:
    return Finding("tournament", Severity.VETO, message, "strategy.py")
