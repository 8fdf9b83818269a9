"""What `alphaloop review` was asked to judge, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from alphaloop.agents import board, sre
from alphaloop.agents.grounds import STRATEGY, strategy_at, venue_at
from alphaloop.checks.subject import Subject
from alphaloop.checks.table import STAGES, examine
from alphaloop.errors import Misuse
from alphaloop.facts.finding import Finding, vetoes
from alphaloop.facts.verdict import Stance
from alphaloop.ports import Desk
from alphaloop.rules.entries.verdicts import finding_body, verdicts_on

TOURNAMENT = "tournament"
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
        """As DESIGN §12 gives them."""
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
    """Judge a file, a pull request or a revision; raises Misuse when `what` is none of them."""
    if what.isdecimal() and int(what) in desk.forge.numbers():
        if through == TOURNAMENT:
            return _decided(desk, int(what))
        return _examined(desk, desk.forge.file(desk.forge.change(int(what)).head, STRATEGY), through)
    if through == TOURNAMENT:
        raise Misuse("a file or revision has no tournament: only a pull request can pay for a test")
    return _examined(desk, _candidate(desk, what), through)


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


def _examined(desk: Desk, candidate: bytes, through: str | None) -> Reviewed:
    main = desk.forge.main()
    venue = venue_at(desk, main)
    subject = Subject(STRATEGY, candidate, strategy_at(desk, main), venue.limits)
    looked = examine(subject, venue, through or STAGES[-1], desk.tell, desk.sandbox)
    decision = "vetoed" if vetoes(looked.findings) else "approved"
    return Reviewed(decision, looked.findings, looked.seconds, looked.evidence)


def _decided(desk: Desk, number: int) -> Reviewed:
    sre.refuse_when_stopped(desk)
    change = desk.forge.change(number)
    began = perf_counter()
    board.review(desk, change)
    decided = sre.decide(desk, change)
    said = verdicts_on(desk.ledger.entries(), number)
    here = [one for one in said if (one.head, one.base) == (change.head, change.base)]
    findings = tuple(finding for one in here for finding in one.findings)
    evidence = next((one.evidence for one in here if one.evidence), "")
    word = decided.word if decided.stance is not Stance.ABSTAIN else "held"
    return Reviewed(word, findings, {"review": perf_counter() - began}, evidence)
