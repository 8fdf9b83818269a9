"""How well a world matches a tape, as a terminal shows it."""

import textwrap
from collections.abc import Iterator

from alphaloop.facts.calibration import NEAR, Calibration, Match
from alphaloop.words.spelling import number

COLUMNS = 100
FARTHER_SHAPE = 3.0
"""A shape that differs by so many times what is usual is said to differ."""


def calibration_table(made: Calibration) -> str:
    """Every statistic of tape and world with their distance, and what all of it comes to."""
    heading = (
        f"  {'':24} {'tape':>10} {'world':>10} {'± sd':>10} {'distance':>9} {'shape':>7} {'usual':>7}  unit"
    )
    lines = [
        f"{made.tape} beside {made.tapes} tapes of world {made.world.name}, {made.seconds:.0f} s each",
        heading,
        *(_line(match) for match in made.matches),
        "",
        *_wrapped(
            "distance: tape − world in standard errors of one tape of this length; shape: the largest "
            "difference between the shares of values below any one number (0 alike, 1 apart), and what is "
            "usual by chance"
        ),
        "",
        *_wrapped(calibration_verdict(made)),
    ]
    return "\n".join(lines)


def calibration_verdict(made: Calibration) -> str:
    """What the comparison says, and what it cannot say."""
    known = [match for match in made.matches if match.near is not None]
    near = [match for match in known if match.near]
    sentences = [f"{len(near)} of {len(known)} figures lie within {NEAR:g} standard errors of this world."]
    far = [match for match in known if not match.near]
    if far:
        said = ", ".join(f"{match.name} ({match.distance:+.1f})" for match in sorted(far, key=_apart)[::-1])
        sentences.append(f"Not so: {said}.")
    missing = [match.name for match in made.matches if match.near is None]
    if missing:
        sentences.append(
            f"Without a distance, because one of them never varies or is too short: {', '.join(missing)}."
        )
    return " ".join((*sentences, *_shapes(made), *_limits(made)))


def _shapes(made: Calibration) -> Iterator[str]:
    unlike = [
        match
        for match in made.matches
        if match.shape is not None and match.usual is not None and match.shape > FARTHER_SHAPE * match.usual
    ]
    if unlike:
        said = ", ".join(f"{match.name} by {match.shape:.2f}" for match in unlike)
        yield f"The distributions differ in {said}, more than {FARTHER_SHAPE:g} times what is usual."


def _limits(made: Calibration) -> Iterator[str]:
    if made.world.tape:
        yield (
            "This world is the recording in another order, so that a match says little: what rests on it is "
            "conditional on this tape."
        )
    else:
        yield (
            "No recording tells how many traders are informed: that is the world's default, and what a quote "
            "earns in it rests on it."
        )


def _line(match: Match) -> str:
    cells = (match.tape, match.world, match.spread)
    numbers = " ".join(f"{_cell(value):>10}" for value in cells)
    distance = "–" if match.distance is None else f"{match.distance:+.1f}"
    shapes = " ".join(f"{'' if value is None else f'{value:.3f}':>7}" for value in (match.shape, match.usual))
    return f"  {match.name:24} {numbers} {distance:>9} {shapes}  {match.unit}"


def _cell(value: float | None) -> str:
    return "–" if value is None else number(value)


def _apart(match: Match) -> float:
    return abs(match.distance or 0.0)


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, COLUMNS)
