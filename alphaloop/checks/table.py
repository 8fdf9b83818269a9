"""The table of safety stages, cheap to dear; the first veto ends the review."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

from alphaloop.checks.budget import Metered, Overspent
from alphaloop.checks.measure import Stressed, stress_runs
from alphaloop.checks.pretrade import pretrade_findings
from alphaloop.checks.proof.findings import proof_findings
from alphaloop.checks.proof.search import search_limits
from alphaloop.checks.source import bytes_findings
from alphaloop.checks.static.table import rule_findings, static_findings
from alphaloop.checks.stress import stress_findings
from alphaloop.checks.subject import Subject
from alphaloop.checks.surveillance.table import surveillance_findings
from alphaloop.checks.unreached import unreached_findings
from alphaloop.errors import Misuse
from alphaloop.facts.finding import Finding, vetoes
from alphaloop.facts.history import History
from alphaloop.ports import Sandbox
from alphaloop.simulation.isolation import sandbox_named
from alphaloop.simulation.venue import Venue

STAGES = ("bytes", "static", "proof", "stress", "surveillance", "pre-trade")
_PLAYING = ("proof", "stress")


@dataclass(frozen=True, slots=True)
class Examination:
    """What the stages found.

    seconds: wall time by stage, in order, only of the stages that ran; evidence: "sha256:…" over the file,
    its base, the limits, the counterexamples that it met, the stages and the digest of every episode that was
    played; counterexample: the history in which it broke a limit in the proof stage, () without one.
    """

    findings: tuple[Finding, ...]
    seconds: dict[str, float]
    evidence: str
    counterexample: History = ()

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
) -> Examination:
    """Judge a file by every stage up to and including `through`; the first stage with a veto is the last.

    sandbox: instead of this process's own of the venue's name.  Raises Misuse for an unknown stage, Broken
    when the platform or a tool failed: then nothing was judged.
    """
    if through not in STAGES:
        raise Misuse(f"there is no safety stage {through!r}; choose one of {', '.join(STAGES)}")
    review = _Review(subject, venue, tell, lambda: sandbox or sandbox_named(venue.sandbox))
    found: list[Finding] = []
    seconds: dict[str, float] = {}
    for stage in STAGES[: STAGES.index(through) + 1]:
        tell(f"  safety: {stage}")
        began = perf_counter()
        found += review.findings(stage)
        seconds[stage] = perf_counter() - began
        if vetoes(tuple(found)):
            break
    evidence = _evidence(subject, tuple(seconds), review.runs)
    return Examination(tuple(found), seconds, evidence, review.counterexample)


def refused(subject: Subject) -> tuple[str, ...]:
    """Why the file's bytes or the static rules refuse it, in words; () when they do not.

    For a search that asks about many files: the tools of the static stage are left to the review.
    """
    found = vetoes(bytes_findings(subject)) or vetoes(rule_findings(subject))
    return tuple(f"{finding.file}:{finding.line}: {finding.message}" for finding in found)


class _Review:
    """One file on its way through the stages.

    runs and counterexample: what the stages so far left, for those after them and for the end; sandbox: asked
    for only when something is to be played.
    """

    def __init__(
        self,
        subject: Subject,
        venue: Venue,
        tell: Callable[[str], None],
        sandbox: Callable[[], Sandbox],
    ) -> None:
        self.runs: tuple[Stressed, ...] = ()
        self.counterexample: History = ()
        self._subject, self._venue, self._tell = subject, venue, tell
        self._sandbox = sandbox
        self._meter: Metered | None = None

    def findings(self, stage: str) -> tuple[Finding, ...]:
        """What a stage finds; of one that plays the file also whether that cost too much."""
        if stage not in _PLAYING:
            return _JUDGES[stage](self._subject, self.runs)
        meter = self._meter = self._meter or Metered(self._sandbox(), self._subject.candidate)
        found: tuple[Finding, ...] = ()
        with suppress(Overspent):
            found = self._proof(meter) if stage == "proof" else self._stress(meter)
        return (*found, meter.finding(self._subject.path)) if meter.over else found

    def _proof(self, meter: Metered) -> tuple[Finding, ...]:
        proof = search_limits(self._subject, self._venue, meter, self._tell, self._venue.market.proof_s)
        self.counterexample = () if proof.found is None else proof.found.history
        return proof_findings(proof, self._subject.path)

    def _stress(self, meter: Metered) -> tuple[Finding, ...]:
        self.runs = stress_runs(self._subject, self._venue, meter, self._tell)
        return (
            *stress_findings(self.runs, self._subject.path),
            *unreached_findings(self.runs, self._subject.candidate, self._subject.path),
        )


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
    yield repr(subject.met).encode()
    yield " ".join(stages).encode()
    for run in runs:
        digest = run.run.digest if run.run is not None else "none"
        # The words of a fault may hold a time, so only that there was one is evidence.
        yield f"{run.scenario} {bool(run.fault)} {digest} {run.rerun} {run.fresh} {run.base_breach}".encode()


Judge = Callable[[Subject, tuple[Stressed, ...]], tuple[Finding, ...]]
_JUDGES: dict[str, Judge] = {
    "bytes": lambda subject, runs: bytes_findings(subject),
    "static": lambda subject, runs: static_findings(subject),
    "surveillance": lambda subject, runs: surveillance_findings(runs, subject.path),
    "pre-trade": lambda subject, runs: pretrade_findings(runs, subject.path),
}
