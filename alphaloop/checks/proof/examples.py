"""The property-based search: Hypothesis thinks up histories, isolated workers play them.

Hypothesis runs here, in the parent.  Nothing of the strategy's is ever in the same process, so nothing has to
be believed: each history is played by a fresh worker and judged by the real risk engine.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider

from alphaloop.checks.numbers_of import numbers_of
from alphaloop.checks.proof.generation import histories
from alphaloop.checks.proof.play import Counterexample, play
from alphaloop.checks.proof.reach import Reach
from alphaloop.checks.static.reading import read
from alphaloop.checks.subject import Subject
from alphaloop.facts.history import History
from alphaloop.ports import Sandbox

LEAST_EXAMPLES = 60
MOST_SMALLER = 100
"""Examples that are played to make a counterexample smaller; a count, so that everybody ends at the same."""


class _Unprompted(HypothesisProvider):
    """Hypothesis without the numbers that it reads out of whatever modules are loaded beside it.

    Those differ from machine to machine; what a file may be tempted with, we take from the file itself.
    """

    def _maybe_draw_constant(self, *_args: object, **_kwargs: object) -> None:
        return None


_BACKEND = "alphaloop"
AVAILABLE_PROVIDERS[_BACKEND] = f"{__name__}._Unprompted"


class _TimeIsUp(BaseException):
    """The search has used its time.  Not an Exception, which Hypothesis would take for a failing example."""


class _Found(Exception):
    """An example fails.  Hypothesis goes on to make it smaller."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The smallest counterexample, None without one, and how many examples were played."""

    counterexample: Counterexample | None
    examples: int


def search_examples(
    source: bytes, reach: Reach, sandbox: Sandbox, seconds: float, patience_s: float, most: int
) -> Searched:
    """Play up to `most` examples in `seconds` of wall time; the seed follows from the source's bytes.

    On a busy machine LEAST_EXAMPLES are played all the same, unless they take `patience_s` more.
    """
    hunt = _Hunt(source, reach, sandbox, seconds, patience_s)
    settings = hypothesis.settings(
        max_examples=most,
        database=None,
        deadline=None,
        print_blob=False,
        backend=_BACKEND,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    seed = int.from_bytes(hashlib.sha256(b"proof\n" + source).digest()[:8], "big")
    numbers = numbers_of(read(Subject("strategy.py", source, None, reach.limits)))
    wanted = histories(reach, numbers)
    searching = hypothesis.seed(seed)(settings(hypothesis.given(wanted)(hunt.look)))
    with suppress(_Found, _TimeIsUp):
        searching()
    return Searched(hunt.smallest, hunt.examples)


class _Hunt:
    def __init__(
        self, source: bytes, reach: Reach, sandbox: Sandbox, seconds: float, patience_s: float
    ) -> None:
        self.smallest: Counterexample | None = None
        self.examples = 0
        self._smaller = 0
        self._play: Callable[[History], Counterexample | None] = lambda history: play(
            source, history, reach, sandbox
        )
        self._deadline_s, self._patience_s = monotonic() + seconds, patience_s

    def look(self, history: History) -> None:
        longer_s = self._patience_s if self.examples < LEAST_EXAMPLES else 0.0
        if monotonic() > self._deadline_s + longer_s or self._smaller > MOST_SMALLER:
            raise _TimeIsUp
        self.examples += 1
        self._smaller += self.smallest is not None
        found = self._play(history)
        if found is None:
            return
        if self.smallest is None or len(found.history) <= len(self.smallest.history):
            self.smallest = found
        raise _Found
