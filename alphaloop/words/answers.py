"""What the desk answers to commands."""

from collections.abc import Sequence

from alphaloop.facts.change import Change, State
from alphaloop.facts.command import Misspelt, Verb
from alphaloop.facts.decision import Decision
from alphaloop.facts.verdict import Verdict
from alphaloop.rules.standing import STANDING
from alphaloop.words.reviews import STANCES
from alphaloop.words.spelling import quoted


def help_answer() -> str:
    """The table of commands, from the data by which they are checked."""
    rows = [f"| `{one.usage}` | {one.does} | {one.who} |" for one in STANDING.values()]
    return "\n".join(["| command | does | who may |", "|---|---|---|", *rows]) + "\n"


def misspelt_answer(line: Misspelt) -> str:
    """What was not understood, and what may have been meant."""
    meant = (
        f"Did you mean `{STANDING[Verb(line.nearest)].usage}`?"
        if line.nearest
        else "`/alphaloop help` lists them."
    )
    return f"This version has no such command: {quoted(line.line)}. {meant}\n"


def stopped_answer(why: str) -> str:
    """That the desk is stopped, and the way out; "" when it runs."""
    if not why:
        return ""
    way_out = f"A registered human lets it go on: `{STANDING[Verb.RESUME].usage}`."
    return f"The desk is stopped ({quoted(why)}). {way_out}\n"


def status_answer(
    change: Change, state: State, decision: Decision | None, verdicts: Sequence[Verdict], stopped: str
) -> str:
    """Where a change stands and why; verdicts: those on this head and base."""
    lines = [f"#{change.number} is **{state}** at `{change.head[:12]}` on `{change.base[:12]}`.", ""]
    if stopped:
        lines += [stopped_answer(stopped)]
    if decision is not None:
        stale = (
            ""
            if (decision.head, decision.base) == (change.head, change.base)
            else " (another head, so it is void)"
        )
        lines += [f"Last decision: {decision.word}{stale}"]
        lines += [f"- {quoted(reason)}" for reason in decision.reasons]
        lines += [""]
    lines += [f"- {quoted(verdict.seat)} {STANCES[verdict.stance]}" for verdict in verdicts]
    if not verdicts:
        lines += ["Nobody has answered on this head yet."]
    return "\n".join(lines).rstrip() + "\n"
