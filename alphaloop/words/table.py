"""Turns as a table for the terminal."""

from collections.abc import Sequence

from alphaloop.facts.turn import Turn
from alphaloop.facts.verdict import Stance
from alphaloop.words.spelling import number, seconds

_SIGNS = {
    Stance.ABSTAIN: "abstains",
    Stance.APPROVE: "yes",
    Stance.HOLD: "hold",
    Stance.VETO: "VETO",
    Stance.BROKEN: "BROKEN",
}
_HEADINGS = ("turn", "pr", "hypothesis", "decision", "predicted", "measured", "time")


def turn_table(turns: Sequence[Turn]) -> str:
    """One line for each turn, and below it what every seat said; gains in quote currency an episode."""
    rows = [_HEADINGS, *(_row(turn) for turn in turns)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = [_line(_HEADINGS, widths), _line(["─" * width for width in widths], widths)]
    for turn, row in zip(turns, rows[1:], strict=True):
        lines.append(_line(row, widths))
        if turn.stances:
            said = ", ".join(f"{seat} {_SIGNS[stance]}" for seat, stance in turn.stances.items())
            lines.append(" " * (widths[0] + 2) + said)
    return "\n".join(lines) + "\n"


def _row(turn: Turn) -> tuple[str, ...]:
    return (
        str(turn.turn),
        "–" if turn.pr is None else f"#{turn.pr}",
        turn.hypothesis or "–",
        turn.decision.replace("_", " "),
        _gain(turn.predicted),
        _gain(turn.measured),
        seconds(turn.seconds),
    )


def _gain(value: float | None) -> str:
    return "–" if value is None else number(value)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
