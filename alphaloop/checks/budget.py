"""The processor time that one file may cost a review, however many episodes ask it.

What counts is what the kernel says that the strategy's own workers have worked: a busy machine makes nobody
spend more, and who sleeps spends nothing, and is ended by the wall time of an answer and of an episode.
"""

from collections.abc import Mapping
from time import perf_counter

from alphaloop.contract import Quote
from alphaloop.facts.finding import Finding, Severity
from alphaloop.ports import Sandbox, Shown, TestRun, Worker

ALLOWED_S = 5.0
"""Processor seconds of all workers of a file together, from the proof stage to the last drill."""
ALLOWED_PER_ANSWER_S = 1e-3
"""On top, for each answer that they were asked for: long episodes ask more often."""
_LOOK_S = 0.1
"""Wall seconds after which a worker is looked at again: no worker works longer than that between looks."""


class Overspent(BaseException):
    """A file has used up its processor time.  Whoever leads the review ends it with a veto.

    Not an Exception, which Hypothesis would take for a failing example.
    """


class Metered:
    """A sandbox that counts what the workers of one source spend, and ends the review when it is too much.

    To start a worker of that source and to ask it may raise Overspent; base plays for nothing.
    """

    def __init__(self, sandbox: Sandbox, source: bytes) -> None:
        self.name, self.tainted = sandbox.name, sandbox.tainted
        self.holds_prover = sandbox.holds_prover
        self.spent_s, self.answers = 0.0, 0
        self._sandbox, self._source = sandbox, source

    @property
    def allowed_s(self) -> float:
        """Processor seconds that may be spent until now."""
        return ALLOWED_S + ALLOWED_PER_ANSWER_S * self.answers

    @property
    def over(self) -> bool:
        """Whether more was spent than is allowed."""
        return self.spent_s > self.allowed_s

    def start(self, source: bytes, hash_seed: int = 0) -> Worker:
        """As the port says."""
        if source != self._source:
            return self._sandbox.start(source, hash_seed)
        if self.over:
            raise Overspent
        return _Counted(self._sandbox.start(source, hash_seed), self)

    def run_tests(self, files: Mapping[str, bytes], seconds: float) -> TestRun:
        """As the port says; tests are not the strategy's own doing."""
        return self._sandbox.run_tests(files, seconds)

    def close(self) -> None:
        """As the port says."""
        self._sandbox.close()

    def finding(self, path: str) -> Finding:
        """Why the review was ended, in words."""
        seen = (
            f"its first {self.answers} answers cost {self.spent_s:.1f} s of processor time, and "
            f"{self.allowed_s:.1f} s are allowed ({ALLOWED_S:g} s, and {ALLOWED_PER_ANSWER_S * 1e3:g} ms for "
            "each answer); do less at each: keep running sums instead of going through the past again"
        )
        return Finding("budget.processor_time", Severity.VETO, seen, path)


class _Counted:
    """A worker that is looked at while it works, and before it goes."""

    def __init__(self, worker: Worker, meter: Metered) -> None:
        self._worker, self._meter = worker, meter
        self._counted_s = 0.0
        self._look_at_s = perf_counter() + _LOOK_S
        self.on_trade, self.on_fill = worker.on_trade, worker.on_fill
        self.on_timer, self.watch, self.spent_s = worker.on_timer, worker.watch, worker.spent_s

    def on_book(self, shown: Shown) -> list[Quote]:
        """As the port says."""
        quotes = self._worker.on_book(shown)
        self._meter.answers += 1
        if perf_counter() > self._look_at_s:
            self._look()
            if self._meter.over:
                raise Overspent
        return quotes

    def close(self) -> None:
        """As the port says."""
        self._look()
        self._worker.close()

    def abandon(self) -> None:
        """As the port says."""
        self._look()
        self._worker.abandon()

    def _look(self) -> None:
        spent_s = self._worker.spent_s()
        self._meter.spent_s += spent_s - self._counted_s
        self._counted_s = spent_s
        self._look_at_s = perf_counter() + _LOOK_S
