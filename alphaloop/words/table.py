"""Turns as a table for the terminal."""

import textwrap
from collections.abc import Iterator, Sequence

from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.turn import Turn
from alphaloop.facts.verdict import Stance
from alphaloop.rules.entries.decisions import last_decision
from alphaloop.rules.entries.evidence import evidence_digest, evidence_of
from alphaloop.words.picture import evidence_path
from alphaloop.words.spelling import number, seconds

_SIGNS = {
    Stance.ABSTAIN: "abstains",
    Stance.APPROVE: "yes",
    Stance.HOLD: "hold",
    Stance.VETO: "VETO",
    Stance.BROKEN: "BROKEN",
}
_HEADINGS = ("turn", "pr", "hypothesis", "decision", "predicted", "measured", "time")
_COLUMNS = 100


def turn_table(turns: Sequence[Turn], entries: Sequence[Entry]) -> str:
    """One line for each turn; below it what every seat said, why it was decided so, and the evidence.

    Gains are in quote currency an episode; entries: the ledger that the turns are in.
    """
    rows = [_HEADINGS, *(_row(turn) for turn in turns)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = [_line(_HEADINGS, widths), _line(["─" * width for width in widths], widths)]
    for turn, row in zip(turns, rows[1:], strict=True):
        lines.append(_line(row, widths))
        lines += _indented(_below(turn, entries), widths[0] + 2)
    return "\n".join(lines) + "\n"


def _below(turn: Turn, entries: Sequence[Entry]) -> Iterator[str]:
    if turn.stances:
        yield ", ".join(f"{seat} {_SIGNS[stance]}" for seat, stance in turn.stances.items())
    found = next((entry for entry in entries if _is_evidence(entry, turn.evidence)), None)
    if found is not None:
        judged = evidence_of(found)
        path = evidence_path(judged, judged.judgement.level)
        yield judged.judgement.words
        yield f"evidence by pair, from even odds ▁ to enough █: {path}"
        return
    decided = None if turn.pr is None else last_decision(entries, turn.pr)
    if decided is not None:
        yield decided.reasons[0]


def _indented(said: Iterator[str], place: int) -> Iterator[str]:
    margin = " " * place
    for words in said:
        yield from textwrap.wrap(words, _COLUMNS, initial_indent=margin, subsequent_indent=margin)


def _is_evidence(entry: Entry, digest: str) -> bool:
    return bool(digest) and entry.kind is Kind.EVIDENCE and evidence_digest(entry) == digest


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
