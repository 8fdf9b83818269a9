"""What the commands of the terminal print."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Protocol

from alphaloop.facts.change import Change, State
from alphaloop.facts.claim import Claim, Holds
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.metric import Metric
from alphaloop.facts.step import Done
from alphaloop.facts.turn import Turn
from alphaloop.words.spelling import number, one_line, plain, seconds

COLUMNS = 100
_WEIGHT = {Severity.VETO: 0, Severity.WARNING: 1, Severity.NOTE: 2}


class Utterance(Protocol):
    """One event of a pull request's conversation."""

    @property
    def author(self) -> str:
        """Whose it is."""

    @property
    def verb(self) -> str:
        """What was done: opened, pushed, commented, answered, closed, merged."""

    @property
    def text(self) -> str:
        """What was said."""


def review_answer(
    decision: str, findings: Sequence[Finding], took: Mapping[str, float], evidence: str
) -> str:
    """What the gate says of a candidate: the decision, every finding with its place, what it took and saw."""
    ordered = sorted(findings, key=lambda finding: _WEIGHT[finding.severity])
    lines = [decision, *(f"  {_finding(finding)}" for finding in ordered)]
    if not findings:
        lines.append("  nothing was found")
    lines.append("  " + ", ".join(f"{stage} {seconds(time)}" for stage, time in took.items()))
    if evidence:
        lines.append(f"  {evidence}")
    return "\n".join(lines).rstrip()


def episode_table(metrics: Sequence[Metric], refused: Mapping[str, int], digest: str, ended: str = "") -> str:
    """One episode: its numbers, what it cannot tell, what was refused and whose doing it was, its digest."""
    lines = [f"{one.name:28} {number(one.value, one.unit)}" for one in metrics if one.value is not None]
    missing = ", ".join(one.name for one in metrics if one.value is None)
    if missing:
        lines += textwrap.wrap(f"missing, as this episode has no event that tells: {missing}", COLUMNS)
    lines += [f"{'refused, ' + cause:28} {count}" for cause, count in refused.items()]
    if ended:
        lines.append(f"ended early: {one_line(ended)}")
    return "\n".join([*lines, digest])


def change_line(change: Change, state: State) -> str:
    """A pull request on one line."""
    return f"#{change.number}  {state:12}  {change.author}: {one_line(change.title)} ({change.head[:12]})"


def step_line(done: Done) -> str:
    """A step that was taken, on one line."""
    about = f"#{done.todo.change}" if done.todo.change else "the desk"
    return f"{done.todo.step:10}  {about}: {one_line(done.words)}"


def conversation(change: int, said: Sequence[Utterance], standing: str) -> str:
    """A pull request as a conversation, and where it stands."""
    return "\n".join([f"pull request #{change}", "", *_turns_of_speech(said), answered(standing)])


def answered(markdown: str) -> str:
    """What the desk says on a pull request, for a terminal."""
    return "\n".join(_spoken(markdown))


def kept(change: int, author: str) -> str:
    """That a comment was words, and where they are."""
    way = "a comment is commands when its first lines all are: `/alphaloop help`"
    return f"kept on #{change} as words of {author}; {way}"


def lesson(turn: Turn) -> str:
    """What a turn taught, in one sentence, from what was predicted and what was measured."""
    if turn.decision == "none":
        return "Nothing was proposed: no hypothesis was to be had, or main was changed before it was opened."
    became = turn.decision.replace("_", " ")
    if turn.measured is None:
        return f"{turn.hypothesis} was {became} before anything was measured."
    if turn.predicted is None:
        return f"{turn.hypothesis} was {became}; it measured {number(turn.measured)} an episode."
    fell = "less than" if turn.measured < turn.predicted else "at least"
    return (
        f"{turn.hypothesis} was {became}; it measured {number(turn.measured)} an episode, {fell} the "
        f"{number(turn.predicted)} that the search predicted."
    )


def where_to_read(turns: Sequence[Turn], rehearsal: bool) -> str:
    """What to look at next."""
    if rehearsal:
        return "This was a dry run: main, the ledger and the error budget are as they were."
    shown = next((turn.pr for turn in reversed(turns) if turn.pr is not None), None)
    first = (
        []
        if shown is None
        else [f"`alphaloop pr show {shown}` says what every seat found and why it was decided"]
    )
    rest = (
        "walkthrough.md and task.md tell the whole story; `alphaloop verify` recomputes it",
        "plain git reads it too: `git log alphaloop/ledger`",
    )
    return "\n".join([*first, *rest])


def _turns_of_speech(said: Sequence[Utterance]) -> Iterator[str]:
    for event in said:
        yield f"{event.author} {event.verb}"
        yield from (f"    {line}".rstrip() for line in _spoken(event.text))
        yield ""


def _spoken(markdown: str) -> Iterator[str]:
    """The lines of a text, never two empty ones in a row."""
    for line, repeats in groupby(plain(markdown.strip()).split("\n")):
        yield from repeats if line else [line]


def _finding(finding: Finding) -> str:
    line = f":{finding.line}" if finding.line else ""
    place = f"{finding.file}{line}: " if finding.file else ""
    return f"{finding.severity:8} {place}{finding.check}: {one_line(finding.message)}"


def claim_line(claim: Claim) -> str:
    """One claim of `alphaloop verify`."""
    holds = claim.holds.upper() if claim.holds is Holds.FALSE else claim.holds
    return f"{holds:<19} {claim.what}: {claim.words}"


def synced(remote: str) -> str:
    """That both sides hold the same."""
    return f"this clone and {one_line(remote)} hold the same now; `alphaloop verify` checks all of it"


def verified(counts: Mapping[Holds, int]) -> str:
    """How the verifying ended: how many claims hold and how, then what that means."""
    told = ", ".join(f"{counts[holds]} {holds}" for holds in Holds if counts.get(holds))
    return f"\n{told}\n{_ended(counts.get(Holds.FALSE, 0))}"


def _ended(false: int) -> str:
    if false:
        claims = "1 claim is" if false == 1 else f"{false} claims are"
        return f"{claims} FALSE: find out who changed what before you trust this repository"
    return "every claim that can be checked here holds"
