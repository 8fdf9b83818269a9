"""A sequential test: a value that every further pair of episodes turns into the next, until it is decided."""

from collections.abc import Iterable, Iterator
from typing import Protocol, Self

from alphaloop.facts.episode import Pair
from alphaloop.facts.judgement import Finish, Judgement


class Sequential(Protocol):
    """A tournament or a canary under way."""

    def after(self, pair: Pair) -> Self:
        """The test after one more pair, in constant time."""

    def standing(self) -> Judgement:
        """What the test has shown so far."""


def states(test: Sequential, pairs: Iterable[Pair]) -> Iterator[tuple[Pair, Judgement]]:
    """Each pair with what has been shown by then, up to the one that decides; no later one is asked for."""
    for pair in pairs:
        test = test.after(pair)
        now = test.standing()
        yield pair, now
        if now.finish is not Finish.GOING_ON:
            return


def judged(test: Sequential, pairs: Iterable[Pair]) -> Judgement:
    """Look at `pairs` in their order until it is decided; what comes after its end is not looked at."""
    standing = test.standing()
    if standing.finish is not Finish.GOING_ON:
        return standing
    *_, standing = [standing, *(now for _, now in states(test, pairs))]
    return standing
