"""What verdicts and evidence say that they are bound to, computed again from the commits that they name."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from alphaloop.agents.judging import judge_of
from alphaloop.agents.risk.binding import stated
from alphaloop.errors import AlphaLoopError
from alphaloop.facts.claim import Claim, Holds
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.role import is_human
from alphaloop.ports import Forge
from alphaloop.rules.entries.evidence import evidence_of
from alphaloop.rules.entries.verdicts import verdict_of

_UNDERSTOOD = ("world", "limits", "tapes", "scenarios")
"""What a program makes of the files that it reads, so that another program cannot tell."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What one entry says of its grounds.

    judged_by: the commit whose constitution judged; verdict: its change, and the number of its entry, None
    for evidence; judge: whether a program judged, and not a person.
    """

    head: str
    head_tree: str
    base: str
    judged_by: str
    bound: Mapping[str, str]
    verdict: tuple[int, int] | None
    judge: bool


def rebound(forge: Forge, entries: Sequence[Entry]) -> Iterator[Claim]:
    """A claim for each entry bound to something else than its commits hold, and one for all the others."""
    here: dict[str, Mapping[str, str]] = {}
    counted: Counter[tuple[Holds, str]] = Counter()
    for entry in entries:
        if entry.kind not in (Kind.VERDICT, Kind.EVIDENCE):
            continue
        try:
            holds, words = _one(forge, _said(entry), here)
        except AlphaLoopError as gone:
            holds, words = Holds.NOT_REPLAYABLE, str(gone)
        if holds is Holds.FALSE:
            yield Claim(f"{entry.kind} {entry.number}", holds, words)
        else:
            counted[holds, words] += 1
    for (holds, words), count in counted.items():
        yield Claim(f"grounds of {count} verdicts and evidence", holds, words)


def _said(entry: Entry) -> _Said:
    if entry.kind is Kind.EVIDENCE:
        found = evidence_of(entry)
        # A canary is judged by what it released, a test by its base: the evidence says which.
        by = found.bound.get("judged_by", found.base)
        return _Said(found.head, found.head_tree, by, by, found.bound, None, judge=True)
    said = verdict_of(entry)
    tree, bound = ("", {}) if said.grounds is None else (said.grounds.head_tree, said.grounds.bound)
    by = said.head if bound.get("judged_by") == said.head else said.base
    asked = (said.change, entry.number)
    return _Said(said.head, tree, said.base, by, bound, asked, judge=not is_human(said.seat))


def _one(forge: Forge, said: _Said, here: dict[str, Mapping[str, str]]) -> tuple[Holds, str]:
    tree = forge.tree(said.head)
    if tree != said.head_tree:
        return Holds.FALSE, f"it is bound to the tree {said.head_tree[:12]}, and its head has {tree[:12]}"
    unentitled = _unentitled(forge, said)
    if unentitled:
        return Holds.FALSE, f"it was judged by the limits of its own head, and is no scaling: {unentitled}"
    if said.judged_by not in here:
        here[said.judged_by] = stated(forge, said.judged_by)
    ours, theirs = here[said.judged_by], said.bound
    if theirs.get("constitution") != ours["constitution"]:
        return Holds.FALSE, f"it is bound to another constitution than {said.judged_by[:12]} has"
    # What a person says is that person's judgement, whatever program took it down.
    if said.judge and theirs["judge"] != (pinned := str(judge_of(forge, said.base, said.head))):
        return Holds.FALSE, f"{theirs['judge']} judged, and judge.lock of its base pins {pinned}"
    if theirs["judge"] != ours["judge"]:
        return Holds.NOT_REPLAYABLE, f"the judge is {theirs['judge']}, here it is {ours['judge']}"
    other = [name for name in _UNDERSTOOD if ours[name] != theirs.get(name)]
    if other:
        return Holds.FALSE, f"it is bound to another {', '.join(other)} than {said.judged_by[:12]} states"
    return Holds.RECOMPUTED, "bound to the tree, the constitution, the market and the judge of their commits"


def _unentitled(forge: Forge, said: _Said) -> str:
    """Why a verdict may not rest on its head's own limits, "" where it may, or rests on its base's."""
    if said.verdict is None or said.judged_by != said.head or said.head == said.base:
        return ""
    number, at = said.verdict
    found = forge.scaling(number, said.base, said.head, at)
    return found if isinstance(found, str) else ""
