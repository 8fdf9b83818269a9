"""What the desk answers to commands."""

from collections.abc import Iterable, Sequence

from alphaloop.facts.change import Change, State
from alphaloop.facts.command import Misspelt
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Entry
from alphaloop.facts.override import Override
from alphaloop.facts.release import Outcome, Release
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.rules.standing import Usage
from alphaloop.words.reviews import STANCES
from alphaloop.words.scaling import scaling_story
from alphaloop.words.spelling import quoted, told

REFUSED = "Refused: "
"""How every answer begins that says why nothing was done."""


def help_answer(usages: Iterable[Usage]) -> str:
    """The table of commands, from the data by which they are checked."""
    rows = [f"| `{one.line}` | {one.does} | {one.who} |" for one in usages]
    return "\n".join(["| command | does | who may |", "|---|---|---|", *rows]) + "\n"


def misspelt_answer(line: Misspelt, meant: str) -> str:
    """What was not understood, and how the command that may have been meant is written, "" for none."""
    hint = f"Did you mean `{meant}`?" if meant else "`/alphaloop help` lists them."
    return f"There is no such command: {quoted(line.line)}. {hint}\n"


def refused_answer(why: str) -> str:
    """Why a command was not obeyed, and what to do instead."""
    said = told(why)
    return f"{REFUSED}{said}{'' if said.endswith(('.', '?')) else '.'}\n"


def stopped_answer(why: str) -> str:
    """That the desk is stopped, and the way out; "" when it runs."""
    if not why:
        return ""
    way_out = "A registered human lets it go on: `/alphaloop resume [reason]`."
    return f"The desk is stopped ({quoted(why)}). {way_out}\n"


def spoken_answer(said: Verdict, follows: str) -> str:
    """A person's word on a head as it was recorded, and what the gate makes of the change now."""
    does = "lifts what people held, as of" if said.stance is Stance.ABSTAIN else STANCES[said.stance]
    return f"{said.seat} {does} `{said.head[:12]}` on `{said.base[:12]}`.\n{_now(follows)}"


def override_answer(given: Override, follows: str) -> str:
    """An override as it was recorded, and what the gate makes of the change now."""
    place = f"`{given.head[:12]}` on `{given.base[:12]}`"
    return f"{override_line(given, '')}. It counts for {place} alone.\n{_now(follows)}"


def override_line(given: Override, void: str) -> str:
    """One override: by whom, of whom, how long and why; void: why it does not count, "" while it does."""
    past = f" (does not count: {quoted(void)})" if void else ""
    what = f"{quoted(given.by)} overrides the hold of {quoted(given.seat)} until {given.until}"
    return f"{what}: {quoted(given.reason)}{past}"


def taken_back_answer(outcome: Outcome) -> str:
    """That a canary was taken back, and what runs now."""
    shadow = outcome.release.shadow
    return f"Taken back: main is `{outcome.restored[:12]}`, with the release paths of `{shadow[:12]}`.\n"


def merged_answer(release: Release) -> str:
    """That a change landed, and whether it has to prove itself now."""
    after = (
        f"It runs as a canary beside `{release.shadow[:12]}`, which `alphaloop run` goes on with."
        if release.judged
        else "It changes nothing that runs, so it is no canary."
    )
    return f"Merged #{release.change}: main is `{release.commit[:12]}`. {after}\n"


def idea_answer(entry: Entry) -> str:
    """That an idea was written down, and who reads it."""
    return (
        f"Written down as entry {entry.number} of the ledger; task.md lists it, and says what becomes of it. "
        "The embedded mind takes it up when it names one of its hypotheses, such as `widen when volatile`; "
        "else a person does, or a mind that reads.\n"
    )


def closed_answer(number: int) -> str:
    """That a change was closed, and the way back."""
    return f"Closed #{number}; `alphaloop pr reopen {number}` opens it again, and every hold on it stays.\n"


def simulated_answer(change: Change, scenario: str, table: str) -> str:
    """The numbers of one episode of a change's strategy; table: as `episode_table` gives them."""
    about = f"One episode of `{change.head[:12]}`, {quoted(scenario)}; it promotes nothing."
    return f"{about}\n\n~~~~\n{table}\n~~~~\n"


def status_answer(
    change: Change,
    state: State,
    decision: Decision | None,
    verdicts: Sequence[Verdict],
    overrides: Sequence[tuple[Override, str]],
    stopped: str,
) -> str:
    """Where a change stands and why.

    verdicts: those on this head and base; overrides: every one ever given, and why it does not count now, ""
    while it does.
    """
    lines = [f"#{change.number} is **{state}** at `{change.head[:12]}` on `{change.base[:12]}`.", ""]
    if stopped:
        lines += [stopped_answer(stopped)]
    if change.scaling is not None:
        lines += [scaling_story(change, change.scaling), ""]
    if decision is not None:
        lines += [*_decided(change, decision), ""]
    lines += [f"- {override_line(given, void)}" for given, void in overrides]
    lines += [f"- {quoted(verdict.seat)} {STANCES[verdict.stance]}" for verdict in verdicts]
    if not verdicts:
        lines += ["Nobody has answered on this head yet."]
    return "\n".join(lines).rstrip() + "\n"


def _decided(change: Change, decision: Decision) -> list[str]:
    here = (decision.head, decision.base) == (change.head, change.base)
    stale = "" if here else " (another head, so it is void)"
    return [f"Last decision: {decision.word}{stale}", *(f"- {quoted(reason)}" for reason in decision.reasons)]


def _now(follows: str) -> str:
    return f"\nThe gate as it stands: {quoted(follows)}.\n" if follows else ""
