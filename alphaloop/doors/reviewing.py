"""What `alphaloop review` was asked to judge, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from time import perf_counter
from typing import Any

from alphaloop import words
from alphaloop.agents import board, sre
from alphaloop.agents.grounds import STRATEGY, constitution_at, strategy_at
from alphaloop.agents.judging import refuse_other_judge
from alphaloop.agents.risk.examination import examined, no_scaling
from alphaloop.checks.table import STAGES
from alphaloop.errors import Misuse
from alphaloop.facts.change import Change
from alphaloop.facts.finding import Finding, vetoes
from alphaloop.facts.verdict import Stance
from alphaloop.ports import Desk
from alphaloop.rules.entries.verdicts import finding_body, verdicts_on
from alphaloop.rules.scope import out_of_scope

SCOPE, SEATS, TOURNAMENT = "scope", "seats", "tournament"
_WORDS = {
    Stance.ABSTAIN: "held",
    Stance.APPROVE: "approved",
    Stance.HOLD: "held",
    Stance.VETO: "vetoed",
    Stance.BROKEN: "broken",
}
_EXITS = {"approved": 0, "held": 1, "vetoed": 1, "broken": 3}
MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The decision in a word, why, how long each stage took, and the digest of what it rests on."""

    decision: str
    findings: tuple[Finding, ...]
    seconds: Mapping[str, float]
    evidence: str

    @property
    def exit_code(self) -> int:
        """0 approved, 1 held or vetoed, 3 broken."""
        return _EXITS[self.decision]

    def facts(self) -> dict[str, Any]:
        """What `--json` prints."""
        seconds = {stage: round(took, 6) for stage, took in self.seconds.items()}
        findings = [finding_body(finding) for finding in self.findings]
        return {
            "decision": self.decision,
            "findings": findings,
            "seconds": seconds,
            "evidence": self.evidence,
        }


def reviewed(desk: Desk, what: str, through: str | None) -> Reviewed:
    """Judge a file, a pull request or a revision; raises Misuse when `what` or `through` is none of them."""
    last = through or STAGES[-1]
    if what.isdecimal() and int(what) in desk.forge.numbers():
        _refuse_unless(last, (SCOPE, *STAGES, SEATS, TOURNAMENT), "a pull request")
        change = desk.forge.change(int(what))
        return _decided(desk, change) if last == TOURNAMENT else _looked_at(desk, change, last)
    candidate = _candidate(desk, what)
    _refuse_unless(last, STAGES, "a file or a revision")
    main = desk.forge.main()
    refuse_other_judge(desk, main)
    looked = examined(desk, candidate, main, main, last)
    return Reviewed(_word(looked.findings), looked.findings, looked.seconds, looked.evidence)


def _refuse_unless(stage: str, stages: Sequence[str], whose: str) -> None:
    if stage not in stages:
        near = get_close_matches(stage, stages, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(stages)}"
        raise Misuse(f"there is no stage {stage!r} for {whose}; {hint}")


def _candidate(desk: Desk, what: str) -> bytes:
    path = Path(what)
    if path.is_file():
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    commit = desk.forge.resolve(what)
    if commit is None:
        raise Misuse(
            f"{what!r} is no file, no pull request and no revision here; `alphaloop pr list` shows numbers"
        )
    return strategy_at(desk, commit)


def _looked_at(desk: Desk, change: Change, through: str) -> Reviewed:
    """Scope, then the safety stages where the strategy is changed, then the seats: nothing is recorded."""
    refuse_other_judge(desk, change.base, change.head)
    began = perf_counter()
    found = out_of_scope(change, constitution_at(desk, change.base).seats)
    seconds = {SCOPE: perf_counter() - began}
    if vetoes(found) or through == SCOPE:
        return Reviewed(_word(found), found, seconds, "")
    evidence = ""
    if STRATEGY in change.files:
        source, last = strategy_at(desk, change.head), through if through in STAGES else STAGES[-1]
        looked = examined(desk, source, change.base, change.judged_by, last)
        found = (*found, *looked.findings, *no_scaling(desk, change))
        seconds, evidence = seconds | looked.seconds, looked.evidence
    if vetoes(found) or through != SEATS:
        return Reviewed(_word(found), found, seconds, evidence)
    return _answered(desk, change, Reviewed("", found, seconds, evidence))


def _answered(desk: Desk, change: Change, safe: Reviewed) -> Reviewed:
    began, said = perf_counter(), []
    for seat, asked in board.REVIEWERS.items():
        if seat != change.author:
            said.append(asked(desk, change))
            desk.tell(f"  {words.verdict_line(said[-1])}")
    word = _WORDS[max(one.stance for one in said)]
    findings = (*safe.findings, *(finding for one in said for finding in one.findings))
    return Reviewed(word, findings, {**safe.seconds, SEATS: perf_counter() - began}, safe.evidence)


def _word(findings: tuple[Finding, ...]) -> str:
    return "vetoed" if vetoes(findings) else "approved"


def _decided(desk: Desk, change: Change) -> Reviewed:
    sre.refuse_when_stopped(desk)
    began = perf_counter()
    board.review(desk, change)
    decided = sre.decide(desk, change)
    said = verdicts_on(desk.ledger.entries(), change.number)
    here = [one for one in said if (one.head, one.base) == (change.head, change.base)]
    findings = tuple(finding for one in here for finding in one.findings)
    evidence = next((one.evidence for one in here if one.evidence), "")
    return Reviewed(_WORDS[decided.stance], findings, {"review": perf_counter() - began}, evidence)
