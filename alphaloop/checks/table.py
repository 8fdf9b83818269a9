"""The table of safety stages, cheap to dear; the first veto ends the review."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

from alphaloop.checks.measure import Stressed, stress_runs
from alphaloop.checks.pretrade import pretrade_findings
from alphaloop.checks.proof.findings import proof_findings
from alphaloop.checks.proof.regression import regression_test
from alphaloop.checks.proof.search import BUDGET_S, search_limits
from alphaloop.checks.source import bytes_findings
from alphaloop.checks.static.table import rule_findings, static_findings
from alphaloop.checks.stress import stress_findings
from alphaloop.checks.subject import Subject
from alphaloop.checks.surveillance.table import surveillance_findings
from alphaloop.checks.unreached import unreached_findings
from alphaloop.errors import Misuse
from alphaloop.facts.finding import Finding, vetoes
from alphaloop.ports import Sandbox
from alphaloop.simulation.venue import Venue

STAGES = ("bytes", "static", "proof", "stress", "surveillance", "pre-trade")


@dataclass(frozen=True, slots=True)
class Examination:
    """What the stages found.

    seconds: wall time by stage, in order, only of the stages that ran; evidence: "sha256:…" over the file,
    its base, the limits, the stages and the digest of every episode that was played; regression: a test that
    keeps a counterexample of the proof stage from coming back, "" without one.
    """

    findings: tuple[Finding, ...]
    seconds: dict[str, float]
    evidence: str
    regression: str = ""

    @property
    def vetoed(self) -> bool:
        """Whether any stage ended the review."""
        return bool(vetoes(self.findings))


def examine(
    subject: Subject,
    venue: Venue,
    through: str,
    tell: Callable[[str], None],
    sandbox: Sandbox | None = None,
    search_s: float = BUDGET_S,
) -> Examination:
    """Judge a file by every stage up to and including `through`; the first stage with a veto is the last.

    sandbox: instead of this process's own of the venue's name; search_s: wall seconds of the proof stage.
    Raises Misuse for an unknown stage, Broken when the platform or a tool failed: then nothing was judged.
    """
    if through not in STAGES:
        raise Misuse(f"there is no safety stage {through!r}; choose one of {', '.join(STAGES)}")
    found: list[Finding] = []
    seconds: dict[str, float] = {}
    runs: tuple[Stressed, ...] = ()
    regression = ""
    for stage in STAGES[: STAGES.index(through) + 1]:
        tell(f"  safety: {stage}")
        began = perf_counter()
        if stage == "stress":
            runs = stress_runs(subject, venue, sandbox, tell)
        if stage == "proof":
            proof = search_limits(subject, venue, sandbox, tell, search_s)
            found += proof_findings(proof, subject.path)
            regression = regression_test(proof.found, proof.reach)
        else:
            found += _JUDGES[stage](subject, runs)
        seconds[stage] = perf_counter() - began
        if vetoes(tuple(found)):
            break
    return Examination(tuple(found), seconds, _evidence(subject, tuple(seconds), runs), regression)


def refused(subject: Subject) -> tuple[str, ...]:
    """Why the file's bytes or the static rules refuse it, in words; () when they do not.

    For a search that asks about many files: the tools of the static stage are left to the review.
    """
    found = vetoes(bytes_findings(subject)) or vetoes(rule_findings(subject))
    return tuple(f"{finding.file}:{finding.line}: {finding.message}" for finding in found)


def _evidence(subject: Subject, stages: tuple[str, ...], runs: tuple[Stressed, ...]) -> str:
    body = hashlib.sha256()
    for part in _parts(subject, stages, runs):
        body.update(hashlib.sha256(part).digest())
    return f"sha256:{body.hexdigest()}"


def _parts(subject: Subject, stages: tuple[str, ...], runs: tuple[Stressed, ...]) -> Iterator[bytes]:
    yield subject.path.encode()
    yield subject.candidate
    yield subject.base if subject.base is not None else b"no base"
    yield repr(subject.limits).encode()
    yield " ".join(stages).encode()
    for run in runs:
        digest = run.run.digest if run.run is not None else "none"
        # The words of a fault may hold a time, so only that there was one is evidence.
        yield f"{run.scenario} {bool(run.fault)} {digest} {run.rerun} {run.fresh} {run.base_breach}".encode()


Judge = Callable[[Subject, tuple[Stressed, ...]], tuple[Finding, ...]]
_JUDGES: dict[str, Judge] = {
    "bytes": lambda subject, runs: bytes_findings(subject),
    "static": lambda subject, runs: static_findings(subject),
    "stress": lambda subject, runs: (
        *stress_findings(runs, subject.path),
        *unreached_findings(runs, subject.candidate, subject.path),
    ),
    "surveillance": lambda subject, runs: surveillance_findings(runs, subject.path),
    "pre-trade": lambda subject, runs: pretrade_findings(runs, subject.path),
}
